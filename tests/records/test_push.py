"""POST /sync/<collection>/push"""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from server.database import db, uuid7
from server.records.collections import COLLECTIONS
from tests.conftest import count_rows, person
from tests.records.samples import API, SAMPLES, SEALED, document, row


def push(client: FlaskClient, collection: str, *rows: dict[str, Any]) -> Any:
    answer = client.post(f"{API}/sync/{collection}/push", json=list(rows))
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def pull(client: FlaskClient, collection: str, since: int = 0) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = client.get(f"{API}/sync/{collection}/pull?since={since}").get_json()["documents"]
    return documents


@pytest.mark.parametrize("collection", SAMPLES)
def test_every_field_comes_back_as_it_went(any_database_app: Flask, collection: str) -> None:
    client, new = person(any_database_app), document(collection)
    assert push(client, collection, row(new)) == []
    assert pull(client, collection) == [{"rev": 1, **new}]


@pytest.mark.parametrize(
    ("collection", "needed"),
    [
        ("checkins", {"felt_at", "mood"}),
        ("urges", {"started_at"}),
        ("letters", {"kind", "written_at", "sealed_text"}),
        ("marks", {"item"}),
        ("journey", set()),
    ],
)
def test_optional_fields_may_be_left_out_or_null(signed_in: FlaskClient, collection: str, needed: set[str]) -> None:
    sample = SAMPLES[collection]
    bare = {"id": uuid7(), **{name: sample[name] for name in needed}}
    nulls = {"id": uuid7(), **{name: sample[name] if name in needed else None for name in sample}}
    assert push(signed_in, collection, row(bare), row(nulls)) == []
    first, second = ({**one, "id": "", "rev": 0} for one in pull(signed_in, collection))
    assert first == second
    assert first.keys() == sample.keys() | {"id", "rev", "_deleted"}
    missing = [{"id": uuid7(), **{key: bare[key] for key in needed - {name}}} for name in needed]
    for one in missing:
        assert signed_in.post(f"{API}/sync/{collection}/push", json=[row(one)]).status_code == 422


def test_a_replay_is_taken_and_changes_nothing(signed_in: FlaskClient) -> None:
    rows = [row(document()) for _ in range(3)]
    assert push(signed_in, "checkins", *rows) == []
    before = pull(signed_in, "checkins")
    assert push(signed_in, "checkins", *rows) == []
    assert pull(signed_in, "checkins") == before


def test_an_edit_of_the_known_state_is_taken(signed_in: FlaskClient) -> None:
    push(signed_in, "checkins", row(document()))
    [master] = pull(signed_in, "checkins")
    assert push(signed_in, "checkins", row({**master, "mood": 5}, master)) == []
    assert [(one["mood"], one["rev"]) for one in pull(signed_in, "checkins")] == [(5, 2)]


def test_an_edit_of_another_state_gets_the_master_document_and_changes_nothing(signed_in: FlaskClient) -> None:
    push(signed_in, "checkins", row(document()))
    [first] = pull(signed_in, "checkins")
    push(signed_in, "checkins", row({**first, "mood": 5}, first))
    [master] = pull(signed_in, "checkins")
    assert push(signed_in, "checkins", row({**first, "mood": 1}, first)) == [master]
    assert push(signed_in, "checkins", row({**first, "mood": 1})) == [master]
    assert pull(signed_in, "checkins") == [master]


def test_a_client_that_pushed_and_did_not_pull_yet_may_edit_again(signed_in: FlaskClient) -> None:
    """RxDB takes what it pushed for the master state: the content is the stored one, the revision is not."""
    first = document()
    push(signed_in, "checkins", row(first))
    second = {**first, "mood": 4}
    assert push(signed_in, "checkins", row(second, first)) == []
    third = {**second, "_deleted": True}
    assert push(signed_in, "checkins", row(third, second)) == []
    assert pull(signed_in, "checkins") == [{"id": first["id"], "rev": 3, "_deleted": True}]


def test_the_assumed_state_may_hold_what_a_client_adds_of_its_own(signed_in: FlaskClient) -> None:
    first = document()
    push(signed_in, "checkins", row(first))
    assumed = {**first, "_attachments": {}, "_meta": {"lwt": 1}, "_rev": "1-abc", "an_old_field": [None]}
    assert push(signed_in, "checkins", row({**first, "mood": 4}, assumed)) == []
    odd: list[dict[str, Any]] = [{"rev": None}, {"rev": "1"}, {"rev": 1.0}, {"mood": "?"}, {"rev": True}]
    for assumed in odd:
        assert len(push(signed_in, "checkins", row({**first, "mood": 1}, assumed))) == 1


def test_a_conflict_does_not_hold_the_other_rows_back(signed_in: FlaskClient) -> None:
    taken, fresh = document(), document()
    push(signed_in, "checkins", row(taken))
    [master] = pull(signed_in, "checkins")
    conflicts = push(signed_in, "checkins", row({**taken, "mood": 5}), row(fresh))
    assert conflicts == [master]
    assert [one["id"] for one in pull(signed_in, "checkins")] == [taken["id"], fresh["id"]]


def test_a_deleted_document_conflicts_with_an_edit_and_can_be_brought_back(signed_in: FlaskClient) -> None:
    first = document("letters")
    push(signed_in, "letters", row(first))
    push(signed_in, "letters", row({"id": first["id"], "_deleted": True}, first))
    edited = {**first, "kind": "reason"}
    tombstone = {"id": first["id"], "rev": 2, "_deleted": True}
    assert push(signed_in, "letters", row(edited, first)) == [tombstone]
    assert push(signed_in, "letters", row(edited, tombstone)) == []
    assert pull(signed_in, "letters") == [{"rev": 3, **edited}]


def test_a_tombstone_keeps_no_content(any_database_app: Flask) -> None:
    client = person(any_database_app)
    for collection in SAMPLES:
        first = document(collection)
        push(client, collection, row(first))
        push(client, collection, row({**first, "_deleted": True}, first))
        assert [set(one) for one in pull(client, collection)] == [{"id", "rev", "_deleted"}]
    with any_database_app.app_context():
        for one in COLLECTIONS:
            stored = db.session.execute(sa.select(one.table)).one()._asdict()
            assert {name: stored[name] for name in one.content} == one.emptied
            assert str(SEALED["ct"]) not in str(stored)


def test_two_rows_of_one_document_are_taken_in_their_order(signed_in: FlaskClient) -> None:
    first = document()
    second = {**first, "mood": 5}
    assert push(signed_in, "checkins", row(first), row(second, first)) == []
    assert [(one["mood"], one["rev"]) for one in pull(signed_in, "checkins")] == [(5, 2)]


def test_an_edit_of_what_the_server_never_had_is_kept(signed_in: FlaskClient) -> None:
    new = document()
    assert push(signed_in, "checkins", row(new, {**new, "rev": 7, "mood": 1})) == []
    assert pull(signed_in, "checkins") == [{"rev": 1, **new}]


def test_the_same_id_in_two_collections_and_two_accounts_does_not_meet(
    signed_in: FlaskClient, second_person: FlaskClient
) -> None:
    shared = uuid7()
    assert push(signed_in, "checkins", row(document(id=shared))) == []
    assert push(signed_in, "urges", row(document("urges", id=shared))) == []
    assert push(second_person, "checkins", row(document(id=shared, mood=5))) == []
    assert [one["mood"] for one in pull(signed_in, "checkins")] == [2]


def test_nothing_at_all_may_be_pushed(signed_in: FlaskClient) -> None:
    assert push(signed_in, "checkins") == []


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("checkins", {"mood": 6}, "mood"),
    ("checkins", {"id": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}, "id"),
    ("checkins", {"note": "in clear"}, "note"),
    ("urges", {"started_at": "2099-01-01T00:00:00Z"}, "started_at"),
    ("urges", {"ended_at": "soon"}, "ended_at"),
    ("urges", {"outcome": "gave in"}, "outcome"),
    ("urges", {"strength": 0}, "strength"),
    ("urges", {"helped": ["whisky"]}, "helped"),
    ("urges", {"helped": ["wave", "wave"]}, "helped"),
    ("letters", {"kind": "mail"}, "kind"),
    ("letters", {"prompt": "https://example.org"}, "prompt"),
    ("letters", {"prompt": "readings/../secret"}, "prompt"),
    ("letters", {"sealed_text": None}, "sealed_text"),
    ("letters", {"sealed_text": {**SEALED, "ct": "A" * 90_000}}, "sealed_text"),
    ("letters", {"opens_on": "2031-02-30"}, "opens_on"),
    ("letters", {"text": "in clear"}, "text"),
    ("marks", {"item": "readings/"}, "item"),
    ("marks", {"item": "readings/one\n"}, "item"),
    ("marks", {"progress": 1.01}, "progress"),
    ("marks", {"progress": "0.5"}, "progress"),
    ("marks", {"place": -0.1}, "place"),
    ("marks", {"times_done": -1}, "times_done"),
    ("marks", {"saved": 1}, "saved"),
    ("marks", {"helped": "maybe"}, "helped"),
    ("journey", {"ended_on": "2099-01-01"}, "ended_on"),
    ("journey", {"contact": "yes"}, "contact"),
    ("journey", {"hard_hours": [24]}, "hard_hours"),
    ("journey", {"hard_hours": [1, 1]}, "hard_hours"),
    ("journey", {"region": "Ireland"}, "region"),
    ("journey", {"slips": ["2024-10-20", "2024-10-20"]}, "slips"),
    ("journey", {"slips": ["2099-01-01"]}, "slips"),
    ("journey", {"special_days": [{"id": "x", "date": "2024-12-05", "yearly": True}]}, "special_days"),
    ("journey", {"special_days": SAMPLES["journey"]["special_days"] * 2}, "special_days"),
    ("journey", {"pace": 8}, "pace"),
]


@pytest.mark.parametrize(("collection", "changes", "field"), BAD)
def test_one_wrong_row_refuses_the_whole_push_and_is_named(
    signed_in: FlaskClient, app: Flask, collection: str, changes: dict[str, Any], field: str
) -> None:
    before = count_rows(app)
    rows = [row(document(collection)), row(document(collection, **changes)), row(document(collection))]
    answer = signed_in.post(f"{API}/sync/{collection}/push", json=rows)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    errors = answer.get_json()["errors"]
    assert list(errors) == ["1"]
    assert list(errors["1"]["newDocumentState"]) == [field]
    assert count_rows(app) == before


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_refused(signed_in: FlaskClient, literal: str) -> None:
    body = f'[{{"newDocumentState": {{"id": "{uuid7()}", "item": "readings/x", "progress": {literal}}}}}]'
    answer = signed_in.post(f"{API}/sync/marks/push", data=body, content_type="application/json")
    assert answer.status_code in {400, 422}


@pytest.mark.parametrize(
    "body",
    [
        {},
        "rows",
        [1],
        [{}],
        [{"newDocumentState": None}],
        [{"newDocumentState": []}],
        [{"newDocumentState": {"_deleted": True}}],
        [{"newDocumentState": document(), "assumedMasterState": []}],
        [{"newDocumentState": document(), "extra": 1}],
        [row(document()) for _ in range(201)],
    ],
)
def test_a_body_of_another_form_is_refused_and_nothing_changes(
    signed_in: FlaskClient, app: Flask, body: object
) -> None:
    before = count_rows(app)
    assert signed_in.post(f"{API}/sync/checkins/push", json=body).status_code == 422
    assert count_rows(app) == before


@pytest.mark.parametrize(
    "body",
    [b"", b"[", b"\xff", b"[[[[", b"[" * 100_000, b'[{"newDocumentState": {"mood": ' + b"9" * 5000 + b"}}]"],
    ids=["nothing", "open", "no UTF-8", "nested", "nested deep", "a number of 5,000 digits"],
)
def test_what_is_not_json_is_refused(signed_in: FlaskClient, body: bytes) -> None:
    answer = signed_in.post(f"{API}/sync/checkins/push", data=body, content_type="application/json")
    assert answer.status_code in {400, 422}


def test_there_are_five_collections_and_no_others(signed_in: FlaskClient) -> None:
    for name in ("nudges", "account", "record_checkin", "checkins%00"):
        assert signed_in.post(f"{API}/sync/{name}/push", json=[]).status_code == 404


def test_it_needs_an_account(client: FlaskClient) -> None:
    assert client.post(f"{API}/sync/checkins/push", json=[row(document())]).status_code == 401
