"""What somebody does while a nudge waits or is on its way is respected."""

from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.nudges import claims, delivery
from server.nudges.models import DROPPED, SENT
from tests.support.nudge_cast import NINE, check_in, deliveries, planned, subscribed, tick
from tests.support.push_service import HOSTS, Mishap, PushService

SOON = timedelta(seconds=5)


def claimed(app: Flask) -> list[str]:
    """The nudges due at nine, taken from the plan and not sent yet."""
    with app.app_context():
        return list(claims.claim(NINE, timedelta(seconds=60)).deliveries)


def deliver(app: Flask, ids: list[str]) -> None:
    """Send what was claimed."""
    with app.app_context():
        delivery.deliver(ids, 0)


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
    ids = claimed(app)
    assert someone.post("/api/v1/nudges/pause", json={"for": "day"}).status_code == 200
    deliver(app, ids)
    (nudge,) = deliveries(app)
    assert (nudge.state, nudge.dropped) == (DROPPED, "paused")
    assert not push_service.requests


def test_quiet_hours_that_were_moved_over_a_waiting_nudge_are_respected(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    clock.move_to(NINE)
    ids = claimed(app)
    planned(someone, quiet_from="08:30", quiet_to="12:00")
    deliver(app, ids)
    assert deliveries(app)[0].dropped == "quiet"


def test_switching_nudges_off_stops_one_that_is_on_its_way(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient, push_service: PushService
) -> None:
    subscribed(someone, push_service)
    clock.move_to(NINE)
    ids = claimed(app)
    planned(someone, enabled=False)
    deliver(app, ids)
    assert deliveries(app)[0].dropped == "switched_off"


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
