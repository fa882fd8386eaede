"""GET /api/v1/library/helplines"""

import pytest
from flask.testing import FlaskClient

from server.library.schemas import HelpLinesSchema

URL = "/api/v1/library/helplines"


@pytest.mark.parametrize("region", ["GB", "gb"])
def test_a_region_gets_its_own_help_lines(client: FlaskClient, region: str) -> None:
    answer = client.get(URL, query_string={"region": region})
    assert HelpLinesSchema().validate(answer.get_json()) == {}
    assert (answer.get_json()["region"], answer.get_json()["emergency"], answer.get_json()["fallback"]) == (
        "GB",
        "999",
        False,
    )
    [line] = answer.get_json()["lines"]
    assert (line["name"], line["for"], line["phone"], line["text"]) == ("Samaritans", "crisis", "116 123", None)
    assert line["checked"] == {"on": "2026-11-24", "source": "https://example.org"}


@pytest.mark.parametrize("query", [{"region": "AQ"}, {}])
def test_everywhere_else_gets_the_international_ones_marked_as_fallback(
    client: FlaskClient, query: dict[str, str]
) -> None:
    answer = client.get(URL, query_string=query)
    assert answer.status_code == 200
    assert (answer.get_json()["region"], answer.get_json()["fallback"]) == (None, True)
    assert answer.get_json()["lines"][0]["name"] == "Find A Helpline"


@pytest.mark.parametrize("region", ["GBR", "4", "../", "international"])
def test_a_region_that_is_no_country_code_is_refused(client: FlaskClient, region: str) -> None:
    answer = client.get(URL, query_string={"region": region})
    assert answer.status_code == 422
    assert "region" in answer.get_json()["errors"]
