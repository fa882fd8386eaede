"""Sending to a TLS sink on loopback, against `pywebpush` with a session, turn by turn in one run."""

import multiprocessing
import socket
import ssl
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import requests
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from pywebpush import webpush

from bench.harness import report
from server.http import Loopback, Outside
from server.push import keys
from server.push.transport import Fate, Message, Transport
from tests.support.push_service_rules import unpadded
from tests.support.push_service_tls import Certificates, make_certificates

HOST = "fcm.googleapis.com"
ROUNDS, OURS, THEIRS = 5, 3000, 400


def main() -> None:
    """Print messages a second of the transport, and how many times as many as pywebpush's."""
    pem = keys.fresh_pem().encode()
    with tempfile.TemporaryDirectory(prefix="heartwood-bench-") as folder:
        certificates = make_certificates(Path(folder), [HOST])
        with sink(certificates) as port:
            transport = Transport(
                keys.parse(pem, "bench"), "mailto:bench@example.org", Outside(Loopback(port, certificates.ca))
            )
            ours, theirs = [], []
            for _ in range(ROUNDS):
                ours.append(a_second(OURS, lambda: send_ours(transport)))
                theirs.append(a_second(THEIRS, lambda: send_theirs(pem, port, certificates)))
            transport.close()
    times = statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
    report("send to a TLS sink", f"{statistics.median(ours):.0f} /s, {times:.1f} times pywebpush", ">= 3 times")


def a_second(count: int, work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)


def send_ours(transport: Transport) -> None:
    browser = subscription("https://" + HOST)
    message = Message(browser["endpoint"], browser["keys"]["p256dh"], browser["keys"]["auth"], b"x" * 400, 60, "topic")
    futures = [transport.send(message) for _ in range(OURS)]
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
    """Answer 201 to every POST."""

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=201)

    listener = socket.create_server(("127.0.0.1", 0))
    app = web.Application()
    app.router.add_post("/x", take)
    told.send(listener.getsockname()[1])
    web.run_app(app, sock=listener, ssl_context=context(), print=None, access_log=None)
