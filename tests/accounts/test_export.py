"""GET /accounts/me/export"""

import csv
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.accounts import export
from server.clock import now
from server.database import db
from server.nudges.models import NudgeDelivery, NudgePlan
from server.records.collections import COLLECTIONS
from server.records.wire import instant
from tests.accounts.cast import API, new_account
from tests.conftest import person
from tests.records.samples import SAMPLES, document, row


def push(client: FlaskClient, collection: str, *documents: dict[str, object]) -> None:
    answer = client.post(f"{API}/sync/{collection}/push", json=[row(one) for one in documents])
    assert answer.get_json() == [], answer.text


def test_everything_comes_as_one_json_file(any_database_app: Flask) -> None:
    client = any_database_app.test_client()
    account = new_account(client).get_json()
    written = {collection: document(collection) for collection in SAMPLES}
    for collection, one in written.items():
        push(client, collection, one)
    answer = client.get(f"{API}/accounts/me/export")
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="heartwood-')
    exported = json.loads(answer.data)
    assert (exported["format"], exported["version"]) == ("heartwood", 1)
    assert exported["account"]["id"] == account["id"]
    for collection, one in written.items():
        said = {name: value for name, value in one.items() if name != "_deleted"}
        assert exported[collection] == [said]


def test_what_was_exported_can_be_pushed_into_a_fresh_account(app: Flask, signed_in: FlaskClient) -> None:
    for collection in SAMPLES:
        push(signed_in, collection, document(collection), document(collection))
    exported = signed_in.get(f"{API}/accounts/me/export").get_json()
    fresh = person(app)
    for collection in SAMPLES:
        push(fresh, collection, *exported[collection])
    again = fresh.get(f"{API}/accounts/me/export").get_json()
    assert {name: again[name] for name in SAMPLES} == {name: exported[name] for name in SAMPLES}


def test_nothing_of_others_and_nothing_deleted_is_in_it(signed_in: FlaskClient, second_person: FlaskClient) -> None:
    mine, gone, theirs = document(), document(), document()
    push(signed_in, "checkins", mine, gone)
    push(second_person, "checkins", theirs)
    signed_in.delete(f"{API}/checkins/{gone['id']}")
    text = signed_in.get(f"{API}/accounts/me/export").text
    assert mine["id"] in text
    assert gone["id"] not in text
    assert theirs["id"] not in text


def test_an_empty_account_exports_empty_lists(signed_in: FlaskClient) -> None:
    exported = signed_in.get(f"{API}/accounts/me/export").get_json()
    assert all(exported[collection] == [] for collection in SAMPLES)


def test_what_other_features_know_of_the_person_is_in_it_and_no_secret_is(app: Flask) -> None:
    client = app.test_client()
    account = new_account(client).get_json()
    with app.app_context():
        moment = now()
        slot = {"slot": "2024-11-20T09:00", "due_at": moment, "expires_at": moment, "lease_until": moment}
        db.session.add(NudgePlan(account_id=account["id"], timezone="Europe/Dublin", tz_rules="2026a"))
        db.session.add(NudgeDelivery(account_id=account["id"], title="A quiet minute", **slot))
        db.session.commit()
    exported = client.get(f"{API}/accounts/me/export").get_json()
    assert exported["sealed"] is True
    assert [nudge["title"] for nudge in exported["nudges"]] == ["A quiet minute"]
    assert exported["nudges"][0]["due_at"] == instant(moment)
    assert exported["nudge_plan"][0]["per_week"] == 4
    assert exported["push_subscriptions"] == []
    assert set(exported["sessions"][0]) == {"id", "device", "created_at", "last_seen_at"}


def test_every_table_about_a_person_is_in_the_export_or_says_nothing_of_them(
    app: Flask, signed_in: FlaskClient
) -> None:
    about_people = {name for name, table in db.metadata.tables.items() if "account_id" in table.columns}
    exported = {column.table.name for columns in export._tables.values() for column in columns}
    exported |= {collection.table.name for collection in COLLECTIONS}
    assert about_people - exported == {"record_horizon", "device_join"}


def test_check_ins_come_as_csv_in_the_time_of_the_person(app: Flask) -> None:
    client = person(app, "America/St_Johns")
    early = document(felt_at="2024-11-20T01:00:00Z", sealed_note=None)
    late = document(felt_at="2024-07-20T12:00:00Z")
    push(client, "checkins", early, late)
    answer = client.get(f"{API}/accounts/me/export?format=csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert ".csv" in answer.headers["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert (lines[0]["date"], lines[0]["time"], lines[0]["has_note"]) == ("2024-07-20", "09:30", "yes")
    assert lines[1] == {
        "date": "2024-11-19",
        "time": "21:30",
        "mood": "2",
        "feelings": "sad relieved",
        "contexts": "slept-badly",
        "has_note": "no",
        "felt_at": "2024-11-20T01:00:00.000Z",
        "id": early["id"],
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_can_run_in_a_spreadsheet(start: str) -> None:
    assert export.cell(f'{start}HYPERLINK("https://example.org")').startswith("'")
    assert export.cell("plain = text") == "plain = text"


def test_an_unknown_format_is_refused(signed_in: FlaskClient) -> None:
    assert signed_in.get(f"{API}/accounts/me/export?format=xml").status_code == 422


def test_years_of_entries_are_streamed_and_not_gathered(signed_in: FlaskClient, app: Flask) -> None:
    for _ in range(5):
        push(signed_in, "checkins", *(document() for _ in range(200)))
    answer = signed_in.get(f"{API}/accounts/me/export", buffered=False)
    parts = list(answer.iter_encoded())
    assert len(parts) > 1000
    assert len(json.loads(b"".join(parts))["checkins"]) == 1000
    answer.close()
    with app.app_context():
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a QueuePool here
