"""Push endpoints are URLs that a browser hands us: none of them makes this server call anything but a push service.

The corpus follows OWASP's "Server-Side Request Forgery Prevention Cheat Sheet" and the known ways around it.
"""

import asyncio
import socket
from typing import Any

import aiohappyeyeballs
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from server.config import PUSH_HOSTS
from server.http import Loopback, Outside, PublicResolver, Unreachable, is_public
from server.push.endpoints import EndpointRefused, check_endpoint
from tests.conftest import count_rows
from tests.support.push_service import HOSTS, Mishap, PushService

GOOD = "fcm.googleapis.com"
KEYS = {"p256dh": "B" * 87, "auth": "B" * 22}
ADDRESSES = [
    "127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
    "017700000001", "00000177.0.0.1", "127.000.000.001", "①②⑦.⓪.⓪.①", "127。0。0。1", "169.254.169.254", "2852039166",
    "0xa9fea9fe", "0251.0376.0251.0376", "10.0.0.1", "192.168.0.1", "172.31.255.255", "100.100.100.200", "[::1]",
    "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:a9fe:a9fe]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "[fe80::1%25eth0]", "[fd00:ec2::254]", "[::127.0.0.1]", "localhost", "localhost.", "LOCALHOST",
    "ip6-localhost", "metadata.google.internal", "instance-data", "127.0.0.1.nip.io", "localtest.me",
    "spoofed.burpcollaborator.net",
]  # fmt: skip
ROUNDABOUT = [
    f"http://{GOOD}/x", f"HTTP://{GOOD}/x", f"ftp://{GOOD}/x", f"file://{GOOD}/etc/passwd", f"gopher://{GOOD}/_x",
    f"dict://{GOOD}/x", f"//{GOOD}/x", f"https:/{GOOD}/x", f"https:///{GOOD}/x", f"https:{GOOD}/x",
    f"https://{GOOD}:80/x", f"https://{GOOD}:8443/x", f"https://{GOOD}:22/x", f"https://{GOOD}:65536/x",
    f"https://{GOOD}:-443/x", f"https://{GOOD}:443:80/x", f"https://{GOOD}:4 43/x", f"https://{GOOD}:x/x",
    f"https://u@{GOOD}/x", f"https://u:p@{GOOD}/x", f"https://@{GOOD}/x", f"https://:@{GOOD}/x",
    f"https://{GOOD}@evil.example/x", f"https://{GOOD}:443@evil.example/x", f"https://evil.example@{GOOD}/x",
    f"https://evil.example#@{GOOD}/x", f"https://evil.example?@{GOOD}/x", f"https://evil.example/{GOOD}",
    f"https://evil.example\\@{GOOD}/x", f"https://{GOOD}\\@evil.example/x", f"https://{GOOD}\\.evil.example/x",
    f"https://{GOOD}.evil.example/x", f"https://evil{GOOD}/x", f"https://x.{GOOD}/x", f"https://{GOOD}./x",
    f"https://{GOOD}../x", f"https://.{GOOD}/x", f"https://{GOOD}%2eevil.example/x",
    f"https://{GOOD}%00.evil.example/x", f"https://{GOOD}%23.evil.example/x",
    f"https://{GOOD}%0d%0aHost:evil.example/x", f"https://{GOOD}\r\nHost: evil.example/x", f"https://{GOOD}\t/x",
    f" https://{GOOD}/x", f"https://{GOOD}/x\n", f"https://{GOOD}\x00/x", f"https://{GOOD}/#x",
    "https://fcm。googleapis。com/x", "https://fcm．googleapis．com/x", "https://ｆcm.googleapis.com/x",
    "https://fcm.googleapis.c\u043em/x", "https://xn--fcm-googleapis.com/x", "https://fcm.googleapis.xn--com-9o0a/x",
    "https://push.apple.com/x", "https://.push.apple.com/x", "https://evilpush.apple.com/x",
    "https://push.apple.com.evil.example/x", "https://web.push.apple.com.evil.example/x",
    "https://*.push.apple.com/x", "https://[web.push.apple.com]/x", "https://[::1].push.apple.com/x",
    "https://[::1]push.apple.com/x", "https://web.push.apple.com@127.0.0.1/x", "https://127.0.0.1#.push.apple.com/x",
    "https://127.0.0.1?.push.apple.com/x", "https://127.0.0.1/.push.apple.com/x",
    "https://127.0.0.1\\.push.apple.com/x", "https://127.0.0.1%2f.push.apple.com/x", "javascript:alert(1)",
    "data:text/html,x", "https://", "https:", "://", "x", "\u2028", "https://" + "a" * 3000 + ".push.apple.com/",
]  # fmt: skip
CORPUS = [*(f"https://{address}/fcm/send/x" for address in ADDRESSES), *ROUNDABOUT]


@pytest.mark.parametrize("endpoint", CORPUS)
def test_no_way_around_the_list_of_push_services_is_taken(endpoint: str) -> None:
    with pytest.raises(EndpointRefused):
        check_endpoint(endpoint, PUSH_HOSTS)


def test_the_api_refuses_all_of_them_and_stores_none(app: Flask, signed_in: FlaskClient) -> None:
    for endpoint in CORPUS:
        body = {"endpoint": endpoint, "keys": KEYS, "expirationTime": None}
        answer = signed_in.put("/api/v1/push/subscriptions", json=body)
        assert answer.status_code == 422, endpoint
        assert "endpoint" in answer.get_json()["errors"], endpoint
    assert count_rows(app)["push_subscription"] == 0


PIECES = [
    GOOD, "web.push.apple.com", "evil.example", "127.0.0.1", "[::1]", "https://", "//", "@", ":", "443", "#", "?",
    "/", "\\", "%2e", ".", "%00", "x",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=40))
@settings(max_examples=1500, deadline=None, derandomize=True, database=None)
def test_whatever_is_taken_is_read_the_same_by_the_client_that_connects(rest: str) -> None:
    try:
        url = URL(check_endpoint(f"https://{rest}", PUSH_HOSTS))
    except EndpointRefused:
        return
    assert (url.scheme, url.port, url.user, url.password) == ("https", 443, None, None)
    assert url.host == GOOD or str(url.host).endswith((".push.apple.com", ".push.services.mozilla.com"))


@pytest.mark.parametrize("endpoint", [each for each in CORPUS if each.startswith("https://")])
def test_a_stored_endpoint_that_should_not_be_there_is_not_connected_to(
    dialled: list[str], endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names_mean(monkeypatch, "127.0.0.1", "10.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1")
    outside = Outside()
    try:
        with pytest.raises(Unreachable):
            outside.post(endpoint, b"", {}).result()
    finally:
        outside.close()
    assert dialled == []


def test_only_the_public_addresses_of_a_name_are_dialled(dialled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    names_mean(monkeypatch, "127.0.0.1", "142.250.74.42", "::ffff:10.0.0.1")
    outside = Outside()
    try:
        with pytest.raises(Unreachable):
            outside.post(f"https://{GOOD}/x", b"", {}).result()
    finally:
        outside.close()
    assert dialled == ["142.250.74.42"]


def test_a_name_that_changes_its_answer_is_judged_by_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    async def twice() -> list[str]:
        names_mean(monkeypatch, "142.250.74.42")
        first = await PublicResolver(None).resolve(GOOD, 443)
        names_mean(monkeypatch, "127.0.0.1")
        with pytest.raises(OSError, match="no public address"):
            await PublicResolver(None).resolve(GOOD, 443)
        return [found["host"] for found in first]

    assert asyncio.run(twice()) == ["142.250.74.42"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", [f"https://{HOSTS[0]}/fcm/send/elsewhere", "http://127.0.0.1/", "//[::1]/"])
def test_a_redirect_leads_nowhere(push_service: PushService, status: int, target: str) -> None:
    push_service.fail_next(Mishap(status=status, location=target))
    outside = Outside(Loopback.parse(push_service.loopback))
    try:
        answer = outside.post(f"https://{HOSTS[0]}/fcm/send/x", b"", {}).result()
    finally:
        outside.close()
    assert answer.status == status
    assert len(push_service.requests) == 1


@given(st.ip_addresses(v=4).filter(lambda ip: not ip.is_global))
def test_an_inner_address_is_known_in_every_ipv6_dress(address: Any) -> None:
    number = int(address)
    dresses = [
        str(address), f"::ffff:{address}", f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}",
        f"2002:{number >> 16:x}:{number & 0xFFFF:x}::",
    ]  # fmt: skip
    assert [dress for dress in dresses if is_public(dress)] == []


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that would be connected to; none is."""
    found: list[str] = []

    async def dial(addr_infos: list[Any], **_: Any) -> Any:
        found.extend(info[4][0] for info in addr_infos)
        raise OSError("not in a test")

    monkeypatch.setattr(aiohappyeyeballs, "start_connection", dial)
    return found


def names_mean(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Every name has these addresses."""

    async def answer(_loop: Any, _host: str, port: int, **_: Any) -> list[Any]:
        kinds = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses]
        return [
            (kind, socket.SOCK_STREAM, 6, "", (address, port)) for kind, address in zip(kinds, addresses, strict=True)
        ]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", answer)
