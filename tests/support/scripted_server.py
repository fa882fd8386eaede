"""A TLS server on loopback that says what it is told to, byte for byte, whatever it is asked."""

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.push_service_tls import Certificates


@dataclass(slots=True)
class Heard:
    """The requests that came in, one list a connection."""

    port: int
    connections: list[list[bytes]] = field(default_factory=list)
    #: Set when the last connection is closed.
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def scripted_server(certificates: Certificates, *connections: Sequence[bytes]) -> Iterator[Heard]:
    """For each connection in turn: take a request, say the next of its lines, and close after the last.

    An empty line says nothing and closes.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard = Heard(server.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(server, certificates.server_context(), connections, heard))
        thread.start()
        try:
            yield heard
        finally:
            thread.join()


def _serve(
    server: socket.socket, context: ssl.SSLContext, connections: Sequence[Sequence[bytes]], heard: Heard
) -> None:
    for script in connections:
        plain, _ = server.accept()
        with context.wrap_socket(plain, server_side=True) as connection:
            heard.connections.append([])
            for said in script:
                heard.connections[-1].append(_request(connection))
                connection.sendall(said)
    heard.over.set()


def _request(connection: ssl.SSLSocket) -> bytes:
    """A request without a body, as the tests send them."""
    received = b""
    while not received.endswith(b"\r\n\r\n") and (more := connection.recv(4096)):
        received += more
    return received
