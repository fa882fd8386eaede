"""Silence is respected: a person who leaves nudges unopened gets fewer, then a goodbye, and all back on opening."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.clock import now
from server.nudges.models import SENT
from tests.support.nudge_cast import NINE, deliveries, plan_of, planned, subscribed, tick
from tests.support.push_service import PushService

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def someone(app: Flask, signed_in: FlaskClient, push_service: PushService) -> FlaskClient:
    """Four a week."""
    subscribed(signed_in, push_service)
    planned(signed_in, per_week=4)
    return signed_in


def live(clock: time_machine.Traveller, app: Flask, days: int) -> None:
    """Let days go by without opening the app."""
    for _ in range(days):
        clock.move_to(NINE + (now().date() - NINE.date()))
        tick(app)
        clock.shift(timedelta(days=1))


def sync(client: FlaskClient, **headers: str) -> None:
    """What the app does when it is opened."""
    answer = client.get("/api/v1/sync/checkins/pull", query_string={"since": 0, "limit": 10}, headers=headers)
    assert answer.status_code == 200


def kinds(app: Flask) -> list[str | None]:
    return [each.kind for each in deliveries(app) if each.state == SENT]


def test_unopened_nudges_become_fewer_and_end_with_one_goodbye(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient
) -> None:
    live(clock, app, 70)
    sent = [each for each in deliveries(app) if each.state == SENT]
    assert [each.kind for each in sent].index("goodbye") == 9
    assert len(sent) == 10
    gaps = [(after.due_at - before.due_at).days for before, after in itertools.pairwise(sent)]
    assert max(gaps[:2]) <= 3
    assert min(gaps[6:]) >= 5
    assert plan_of(app).silent
    assert someone.get("/api/v1/nudges/plan").get_json()["next_due_at"] is None


def test_opening_the_app_after_the_goodbye_brings_nudges_back_with_a_welcome(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient
) -> None:
    live(clock, app, 70)
    sync(someone)
    plan = plan_of(app)
    assert (plan.silent, plan.unopened) == (False, 0)
    assert plan.next_due_at is not None
    live(clock, app, 8)
    assert kinds(app)[10] == "welcome_back"
    assert "welcome_back" not in kinds(app)[11:]


def test_opening_the_app_in_between_keeps_the_pace(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient
) -> None:
    for _ in range(14):
        live(clock, app, 2)
        sync(someone)
    assert len(kinds(app)) >= 15


def test_a_sync_of_the_service_worker_is_no_opening(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient
) -> None:
    live(clock, app, 8)
    before = plan_of(app).unopened
    assert before >= 3
    sync(someone, **{"Heartwood-Background": "1"})
    assert plan_of(app).unopened == before


def test_whoever_wants_no_goodbye_gets_silence_without_one(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient
) -> None:
    planned(someone, per_week=1, kinds=["encouragement", "check_in"])
    live(clock, app, 40)
    assert "goodbye" not in kinds(app)
    assert len(kinds(app)) == 3
    assert plan_of(app).silent


def test_changing_the_plan_after_the_goodbye_brings_nudges_back(
    clock: time_machine.Traveller, app: Flask, someone: FlaskClient
) -> None:
    live(clock, app, 70)
    assert planned(someone, times=["10:00"], per_week=3)["next_due_at"] is not None
