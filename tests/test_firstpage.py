"""What a first visit reads before any script has come: who gets it, and what is in it."""

import html
import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server.firstpage import OUTLINE, PLACES
from tests.conftest import dispose, make_app, settings_for

NAVIGATION = {"Sec-Fetch-Mode": "navigate"}
READING = "/read/readings/boundaries"
#: What a server sends before it hears back (RFC 6928), in bytes.
TEN_SEGMENTS = 14_600
#: What the build leaves for the server to fill in.
MARK = re.compile(r"\[\[|\[%|%\]|\]\]")
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
            assert not MARK.search(page)
            assert arrived(page)["text"] == text
            assert arrived(page)["chapters"] == library["chapters"]


def test_every_line_of_the_path_is_there_before_any_script(client: FlaskClient) -> None:
    library = json.loads(client.get("/api/v1/library").data)
    page = client.get("/read", headers=NAVIGATION).text
    links = re.findall(r'href="/read/readings/([\w-]+)".*?<span class="line-title[^>]*>(.*?)</span>', page)
    path = [(reading["slug"], html.escape(reading["title"])) for reading in library["readings"]]
    assert links[: len(path)] == path
    for chapter in library["chapters"]:
        assert f"<h2>{html.escape(chapter['title'])}</h2>" in page
    for takeaway in library["takeaways"]:
        assert f'href="/read/{takeaway["item"]}"' in page
    assert page.count("· next") == 1
    assert not MARK.search(page)


def test_the_app_starts_from_the_path_that_its_page_shows(client: FlaskClient) -> None:
    library = json.loads(client.get("/api/v1/library").data)
    data = arrived(client.get("/read", headers=NAVIGATION).text)
    assert data["chapters"] == library["chapters"]
    assert data["takeaways"] == library["takeaways"]
    shown = [{name: value for name, value in each.items() if name in OUTLINE} for each in library["readings"]]
    assert data["path"] == shown


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/rings", "Your first ring begins with your first check-in."),
        ("/write", "A letter you will not send"),
        ("/help", "I want to text them"),
    ],
)
def test_a_place_that_is_the_same_for_everybody_is_there_before_any_script(
    client: FlaskClient, path: str, words: str
) -> None:
    page = client.get(path, headers=NAVIGATION).text
    assert words in page
    assert not MARK.search(page)
    assert 'id="arrived"' not in page


def test_a_text_gives_its_page_its_title_and_its_summary(client: FlaskClient) -> None:
    text = json.loads(client.get("/api/v1/library/readings/boundaries").data)
    page = client.get(READING, headers=NAVIGATION).text
    assert f"<title>{text['title']} · Heartwood</title>" in page
    assert f'<meta name="description" content="{text["summary"]}"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/help/urge",
        "/settings",
        "/read/books",
        "/read/practices/slow-breathing",
        "/read/readings/nowhere",
        "/read?show=guides",
        "/write?show=letter",
    ],
)
def test_every_other_place_is_drawn_by_the_app(client: FlaskClient, path: str) -> None:
    assert EMPTY in client.get(path, headers=NAVIGATION).text


@pytest.mark.parametrize("path", [*PLACES, READING])
@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Mode": "cors"}, {**NAVIGATION, "If-None-Match": 'W/"before"'}])
def test_the_page_that_is_kept_for_later_visits_has_no_words_in_it(
    client: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    assert EMPTY in client.get(path, headers=headers).text


@pytest.mark.parametrize("path", [*PLACES, READING])
def test_whoever_has_an_account_is_not_welcomed_again(signed_in: FlaskClient, path: str) -> None:
    assert EMPTY in signed_in.get(path, headers=NAVIGATION).text


def test_caches_on_the_way_tell_first_visits_from_others(client: FlaskClient) -> None:
    vary = client.get(READING, headers=NAVIGATION).headers["Vary"]
    assert set(vary.split(", ")) == {"Accept-Encoding", "Cookie", "If-None-Match", "Sec-Fetch-Mode"}


@pytest.mark.parametrize("path", [*PLACES, READING])
def test_its_style_is_in_it_and_the_policy_lets_only_that_one_through(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=NAVIGATION)
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in answer.headers["Content-Security-Policy"]
    assert 'rel="stylesheet"' not in answer.text


@pytest.mark.parametrize("path", [*PLACES, READING])
def test_it_travels_in_the_first_flight_of_a_connection(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={**NAVIGATION, "Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) < TEN_SEGMENTS


def test_a_text_cannot_end_its_data_block(tmp_path: Path) -> None:
    built = tmp_path / "built"
    (built / "first").mkdir(parents=True)
    (built / "first" / "readings.html").write_text("<h1>[[ text.title ]]</h1>[[ html ]][[ arrived ]]")
    app = make_app(settings_for(tmp_path, pwa_path=built))
    page = app.test_client().get(READING, headers=NAVIGATION).text
    assert page.count("</script>") == 1
    assert arrived(page)["ref"] == "readings/boundaries"
    dispose(app)
