"""From a plan that is due to words on a phone: what arrives, when, and for whom."""

from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.database import db
from server.library.model import Nudge
from server.library.service import library
from server.nudges.models import DROPPED, SENT, NudgeDelivery
from tests.support.nudge_cast import MORNING, NINE, check_in, deliveries, plan_of, planned, subscribed, tick
from tests.support.push_service import HOSTS, PushService

SOON = timedelta(seconds=5)


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


def test_without_a_device_nothing_is_sent_and_it_says_so(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient
) -> None:
    clock.move_to(NINE)
    tick(app)
    assert deliveries(app)[0].dropped == "no_device"


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


def _text(app: Flask, nudge_id: str) -> Nudge:
    with app.app_context():
        nudge = db.session.get(NudgeDelivery, nudge_id)
        assert nudge is not None
        text = library("en").nudge(nudge.text_id or "")
        assert text is not None
        return text
