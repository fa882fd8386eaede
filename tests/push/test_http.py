"""The HTTP client: public addresses only, checked at the moment of connecting."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from server.http import Loopback, Outside, PublicResolver, Unreachable, is_public
from tests.support.push_service import PushService
from tests.support.push_service_tls import make_certificates


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
        return [found["host"] for found in await PublicResolver(None).resolve("push.example", 443)]

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
