"""Reads an HTTP/1.1 answer (RFC 9112) out of what has come in so far. Pure.

As much of the protocol as answers to a POST need. Whatever is odd is refused or ends the connection, so that nothing
of one answer can be taken for the beginning of the next.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Bytes of an answer's head, of a whole answer that is waited for, and of the body that is kept: for a log line.
HEAD_LIMIT = 32 * 1024
WHOLE_LIMIT = 64 * 1024
BODY_LIMIT = 1024

_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5]\d\d)(?: [^\r\n]*)?")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?")
_SWITCHING = 101


class BadAnswer(Exception):
    """What came is no answer, or too much of one, or broke off."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. Names of headers are in lower case; the body is cut off at BODY_LIMIT."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Read:
    """An answer, and whether its connection can be used again."""

    answer: Answer
    reusable: bool


@dataclass(frozen=True, slots=True)
class _Head:
    status: int
    headers: Mapping[str, str]
    lasting: bool


def read(received: bytes, ended: bool) -> Read | None:
    """The answer, or None when more has to come; `ended` when no more will. Raises BadAnswer."""
    head, rest = _after_interim(received)
    if head is None:
        if ended or len(rest) > HEAD_LIMIT:
            raise BadAnswer("the connection ended before the answer" if ended else "the answer has no end of headers")
        return None
    body = _body(head, rest)
    if body is not None:
        content, taken = body
        return Read(Answer(head.status, head.headers, content[:BODY_LIMIT]), head.lasting and taken == len(rest))
    if ended or len(rest) > WHOLE_LIMIT:
        # The status is what counts: a body that is long or breaks off changes nothing.
        return Read(Answer(head.status, head.headers, rest[:BODY_LIMIT]), False)
    return None


def _after_interim(received: bytes) -> tuple[_Head | None, bytes]:
    """The head of the final answer and what follows it; interim answers (RFC 9110, section 15.2) are passed over."""
    while (end := received.find(b"\r\n\r\n")) >= 0:
        head, received = _head(received[:end]), received[end + 4 :]
        if head.status >= 200:
            return head, received
        if head.status == _SWITCHING:
            raise BadAnswer("the server speaks another protocol")
    return None, received


def _head(text: bytes) -> _Head:
    first, *lines = text.split(b"\r\n")
    found = _STATUS.fullmatch(first)
    if found is None:
        raise BadAnswer("this is not HTTP/1.1")
    headers: dict[str, str] = {}
    for line in lines:
        field = _HEADER.fullmatch(line)
        if field is None:
            raise BadAnswer("a header cannot be read")
        name, value = field[1].decode().lower(), field[2].decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    lasting = found[1] == b"1" and "close" not in headers.get("connection", "").lower()
    return _Head(int(found[2]), headers, lasting)


def _body(head: _Head, rest: bytes) -> tuple[bytes, int] | None:
    """The body and how many bytes of `rest` it took (RFC 9112, section 6.3); None while it is not known to be whole."""
    coding, length = head.headers.get("transfer-encoding"), head.headers.get("content-length")
    if head.status in (204, 304):
        return b"", 0
    if coding is not None:
        if coding.lower() != "chunked" or length is not None:
            raise BadAnswer("the length of the answer is told in two ways or an unknown one")
        return _dechunked(rest)
    if length is None:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", length):
        raise BadAnswer("the length of the answer is no number")
    size = int(length)
    return (rest[:size], size) if len(rest) >= size else None


def _dechunked(rest: bytes) -> tuple[bytes, int] | None:
    body, at = b"", 0
    while (end := rest.find(b"\r\n", at)) >= 0:
        found = _CHUNK_SIZE.fullmatch(rest, at, end)
        if found is None:
            raise BadAnswer("a chunk has no size")
        size = int(found[1], 16)
        if not size:
            last = rest.find(b"\r\n\r\n", end)
            return (body, last + 4) if last >= 0 else None
        start, at = end + 2, end + 4 + size
        if len(rest) < at:
            return None
        if rest[at - 2 : at] != b"\r\n":
            raise BadAnswer("a chunk is longer than its size")
        body += rest[start : at - 2]
    return None
