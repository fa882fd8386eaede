"""From a plan that is due to words on a phone: what arrives, and what every failure leads to."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.clock import now
from server.database import db, uuid7
from server.library.model import Nudge
from server.library.service import library
from server.nudges import claims, delivery
from server.nudges.models import DROPPED, PENDING, SENT, NudgeDelivery, NudgePlan
from server.push.hosts import FIRST_REST
from tests.conftest import count_rows, person
from tests.support.nudge_cast import MORNING, NINE, deliveries, plan_of, planned, subscribed, tick
from tests.support.push_service import HOSTS, Mishap, PushService

SOON = timedelta(seconds=5)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def someone(clock: time_machine.Traveller, app: Flask) -> FlaskClient:
    """A person in Dublin who is nudged every day at nine."""
    client = person(app)
    planned(client)
    return client


def check_in(client: FlaskClient, mood: int) -> None:
    """A check-in from some device, now."""
    document = {"felt_at": now().isoformat(), "mood": mood}
    assert client.put(f"/api/v1/checkins/{uuid7()}", json=document).status_code == 201


def test_a_due_nudge_reaches_the_phone_with_its_window_as_its_life(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    clock.move_to(NINE + SOON)
    tick(app)
    (received,) = push_service.wait_for(1)
    (sent,) = deliveries(app)
    assert (sent.state, sent.slot, sent.sent_at) == (SENT, "2026-11-24T09:00", NINE + SOON)
    assert received.ttl == 3 * 3600 - 5
    assert (received.topic, received.urgency) == (sent.id.replace("-", ""), "normal")
    assert not push_service.refused


def test_by_default_the_lock_screen_gives_nothing_away_while_the_history_has_the_words(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    clock.move_to(NINE)
    tick(app)
    shown = push_service.wait_for(1)[0].payload
    assert shown is not None
    told = someone.get("/api/v1/nudges").get_json()["items"][0]
    text = _text(app, told["id"])
    assert shown["notification"]["title"] == text.neutral.title
    assert shown["notification"]["body"] == text.neutral.body
    assert (told["title"], told["body"]) == (text.title, text.body)


def test_with_full_words_the_lock_screen_shows_them(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    planned(someone, lock_screen="full")
    clock.move_to(NINE)
    tick(app)
    shown = push_service.wait_for(1)[0].payload
    told = someone.get("/api/v1/nudges").get_json()["items"][0]
    assert shown is not None
    assert (shown["notification"]["title"], shown["notification"]["body"]) == (told["title"], told["body"])


def test_the_notification_leads_to_its_place_and_carries_its_buttons(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    planned(someone, kinds=["check_in"])
    clock.move_to(NINE)
    tick(app)
    payload = push_service.wait_for(1)[0].payload
    (sent,) = deliveries(app)
    assert payload is not None
    notification = payload["notification"]
    assert payload["web_push"] == 8030
    assert notification["tag"] == "nudge-2026-11-24T09:00"
    assert notification["navigate"] == f"http://localhost:8000/?nudge={sent.id}"
    assert [each["action"] for each in notification["actions"]] == ["mood-2", "mood-4"]
    assert notification["data"] == {"nudge": sent.id, "kind": "check_in", "opens": "/"}


def test_every_device_of_the_person_gets_it_once(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    browsers = [subscribed(someone, push_service, host) for host in HOSTS]
    clock.move_to(NINE)
    tick(app)
    tick(app)
    assert sorted(each.token for each in push_service.received) == sorted(each.token for each in browsers)
    assert len({str(each.payload) for each in push_service.received}) == 1


def test_nothing_is_sent_before_it_is_due(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    clock.move_to(NINE - timedelta(seconds=1))
    tick(app)
    assert not deliveries(app)


def test_morning_words_do_not_arrive_after_their_window(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    clock.move_to(NINE + timedelta(hours=3))
    tick(app)
    (late,) = deliveries(app)
    assert (late.state, late.dropped) == (DROPPED, "late")
    assert not push_service.requests
    assert plan_of(app).next_slot == "2026-11-25T09:00"


def test_after_a_long_outage_nothing_old_is_made_up_for(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    clock.move_to(NINE + timedelta(days=12, hours=1))
    tick(app)
    tick(app)
    assert [each.slot for each in deliveries(app)] == ["2026-11-24T09:00", "2026-12-06T09:00"]
    assert len(push_service.received) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_ended_is_forgotten(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService, status: int
) -> None:
    subscribed(someone, push_service)
    push_service.fail_next(Mishap(status=status))
    clock.move_to(NINE)
    tick(app)
    (nudge,) = deliveries(app)
    assert (nudge.state, nudge.dropped) == (DROPPED, "no_device")
    assert count_rows(app)["push_subscription"] == 0


@pytest.mark.parametrize("mishap", [Mishap(status=500), Mishap(status=503), Mishap(reset=True), Mishap(status=429)])
def test_what_fails_for_now_is_tried_again_within_the_window(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService, mishap: Mishap
) -> None:
    subscribed(someone, push_service)
    push_service.fail_next(mishap)
    clock.move_to(NINE)
    tick(app)
    (waiting,) = deliveries(app)
    assert (waiting.state, waiting.attempts) == (PENDING, 1)
    assert NINE + timedelta(seconds=30) <= waiting.lease_until <= NINE + timedelta(seconds=45)
    clock.move_to(waiting.lease_until)
    tick(app)
    (sent,) = deliveries(app)
    assert (sent.state, sent.attempts, sent.text_id) == (SENT, 2, waiting.text_id)
    assert len(push_service.received) == 1


def test_a_push_service_that_says_when_to_come_back_is_heard(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    push_service.fail_next(Mishap(status=429, retry_after="600"))
    clock.move_to(NINE)
    tick(app)
    (waiting,) = deliveries(app)
    assert waiting.lease_until == NINE + timedelta(seconds=600)


def test_a_retry_that_would_come_after_the_window_is_not_made(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    push_service.fail_next(Mishap(status=429, retry_after="20000"))
    clock.move_to(NINE)
    tick(app)
    (nudge,) = deliveries(app)
    assert (nudge.state, nudge.dropped) == (DROPPED, "unreachable")


def test_a_push_service_that_stays_down_costs_the_nudge_and_nothing_else(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    push_service.fail_always(Mishap(status=500))
    clock.move_to(NINE)
    for _ in range(40):
        tick(app)
        clock.shift(timedelta(minutes=10))
    (nudge,) = deliveries(app)
    assert nudge.state == DROPPED
    assert nudge.dropped in {"unreachable", "late"}
    assert count_rows(app)["push_subscription"] == 1
    assert plan_of(app).next_slot == "2026-11-25T09:00"


@pytest.mark.parametrize("status", [400, 403, 413])
def test_what_is_our_fault_is_not_tried_again(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService, status: int
) -> None:
    subscribed(someone, push_service)
    push_service.fail_next(Mishap(status=status))
    clock.move_to(NINE)
    tick(app)
    clock.shift(timedelta(minutes=30))
    tick(app)
    (nudge,) = deliveries(app)
    assert (nudge.state, nudge.dropped) == (DROPPED, "refused")
    assert len(push_service.requests) == 1
    assert count_rows(app)["push_subscription"] == 1


def test_of_two_devices_only_the_one_that_missed_it_is_tried_again(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    fine, down = subscribed(someone, push_service, HOSTS[0]), subscribed(someone, push_service, HOSTS[2])
    push_service.fail_next(Mishap(status=503, host=HOSTS[2]))
    clock.move_to(NINE)
    tick(app)
    (waiting,) = deliveries(app)
    assert (waiting.state, waiting.sent_at) == (PENDING, NINE)
    clock.move_to(waiting.lease_until + timedelta(seconds=FIRST_REST))
    tick(app)
    assert [each.token for each in push_service.received] == [fine.token, down.token]
    assert deliveries(app)[0].state == SENT
    assert plan_of(app).unopened == 1


def test_a_nudge_opened_on_one_device_is_not_sent_to_another_any_more(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    for host in (HOSTS[0], HOSTS[2]):
        subscribed(someone, push_service, host)
    push_service.fail_next(Mishap(status=503, host=HOSTS[2]))
    clock.move_to(NINE)
    tick(app)
    (waiting,) = deliveries(app)
    assert someone.post(f"/api/v1/nudges/{waiting.id}/outcome", json={"outcome": "opened"}).status_code == 204
    clock.move_to(waiting.lease_until)
    tick(app)
    assert len(push_service.received) == 1
    assert deliveries(app)[0].state == SENT


def test_a_pause_that_comes_between_the_claim_and_the_sending_is_respected(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    clock.move_to(NINE)
    with app.app_context():
        ids = claims.claim(NINE, timedelta(seconds=60)).deliveries
    assert someone.post("/api/v1/nudges/pause", json={"for": "day"}).status_code == 200
    with app.app_context():
        delivery.deliver(ids, 0)
    (nudge,) = deliveries(app)
    assert (nudge.state, nudge.dropped) == (DROPPED, "paused")
    assert not push_service.requests


def test_quiet_hours_that_were_moved_over_a_waiting_nudge_are_respected(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    clock.move_to(NINE)
    with app.app_context():
        ids = claims.claim(NINE, timedelta(seconds=60)).deliveries
    planned(someone, quiet_from="08:30", quiet_to="12:00")
    with app.app_context():
        delivery.deliver(ids, 0)
    assert deliveries(app)[0].dropped == "quiet"


def test_switching_nudges_off_stops_one_that_is_on_its_way(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    clock.move_to(NINE)
    with app.app_context():
        ids = claims.claim(NINE, timedelta(seconds=60)).deliveries
    planned(someone, enabled=False)
    with app.app_context():
        delivery.deliver(ids, 0)
    assert deliveries(app)[0].dropped == "switched_off"


def test_without_a_device_nothing_is_sent_and_it_says_so(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient
) -> None:
    clock.move_to(NINE)
    tick(app)
    assert deliveries(app)[0].dropped == "no_device"


def test_nobody_is_asked_to_check_in_just_after_a_check_in(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    planned(someone, kinds=["check_in"])
    clock.move_to(NINE - timedelta(hours=1))
    check_in(someone, mood=3)
    clock.move_to(NINE)
    tick(app)
    assert deliveries(app)[0].dropped == "nothing_wanted"


def test_after_heavy_days_the_nudge_leads_to_people(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    for day in range(3):
        clock.move_to(MORNING + timedelta(days=day, hours=6))
        check_in(someone, mood=1)
    with app.app_context():
        db.session.query(NudgeDelivery).delete()
        db.session.commit()
    clock.move_to(NINE + timedelta(days=3))
    tick(app)
    tick(app)
    payload = push_service.wait_for(1)[0].payload
    assert payload is not None
    opens = payload["notification"]["data"]["opens"]
    assert opens in {"/help/lines", "/read/guides/when-the-low-does-not-lift"}


def test_keys_that_were_replaced_leave_old_subscriptions_alone(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    with app.app_context():
        db.session.execute(sa.text("UPDATE push_subscription SET application_server_key = 'another'"))
        db.session.commit()
    clock.move_to(NINE)
    tick(app)
    assert deliveries(app)[0].dropped == "no_device"
    assert not push_service.requests


def test_a_slow_push_service_does_not_hold_up_its_batch(
    app: Flask, push_service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PATIENCE", 0.3)
    slow, fast = person(app), person(app)
    for client, host in ((slow, HOSTS[2]), (fast, HOSTS[0])):
        subscribed(client, push_service, host)
        planned(client)
    with app.app_context():
        _make_due(app)
        push_service.fail_always(Mishap(seconds=1.5, host=HOSTS[2]))
        delivery.deliver(claims.claim(now(), timedelta(seconds=60)).deliveries, 0)
        assert sorted(each.state for each in deliveries(app)) == [PENDING, SENT]
        assert delivery.STRAGGLERS.wait(10)
        db.session.rollback()
    assert [each.state for each in deliveries(app)] == [SENT, SENT]


def _make_due(app: Flask) -> None:
    """Make every plan due now, in the process's own time."""
    due = {"next_due_at": now() - timedelta(seconds=1), "next_slot": "2026-01-01T12:00"}
    db.session.execute(sa.update(NudgePlan).values(**due, quiet_from="00:00", quiet_to="00:00"))
    db.session.commit()


def _text(app: Flask, nudge_id: str) -> Nudge:
    with app.app_context():
        nudge = db.session.get(NudgeDelivery, nudge_id)
        assert nudge is not None
        text = library("en").nudge(nudge.text_id or "")
        assert text is not None
        return text
