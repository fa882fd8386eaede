"""Nudges of long ago are forgotten; what rules and people look back on stays."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from server.database import db, transaction
from server.nudges import compose, pruning
from server.nudges.chooser import NO_REPEAT
from server.nudges.models import DROPPED, PENDING, SENT, NudgeDelivery
from tests.support.nudge_cast import MORNING, due_people

KEPT = 180


def add(app: Flask, account_id: str, days_ago: float, state: str = SENT) -> str:
    """A nudge that was due so many days before the morning, made at that moment."""
    due = MORNING - timedelta(days=days_ago)
    identity = id_made_at(due)
    with app.app_context(), transaction() as session:
        session.add(
            NudgeDelivery(
                id=identity, account_id=account_id, slot=f"{due:%Y-%m-%dT%H:%M}", due_at=due, expires_at=due,
                lease_until=due, state=state, sent_at=due if state == SENT else None, kind="read", text_id="read-01",
            )
        )  # fmt: skip
    return identity


def id_made_at(moment: datetime) -> str:
    made = f"{int(moment.timestamp() * 1000):012x}"
    return f"{made[:8]}-{made[8:]}-7abc-9def-0123456789ab"


def left(app: Flask) -> set[str]:
    with app.app_context():
        return {each.id for each in db.session.query(NudgeDelivery)}


def prune(app: Flask) -> int:
    with app.app_context():
        return pruning.prune(KEPT)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def test_nudges_older_than_that_are_forgotten_and_younger_ones_stay(any_database_app: Flask) -> None:
    one, other = due_people(any_database_app, 2)
    for days_ago in (180.1, 400):
        add(any_database_app, one, days_ago)
    add(any_database_app, other, 181, DROPPED)
    young = {add(any_database_app, one, 179.9), add(any_database_app, other, 59), add(any_database_app, other, 0)}
    assert prune(any_database_app) == 3
    assert left(any_database_app) == young
    assert prune(any_database_app) == 0


def test_more_than_fit_into_one_transaction_all_go(any_database_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)
    [someone] = due_people(any_database_app, 1)
    for days_ago in range(200, 205):
        add(any_database_app, someone, days_ago)
    assert prune(any_database_app) == 5
    assert left(any_database_app) == set()


def test_one_that_is_still_on_its_way_is_left_to_the_sweep(any_database_app: Flask) -> None:
    [someone] = due_people(any_database_app, 1)
    waiting = add(any_database_app, someone, 300, PENDING)
    assert prune(any_database_app) == 0
    assert left(any_database_app) == {waiting}


def test_what_the_chooser_looks_back_on_is_kept_however_short_the_setting(any_database_app: Flask) -> None:
    [someone] = due_people(any_database_app, 1)
    add(any_database_app, someone, NO_REPEAT.days - 1)
    with any_database_app.app_context():
        pruning.prune(90)
        assert [each.text_id for each in compose.read([someone], MORNING).sent[someone]] == ["read-01"]


def test_it_is_part_of_housekeeping(app: Flask) -> None:
    [someone] = due_people(app, 1)
    add(app, someone, 3000)
    said = app.test_cli_runner().invoke(args=["housekeeping"]).output
    assert "1 nudges of long ago, forgotten" in said
    assert left(app) == set()
