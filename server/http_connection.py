"""One connection to a server outside: a POST goes out, its answer comes in, then the next."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from server.http_answer import Answer, BadAnswer, read

HTTPS = 443

#: Host and port.
Origin: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: a checked host and port, and the path with its query as it is sent."""

    host: str
    port: int
    path: str

    @property
    def origin(self) -> Origin:
        """What connections are kept by."""
        return self.host, self.port


class Connection(asyncio.Protocol):
    """HTTP/1.1 (RFC 9112) over a transport of asyncio's; lives on one event loop."""

    def __init__(self) -> None:
        self.usable = True
        self._received = b""
        self._waiting: asyncio.Future[Answer] | None = None

    async def post(self, target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
        """POST `body`; one at a time. Raises BadAnswer, OSError, and ValueError for a header that is none.

        Unless an answer came, however this ends, the connection is of no more use.
        """
        request = written(target, body, headers)
        self._received = b""
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._waiting
        except BaseException:
            self.abort()
            raise
        finally:
            self._waiting = None

    def close(self) -> None:
        """Close in good order."""
        self.usable = False
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self.usable = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: it is open."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """asyncio: something came. What nobody asked for ends the connection."""
        if self._waiting is None or self._waiting.done():
            self.abort()
            return
        self._received += data
        self._look(self._waiting, ended=False)

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: it is closed."""
        self.usable = False
        if self._waiting is not None and not self._waiting.done():
            self._look(self._waiting, ended=True)

    def _look(self, waiting: "asyncio.Future[Answer]", ended: bool) -> None:
        try:
            found = read(self._received, ended)
        except BadAnswer as error:
            waiting.set_exception(error)
            return
        if found is not None:
            if not found.reusable:
                self.close()
            waiting.set_result(found.answer)


def written(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    """The request as it is sent. Raises ValueError for a header that would end early or is not ASCII."""
    host = target.host if target.port == HTTPS else f"{target.host}:{target.port}"
    lines = [f"POST {target.path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a header holds the end of a line")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
