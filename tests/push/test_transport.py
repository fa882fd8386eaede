"""The transport: what is sent, to whom, and what each answer means."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import time_machine
from pydantic import AnyHttpUrl
from structlog.testing import capture_logs

from server import logs
from server.http import Answer, Loopback, Outside
from server.push import keys
from server.push.hosts import FIRST_REST, LONGEST_REST, TOLERATED, HostHealth
from server.push.transport import Fate, Message, Result, Transport, judge, seconds_to_wait
from server.push.vapid import CachedVapid
from tests.support.push_service import HOSTS, Browser, Mishap, PushService

KEYS = keys.parse(keys.fresh_pem().encode(), "test")


@pytest.fixture
def transport(push_service: PushService) -> Iterator[Transport]:
    outside = Outside(Loopback.parse(push_service.loopback), timeout=1.5)
    transport = Transport(KEYS, "mailto:somebody@example.org", outside)
    yield transport
    transport.close()


def browser_at(service: PushService, host: str = HOSTS[0]) -> Browser:
    return service.subscribe(KEYS.application_server_key, host)


def message(browser: Browser, **changes: object) -> Message:
    sent = browser.to_json()
    usual: dict[str, object] = {
        "endpoint": sent["endpoint"],
        "p256dh": sent["keys"]["p256dh"],
        "auth": sent["keys"]["auth"],
        "payload": b'{"hello": "you"}',
        "ttl": 600,
        "topic": "a-topic",
        "urgency": "low",
    }
    return Message(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("host", HOSTS)
def test_every_push_service_takes_what_is_sent_and_the_browser_reads_it(
    transport: Transport, push_service: PushService, host: str
) -> None:
    result = transport.send(message(browser_at(push_service, host))).result()
    assert result == Result(Fate.SENT, 201)
    taken = push_service.received[0]
    assert (taken.host, taken.ttl, taken.topic, taken.urgency) == (host, 600, "a-topic", "low")
    assert taken.payload == {"hello": "you"}


def test_the_largest_payload_fits(transport: Transport, push_service: PushService) -> None:
    payload = b'"' + b"x" * 2998 + b'"'
    assert transport.send(message(browser_at(push_service), payload=payload)).result().fate is Fate.SENT
    assert push_service.received[0].size == 3000 + 103


@pytest.mark.parametrize(
    ("status", "fate"),
    [(404, Fate.GONE), (410, Fate.GONE), (406, Fate.RETRY), (408, Fate.RETRY), (429, Fate.RETRY), (500, Fate.RETRY),
     (502, Fate.RETRY), (503, Fate.RETRY), (400, Fate.REFUSED), (401, Fate.REFUSED), (403, Fate.REFUSED),
     (413, Fate.REFUSED), (302, Fate.REFUSED)],
)  # fmt: skip
def test_each_answer_has_its_meaning(transport: Transport, push_service: PushService, status: int, fate: Fate) -> None:
    push_service.fail_next(Mishap(status=status))
    result = transport.send(message(browser_at(push_service))).result()
    assert (result.fate, result.status) == (fate, status)


def test_a_redirect_is_not_followed(transport: Transport, push_service: PushService) -> None:
    push_service.fail_next(Mishap(status=307))
    transport.send(message(browser_at(push_service))).result()
    assert len(push_service.requests) == 1


def test_a_connection_that_is_reset_is_tried_later(transport: Transport, push_service: PushService) -> None:
    push_service.fail_next(Mishap(reset=True), times=3)
    result = transport.send(message(browser_at(push_service))).result()
    assert (result.fate, result.status) == (Fate.RETRY, None)


def test_a_push_service_that_does_not_answer_is_given_up_in_time(
    transport: Transport, push_service: PushService
) -> None:
    push_service.fail_next(Mishap(seconds=30))
    started = time.monotonic()
    assert transport.send(message(browser_at(push_service))).result().fate is Fate.RETRY
    assert time.monotonic() - started < 3


def test_a_host_that_fails_again_and_again_is_left_in_peace(transport: Transport, push_service: PushService) -> None:
    browser = browser_at(push_service)
    push_service.fail_always(Mishap(status=503))
    for _ in range(TOLERATED):
        transport.send(message(browser)).result()
    result = transport.send(message(browser)).result()
    assert (result.fate, result.status) == (Fate.RETRY, None)
    assert result.retry_after == pytest.approx(FIRST_REST, abs=1)
    assert len(push_service.requests) == TOLERATED


def test_one_dead_host_does_not_delay_the_others(push_service: PushService) -> None:
    transport = Transport(KEYS, "mailto:somebody@example.org", Outside(Loopback.parse(push_service.loopback)))
    dead, alive = browser_at(push_service, HOSTS[2]), browser_at(push_service, HOSTS[0])
    push_service.fail_always(Mishap(seconds=60, host=HOSTS[2]))
    hanging = [transport.send(message(dead)) for _ in range(200)]
    results = [transport.send(message(alive)) for _ in range(100)]
    assert all(result.result().fate is Fate.SENT for result in results)
    assert not any(future.done() for future in hanging)
    transport.close()


def test_the_port_of_a_push_service_stays_in_the_audience() -> None:
    header = CachedVapid(KEYS, "mailto:a@example.org").get_authorization_header(
        AnyHttpUrl("https://push.example:8443/x")
    )
    claims = jwt.decode(header.split("t=")[1].split(",")[0], options={"verify_signature": False})
    assert claims["aud"] == "https://push.example:8443"


def test_a_broken_subscription_key_is_our_fault_and_raises_nothing(
    transport: Transport, push_service: PushService
) -> None:
    result = transport.send(message(browser_at(push_service), p256dh="AAAA")).result()
    assert result.fate is Fate.REFUSED
    assert not push_service.requests


def test_the_token_is_signed_once_per_push_service_and_anew_before_it_expires(
    transport: Transport, push_service: PushService
) -> None:
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    tokens = set()
    for hours in (0, 1, 10, 12, 30):
        with time_machine.travel(start + timedelta(hours=hours)):
            assert transport.send(message(browser_at(push_service))).result().fate is Fate.SENT
            tokens.add(push_service.tokens[-1])
    assert len(tokens) == 3


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("", None), ("soon", None), ("Tue, 24 Nov 2026 09:01:00 GMT", 60.0), ("99999999", 86_400.0),
     ("Tue, 24 Nov 2026 08:00:00 GMT", 0.0), ("-5", None)],
)  # fmt: skip
def test_retry_after_is_read_as_number_and_as_date(header: str, seconds: float | None) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC), tick=False):
        assert seconds_to_wait(header) == seconds


def test_retry_after_rides_along_with_a_retry() -> None:
    assert judge(Answer(429, {"retry-after": "120"}, b"")).retry_after == 120.0


def test_a_service_that_goes_down_is_in_the_log_once(transport: Transport, push_service: PushService) -> None:
    logs.configure("WARNING")
    push_service.fail_always(Mishap(status=503))
    browser = browser_at(push_service)
    with capture_logs() as logged:
        for _ in range(TOLERATED + 3):
            assert transport.send(message(browser)).result().fate is Fate.RETRY
    assert [(line["event"], line["host"]) for line in logged] == [("push.service_down", HOSTS[0])]


def test_rests_grow_to_a_limit_and_end_with_an_answer() -> None:
    health, now = HostHealth(), 0.0
    for _ in range(TOLERATED - 1):
        health.failed(now)
    assert health.rest_left(now) == 0.0
    for _ in range(20):
        health.failed(now)
    assert health.rest_left(now) == LONGEST_REST
    health.answered()
    assert health.rest_left(now) == 0.0


def test_after_a_rest_one_message_tries_and_the_others_wait_for_it() -> None:
    health = HostHealth()
    for _ in range(TOLERATED):
        health.failed(0.0)
    assert health.rest_left(FIRST_REST) == 0.0
    assert health.rest_left(FIRST_REST) > 0.0


def test_a_host_that_asks_for_rest_gets_it_at_once() -> None:
    health = HostHealth()
    health.failed(0.0, asked=30.0)
    assert health.rest_left(10.0) == 20.0
