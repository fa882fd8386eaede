"""`POST` and `DELETE /nudges/pause`: silence for a day, a week, or until I say."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import count_rows
from tests.support.nudge_cast import NINE, deliveries, planned, subscribed, tick
from tests.support.push_service import PushService

URL = "/api/v1/nudges/pause"

pytestmark = pytest.mark.usefixtures("clock")


@pytest.mark.parametrize(
    ("length", "until", "next_due_at"),
    [
        ("day", "2026-11-25T06:00:00Z", "2026-11-25T09:00:00Z"),
        ("week", "2026-12-01T06:00:00Z", "2026-12-01T09:00:00Z"),
        ("until_resumed", None, None),
    ],
)
def test_a_pause_lasts_as_long_as_was_said(
    signed_in: FlaskClient, length: str, until: str | None, next_due_at: str | None
) -> None:
    planned(signed_in)
    answer = signed_in.post(URL, json={"for": length})
    assert answer.status_code == 200
    assert answer.get_json()["pause"] == {"until": until}
    assert answer.get_json()["next_due_at"] == next_due_at


def test_nothing_is_sent_in_a_pause_and_nudges_come_back_after_it(
    clock: time_machine.Traveller, app: Flask, signed_in: FlaskClient, push_service: PushService
) -> None:
    subscribed(signed_in, push_service)
    planned(signed_in)
    signed_in.post(URL, json={"for": "day"})
    clock.move_to(NINE)
    tick(app)
    assert not deliveries(app)
    clock.move_to(NINE + timedelta(days=1))
    tick(app)
    assert [each.slot for each in deliveries(app)] == ["2026-11-25T09:00"]
    assert len(push_service.received) == 1


def test_a_pause_that_is_over_is_not_shown_any_more(clock: time_machine.Traveller, signed_in: FlaskClient) -> None:
    planned(signed_in)
    signed_in.post(URL, json={"for": "day"})
    clock.shift(timedelta(days=1))
    assert signed_in.get("/api/v1/nudges/plan").get_json()["pause"] is None


def test_resuming_brings_the_next_nudge_back(signed_in: FlaskClient) -> None:
    planned(signed_in)
    signed_in.post(URL, json={"for": "until_resumed"})
    plan = signed_in.delete(URL).get_json()
    assert (plan["pause"], plan["next_due_at"]) == (None, "2026-11-24T09:00:00Z")


def test_resuming_what_is_not_paused_changes_nothing(signed_in: FlaskClient) -> None:
    before = planned(signed_in)
    assert signed_in.delete(URL).get_json() == before


def test_a_pause_before_the_first_plan_is_kept_for_it(signed_in: FlaskClient) -> None:
    assert signed_in.post(URL, json={"for": "week"}).status_code == 200
    assert planned(signed_in, enabled=True)["next_due_at"] == "2026-12-01T09:00:00Z"


def test_changing_the_plan_does_not_end_a_pause(signed_in: FlaskClient) -> None:
    planned(signed_in)
    signed_in.post(URL, json={"for": "until_resumed"})
    assert planned(signed_in, times=["10:00"])["next_due_at"] is None


@pytest.mark.parametrize("body", [{}, {"for": "ever"}, {"for": 1}, {"for": None}, {"length": "day"}])
def test_a_length_that_cannot_be_is_refused_and_nothing_changes(
    app: Flask, signed_in: FlaskClient, body: dict[str, Any]
) -> None:
    answer = signed_in.post(URL, json=body)
    assert answer.status_code == 422
    assert count_rows(app)["nudge_plan"] == 0


def test_it_needs_an_account(client: FlaskClient) -> None:
    assert client.post(URL, json={"for": "day"}).status_code == 401
    assert client.delete(URL).status_code == 401
