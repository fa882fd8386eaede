"""GET /checkins"""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import person
from tests.records.samples import API, document, row

FIRST = datetime(2024, 11, 1, 12, tzinfo=UTC)


def push(client: FlaskClient, *felt_at: datetime) -> list[str]:
    documents = [document(felt_at=moment.isoformat()) for moment in felt_at]
    answer = client.post(f"{API}/sync/checkins/push", json=[row(one) for one in documents])
    assert answer.get_json() == []
    return [one["id"] for one in documents]


def ids(client: FlaskClient, query: dict[str, str]) -> list[str]:
    answer = client.get(f"{API}/checkins", query_string=query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.get_json()["items"]]


def test_the_latest_felt_comes_first_page_after_page(any_database_app: Flask) -> None:
    client = person(any_database_app)
    same_moment = [FIRST + timedelta(days=30)] * 4
    made = push(client, *(FIRST + timedelta(hours=n) for n in (3, 1, 2, 0)), *same_moment)
    seen: list[str] = []
    after, pages = "", 0
    while after is not None:
        query = {"limit": "3"} | ({"after": after} if after else {})
        page = client.get(f"{API}/checkins", query_string=query).get_json()
        seen += [item["id"] for item in page["items"]]
        after, pages = page["after"], pages + 1
    assert pages == 3
    assert seen[:4] == sorted(made[4:], reverse=True)
    assert seen[4:] == [made[0], made[2], made[1], made[3]]


def test_the_last_page_is_known_to_be_the_last_even_when_it_is_full(signed_in: FlaskClient) -> None:
    push(signed_in, FIRST, FIRST)
    page = signed_in.get(f"{API}/checkins?limit=2").get_json()
    assert len(page["items"]) == 2
    assert page["after"] is None


def test_from_is_included_and_to_is_not(signed_in: FlaskClient) -> None:
    made = push(signed_in, FIRST, FIRST + timedelta(hours=1), FIRST + timedelta(hours=2))
    bounds = {"from": "2024-11-01T12:00:00Z", "to": "2024-11-01T14:00:00Z"}
    assert ids(signed_in, bounds) == [made[1], made[0]]
    assert ids(signed_in, {"from": "2024-11-01T15:00:00+02:00"}) == [made[2], made[1]]


def test_a_date_means_the_whole_day_where_the_person_is(app: Flask) -> None:
    client = person(app, "Pacific/Auckland")
    made = push(
        client,
        datetime(2024, 10, 31, 10, 59, tzinfo=UTC),
        datetime(2024, 10, 31, 11, 0, tzinfo=UTC),
        datetime(2024, 11, 1, 10, 59, tzinfo=UTC),
        datetime(2024, 11, 1, 11, 0, tzinfo=UTC),
    )
    assert ids(client, {"from": "2024-11-01", "to": "2024-11-01"}) == [made[2], made[1]]


def test_nobody_sees_the_check_ins_of_others(signed_in: FlaskClient, second_person: FlaskClient) -> None:
    push(signed_in, FIRST)
    assert ids(second_person, {}) == []


def test_deleted_ones_are_not_listed(signed_in: FlaskClient) -> None:
    kept, gone = push(signed_in, FIRST, FIRST)
    signed_in.delete(f"{API}/checkins/{gone}")
    assert ids(signed_in, {}) == [kept]


def test_an_unchanged_page_is_not_sent_again(signed_in: FlaskClient) -> None:
    push(signed_in, FIRST)
    etag = signed_in.get(f"{API}/checkins").headers["ETag"]
    assert signed_in.get(f"{API}/checkins", headers={"If-None-Match": etag}).status_code == 304
    push(signed_in, FIRST)
    assert signed_in.get(f"{API}/checkins", headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "ten"},
        {"from": "yesterday"},
        {"from": "2024-13-01"},
        {"to": "2024-11-01T12:00:00"},
        {"after": "nonsense"},
        {"after": "2024-11-01T12:00:00~x"},
        {"after": "\x00"},
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(signed_in: FlaskClient, query: dict[str, str]) -> None:
    answer = signed_in.get(f"{API}/checkins", query_string=query)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == list(query)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_no_trouble(app: Flask, day: str) -> None:
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        client = person(app, zone)
        assert client.get(f"{API}/checkins", query_string={"from": day, "to": day}).status_code in {200, 422}


def test_it_needs_an_account(client: FlaskClient) -> None:
    assert client.get(f"{API}/checkins").status_code == 401
