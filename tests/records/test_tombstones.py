"""Collecting tombstones, and the 410 that a device gets which may have missed one"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from time_machine import Traveller

from server.records import tombstones
from server.records.cursor import Behind, Cursor, past
from tests.conftest import person
from tests.records.samples import API, document, row

START = datetime(2026, 1, 10, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Traveller]:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def push(client: FlaskClient, *documents: dict[str, Any], collection: str = "checkins") -> None:
    answer = client.post(f"{API}/sync/{collection}/push", json=[row(one) for one in documents])
    assert answer.get_json() == []


def delete(client: FlaskClient, *documents: dict[str, Any]) -> None:
    for one in documents:
        assert client.delete(f"{API}/checkins/{one['id']}").status_code == 204


def collect(app: Flask) -> int:
    with app.app_context():
        return tombstones.collect()


def pull(client: FlaskClient, since: int, limit: int = 200, collection: str = "checkins") -> Any:
    return client.get(f"{API}/sync/{collection}/pull?since={since}&limit={limit}")


def test_tombstones_live_180_days_and_then_a_late_device_starts_again(
    any_database_app: Flask, clock: Traveller
) -> None:
    client = person(any_database_app)
    kept, gone = document(), document()
    push(client, kept, gone)
    delete(client, gone)
    clock.shift(timedelta(days=179))
    assert collect(any_database_app) == 0
    assert len(pull(client, 2).get_json()["documents"]) == 1
    clock.shift(timedelta(days=2))
    assert collect(any_database_app) == 1
    assert collect(any_database_app) == 0
    late = pull(client, 2)
    assert late.status_code == 410
    assert late.get_json()["code"] == "resync_required"
    fresh = pull(client, 0).get_json()
    assert [one["id"] for one in fresh["documents"]] == [kept["id"]]
    assert pull(client, fresh["checkpoint"]["rev"]).status_code == 200
    assert pull(client, 3).status_code == 200


def test_a_collection_without_deletions_never_asks_to_start_again(app: Flask, clock: Traveller) -> None:
    client = person(app)
    push(client, document("urges"), collection="urges")
    gone = document()
    push(client, gone)
    delete(client, gone)
    clock.shift(timedelta(days=200))
    assert collect(app) == 1
    assert pull(client, 1, collection="urges").status_code == 200
    assert pull(client, 1).status_code == 410


def test_a_fresh_copy_of_many_pages_gets_past_the_horizon(any_database_app: Flask, clock: Traveller) -> None:
    client = person(any_database_app)
    written = [document() for _ in range(7)]
    push(client, *written)
    delete(client, written[3])
    clock.shift(timedelta(days=200))
    assert collect(any_database_app) == 1
    seen, since = [], 0
    for _ in range(3):
        answer = pull(client, since, limit=2).get_json()
        seen += [one["id"] for one in answer["documents"]]
        since = answer["checkpoint"]["rev"]
    assert seen == [one["id"] for one in written if one is not written[3]]
    assert since == 8
    assert pull(client, 4).status_code == 410


def test_a_fresh_copy_starts_again_when_tombstones_go_in_the_middle_of_it(app: Flask, clock: Traveller) -> None:
    client = person(app)
    written = [document() for _ in range(6)]
    push(client, *written)
    delete(client, written[5])
    clock.shift(timedelta(days=200))
    collect(app)
    since = pull(client, 0, limit=2).get_json()["checkpoint"]["rev"]
    delete(client, written[0])
    clock.shift(timedelta(days=200))
    collect(app)
    assert pull(client, since, limit=2).status_code == 410


def test_an_edit_from_before_the_horizon_brings_the_record_back(app: Flask, clock: Traveller) -> None:
    client = person(app)
    first = document()
    push(client, first)
    delete(client, first)
    clock.shift(timedelta(days=200))
    collect(app)
    edited = row({**first, "mood": 5}, {**first, "rev": 1})
    assert client.post(f"{API}/sync/checkins/push", json=[edited]).get_json() == []
    assert client.get(f"{API}/checkins/{first['id']}").get_json()["mood"] == 5


def test_one_person_s_tombstones_do_not_trouble_another(app: Flask, clock: Traveller) -> None:
    first, second = person(app), person(app)
    for client in (first, second):
        push(client, document())
    gone = document()
    push(first, gone)
    delete(first, gone)
    clock.shift(timedelta(days=200))
    assert collect(app) == 1
    assert pull(second, 1).status_code == 200


def test_a_command_collects_them(app: Flask, clock: Traveller) -> None:
    client = person(app)
    gone = document()
    push(client, gone)
    delete(client, gone)
    clock.shift(timedelta(days=200))
    result = app.test_cli_runner().invoke(args=["records", "collect-tombstones"])
    assert result.output == "1 tombstones collected\n"


def test_a_cursor_of_a_fresh_copy_leads_back_to_itself() -> None:
    assert past(last=37, horizon=20) == 37
    assert Cursor.parse(past(last=37, horizon=100)) == Cursor(37, horizon=100)
    Cursor.parse(past(last=37, horizon=100)).check(100)
    Cursor.parse(0).check(100)
    Cursor.parse(100).check(100)
    for since, horizon in ((99, 100), (past(37, 100), 101)):
        with pytest.raises(Behind):
            Cursor.parse(since).check(horizon)
