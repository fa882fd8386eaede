"""A push service on loopback that speaks the real protocol: TLS in front, and behind it either browsers of its own
(`subscribe`, whose messages it decrypts), a real Chromium (`chromium_arguments`) or a real Firefox
(`firefox_preferences`).

It stands in for every allow-listed host at once: the server is told by PUSH_LOOPBACK to connect here instead, keeps
the real host in TLS, Host and the VAPID audience, and this checks all three.
"""

import asyncio
import json
import secrets
import tempfile
import threading
from collections import deque
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.push_service_google import Google
from tests.support.push_service_mozilla import Mozilla
from tests.support.push_service_rules import Refused, check_message, decrypt, unpadded
from tests.support.push_service_tls import make_certificates

T = TypeVar("T")

HOSTS = (
    "fcm.googleapis.com",
    "jmt17.google.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    "db5p.notify.windows.com",
)


@dataclass(frozen=True, slots=True)
class Received:
    """A message that was taken. `payload` is what a browser of ours read; None for a real browser's."""

    host: str
    token: str
    ttl: int
    topic: str | None
    urgency: str
    size: int
    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Mishap:
    """How the next message goes wrong: a `status`, or a wait of `seconds` before all is well, or a `reset`.
    A `location` goes with the status of a redirect.

    `host` narrows it to one push service.
    """

    status: int | None = None
    retry_after: str | None = None
    location: str | None = None
    seconds: float = 0.0
    reset: bool = False
    host: str | None = None


@dataclass(slots=True)
class Browser:
    """A subscription of our own, with the private key."""

    host: str
    token: str
    key: str
    private: ec.EllipticCurvePrivateKey
    auth: bytes

    @property
    def endpoint(self) -> str:
        return f"https://{self.host}/fcm/send/{self.token}"

    def to_json(self) -> dict[str, Any]:
        """What `PushSubscription.toJSON()` gives in a browser."""
        public = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": unpadded(public), "auth": unpadded(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}


class PushService:
    """Runs on an event loop in a thread of its own; everything public may be called from tests."""

    def __init__(self, folder: Path) -> None:
        self.certificates = make_certificates(folder, HOSTS)
        self.received: list[Received] = []
        self.refused: list[tuple[int, str]] = []
        #: Hosts and Authorization headers of everything that came in.
        self.requests: list[str] = []
        self.tokens: list[str] = []
        self._browsers: dict[str, Browser] = {}
        self._mishaps: deque[Mishap] = deque()
        self._always: Mishap | None = None
        self._google = Google(self.certificates)
        self._mozilla = Mozilla()
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="push-service", daemon=True)
        self._thread.start()
        self._runners = self._call(self._start())
        self.port = _port(self._runners[0])
        self._http_port = _port(self._runners[1])

    @property
    def loopback(self) -> str:
        """The value of PUSH_LOOPBACK that leads here."""
        return f"{self.port}:{self.certificates.ca}"

    def chromium_arguments(self) -> list[str]:
        """Switches for a real Chromium with a persistent profile."""
        return self._google.chromium_arguments(self._http_port)

    def firefox_preferences(self) -> dict[str, Any]:
        """Settings for a real Firefox."""
        return self._mozilla.preferences(self._http_port)

    @property
    def firefox_codes(self) -> list[int]:
        """What a real Firefox said of each message: 100 delivered, 101 not decrypted, 102 not delivered."""
        return self._mozilla.codes

    def wait_for_chromium_to_go(self) -> None:
        """Wait until no Chromium is connected: what is sent from now on waits for one."""
        self._call(self._google.deserted.wait())

    def subscribe(self, key: str, host: str = HOSTS[0]) -> Browser:
        """A new browser that subscribes with the application server key `key`."""
        private = ec.generate_private_key(ec.SECP256R1())
        browser = Browser(host, secrets.token_urlsafe(24), key, private, secrets.token_bytes(16))
        self._browsers[browser.token] = browser
        return browser

    def subscribe_many(self, key: str, count: int) -> dict[str, str]:
        """So many subscriptions that share their keys; endpoints end in 0, 1, 2 and so on. Columns to store."""
        browser = self.subscribe(key)
        self._browsers.update({f"{browser.token}{number}": browser for number in range(count)})
        keys = browser.to_json()["keys"]
        return {"endpoint": browser.endpoint, **keys, "application_server_key": key}

    def end_subscription(self, browser: Browser) -> None:
        """The browser unsubscribes: messages to it are answered 410."""
        del self._browsers[browser.token]

    def fail_next(self, mishap: Mishap, times: int = 1) -> None:
        """The next messages go wrong in this way."""
        self._mishaps.extend([mishap] * times)

    def fail_always(self, mishap: Mishap) -> None:
        """All messages (to the mishap's host) go wrong until `heal`."""
        self._always = mishap

    def heal(self) -> None:
        """All is well again."""
        self._always = None
        self._mishaps.clear()

    def forget(self) -> None:
        """Start afresh: no browsers of ours, nothing received, nothing going wrong."""
        self.heal()
        self._browsers.clear()
        for record in (self.received, self.refused, self.requests, self.tokens):
            record.clear()

    def wait_for(self, count: int, seconds: float = 10.0) -> list[Received]:
        """Wait until `count` messages have been taken. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.received) >= count, seconds):
                raise TimeoutError(f"{len(self.received)} of {count} messages; refused: {self.refused[-3:]}")
            return list(self.received)

    def stop(self) -> None:
        """Close every connection and end the thread."""
        self._call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _start(self) -> list[web.AppRunner]:
        front, back = web.Application(client_max_size=1 << 20), web.Application()
        front.add_routes([web.post("/fcm/send/{token:.+}", self._push), web.post("/wpush/v2/{token}", self._push)])
        back.add_routes([*self._google.routes(), *self._mozilla.routes()])
        runners = [web.AppRunner(app, access_log=None, shutdown_timeout=0.1) for app in (front, back)]
        for runner, context in zip(runners, (self.certificates.server_context(), None), strict=True):
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        await self._google.start()
        return runners

    async def _stop(self) -> None:
        await self._google.stop()
        slow = asyncio.all_tasks() - {asyncio.current_task()}
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        for runner in self._runners:
            await runner.cleanup()

    async def _push(self, request: web.Request) -> web.Response:
        host, token = request.host, request.match_info["token"]
        self.requests.append(host)
        self.tokens.append(request.headers.get("Authorization", ""))
        mishap = self._mishap(host)
        if mishap is not None and (answer := await _befall(request, mishap)) is not None:
            return answer
        try:
            body = await request.read()
        except ConnectionResetError:
            # The sender gave up in the middle: there is nobody to answer.
            return web.Response(status=400)
        try:
            check_message(request.headers, body, host, self._key_of(token))
        except Refused as refusal:
            self.refused.append((refusal.status, str(refusal)))
            return web.Response(status=refusal.status, text=str(refusal))
        await self._take(request, host, token, body)
        return web.Response(status=201, headers={"Location": f"https://{host}/m/{secrets.token_hex(8)}"})

    def _mishap(self, host: str) -> Mishap | None:
        if self._always is not None and self._always.host in (None, host):
            return self._always
        if self._mishaps and self._mishaps[0].host in (None, host):
            return self._mishaps.popleft()
        return None

    def _key_of(self, token: str) -> str:
        if token in self._browsers:
            return self._browsers[token].key
        if token in self._google.registrations:
            return self._google.registrations[token].sender
        if token in self._mozilla.channels:
            return self._mozilla.channels[token].key
        raise Refused(410, "the subscription has ended")

    async def _take(self, request: web.Request, host: str, token: str, body: bytes) -> None:
        browser, headers = self._browsers.get(token), request.headers
        payload = None
        if browser is not None:
            payload = json.loads(decrypt(body, browser.private, browser.auth))
        elif token in self._mozilla.channels:
            await self._mozilla.deliver(token, body, headers)
        else:
            self._google.deliver(token, body, headers)
        urgency = headers.get("Urgency", "normal")
        taken = Received(host, token, int(headers["TTL"]), headers.get("Topic"), urgency, len(body), payload)
        with self._changed:
            self.received.append(taken)
            self._changed.notify_all()


async def _befall(request: web.Request, mishap: Mishap) -> web.Response | None:
    """Let the mishap happen; an answer, or None when the message goes through after all."""
    if mishap.seconds:
        await asyncio.sleep(mishap.seconds)
    if mishap.reset and request.transport is not None:
        request.transport.abort()
        return web.Response(status=500)
    if mishap.status is not None:
        given = {"Retry-After": mishap.retry_after, "Location": mishap.location}
        headers = {name: value for name, value in given.items() if value}
        return web.Response(status=mishap.status, headers=headers, text="injected")
    return None


def _port(runner: web.AppRunner) -> int:
    address = runner.addresses[0]
    return int(address[1])


@contextmanager
def running() -> Iterator[PushService]:
    """A push service for the length of a `with`."""
    with tempfile.TemporaryDirectory(prefix="heartwood-push-") as folder:
        service = PushService(Path(folder))
        try:
            yield service
        finally:
            service.stop()
