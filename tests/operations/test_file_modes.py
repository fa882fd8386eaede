"""What lies on the disk is for the server's own user, however careless that user's umask is."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import create_app
from server.database import make_private_file
from tests.conftest import dispose, make_app, person, settings_for
from tests.operations.test_backup import run


@pytest.fixture(autouse=True)
def _careless_umask() -> Iterator[None]:
    """As when everything a user makes may be read and written by all."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: f"{stat.S_IMODE(path.stat().st_mode):o}" for path in folder.iterdir()}


def test_the_instance_folder_and_all_in_it_are_for_their_owner_only(tmp_path: Path) -> None:
    app = make_app(settings_for(tmp_path))
    client = person(app)
    assert client.get("/api/v1/push/key").status_code == 200
    run(app, "secret", "rotate")
    found = modes(tmp_path / "instance")
    dispose(app)
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700
    assert found.keys() >= {"heartwood.sqlite3", "heartwood.sqlite3-wal", "secret_key", "vapid_private.pem"}
    assert set(found.values()) == {"600"}


def test_a_restored_database_is_for_its_owner_only(tmp_path: Path) -> None:
    app = make_app(settings_for(tmp_path / "here"))
    run(app, "db", "stamp", "head")
    assert run(app, "backup", "create", tmp_path / "backup.tar.gz").exit_code == 0
    other = create_app(settings_for(tmp_path / "there"))
    assert run(other, "backup", "restore", tmp_path / "backup.tar.gz").exit_code == 0
    assert modes(tmp_path / "there" / "instance")["heartwood.sqlite3"] == "600"
    dispose(app)
    dispose(other)


def test_a_database_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "mine.sqlite3"
    file.touch(mode=0o640)
    make_private_file(f"sqlite:///{file}")
    make_private_file("sqlite://")
    make_private_file("postgresql+psycopg://localhost/heartwood")
    assert modes(tmp_path) == {"mine.sqlite3": "640"}


def test_the_doctor_tells_of_a_database_that_others_may_read(tmp_path: Path) -> None:
    app = make_app(settings_for(tmp_path))
    (tmp_path / "instance" / "heartwood.sqlite3").chmod(0o644)
    output = run(app, "doctor").output
    dispose(app)
    assert "heartwood.sqlite3 has mode 0644: others may read it." in output
