"""`GET` and `PUT /nudges/plan`: what a person chose, and when the next nudge comes."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.database import uuid7
from server.nudges import service
from tests.conftest import count_rows, person
from tests.support.nudge_cast import MORNING, plan_of, planned

URL = "/api/v1/nudges/plan"

pytestmark = pytest.mark.usefixtures("clock")


def test_before_choosing_nudges_are_off_and_the_defaults_are_shown(app: Flask, signed_in: FlaskClient) -> None:
    plan = signed_in.get(URL).get_json()
    assert plan["enabled"] is False
    assert (plan["per_week"], plan["quiet_from"], plan["quiet_to"]) == (4, "22:00", "08:00")
    assert (plan["lock_screen"], plan["hard_hour"], plan["pause"], plan["next_due_at"]) == ("neutral", None, None, None)
    assert plan["timezone"] == "Europe/Dublin"
    assert count_rows(app)["nudge_plan"] == 0


def test_choosing_times_switches_nudges_on_from_the_very_next_one(signed_in: FlaskClient) -> None:
    plan = signed_in.put(URL, json={"times": ["20:30", "09:00"]}).get_json()
    assert plan["enabled"] is True
    assert plan["times"] == ["09:00", "20:30"]
    assert plan["next_due_at"] == "2026-11-24T09:00:00Z"


def test_what_was_answered_can_be_sent_back_unchanged(signed_in: FlaskClient) -> None:
    first = signed_in.put(URL, json={"times": ["09:00"], "hard_hour": "23:30"}).get_json()
    assert signed_in.put(URL, json=first).get_json() == first
    assert signed_in.put(URL, json=signed_in.get(URL).get_json()).get_json() == first


def test_the_defaults_can_be_sent_back_and_stay_off(signed_in: FlaskClient) -> None:
    plan = signed_in.get(URL).get_json()
    assert signed_in.put(URL, json=plan).get_json() == plan


def test_what_is_left_out_keeps_its_value(signed_in: FlaskClient) -> None:
    planned(signed_in, lock_screen="full", quiet_from="21:00")
    plan = signed_in.put(URL, json={"times": ["10:00"]}).get_json()
    assert (plan["lock_screen"], plan["quiet_from"], plan["times"]) == ("full", "21:00", ["10:00"])


def test_switching_off_leaves_nothing_to_come(signed_in: FlaskClient) -> None:
    planned(signed_in)
    assert planned(signed_in, enabled=False)["next_due_at"] is None


def test_a_change_that_is_not_about_time_leaves_the_next_nudge_where_it_is(
    clock: time_machine.Traveller, signed_in: FlaskClient
) -> None:
    before = planned(signed_in, per_week=2)
    clock.shift(timedelta(minutes=30))
    assert signed_in.put(URL, json={"lock_screen": "full"}).get_json()["next_due_at"] == before["next_due_at"]


def test_a_change_in_the_very_moment_a_nudge_is_due_does_not_lose_it(
    clock: time_machine.Traveller, signed_in: FlaskClient
) -> None:
    planned(signed_in)
    clock.move_to(MORNING + timedelta(hours=3, seconds=10))
    assert planned(signed_in, per_week=5)["next_due_at"] == "2026-11-24T09:00:00Z"


def test_nudges_follow_the_person_to_another_zone(signed_in: FlaskClient) -> None:
    planned(signed_in)
    assert signed_in.patch("/api/v1/accounts/me", json={"timezone": "America/New_York"}).status_code == 200
    plan = signed_in.get(URL).get_json()
    assert (plan["timezone"], plan["next_due_at"]) == ("America/New_York", "2026-11-24T14:00:00Z")


def test_the_journeys_special_days_are_kept_in_step(app: Flask, signed_in: FlaskClient) -> None:
    planned(signed_in)
    special = {"id": uuid7(), "date": "2026-12-24", "yearly": True, "kind": "holiday"}
    journey = {"id": uuid7(), "rev": 0, "_deleted": False, "special_days": [special]}
    answer = signed_in.post("/api/v1/sync/journey/push", json=[{"newDocumentState": journey}])
    assert answer.get_json() == []
    assert plan_of(app).special_days == [{"on": "2026-12-24", "yearly": True, "kind": "holiday"}]


def test_a_new_tz_database_moves_plans_that_were_computed_with_the_old_one(
    app: Flask, signed_in: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(signed_in)
    monkeypatch.setattr("server.nudges.planning.RULES", "2099z")
    monkeypatch.setattr("server.nudges.service.RULES", "2099z")
    with app.app_context():
        assert service.refresh_rules() == 1
        assert service.refresh_rules() == 0
    assert (plan_of(app).tz_rules, plan_of(app).next_slot) == ("2099z", "2026-11-24T09:00")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("times", []),
        ("times", ["09:00", "10:00", "11:00", "12:00", "13:00"]),
        ("times", ["09:00", "09:00"]),
        ("times", ["9:00"]),
        ("times", ["24:00"]),
        ("times", "09:00"),
        ("times", None),
        ("days", []),
        ("days", [0]),
        ("days", [8]),
        ("days", [1, 1]),
        ("days", ["1"]),
        ("days", [1.5]),
        ("per_week", 0),
        ("per_week", 15),
        ("per_week", "4"),
        ("per_week", None),
        ("quiet_from", "22"),
        ("quiet_to", None),
        ("kinds", []),
        ("kinds", ["shout"]),
        ("kinds", ["read", "read"]),
        ("lock_screen", "loud"),
        ("hard_hour", "midnight"),
        ("enabled", "yes"),
        ("enabled", 1),
        ("surprise", 1),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_nothing_changes(
    app: Flask, signed_in: FlaskClient, field: str, value: Any
) -> None:
    before = planned(signed_in)
    answer = signed_in.put(URL, json={field: value})
    assert answer.status_code == 422
    assert field in answer.get_json()["errors"]
    assert signed_in.get(URL).get_json() == before


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "7"])
def test_a_body_that_is_no_json_object_is_refused(signed_in: FlaskClient, body: str) -> None:
    answer = signed_in.put(URL, data=body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"


def test_everybody_has_their_own_plan(app: Flask, signed_in: FlaskClient) -> None:
    planned(signed_in)
    assert person(app).get(URL).get_json()["enabled"] is False


def test_it_needs_an_account(client: FlaskClient) -> None:
    assert client.get(URL).status_code == 401
    assert client.put(URL, json={}).status_code == 401
