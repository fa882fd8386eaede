"""GET /sync/<collection>/pull"""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import person
from tests.records.samples import API, SAMPLES, document, row


def push(client: FlaskClient, *documents: dict[str, Any], collection: str = "checkins") -> None:
    answer = client.post(f"{API}/sync/{collection}/push", json=[row(one) for one in documents])
    assert answer.get_json() == []


def pull(client: FlaskClient, collection: str = "checkins", **query: int) -> dict[str, Any]:
    answer = client.get(f"{API}/sync/{collection}/pull", query_string=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.mark.parametrize("collection", SAMPLES)
def test_an_empty_collection_answers_no_documents(signed_in: FlaskClient, collection: str) -> None:
    assert pull(signed_in, collection) == {"documents": [], "checkpoint": {"rev": 0}}


def test_pages_follow_the_order_of_change_until_all_is_seen(any_database_app: Flask) -> None:
    client = person(any_database_app)
    written = [document() for _ in range(5)]
    push(client, *written)
    push(client, document("urges"), collection="urges")
    pages, since = [], 0
    for _ in range(3):
        page = pull(client, since=since, limit=2)
        pages.append([one["id"] for one in page["documents"]])
        since = page["checkpoint"]["rev"]
    ids = [one["id"] for one in written]
    assert pages == [ids[:2], ids[2:4], ids[4:]]
    assert since == 6
    assert pull(client, since=since) == {"documents": [], "checkpoint": {"rev": 6}}


def test_a_last_page_that_is_full_ends_the_pull_like_any_other(signed_in: FlaskClient) -> None:
    push(signed_in, document(), document())
    push(signed_in, document("urges"), collection="urges")
    assert pull(signed_in, limit=2)["checkpoint"] == {"rev": 3}


def test_a_change_comes_again_and_only_the_change(signed_in: FlaskClient) -> None:
    first, second = document(), document()
    push(signed_in, first, second)
    [master, _] = pull(signed_in)["documents"]
    rows = [row({**master, "mood": 5}, master)]
    signed_in.post(f"{API}/sync/checkins/push", json=rows)
    page = pull(signed_in, since=2)
    assert page["documents"] == [{**master, "mood": 5, "rev": 3}]
    assert page["checkpoint"] == {"rev": 3}


def test_a_device_that_saw_more_than_a_restored_server_has_starts_again(any_database_app: Flask) -> None:
    client = person(any_database_app)
    push(client, document())
    assert pull(client, since=1)["documents"] == []
    ahead = client.get(f"{API}/sync/checkins/pull?since=2")
    assert ahead.status_code == 410
    assert ahead.get_json()["code"] == "resync_required"
    assert len(pull(client, since=0)["documents"]) == 1


def test_an_unchanged_answer_is_not_sent_again(signed_in: FlaskClient) -> None:
    push(signed_in, document())
    url = f"{API}/sync/checkins/pull?since=0"
    etag = signed_in.get(url).headers["ETag"]
    assert signed_in.get(url, headers={"If-None-Match": etag}).status_code == 304


def test_nobody_pulls_the_records_of_others(signed_in: FlaskClient, second_person: FlaskClient) -> None:
    push(signed_in, document())
    assert pull(second_person)["documents"] == []


@pytest.mark.parametrize("query", [{"since": "x"}, {"since": 2**60}, {"since": "1.5"}, {"limit": 0}, {"limit": 201}])
def test_a_wrong_question_is_told_what_is_wrong(signed_in: FlaskClient, query: dict[str, Any]) -> None:
    answer = signed_in.get(f"{API}/sync/checkins/pull", query_string=query)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == list(query)


def test_it_needs_an_account(client: FlaskClient) -> None:
    assert client.get(f"{API}/sync/checkins/pull").status_code == 401
