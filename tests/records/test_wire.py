"""What the database writes of a record is what Python would write of it, to the last digit."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.database import db, uuid7
from server.records.collections import COLLECTIONS, MARKS, Collection
from server.records.service import stream
from tests.conftest import person
from tests.records.samples import API, SAMPLES

ODD_MOMENTS = (
    "0001-01-01T00:00:00.000Z",
    "1969-12-31T23:59:59.999Z",
    "2024-02-29T12:00:00.000001Z",
    "2024-02-29T12:00:00.120Z",
    "2024-02-29T12:00:00.123456Z",
)


def pushed_and_pulled(client: FlaskClient, collection: str, state: dict[str, object]) -> None:
    document = {"id": uuid7(), "_deleted": False, **state}
    answer = client.post(f"{API}/sync/{collection}/push", json=[{"newDocumentState": document}])
    assert (answer.status_code, answer.json) == (200, [])
    pulled = client.get(f"{API}/sync/{collection}/pull?since=0&limit=200").get_json()
    [found] = [one for one in pulled["documents"] if one["id"] == document["id"]]
    found.pop("rev")
    assert found == document


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda collection: collection.name)
def test_the_two_ways_to_write_a_document_agree(any_database_app: Flask, collection: Collection) -> None:
    client = person(any_database_app)
    account = client.get(f"{API}/accounts/me").get_json()["id"]
    pushed_and_pulled(client, collection.name, SAMPLES[collection.name])
    pulled = client.get(f"{API}/sync/{collection.name}/pull?since=0").get_json()["documents"]
    with any_database_app.app_context():
        rows = list(stream(account, collection, db.session()))
    assert [collection.document(row) for row in rows] == pulled


@pytest.mark.parametrize("moment", ODD_MOMENTS)
def test_a_moment_comes_back_as_it_was_sent(any_database_app: Flask, moment: str) -> None:
    pushed_and_pulled(person(any_database_app), "checkins", {**SAMPLES["checkins"], "felt_at": moment})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, allow_subnormal=True))
def test_a_fraction_comes_back_to_the_last_digit(any_database_app: Flask, place: float) -> None:
    pushed_and_pulled(person(any_database_app), MARKS.name, {**SAMPLES["marks"], "place": place})
