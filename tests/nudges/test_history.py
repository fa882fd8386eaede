"""`GET /nudges` and `POST /nudges/<id>/outcome`: what was sent, why, and what became of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.database import uuid7
from tests.conftest import person
from tests.support.nudge_cast import NINE, deliveries, plan_of, planned, subscribed, tick
from tests.support.push_service import PushService

URL = "/api/v1/nudges"

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def nudged(clock: time_machine.Traveller, app: Flask, signed_in: FlaskClient, push_service: PushService) -> FlaskClient:
    """A person who was nudged on three days."""
    subscribed(signed_in, push_service)
    planned(signed_in)
    for day in range(3):
        clock.move_to(NINE + timedelta(days=day))
        tick(app)
    return signed_in


def test_nudges_are_listed_newest_first_each_with_why(nudged: FlaskClient) -> None:
    items = nudged.get(URL).get_json()["items"]
    assert [each["due_at"][:10] for each in items] == ["2026-11-26", "2026-11-25", "2026-11-24"]
    assert all(each["reason"] and each["title"] and each["body"] and each["opens"] for each in items)
    assert {each["outcome"] for each in items} == {None}


def test_the_list_is_paged(nudged: FlaskClient) -> None:
    first = nudged.get(URL, query_string={"limit": 2}).get_json()
    rest = nudged.get(URL, query_string={"limit": 2, "after": first["after"]}).get_json()
    assert (len(first["items"]), len(rest["items"]), rest["after"]) == (2, 1, None)


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"limit": "all"}])
def test_a_page_that_cannot_be_is_refused(signed_in: FlaskClient, query: dict[str, Any]) -> None:
    assert signed_in.get(URL, query_string=query).status_code == 422


def test_nudges_that_were_not_sent_are_not_listed(
    clock: time_machine.Traveller, app: Flask, signed_in: FlaskClient
) -> None:
    planned(signed_in)
    clock.move_to(NINE)
    tick(app)
    assert len(deliveries(app)) == 1
    assert signed_in.get(URL).get_json() == {"items": [], "after": None}


@pytest.mark.parametrize("outcome", ["opened", "dismissed", "checked_in", "paused"])
def test_what_the_person_did_is_kept(nudged: FlaskClient, outcome: str) -> None:
    newest = nudged.get(URL).get_json()["items"][0]
    answer = nudged.post(f"{URL}/{newest['id']}/outcome", json={"outcome": outcome})
    assert (answer.status_code, answer.data) == (204, b"")
    assert nudged.get(URL).get_json()["items"][0]["outcome"] == outcome


def test_putting_a_nudge_away_does_not_undo_opening_it(nudged: FlaskClient) -> None:
    newest = nudged.get(URL).get_json()["items"][0]
    for outcome in ("opened", "dismissed"):
        nudged.post(f"{URL}/{newest['id']}/outcome", json={"outcome": outcome})
    assert nudged.get(URL).get_json()["items"][0]["outcome"] == "opened"


def test_opening_a_nudge_brings_the_pace_back_and_putting_it_away_does_not(app: Flask, nudged: FlaskClient) -> None:
    newest = nudged.get(URL).get_json()["items"][0]
    nudged.post(f"{URL}/{newest['id']}/outcome", json={"outcome": "dismissed"})
    assert plan_of(app).unopened == 3
    nudged.post(f"{URL}/{newest['id']}/outcome", json={"outcome": "opened"})
    assert plan_of(app).unopened == 0


def test_somebody_elses_nudge_is_not_there(app: Flask, nudged: FlaskClient) -> None:
    stranger = person(app)
    newest = nudged.get(URL).get_json()["items"][0]
    assert stranger.get(URL).get_json()["items"] == []
    assert stranger.post(f"{URL}/{newest['id']}/outcome", json={"outcome": "opened"}).status_code == 404
    assert nudged.get(URL).get_json()["items"][0]["outcome"] is None


@pytest.mark.parametrize("nudge_id", ["019373a5-2f3c-7c4b-8f3e-0a1b2c3d4e5f", "nonsense", "1"])
def test_a_nudge_that_never_was_is_not_there(signed_in: FlaskClient, nudge_id: str) -> None:
    answer = signed_in.post(f"{URL}/{nudge_id}/outcome", json={"outcome": "opened"})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("body", [{}, {"outcome": "loved"}, {"outcome": None}, {"outcome": "opened", "when": "now"}])
def test_an_outcome_that_cannot_be_is_refused_and_nothing_changes(nudged: FlaskClient, body: dict[str, Any]) -> None:
    newest = nudged.get(URL).get_json()["items"][0]
    assert nudged.post(f"{URL}/{newest['id']}/outcome", json=body).status_code == 422
    assert nudged.get(URL).get_json()["items"][0]["outcome"] is None


def test_it_needs_an_account(client: FlaskClient) -> None:
    assert client.get(URL).status_code == 401
    assert client.post(f"{URL}/{uuid7()}/outcome", json={"outcome": "opened"}).status_code == 401
