"""What every failure on the way to a phone leads to."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.clock import now
from server.database import db
from server.nudges import claims, delivery
from server.nudges.models import DROPPED, PENDING, SENT, NudgePlan
from server.push.hosts import FIRST_REST
from tests.conftest import count_rows, person
from tests.support.nudge_cast import NINE, deliveries, plan_of, planned, subscribed, tick
from tests.support.push_service import HOSTS, Mishap, PushService

SOON = timedelta(seconds=5)


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
