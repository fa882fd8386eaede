"""GET /api/v1/library/search"""

import pytest
from flask.testing import FlaskClient

from server.library.schemas import HitsSchema

URL = "/api/v1/library/search"


def test_the_best_item_comes_first_with_title_and_summary(client: FlaskClient) -> None:
    answer = client.get(URL, query_string={"q": "boundary"})
    assert HitsSchema().validate(answer.get_json()) == {}
    best = answer.get_json()["items"][0]
    assert (best["ref"], best["title"]) == ("readings/boundaries", "Boundaries")
    assert best["summary"] == "What fence does on a quiet evening."
    assert answer.get_json()["after"] is None


def test_words_that_no_text_uses_find_what_search_yaml_says(client: FlaskClient) -> None:
    assert client.get(URL, query_string={"q": "insomina"}).get_json()["items"][0]["ref"] == "guides/the-first-night"


def test_books_are_found_too(client: FlaskClient) -> None:
    assert client.get(URL, query_string={"q": "brene brown"}).get_json()["items"][0]["ref"] == "books/daring-greatly"


def test_nothing_found_is_an_empty_list(client: FlaskClient) -> None:
    assert client.get(URL, query_string={"q": "xylophone"}).get_json() == {"items": [], "after": None}


def test_no_more_than_the_limit_are_given(client: FlaskClient) -> None:
    assert len(client.get(URL, query_string={"q": "kettle", "limit": 2}).get_json()["items"]) == 2


@pytest.mark.parametrize(
    "query",
    [{}, {"q": ""}, {"q": "x" * 201}, {"q": "tea", "limit": 0}, {"q": "tea", "limit": 201}, {"q": "a", "limit": "b"}],
)
def test_a_search_that_makes_no_sense_is_refused(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get(URL, query_string=query)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"


def test_the_same_search_again_is_304(client: FlaskClient) -> None:
    etag = client.get(URL, query_string={"q": "kettle"}).headers["ETag"]
    again = client.get(URL, query_string={"q": "kettle"}, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
