"""The one place that speaks HTTP to the outside: https only, public addresses only, no redirects, never for long."""

import asyncio
import ipaddress
import re
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

#: Seconds that one request may take, connecting included.
TIMEOUT = 10.0
#: Connections that a process keeps open, and those to one host, so that one dead host leaves room for the others.
CONNECTIONS = 48
PER_HOST = 24
#: Seconds that an unused connection is kept: those of one tick serve the next.
KEEP_ALIVE = 60.0
#: An answer's body is only ever read for a log line.
BODY_LIMIT = 1024

#: A host name as DNS has it, with a last label that is no number, so that nobody reads an address in it.
PLAIN_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?")

T = TypeVar("T")
#: Body and headers.
Content = tuple[bytes, Mapping[str, str]]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Unreachable(Exception):
    """No answer came: refused, reset, timed out, a bad certificate, or no public address. Trying later may help."""


@dataclass(frozen=True, slots=True)
class Loopback:
    """Development and tests: connect to this port of 127.0.0.1 whatever the host, and trust the CA in `ca`."""

    port: int
    ca: Path

    @classmethod
    def parse(cls, setting: str) -> "Loopback | None":
        """Read `port:/path/to/ca.pem`; None for an empty setting."""
        port, _, ca = setting.partition(":")
        return cls(int(port), Path(ca)) if setting else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; the case of header names does not matter."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_public(address: str) -> bool:
    """True for an address that is reachable on the public Internet (IANA special-purpose registries).

    IPv6 forms that carry an IPv4 address (mapped, 6to4, Teredo, NAT64) are judged by the one inside too.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = [ip.ipv4_mapped, ip.sixtofour, ip.teredo[1] if ip.teredo else None]
        inside += [ipaddress.IPv4Address(ip.packed[-4:])] if ip in _NAT64 else []
        if not all(is_public(str(each)) for each in inside if each is not None):
            return False
        if ip.ipv4_mapped is not None or ip in _NAT64:
            return True
    return ip.is_global and not ip.is_multicast


class PublicResolver(AbstractResolver):
    """Resolves a name at the moment of connecting and gives back its public addresses only.

    What was checked is what is connected to, so a name that changes its answer (DNS rebinding) gains nothing.
    """

    def __init__(self, loopback: Loopback | None) -> None:
        self._loopback = loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises OSError when the name has no public address."""
        if self._loopback is not None:
            return [_result(host, "127.0.0.1", self._loopback.port, socket.AF_INET)]
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
        public = [_result(host, str(at[0]), port, kind) for kind, _, _, _, at in found if is_public(str(at[0]))]
        if not public:
            raise OSError(f"{host} has no public address")
        return public

    async def close(self) -> None:
        """Nothing is held open."""


def _result(hostname: str, address: str, port: int, family: int) -> ResolveResult:
    return ResolveResult(
        hostname=hostname, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
    )


class Outside:
    """An HTTP client on an event loop in a thread of its own; callers get futures. Safe to use from any thread."""

    def __init__(self, loopback: Loopback | None = None, timeout: float = TIMEOUT) -> None:
        self._loopback = loopback
        self._timeout = timeout
        self._loop = asyncio.new_event_loop()
        self._inbox: deque[_Request] = deque()
        self._woken = False
        self._lanes: dict[str, _Lane] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="http", daemon=True)
        self._thread.start()
        self._session = self._call(self._open()).result()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Future[Answer]:
        """POST `body`. The future raises Unreachable when no answer came within the timeout."""
        return self.post_made(url, lambda: (body, headers))

    def post_made(self, url: str, make: Callable[[], Content]) -> Future[Answer]:
        """POST what `make` gives. It is called on the loop when it is the request's turn, so that making the next
        fills the time in which answers are waited for, and no thread has to wait for another's turn with Python.

        The future raises what `make` raises, Unreachable when no answer came within the timeout.
        """
        request = _Request(url, make, Future())
        self._inbox.append(request)
        # One wake-up serves all that come in before the loop has looked.
        if not self._woken:
            self._woken = True
            self._loop.call_soon_threadsafe(self._take_in)
        return request.answer

    def close(self) -> None:
        """Break off what is still in the air, close every connection and end the thread."""
        if self._loop.is_closed():
            return
        self._call(self._shut()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _open(self) -> aiohttp.ClientSession:
        ca = str(self._loopback.ca) if self._loopback else None
        connector = aiohttp.TCPConnector(
            resolver=PublicResolver(self._loopback),
            ssl=ssl.create_default_context(cafile=ca),
            limit=CONNECTIONS,
            limit_per_host=PER_HOST,
            keepalive_timeout=KEEP_ALIVE,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._timeout),
            trust_env=False,
            # Push services ask for none of these; of an answer only the start of a complaint is used, as it comes.
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
        )

    async def _shut(self) -> None:
        workers = list(self._workers)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        for request in [*self._inbox, *(each for lane in self._lanes.values() for each in lane.waiting)]:
            request.answer.cancel()
        await self._session.close()

    def _take_in(self) -> None:
        """Give what has come in to the workers of its host; up to PER_HOST of them, so that none takes all the room."""
        self._woken = False
        while self._inbox:
            request = self._inbox.popleft()
            try:
                request.target = _checked(request.url)
            except Unreachable as error:
                request.answer.set_exception(error)
                continue
            host = request.target.raw_host or ""
            lane = self._lanes.setdefault(host, _Lane())
            lane.waiting.append(request)
            if lane.busy < PER_HOST:
                lane.busy += 1
                self._start(self._work(host, lane))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        worker = self._loop.create_task(work)
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work(self, host: str, lane: "_Lane") -> None:
        """Send what waits for a host, one after the other, until nothing does."""
        try:
            while lane.waiting:
                await self._answer(lane.waiting.popleft())
        finally:
            lane.busy -= 1
            if not lane.busy and not lane.waiting:
                self._lanes.pop(host, None)

    async def _answer(self, request: "_Request") -> None:
        try:
            content = request.make()
        except Exception as error:  # noqa: BLE001  # it is the caller's to judge
            request.answer.set_exception(error)
            return
        try:
            request.answer.set_result(await self._post(request.target, *content))
        except asyncio.CancelledError:
            request.answer.cancel()
            raise
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            request.answer.set_exception(Unreachable(f"{type(error).__name__}: {error}"))

    async def _post(self, target: URL, body: bytes, headers: Mapping[str, str]) -> Answer:
        async with self._session.post(target, data=body, headers=headers, allow_redirects=False) as answer:
            return Answer(answer.status, answer.headers, await answer.content.read(BODY_LIMIT))


@dataclass(slots=True, eq=False)
class _Request:
    """A POST that somebody waits for. `target` is the checked URL."""

    url: str
    make: Callable[[], Content]
    answer: Future[Answer]
    target: URL = field(default_factory=URL)


@dataclass(slots=True)
class _Lane:
    """What waits for one host, and how many workers are at it."""

    waiting: deque[_Request] = field(default_factory=deque)
    busy: int = 0


def _checked(url: str) -> URL:
    """The URL as it is sent to. Raises Unreachable unless it is https and a plain name: an address, in whatever
    digits, would pass the resolver by."""
    try:
        target = URL(url, encoded=True)
        host = target.raw_host or ""
    except ValueError as error:
        raise Unreachable("this is not a URL") from error
    if target.scheme != "https" or not PLAIN_NAME.fullmatch(host):
        raise Unreachable("only https to a named host")
    return target
