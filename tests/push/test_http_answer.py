"""Reading an answer: the same however it comes in pieces, and nothing odd is taken for one"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.http_answer import BODY_LIMIT, HEAD_LIMIT, WHOLE_LIMIT, Answer, BadAnswer, Read, read

CREATED = b"HTTP/1.1 201 Created\r\nLocation: /m/1\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = (
    b"HTTP/1.1 410 Gone\r\nTransfer-Encoding: chunked\r\n\r\n5;note=x\r\nended\r\n1\r\n.\r\n0\r\nTrailer: y\r\n\r\n"
)
INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + CREATED
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"
WHOLE = {
    CREATED: Read(Answer(201, {"location": "/m/1", "content-length": "2"}, b"ok"), reusable=True),
    CHUNKED: Read(Answer(410, {"transfer-encoding": "chunked"}, b"ended."), reusable=True),
    INTERIM: Read(Answer(201, {"location": "/m/1", "content-length": "2"}, b"ok"), reusable=True),
    EMPTY: Read(Answer(204, {}, b""), reusable=True),
}


@pytest.mark.parametrize("sent", WHOLE)
def test_an_answer_is_known_when_its_last_byte_is_there_and_not_before(sent: bytes) -> None:
    assert [read(sent[:end], ended=False) for end in range(len(sent))] == [None] * len(sent)
    assert read(sent, ended=False) == WHOLE[sent]


@pytest.mark.parametrize("sent", WHOLE)
def test_what_comes_after_an_answer_ends_the_connection(sent: bytes) -> None:
    found = read(sent + b"HTTP/1.1 200 OK\r\n", ended=False)
    assert found is not None
    assert (found.answer, found.reusable) == (WHOLE[sent].answer, False)


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0", b"HTTP/1.0 200 OK\r\nContent-Length: 0",
     b"HTTP/1.1 200\r\nContent-Length: 0\r\nConnection: keep-alive, close"],
)  # fmt: skip
def test_a_server_that_closes_is_not_asked_again(head: bytes) -> None:
    found = read(head + b"\r\n\r\n", ended=False)
    assert found is not None
    assert (found.answer.status, found.reusable) == (200, False)


def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    sent = b"HTTP/1.1 502 Bad Gateway\r\n\r\nout of order"
    assert read(sent, ended=False) is None
    assert read(sent, ended=True) == Read(Answer(502, {}, b"out of order"), reusable=False)


def test_of_a_body_that_breaks_off_the_status_still_counts() -> None:
    found = read(CREATED[:-1], ended=True)
    assert found is not None
    assert (found.answer.status, found.answer.body, found.reusable) == (201, b"o", False)


def test_a_long_body_is_not_waited_for_and_not_kept() -> None:
    found = read(b"HTTP/1.1 500 No\r\nContent-Length: 999999999\r\n\r\n" + b"x" * (WHOLE_LIMIT + 1), ended=False)
    assert found is not None
    assert (found.answer.status, len(found.answer.body), found.reusable) == (500, BODY_LIMIT, False)


def test_headers_said_twice_are_one_and_their_names_are_small() -> None:
    found = read(b"HTTP/1.1 204 x\r\nRETRY-After:  5 \r\nX: a\r\nx: b\r\n\r\n", ended=False)
    assert found is not None
    assert found.answer.headers == {"retry-after": "5", "x": "a, b"}


@pytest.mark.parametrize(
    "sent",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/2 200\r\n\r\n", b"HTTP/1.1 99 x\r\n\r\n", b"HTTP/1.1 2000 x\r\n\r\n",
        b"HTTP/1.1 600 x\r\n\r\n", b"HTTP/1.1  200 x\r\n\r\n", b"HTTP/1.1 200 x\n\r\n\r\n", b"\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n", b"HTTP/1.1 200 x\r\nno header\r\n\r\n",
        b"HTTP/1.1 200 x\r\n folded: x\r\n\r\n", b"HTTP/1.1 200 x\r\nname : x\r\n\r\n",
        b"HTTP/1.1 200 x\r\na: b\nc: d\r\n\r\n", b"HTTP/1.1 200 x\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 x\r\nContent-Length: +1\r\n\r\n", b"HTTP/1.1 200 x\r\nContent-Length: 0x1\r\n\r\n",
        b"HTTP/1.1 200 x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"HTTP/1.1 200 x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabcd",
        b"HTTP/1.1 200 x\r\nX: " + b"x" * HEAD_LIMIT,
    ],
)  # fmt: skip
def test_what_is_odd_is_no_answer(sent: bytes) -> None:
    with pytest.raises(BadAnswer):
        read(sent, ended=False)


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200", EMPTY[:-1], INTERIM[:30]])
def test_a_connection_that_ends_before_the_answer_is_none(sent: bytes) -> None:
    with pytest.raises(BadAnswer, match="ended before"):
        read(sent, ended=True)


PIECES = [
    *WHOLE,
    b"HTTP/1.1 200 OK",
    b"\r\n",
    b"\r\n\r\n",
    b"Content-Length: 3",
    b"Transfer-Encoding: chunked",
    b"0",
    b"3",
    b"x",
]


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=10).map(b"".join), st.booleans())
@settings(max_examples=500, deadline=None, derandomize=True, database=None)
def test_whatever_comes_is_an_answer_or_none_or_refused(sent: bytes, ended: bool) -> None:
    try:
        found = read(sent, ended)
    except BadAnswer:
        return
    assert found is None or 200 <= found.answer.status < 600
    assert not (ended and found is None)
