"""The HTTP client: public addresses only, checked at the moment of connecting."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from server import http
from server.http import Loopback, Outside, PublicResolver, Unreachable, is_public
from tests.support.push_service import PushService
from tests.support.push_service_tls import Certificates, make_certificates
from tests.support.scripted_server import Heard, scripted_server


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
     "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "192.0.2.1", "2001:db8::1"],
)  # fmt: skip
def test_an_address_that_is_not_public_is_known_as_such(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["142.250.74.42", "2a00:1450:4005:800::200a", "64:ff9b::8efa:4a2a", "17.57.12.11"])
def test_a_public_address_is_known_as_such(address: str) -> None:
    assert is_public(address)


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """What the resolver gives for a name that has these addresses."""

    async def answer() -> list[str]:
        async def fake(host: str, port: int, **_: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", fake)
        return [found[4][0] for found in await PublicResolver(None).resolve("push.example", 443)]

    return asyncio.run(answer())


def test_of_a_names_addresses_only_the_public_ones_are_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolve_to(monkeypatch, "10.0.0.1", "142.250.74.42") == ["142.250.74.42"]


def test_a_name_that_points_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OSError, match="no public address"):
        resolve_to(monkeypatch, "169.254.169.254", "127.0.0.1")


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/x", "https://[::1]/x", "http://fcm.googleapis.com/x", "https:///x", "nonsense"]
)
def test_only_https_to_a_name_is_spoken(push_service: PushService, url: str) -> None:
    outside = Outside(Loopback.parse(push_service.loopback))
    try:
        with pytest.raises(Unreachable):
            outside.post(url, b"", {}).result()
    finally:
        outside.close()


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(push_service: PushService, tmp_path: Path) -> None:
    strangers = make_certificates(tmp_path, ["elsewhere.example"])
    outside = Outside(Loopback(push_service.port, strangers.ca))
    try:
        with pytest.raises(Unreachable, match="ertificate"):
            outside.post("https://fcm.googleapis.com/fcm/send/x", b"", {}).result()
    finally:
        outside.close()


OK = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
HOST = "fcm.googleapis.com"


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return make_certificates(tmp_path, [HOST])


@contextmanager
def outside_at(heard: Heard, certificates: Certificates) -> Iterator[Outside]:
    """A client that connects to a scripted server, whatever the host."""
    outside = Outside(Loopback(heard.port, certificates.ca))
    try:
        yield outside
    finally:
        outside.close()


def test_one_connection_serves_one_request_after_the_other(certificates: Certificates) -> None:
    with scripted_server(certificates, [OK, OK, OK]) as heard, outside_at(heard, certificates) as outside:
        assert [outside.post(f"https://{HOST}/x", b"", {}).result().status for _ in range(3)] == [201] * 3
    assert [len(connection) for connection in heard.connections] == [3]


def test_a_request_is_written_to_the_letter(certificates: Certificates) -> None:
    with scripted_server(certificates, [OK, OK]) as heard, outside_at(heard, certificates) as outside:
        outside.post(f"HTTPS://{HOST.upper()}/a%2Fb/../c?d=e&f", b"", {"TTL": "60"}).result()
        outside.post(f"https://{HOST}:443?q", b"", {}).result()
    assert heard.connections == [
        [
            b"POST /a%2Fb/../c?d=e&f HTTP/1.1\r\nHost: fcm.googleapis.com\r\nContent-Length: 0\r\nTTL: 60\r\n\r\n",
            b"POST /?q HTTP/1.1\r\nHost: fcm.googleapis.com\r\nContent-Length: 0\r\n\r\n",
        ]
    ]


def test_what_belongs_to_no_request_is_not_the_answer_to_the_next(certificates: Certificates) -> None:
    forged = OK + b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
    with scripted_server(certificates, [forged], [OK]) as heard, outside_at(heard, certificates) as outside:
        assert [outside.post(f"https://{HOST}/x", b"", {}).result().status for _ in range(2)] == [201, 201]
    assert [len(connection) for connection in heard.connections] == [1, 1]


def test_a_server_that_closes_gets_a_new_connection(certificates: Certificates) -> None:
    last = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\nno such device"
    with scripted_server(certificates, [last], [OK]) as heard, outside_at(heard, certificates) as outside:
        gone = outside.post(f"https://{HOST}/x", b"", {}).result()
        assert (gone.status, gone.body) == (404, b"no such device")
        assert outside.post(f"https://{HOST}/x", b"", {}).result().status == 201


def test_a_connection_that_nobody_needs_is_closed_after_a_while(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "KEEP_ALIVE", 0.01)
    with scripted_server(certificates, [OK, b""]) as heard, outside_at(heard, certificates) as outside:
        outside.post(f"https://{HOST}/x", b"", {}).result()
        assert heard.over.wait(10)
    assert heard.connections[0][1] == b""


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 201", b"SSH-2.0-x\r\n\r\n"])
def test_no_answer_or_an_odd_one_is_told_as_unreachable_and_does_not_stop_the_next(
    certificates: Certificates, said: bytes
) -> None:
    with scripted_server(certificates, [said], [OK]) as heard, outside_at(heard, certificates) as outside:
        with pytest.raises(Unreachable):
            outside.post(f"https://{HOST}/x", b"", {}).result()
        assert outside.post(f"https://{HOST}/x", b"", {}).result().status == 201


@pytest.mark.parametrize("value", ["a\r\nX: b", "a\nb", "a\rb", "\u00e9"])
def test_a_header_that_would_end_early_is_not_sent(certificates: Certificates, value: str) -> None:
    with scripted_server(certificates, [OK]) as heard, outside_at(heard, certificates) as outside:
        with pytest.raises(Unreachable, match=r"ValueError|UnicodeEncodeError"):
            outside.post(f"https://{HOST}/x", b"", {"Topic": value}).result()
        assert outside.post(f"https://{HOST}/x", b"", {}).result().status == 201
    assert [len(connection) for connection in heard.connections] == [1]


@pytest.mark.parametrize("path", ["/x\r\nHost: evil.example", "/x y", "/x\n", "/\u00e9", "/x#y", "/x\\y", "/x\x00"])
def test_a_path_that_would_end_the_request_line_is_not_sent(path: str) -> None:
    outside = Outside()
    try:
        with pytest.raises(Unreachable, match="only https"):
            outside.post(f"https://{HOST}{path}", b"", {}).result()
    finally:
        outside.close()
