"""A server whose library is the small sample."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.library.service import library
from tests.conftest import dispose, make_app, settings_for
from tests.library import sample

GERMAN_READING = sample.reading("Grenzen", "zaun", "readings/room-to-grow").replace("quiet evening", "stillen Abend")
GERMAN = {
    "de/readings/01-boundaries.md": GERMAN_READING,
    "de/helplines/DE.yaml": sample.helplines("Deutschland", '"112"', "TelefonSeelsorge"),
    "de/nudges/check_in.yaml": sample.nudges("check_in").split("\n- id")[0].replace("Nudge 1", "Anstoß"),
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The sample in English, with a little of it in German; free to be broken."""
    return sample.write(sample.folder(tmp_path), GERMAN)


@pytest.fixture
def app(tmp_path: Path, content: Path) -> Iterator[Flask]:
    """A server of its own on `content`."""
    app = make_app(settings_for(tmp_path, content_path=content))
    yield app
    dispose(app)


@pytest.fixture(scope="session")
def reading_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One server for all tests that only read."""
    folder = tmp_path_factory.mktemp("reading-room")
    app = make_app(settings_for(folder, content_path=sample.write(sample.folder(folder), GERMAN)))
    yield app
    dispose(app)


@pytest.fixture
def client(reading_room: Flask) -> FlaskClient:
    return reading_room.test_client()


@pytest.fixture
def version(reading_room: Flask) -> str:
    """The version of the English library that the server has."""
    with reading_room.app_context():
        return library().version
