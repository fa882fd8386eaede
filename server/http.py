"""The one place that speaks HTTP to the outside: https only, public addresses only, no redirects, never for long."""

import asyncio
import ipaddress
import re
import socket
import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import aiohappyeyeballs

from server.http_answer import Answer, BadAnswer
from server.http_connection import HTTPS, Connection, Origin, Target

#: Seconds that one request may take, connecting included.
TIMEOUT = 10.0
#: Connections that a process keeps open, and those to one host, so that one dead host leaves room for the others.
CONNECTIONS = 48
PER_HOST = 24
#: Seconds that an unused connection is kept: those of one tick serve the next.
KEEP_ALIVE = 60.0
#: Seconds until the next of a name's addresses is tried beside the one before (RFC 8305, section 8).
HEAD_START = 0.25

#: A host name as DNS has it, with a last label that is no number, so that nobody reads an address in it.
PLAIN_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?")

#: A checked host as it is connected to, and what is asked for there: plain characters that end no line.
_TARGET = re.compile(
    rf"https://(?P<host>{PLAIN_NAME.pattern})(?::(?P<port>[0-9]{{0,9}}))?(?P<path>[/?][!-\"$-\[\]-~]*)?",
    re.ASCII | re.IGNORECASE,
)

T = TypeVar("T")
#: Body and headers.
Content = tuple[bytes, Mapping[str, str]]
#: As `socket.getaddrinfo` gives it: family, kind, protocol, name, socket address.
Address: TypeAlias = tuple[int, int, int, str, tuple[Any, ...]]
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


class PublicResolver:
    """Resolves a name at the moment of connecting and gives back its public addresses only.

    What was checked is what is connected to, so a name that changes its answer (DNS rebinding) gains nothing.
    """

    def __init__(self, loopback: Loopback | None) -> None:
        self._loopback = loopback

    async def resolve(self, host: str, port: int) -> list[Address]:
        """Raises OSError when the name has no public address."""
        if self._loopback is not None:
            at = ("127.0.0.1", self._loopback.port)
            return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", at)]
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        public: list[Address] = [address for address in found if is_public(str(address[4][0]))]
        if not public:
            raise OSError(f"{host} has no public address")
        return public


class Outside:
    """An HTTP client on an event loop in a thread of its own; callers get futures. Safe to use from any thread."""

    def __init__(self, loopback: Loopback | None = None, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._loop = asyncio.new_event_loop()
        self._inbox: deque[_Request] = deque()
        self._woken = False
        self._lanes: dict[Origin, _Lane] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(CONNECTIONS)
        self._idle: defaultdict[Origin, dict[Connection, asyncio.TimerHandle]] = defaultdict(dict)
        self._resolver = PublicResolver(loopback)
        self._tls = ssl.create_default_context(cafile=str(loopback.ca) if loopback else None)
        self._thread = threading.Thread(target=self._loop.run_forever, name="http", daemon=True)
        self._thread.start()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Future[Answer]:
        """POST `body`. The future raises Unreachable when no answer came within the timeout."""
        return self.post_made(url, lambda: (body, headers))

    def post_made(self, url: str, make: Callable[[], Content]) -> Future[Answer]:
        """POST what `make` gives. It is called on the loop when it is the request's turn, so that making the next
        fills the time in which answers are waited for, and no thread has to wait for another's turn with Python.

        The future raises what `make` raises, Unreachable when no answer came within the timeout.
        """
        answer: Future[Answer] = Future()
        try:
            request = _Request(target_of(url), make, answer)
        except Unreachable as error:
            answer.set_exception(error)
            return answer
        self._inbox.append(request)
        # One wake-up serves all that come in before the loop has looked.
        if not self._woken:
            self._woken = True
            self._loop.call_soon_threadsafe(self._take_in)
        return answer

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

    async def _shut(self) -> None:
        workers = list(self._workers)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        for request in [*self._inbox, *(each for lane in self._lanes.values() for each in lane.waiting)]:
            request.answer.cancel()
        for connection in [each for kept in self._idle.values() for each in kept]:
            connection.abort()
        await asyncio.sleep(0)  # asyncio closes what was broken off in its next round

    def _take_in(self) -> None:
        """Give what has come in to the workers of its host; up to PER_HOST of them, so that none takes all the room."""
        self._woken = False
        while self._inbox:
            request = self._inbox.popleft()
            lane = self._lanes.setdefault(request.target.origin, _Lane())
            lane.waiting.append(request)
            if lane.busy < PER_HOST:
                lane.busy += 1
                self._start(self._work(request.target.origin, lane))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        worker = self._loop.create_task(work)
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work(self, origin: Origin, lane: "_Lane") -> None:
        """Send what waits for a host, one after the other over one connection, until nothing does."""
        connection: Connection | None = None
        try:
            while lane.waiting:
                async with self._room:
                    if lane.waiting:
                        connection = await self._answer(lane.waiting.popleft(), connection)
        finally:
            if connection is not None:
                self._keep(origin, connection)
            lane.busy -= 1
            if not lane.busy and not lane.waiting:
                self._lanes.pop(origin, None)

    async def _answer(self, request: "_Request", connection: Connection | None) -> Connection | None:
        """Get a request its answer, by the connection if it can still be used; the connection to go on with."""
        try:
            content = request.make()
        except Exception as error:  # noqa: BLE001  # it is the caller's to judge
            request.answer.set_exception(error)
            return connection
        try:
            async with asyncio.timeout(self._timeout):
                if connection is None or not connection.usable:
                    connection = await self._connected(request.target)
                answer = await connection.post(request.target, *content)
        except asyncio.CancelledError:
            request.answer.cancel()
            raise
        except (BadAnswer, OSError, ValueError) as error:
            request.answer.set_exception(Unreachable(f"{type(error).__name__}: {error}"))
        else:
            request.answer.set_result(answer)
        return connection

    async def _connected(self, target: Target) -> Connection:
        """A connection that was kept, or a new one."""
        kept = self._idle[target.origin]
        while kept:
            connection, timer = kept.popitem()
            timer.cancel()
            if connection.usable:
                return connection
        addresses = await self._resolver.resolve(target.host, target.port)
        plain = await aiohappyeyeballs.start_connection(addresses, happy_eyeballs_delay=HEAD_START)
        try:
            made = self._loop.create_connection(Connection, sock=plain, ssl=self._tls, server_hostname=target.host)
            return (await made)[1]
        except BaseException:
            plain.close()
            raise

    def _keep(self, origin: Origin, connection: Connection) -> None:
        """Keep an open connection for the next tick."""
        if connection.usable:
            self._idle[origin][connection] = self._loop.call_later(KEEP_ALIVE, self._let_go, origin, connection)

    def _let_go(self, origin: Origin, connection: Connection) -> None:
        del self._idle[origin][connection]
        connection.close()


@dataclass(slots=True, eq=False)
class _Request:
    """A POST that somebody waits for."""

    target: Target
    make: Callable[[], Content]
    answer: Future[Answer]


@dataclass(slots=True)
class _Lane:
    """What waits for one host, and how many workers are at it."""

    waiting: deque[_Request] = field(default_factory=deque)
    busy: int = 0


def target_of(url: str) -> Target:
    """The URL as it is sent to. Raises Unreachable unless it is https and a plain name: an address, in whatever
    digits, would pass the resolver by."""
    found = _TARGET.fullmatch(url)
    port = int((found and found["port"]) or HTTPS)
    if found is None or not 0 < port < 1 << 16:
        raise Unreachable("only https to a named host")
    path = found["path"] or "/"
    return Target(found["host"].lower(), port, path if path.startswith("/") else f"/{path}")
