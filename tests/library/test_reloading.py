"""With DEV=1 a saved text shows at the next request; a half-written one does no harm."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from server.library import service
from tests.conftest import dispose, make_app, settings_for
from tests.library import sample

READING = "en/readings/01-boundaries.md"
URL = "/api/v1/library/readings/boundaries"


@pytest.fixture
def dev(tmp_path: Path, content: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A server that looks for changes at every request."""
    monkeypatch.setattr(service, "LOOK_EVERY", 0)
    app = make_app(settings_for(tmp_path, content_path=content, dev=True))
    yield app
    dispose(app)


def test_a_changed_text_shows_at_the_next_request(dev: Flask, content: Path) -> None:
    client = dev.test_client()
    before = client.get(URL)
    sample.edit(content, READING, 'title: "Boundaries"', 'title: "A gate"')
    after = client.get(URL, headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.get_json()["title"]) == (200, "A gate")


def test_while_a_text_is_broken_the_last_good_one_is_served(dev: Flask, content: Path) -> None:
    client = dev.test_client()
    sample.edit(content, READING, "takeaway:", "takeawa:")
    assert client.get(URL).get_json()["title"] == "Boundaries"
    sample.edit(content, READING, "takeawa:", "takeaway:")
    sample.edit(content, READING, 'title: "Boundaries"', 'title: "A gate"')
    assert client.get(URL).get_json()["title"] == "A gate"


def test_without_dev_nothing_changes_until_the_next_start(app: Flask, content: Path) -> None:
    sample.edit(content, READING, 'title: "Boundaries"', 'title: "A gate"')
    assert app.test_client().get(URL).get_json()["title"] == "Boundaries"
