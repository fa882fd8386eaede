"""GET /api/v1/library"""

import pytest
from flask.testing import FlaskClient

from server.library.schemas import LibrarySchema

URL = "/api/v1/library"


def test_anybody_gets_the_table_of_contents(client: FlaskClient, version: str) -> None:
    answer = client.get(URL)
    assert answer.status_code == 200
    assert LibrarySchema().validate(answer.get_json()) == {}
    assert (answer.get_json()["version"], answer.get_json()["locale"]) == (version, "en")
    assert [chapter["id"] for chapter in answer.get_json()["chapters"]] == ["understanding"]
    assert [takeaway["item"] for takeaway in answer.get_json()["takeaways"]] == ["readings/room-to-grow"]
    assert [book["slug"] for book in answer.get_json()["books"]] == ["daring-greatly"]


def test_readings_come_in_the_order_of_the_path_without_their_texts(client: FlaskClient) -> None:
    readings = client.get(URL).get_json()["readings"]
    assert readings[0] == {
        "slug": "boundaries",
        "title": "Boundaries",
        "lang": "en",
        "minutes": 2,
        "summary": "What fence does on a quiet evening.",
        "order": 1,
        "chapter": "understanding",
        "takeaway": "A small fence is enough for tonight.",
    }
    assert [reading["order"] for reading in readings] == [1, 2]


def test_practices_say_how_they_run_and_where_they_land(client: FlaskClient) -> None:
    practices = {practice["slug"]: practice for practice in client.get(URL).get_json()["practices"]}
    assert practices["slow-breathing"]["runner"] == "breathing"
    assert practices["one-small-thing"]["lands_in"] == "none"


@pytest.mark.parametrize(
    ("asked", "given"), [("de", "de"), ("de-AT", "de"), ("en-GB", "en"), ("fr", "en"), ("DE", "de")]
)
def test_the_nearest_locale_is_given(client: FlaskClient, asked: str, given: str) -> None:
    assert client.get(URL, query_string={"locale": asked}).get_json()["locale"] == given


def test_what_is_not_translated_is_english_and_says_so(client: FlaskClient) -> None:
    readings = client.get(URL, query_string={"locale": "de"}).get_json()["readings"]
    assert [(reading["title"], reading["lang"]) for reading in readings] == [("Grenzen", "de"), ("Room to grow", "en")]


@pytest.mark.parametrize("locale", ["../en", "e", "en_GB", ""])
def test_a_locale_that_is_no_language_tag_is_refused(client: FlaskClient, locale: str) -> None:
    answer = client.get(URL, query_string={"locale": locale})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert "locale" in answer.get_json()["errors"]


def test_a_client_that_has_it_gets_304_and_no_body(client: FlaskClient) -> None:
    first = client.get(URL)
    assert first.headers["ETag"].startswith('W/"')
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = client.get(URL, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_client_that_has_another_version_gets_it_all(client: FlaskClient) -> None:
    assert client.get(URL, headers={"If-None-Match": 'W/"other"'}).status_code == 200
