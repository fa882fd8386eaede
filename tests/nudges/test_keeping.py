"""Before a copy that nobody opens is deleted, its person is told once, where nudges are on."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.accounts import retention
from server.database import transaction
from server.nudges import keeping
from server.nudges.models import SENT, NudgePlan
from tests.accounts.cast import API, login
from tests.accounts.ways_in import add_passkey
from tests.conftest import count_rows, person
from tests.support.authenticator import Authenticator
from tests.support.nudge_cast import MORNING, deliveries, planned, subscribed, tick
from tests.support.push_service import PushService

#: 24 May 2028 is the day it goes.
MONTHS = 18
EARLY, SOON, GONE = (MORNING + timedelta(days=each) for each in (480, 500, 560))

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def quiet(app: Flask, signed_in: FlaskClient, push_service: PushService) -> FlaskClient:
    """Somebody with nudges, to whom the goodbye has been said."""
    subscribed(signed_in, push_service)
    planned(signed_in)
    with app.app_context(), transaction() as session:
        session.execute(sa.update(NudgePlan).values(silent=True, next_due_at=None, next_slot=None))
    return signed_in


def tell(app: Flask) -> int:
    with app.app_context():
        return keeping.tell(MONTHS)


def prune(app: Flask) -> int:
    with app.app_context():
        return retention.prune(MONTHS)


def test_a_note_comes_at_a_chosen_time_within_the_last_two_months_and_once(
    app: Flask, quiet: FlaskClient, clock: time_machine.Traveller, push_service: PushService
) -> None:
    clock.move_to(EARLY)
    assert tell(app) == 0
    clock.move_to(SOON)
    assert (tell(app), tell(app)) == (1, 0)
    tick(app)
    assert [each.state for each in deliveries(app)] == ["pending"]
    [note] = deliveries(app)
    assert note.slot.endswith("T09:00")
    clock.move_to(note.due_at)
    tick(app)
    [note] = deliveries(app)
    assert (note.state, note.title) == (SENT, "About your copy here")
    assert tell(app) == 0
    clock.move_to(GONE)
    assert prune(app) == 1
    assert count_rows(app)["nudge_delivery"] == 0


def test_whoever_comes_back_keeps_the_copy_and_is_told_again_after_another_absence(
    app: Flask, quiet: FlaskClient, clock: time_machine.Traveller
) -> None:
    code = quiet.post(f"{API}/accounts/me/recovery").get_json()["recovery_code"]
    clock.move_to(SOON)
    assert tell(app) == 1
    clock.shift(timedelta(days=3))
    assert app.test_client().post(f"{API}/sessions", json={"recovery_code": code}).status_code == 200
    clock.move_to(GONE)
    assert (tell(app), prune(app)) == (0, 0)
    clock.shift(timedelta(days=460))
    assert (tell(app), prune(app)) == (1, 0)


def test_nobody_is_told_who_wants_no_nudges_for_now(
    app: Flask, quiet: FlaskClient, clock: time_machine.Traveller
) -> None:
    quiet.post(f"{API}/nudges/pause", json={"for": "until_resumed"})
    clock.move_to(SOON)
    assert tell(app) == 0


@pytest.mark.parametrize("way", ["passphrase", "passkey", "nudges off"])
def test_an_account_that_stays_is_not_told_that_it_goes(
    app: Flask, quiet: FlaskClient, clock: time_machine.Traveller, way: str
) -> None:
    if way == "passphrase":
        quiet.put(f"{API}/accounts/me/login", json=login())
    elif way == "passkey":
        add_passkey(quiet, Authenticator())
    else:
        quiet.put(f"{API}/nudges/plan", json={"enabled": False})
    clock.move_to(SOON)
    assert tell(app) == 0
    clock.move_to(GONE)
    assert prune(app) == (1 if way == "nudges off" else 0)


def test_the_account_says_until_when_it_is_kept(app: Flask, clock: time_machine.Traveller) -> None:
    client = person(app)
    path = f"{API}/accounts/me"
    assert client.get(path).get_json()["expires_at"] == "2028-05-24T06:00:00Z"
    clock.shift(timedelta(days=40))
    assert client.get(path).get_json()["expires_at"] == "2028-07-03T06:00:00Z"
    add_passkey(client, Authenticator())
    assert client.get(path).get_json()["expires_at"] is None


def test_signing_in_counts_as_coming_by(app: Flask, clock: time_machine.Traveller) -> None:
    code = app.test_client().post(f"{API}/accounts", json={"timezone": "UTC", "locale": "en"}).get_json()
    clock.move_to(GONE)
    client = app.test_client()
    assert client.post(f"{API}/sessions", json={"recovery_code": code["recovery_code"]}).status_code == 200
    assert prune(app) == 0
