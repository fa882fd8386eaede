"""GET /api/v1/library/{readings,guides,practices}/<slug>"""

import pytest
from flask.testing import FlaskClient

from server.library.schemas import GuideSchema, PracticeSchema, ReadingSchema
from server.schemas import Schema

URL = "/api/v1/library"


@pytest.mark.parametrize(
    ("ref", "schema"),
    [
        ("readings/boundaries", ReadingSchema()),
        ("guides/the-first-night", GuideSchema()),
        ("practices/slow-breathing", PracticeSchema()),
    ],
)
def test_an_item_has_the_shape_that_the_api_describes(client: FlaskClient, ref: str, schema: Schema) -> None:
    answer = client.get(f"{URL}/{ref}")
    assert answer.status_code == 200
    assert schema.validate(answer.get_json()) == {}


def test_a_reading_comes_with_its_text_and_what_belongs_to_it(client: FlaskClient) -> None:
    reading = client.get(f"{URL}/readings/boundaries").get_json()
    assert reading["html"].startswith(
        '<p>Fence is where it starts. See <a href="/read/practices/slow-breathing">slow breathing</a>'
    )
    assert "<h2>What’s <em>there</em></h2>" in reading["html"]
    assert reading["related"] == ["readings/room-to-grow", "guides/the-first-night"]
    assert reading["practice"] == "practices/slow-breathing"
    assert reading["question"] == "Where did fence help you this week?"
    [source] = reading["sources"]
    assert (source["year"], source["in"]) == (2018, "Journal of Experimental Psychology: General 147(5), 720-733")


def test_a_guide_says_whether_help_lines_belong_at_its_end(client: FlaskClient) -> None:
    assert client.get(f"{URL}/guides/the-first-night").get_json()["helplines"] is True


def test_a_practice_brings_all_that_its_runner_needs(client: FlaskClient) -> None:
    practice = client.get(f"{URL}/practices/slow-breathing").get_json()
    assert practice["breathing"] == {"in": 4, "hold": 0, "out": 6, "rounds": 10}
    assert practice["steps"][0] == {"say": "Sit down.", "seconds": 20}
    assert (practice["minutes"], practice["certainty"], practice["prompts"]) == (3, "common_sense", [])


@pytest.mark.parametrize(
    "ref",
    ["readings/gone", "guides/boundaries", "readings/01-boundaries", "readings/Boundaries", "books/daring-greatly"],
)
def test_what_is_not_there_is_a_problem_document(client: FlaskClient, ref: str) -> None:
    answer = client.get(f"{URL}/{ref}")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == "not_found"


def test_a_translated_item_is_in_its_language(client: FlaskClient) -> None:
    answer = client.get(f"{URL}/readings/boundaries", query_string={"locale": "de-CH"})
    assert (answer.get_json()["title"], answer.get_json()["lang"]) == ("Grenzen", "de")


def test_the_library_is_for_reading_only(client: FlaskClient) -> None:
    assert client.put(f"{URL}/readings/boundaries", json={}).status_code == 405


def test_a_client_that_has_the_item_gets_304(client: FlaskClient) -> None:
    etag = client.get(f"{URL}/readings/boundaries").headers["ETag"]
    assert client.get(f"{URL}/readings/boundaries", headers={"If-None-Match": etag}).status_code == 304
    assert client.get(f"{URL}/readings/room-to-grow", headers={"If-None-Match": etag}).status_code == 200
