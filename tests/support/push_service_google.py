"""Google's side of Web Push, as far as a real Chromium needs it: check-in, registration, and the MCS connection.

Message formats are those of Chromium's google_apis/gcm/protocol (checkin.proto, android_checkin.proto, mcs.proto);
field numbers below are theirs.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from server.clock import now
from tests.support.push_service_tls import Certificates

MCS_VERSION = 41
HEARTBEAT_PING, HEARTBEAT_ACK, LOGIN_REQUEST, LOGIN_RESPONSE, CLOSE, DATA_MESSAGE = 0, 1, 2, 3, 4, 8


def varint(number: int) -> bytes:
    """A protobuf varint."""
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    return bytes(encoded) + bytes([number])


def text(number: int, value: str | bytes) -> bytes:
    """A length-delimited protobuf field."""
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def whole(number: int, value: int) -> bytes:
    """A varint protobuf field."""
    return varint(number << 3) + varint(value)


def fixed64(number: int, value: int) -> bytes:
    """A fixed64 protobuf field."""
    return varint(number << 3 | 1) + value.to_bytes(8, "little")


@dataclass(slots=True)
class Registration:
    """One subscription of a browser: `sender` is its application server key, `app` and `subtype` its own names."""

    sender: str
    app: str
    subtype: str


@dataclass(slots=True)
class Google:
    """Registrations by token, and the browsers that are connected. What they cannot have yet waits."""

    certificates: Certificates
    registrations: dict[str, Registration] = field(default_factory=dict)
    mcs_port: int = 0
    #: Set while no browser is connected.
    deserted: asyncio.Event = field(default_factory=asyncio.Event)
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)
    _waiting: list[bytes] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _sent: int = 0

    def routes(self) -> list[web.RouteDef]:
        """The plain-HTTP part."""
        return [web.post("/checkin", self._check_in), web.post("/register", self._register)]

    async def start(self) -> None:
        context = self.certificates.server_context()
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=context)
        self.mcs_port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        for writer in self._writers:
            writer.close()
        if self._server is not None:
            self._server.close()

    def chromium_arguments(self, http_port: int) -> list[str]:
        """Switches that make a Chromium (with a persistent profile) use this instead of Google."""
        return [
            f"--gcm-checkin-url=http://127.0.0.1:{http_port}/checkin",
            f"--gcm-registration-url=http://127.0.0.1:{http_port}/register",
            f"--gcm-mcs-endpoint=https://127.0.0.1:{self.mcs_port}",
            f"--ignore-certificate-errors-spki-list={self.certificates.spki}",
        ]

    def deliver(self, token: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Hand a message to the connected browser, or keep it for when one connects."""
        registration = self.registrations[token]
        self._sent += 1
        extras = {"subtype": registration.subtype, "content-encoding": headers.get("Content-Encoding", "")}
        stanza = b"".join(
            (
                text(3, registration.sender),
                text(5, registration.app),
                *(text(7, text(1, key) + text(2, value)) for key, value in extras.items() if value),
                text(9, f"0:{self._sent}"),
                whole(17, int(headers.get("TTL", "0"))),
                whole(18, _milliseconds()),
                text(21, body),
            )
        )
        if self._writers:
            self._write(self._writers[-1], DATA_MESSAGE, stanza)
        else:
            self._waiting.append(stanza)

    async def _check_in(self, _request: web.Request) -> web.Response:
        answer = whole(1, 1) + whole(3, _milliseconds()) + text(4, "digest")
        answer += fixed64(7, secrets.randbits(62) | 1) + fixed64(8, secrets.randbits(62) | 1) + text(11, "v1")
        return web.Response(body=answer, content_type="application/x-protobuf")

    async def _register(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        if "delete" in form:
            gone = [t for t, known in self.registrations.items() if known.subtype == form.get("X-subtype", "")]
            for token in gone:
                del self.registrations[token]
            return web.Response(text=f"deleted={form.get('app', '')}")
        token = f"c{secrets.token_urlsafe(8)}:APA91b{secrets.token_urlsafe(60)}"
        self.registrations[token] = Registration(form["sender"], form["app"], form.get("X-subtype", ""))
        return web.Response(text=f"token={token}")

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readexactly(1)
            writer.write(bytes([MCS_VERSION]))
            await self._converse(writer, lambda: _read_packet(reader))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if writer in self._writers:
                self._writers.remove(writer)
            if not self._writers:
                self.deserted.set()
            writer.close()

    async def _converse(self, writer: asyncio.StreamWriter, packet: Callable[[], Awaitable[int]]) -> None:
        while (tag := await packet()) != CLOSE:
            if tag == LOGIN_REQUEST:
                self._write(writer, LOGIN_RESPONSE, text(1, "chromium") + whole(8, _milliseconds()))
                self._writers.append(writer)
                self.deserted.clear()
                waiting, self._waiting = self._waiting, []
                for stanza in waiting:
                    self._write(writer, DATA_MESSAGE, stanza)
            elif tag == HEARTBEAT_PING:
                self._write(writer, HEARTBEAT_ACK, b"")

    @staticmethod
    def _write(writer: asyncio.StreamWriter, tag: int, body: bytes) -> None:
        writer.write(bytes([tag]) + varint(len(body)) + body)


async def _read_packet(reader: asyncio.StreamReader) -> int:
    """Read one packet; its tag. What browsers say in it does not matter here."""
    tag = (await reader.readexactly(1))[0]
    size = shift = 0
    while True:
        byte = (await reader.readexactly(1))[0]
        size |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
    await reader.readexactly(size)
    return tag


def _milliseconds() -> int:
    return int(now().timestamp() * 1000)
