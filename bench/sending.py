"""Sending to a TLS sink on loopback, against `pywebpush` with a session, turn by turn in one run."""

import asyncio
import multiprocessing
import re
import ssl
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from pywebpush import webpush

from bench.harness import median_ratio, report
from server import memory
from server.http import Loopback, Outside
from server.push import keys
from server.push.transport import Fate, Message, Transport
from tests.support.push_service_rules import unpadded
from tests.support.push_service_tls import Certificates, make_certificates

HOST = "fcm.googleapis.com"
#: Short turns, one after the other, so that other programs on the machine slow both alike.
ROUNDS, OURS, THEIRS = 15, 1000, 200


def main() -> None:
    """Print messages a second of the transport, and how many times as many as pywebpush's, by the clock and by
    processor time."""
    pem = keys.fresh_pem().encode()
    with tempfile.TemporaryDirectory(prefix="heartwood-bench-") as folder:
        certificates = make_certificates(Path(folder), [HOST])
        with sink(certificates) as port:
            transport = Transport(
                keys.parse(pem, "bench"), "mailto:bench@example.org", Outside(Loopback(port, certificates.ca))
            )
            send_ours(transport)
            memory.keep_for_good()  # as every process of the server does before it sends
            turns = []
            for _ in range(ROUNDS):
                ours = measured(OURS, lambda: send_ours(transport))
                turns.append((ours, measured(THEIRS, lambda: send_theirs(pem, port, certificates))))
            transport.close()
    rate = statistics.median(ours.a_second for ours, _ in turns)
    clock = median_ratio([(ours.a_second, theirs.a_second) for ours, theirs in turns])
    work = median_ratio([(theirs.work, ours.work) for ours, theirs in turns])
    report("send to a TLS sink", f"{rate:.0f} /s, {clock:.1f} times pywebpush", ">= 3 times")
    report("processor time of pywebpush for a message", f"{work:.1f} times ours", "")


@dataclass(frozen=True, slots=True)
class Turn:
    """Messages a second, and seconds of processor time of this process for each."""

    a_second: float
    work: float


def measured(count: int, send: Callable[[], None]) -> Turn:
    started, work = time.perf_counter(), time.process_time()
    send()
    return Turn(count / (time.perf_counter() - started), (time.process_time() - work) / count)


def send_ours(transport: Transport) -> None:
    browser = subscription("https://" + HOST)
    message = Message(browser["endpoint"], browser["keys"]["p256dh"], browser["keys"]["auth"], b"x" * 400, 60, "topic")
    futures = [transport.send(message) for _ in range(OURS)]
    wait(futures)
    assert all(future.result().fate is Fate.SENT for future in futures)


def send_theirs(pem: bytes, port: int, certificates: Certificates) -> None:
    browser = subscription(f"https://127.0.0.1:{port}")
    signer = Vapid02.from_pem(pem)
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(certificates.ca)
        for _ in range(THEIRS):
            claims: dict[str, Any] = {"sub": "mailto:bench@example.org"}
            webpush(
                browser, b"x" * 400, vapid_private_key=signer, vapid_claims=claims, ttl=60, requests_session=session
            )


def subscription(origin: str) -> dict[str, Any]:
    """A browser's subscription at `origin`."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"endpoint": f"{origin}/x", "keys": {"p256dh": unpadded(point), "auth": unpadded(b"a" * 16)}}


@contextmanager
def sink(certificates: Certificates) -> Iterator[int]:
    """The port of a server, in a process of its own, that takes everything."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=swallow, args=(certificates.server_context, theirs), daemon=True)
    process.start()
    try:
        yield int(ours.recv())
    finally:
        process.terminate()
        process.join()


def swallow(context: Callable[[], ssl.SSLContext], told: Connection) -> None:
    """Answer 201 to every POST, with as little work as can be, so that the senders are what is measured."""

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0, ssl=context())
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


class Sink(asyncio.Protocol):
    """Reads requests by their Content-Length."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._read = b""

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            length = re.search(rb"content-length: *(\d+)", self._read[:end].lower())
            whole = end + 4 + int(length[1] if length else 0)
            if len(self._read) < whole:
                return
            self._read = self._read[whole:]
            self._transport.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
