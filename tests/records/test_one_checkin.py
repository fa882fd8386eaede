"""GET, PUT and DELETE /checkins/<id>"""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.clock import now
from server.database import uuid7
from tests.conftest import count_rows, person
from tests.records.samples import API, SAMPLES, document, row

BODY = SAMPLES["checkins"]


def url(record_id: str) -> str:
    return f"{API}/checkins/{record_id}"


def test_a_check_in_is_made_read_changed_and_deleted(any_database_app: Flask) -> None:
    client, record_id = person(any_database_app), uuid7()
    made = client.put(url(record_id), json=BODY)
    assert made.status_code == 201
    assert made.get_json() == {"id": record_id, "rev": 1, "_deleted": False, **BODY}
    assert client.get(url(record_id)).get_json() == made.get_json()
    changed = client.put(url(record_id), json={**BODY, "mood": 4})
    assert changed.status_code == 200
    assert (changed.get_json()["mood"], changed.get_json()["rev"]) == (4, 2)
    assert client.delete(url(record_id)).status_code == 204
    assert client.get(url(record_id)).status_code == 404


def test_what_was_read_can_be_sent_back_unchanged(signed_in: FlaskClient) -> None:
    record_id = uuid7()
    made = signed_in.put(url(record_id), json=BODY).get_json()
    again = signed_in.put(url(record_id), json=made)
    assert again.status_code == 200
    assert again.get_json() == made


def test_a_stale_revision_gets_the_current_document(signed_in: FlaskClient) -> None:
    record_id = uuid7()
    first = signed_in.put(url(record_id), json=BODY).get_json()
    second = signed_in.put(url(record_id), json={**first, "mood": 4}).get_json()
    answer = signed_in.put(url(record_id), json={**first, "mood": 1})
    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == "conflict"
    assert answer.get_json()["current"] == second
    assert signed_in.get(url(record_id)).get_json() == second


def test_a_retry_after_a_lost_answer_is_no_conflict(signed_in: FlaskClient) -> None:
    record_id = uuid7()
    first = signed_in.put(url(record_id), json=BODY).get_json()
    change = {**first, "mood": 4}
    assert signed_in.put(url(record_id), json=change).status_code == 200
    retry = signed_in.put(url(record_id), json=change)
    assert retry.status_code == 200
    assert retry.get_json()["rev"] == 2


def test_only_mood_and_time_need_to_be_said(signed_in: FlaskClient) -> None:
    record_id = uuid7()
    answer = signed_in.put(url(record_id), json={"felt_at": "2024-11-20T20:14:00+01:00", "mood": 5})
    assert answer.get_json() == {
        "id": record_id,
        "rev": 1,
        "_deleted": False,
        "felt_at": "2024-11-20T19:14:00.000Z",
        "mood": 5,
        "feelings": [],
        "contexts": [],
        "sealed_note": None,
    }


def test_deleting_twice_is_fine_and_deleting_nothing_is_not(signed_in: FlaskClient) -> None:
    record_id = uuid7()
    signed_in.put(url(record_id), json=BODY)
    assert [signed_in.delete(url(record_id)).status_code for _ in range(2)] == [204, 204]
    assert signed_in.delete(url(uuid7())).status_code == 404


def test_what_was_deleted_is_gone_from_the_table_and_can_be_made_again(signed_in: FlaskClient) -> None:
    record_id = uuid7()
    signed_in.put(url(record_id), json=BODY)
    signed_in.delete(url(record_id))
    pulled = signed_in.get(f"{API}/sync/checkins/pull").get_json()["documents"]
    assert pulled == [{"id": record_id, "rev": 2, "_deleted": True}]
    assert signed_in.put(url(record_id), json=BODY).status_code == 201


def test_a_check_in_can_be_deleted_by_putting_its_tombstone(signed_in: FlaskClient) -> None:
    record_id = uuid7()
    signed_in.put(url(record_id), json=BODY)
    answer = signed_in.put(url(record_id), json={"_deleted": True})
    assert answer.get_json() == {"id": record_id, "rev": 2, "_deleted": True}


def test_the_check_ins_of_others_are_not_there(signed_in: FlaskClient, second_person: FlaskClient) -> None:
    record_id = uuid7()
    theirs = second_person.put(url(record_id), json=BODY).get_json()
    assert signed_in.get(url(record_id)).status_code == 404
    assert signed_in.delete(url(record_id)).status_code == 404
    assert signed_in.put(url(record_id), json={**BODY, "mood": 5}).status_code == 201
    assert second_person.get(url(record_id)).get_json() == theirs


def test_rest_and_sync_see_the_same_rows(signed_in: FlaskClient) -> None:
    pushed = document()
    signed_in.post(f"{API}/sync/checkins/push", json=[row(pushed)])
    got = signed_in.get(url(pushed["id"])).get_json()
    assert got == {"rev": 1, **pushed}
    signed_in.put(url(pushed["id"]), json={**got, "mood": 1})
    pulled = signed_in.get(f"{API}/sync/checkins/pull?since=1").get_json()
    assert [one["mood"] for one in pulled["documents"]] == [1]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"mood": 0}, "mood"),
    ({"mood": 6}, "mood"),
    ({"mood": 2.5}, "mood"),
    ({"mood": "3"}, "mood"),
    ({"mood": True}, "mood"),
    ({"mood": None}, "mood"),
    ({"felt_at": "2024-11-20T20:14:00"}, "felt_at"),
    ({"felt_at": "2024-02-30T20:14:00Z"}, "felt_at"),
    ({"felt_at": 1763669640}, "felt_at"),
    ({"felt_at": "9999-01-01T00:00:00Z"}, "felt_at"),
    ({"felt_at": None}, "felt_at"),
    ({"feelings": "sad"}, "feelings"),
    ({"feelings": ["sad", "sad"]}, "feelings"),
    ({"feelings": ["Sad"]}, "feelings"),
    ({"feelings": ["sad\n"]}, "feelings"),
    ({"feelings": ["-sad"]}, "feelings"),
    ({"feelings": [["sad"]]}, "feelings"),
    ({"feelings": ["x" * 41]}, "feelings"),
    ({"contexts": [f"c{n}" for n in range(41)]}, "contexts"),
    ({"sealed_note": "in clear"}, "sealed_note"),
    ({"sealed_note": {"v": 1, "iv": "AAAA", "ct": "A" * 64}}, "sealed_note"),
    ({"sealed_note": {"v": 1, "iv": "AAECAwQFBgcICQoL", "ct": "A" * 64, "key": "x"}}, "sealed_note"),
    ({"sealed_note": {"v": True, "iv": "AAECAwQFBgcICQoL", "ct": "A" * 64}}, "sealed_note"),
    ({"sealed_note": {"v": 1, "iv": "AAECAwQFBgcICQoL", "ct": "A" * 65 + "\n"}}, "sealed_note"),
    ({"note": "in clear"}, "note"),
    ({"account_id": "x"}, "account_id"),
    ({"deleted_at": None}, "deleted_at"),
    ({"_deleted": "yes"}, "_deleted"),
    ({"rev": -1}, "rev"),
    ({"rev": 2**63}, "rev"),
    ({"rev": "1"}, "rev"),
    ({"id": "not-the-one-in-the-path"}, "id"),
]


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_a_wrong_field_is_named_and_nothing_changes(
    signed_in: FlaskClient, app: Flask, changes: dict[str, Any], field: str
) -> None:
    before = count_rows(app)
    answer = signed_in.put(url(uuid7()), json={**BODY, **changes})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert list(answer.get_json()["errors"]) == [field]
    assert count_rows(app) == before


@pytest.mark.parametrize(
    "record_id",
    [
        "1",
        "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "019373A5-2F3C-7C4B-8F3E-0A1B2C3D4E5F",
        "019373a52f3c7c4b8f3e0a1b2c3d4e5f",
        "019373a5-2f3c-7c4b-0f3e-0a1b2c3d4e5f",
    ],
)
def test_only_a_uuid7_can_be_an_id(signed_in: FlaskClient, app: Flask, record_id: str) -> None:
    assert signed_in.put(url(record_id), json=BODY).status_code == 422
    assert signed_in.get(url(record_id)).status_code == 404
    assert signed_in.delete(url(record_id)).status_code == 404
    assert count_rows(app)["record_checkin"] == 0


@pytest.mark.parametrize("record_id", ["%00", "%ED%A0%80", "%F0%9F%94%A5", "'%20OR%20''='", "..%2F..%2Fme"])
def test_an_odd_id_is_simply_not_there(any_database_app: Flask, record_id: str) -> None:
    client = person(any_database_app)
    assert client.get(url(record_id)).status_code == 404
    assert client.delete(url(record_id)).status_code == 404
    assert client.delete(f"{API}/sessions/{record_id}").status_code == 404
    page = client.get(f"{API}/checkins?after=2024-11-01T12:00:00Z~{record_id}")
    assert page.status_code == 422


def test_a_clock_may_run_a_day_ahead_and_no_more(signed_in: FlaskClient) -> None:
    near = (now() + timedelta(hours=23)).isoformat()
    far = (now() + timedelta(hours=25)).isoformat()
    assert signed_in.put(url(uuid7()), json={**BODY, "felt_at": near}).status_code == 201
    assert signed_in.put(url(uuid7()), json={**BODY, "felt_at": far}).status_code == 422


def test_more_than_a_mebibyte_is_refused(signed_in: FlaskClient, app: Flask) -> None:
    answer = signed_in.put(url(uuid7()), json={**BODY, "note": "x" * (1 << 20)})
    assert answer.status_code == 413
    assert count_rows(app)["record_checkin"] == 0


def test_it_needs_an_account(client: FlaskClient) -> None:
    assert client.get(url(uuid7())).status_code == 401
    assert client.put(url(uuid7()), json=BODY).status_code == 401
    assert client.delete(url(uuid7())).status_code == 401
