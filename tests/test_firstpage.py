"""What a first visit reads before any script has come: who gets it, and what is in it."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server.firstpage import PLACE_TO_FILL
from tests.conftest import dispose, make_app, settings_for

NAVIGATION = {"Sec-Fetch-Mode": "navigate"}
READING = "/read/readings/boundaries"
#: What a server sends before it hears back (RFC 6928), in bytes.
TEN_SEGMENTS = 14_600
EMPTY = '<div id="app"></div>'


def arrived(page: str) -> dict[str, object]:
    """The data block that the app starts from."""
    block = re.search(r'<script type="application/json" id="arrived">(.*?)</script>', page)
    assert block is not None
    data: dict[str, object] = json.loads(block[1])
    return data


def test_the_welcome_is_there_before_any_script(client: FlaskClient) -> None:
    answer = client.get("/", headers=NAVIGATION)
    assert answer.status_code == 200
    assert "For the weeks after a breakup." in answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "public, no-cache"


def test_every_reading_and_guide_can_be_read_before_any_script(client: FlaskClient) -> None:
    library = json.loads(client.get("/api/v1/library").data)
    for kind in ("readings", "guides"):
        for entry in library[kind]:
            text = json.loads(client.get(f"/api/v1/library/{kind}/{entry['slug']}").data)
            page = client.get(f"/read/{kind}/{entry['slug']}", headers=NAVIGATION).text
            assert text["html"] in page
            assert not PLACE_TO_FILL.search(page)
            assert arrived(page)["text"] == text
            assert arrived(page)["chapters"] == library["chapters"]


def test_a_text_gives_its_page_its_title_and_its_summary(client: FlaskClient) -> None:
    text = json.loads(client.get("/api/v1/library/readings/boundaries").data)
    page = client.get(READING, headers=NAVIGATION).text
    assert f"<title>{text['title']} · Heartwood</title>" in page
    assert f'<meta name="description" content="{text["summary"]}"' in page


@pytest.mark.parametrize(
    "path",
    ["/read", "/rings", "/write", "/help", "/settings", "/read/practices/slow-breathing", "/read/readings/nowhere"],
)
def test_every_other_place_is_drawn_by_the_app(client: FlaskClient, path: str) -> None:
    assert EMPTY in client.get(path, headers=NAVIGATION).text


@pytest.mark.parametrize("path", ["/", READING])
@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Mode": "cors"}, {**NAVIGATION, "If-None-Match": 'W/"before"'}])
def test_the_page_that_is_kept_for_later_visits_has_no_words_in_it(
    client: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    assert EMPTY in client.get(path, headers=headers).text


@pytest.mark.parametrize("path", ["/", READING])
def test_whoever_has_an_account_is_not_welcomed_again(signed_in: FlaskClient, path: str) -> None:
    assert EMPTY in signed_in.get(path, headers=NAVIGATION).text


def test_caches_on_the_way_tell_first_visits_from_others(client: FlaskClient) -> None:
    vary = client.get(READING, headers=NAVIGATION).headers["Vary"]
    assert set(vary.split(", ")) == {"Accept-Encoding", "Cookie", "If-None-Match", "Sec-Fetch-Mode"}


@pytest.mark.parametrize("path", ["/", READING])
def test_its_style_is_in_it_and_the_policy_lets_only_that_one_through(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=NAVIGATION)
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in answer.headers["Content-Security-Policy"]
    assert 'rel="stylesheet"' not in answer.text


def test_it_travels_in_the_first_flight_of_a_connection(client: FlaskClient) -> None:
    answer = client.get(READING, headers={**NAVIGATION, "Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) < TEN_SEGMENTS


def test_a_text_cannot_end_its_data_block(tmp_path: Path) -> None:
    built = tmp_path / "built"
    (built / "first").mkdir(parents=True)
    (built / "first" / "readings.html").write_text("<h1>%title%</h1>%html%%arrived%")
    app = make_app(settings_for(tmp_path, pwa_path=built))
    page = app.test_client().get(READING, headers=NAVIGATION).text
    assert page.count("</script>") == 1
    assert arrived(page)["ref"] == "readings/boundaries"
    dispose(app)
