"""`GET /push/key`, and where the keys are kept."""

import stat
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.config import SettingsError
from server.push import keys
from tests.conftest import make_app, settings_for
from tests.support.push_service_rules import decoded


def test_anybody_may_read_the_key_and_it_is_a_point_on_the_curve(client: FlaskClient) -> None:
    key = client.get("/api/v1/push/key").get_json()["key"]
    assert len(decoded(key)) == 65
    assert decoded(key)[0] == 4


def test_the_keys_are_made_once_and_only_their_owner_may_read_them(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "instance" / keys.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first = app.test_client().get("/api/v1/push/key").get_json()
    assert make_app(settings_for(tmp_path)).test_client().get("/api/v1/push/key").get_json() == first


def test_keygen_shows_the_key_and_replaces_it_only_when_told_to(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    shown = run(args=["push", "keygen"]).output
    assert app.test_client().get("/api/v1/push/key").get_json()["key"] in shown
    assert run(args=["push", "keygen"]).output == shown
    assert run(args=["push", "keygen", "--replace"]).output != shown


def test_new_keys_too_are_readable_by_their_owner_only(app: Flask, tmp_path: Path) -> None:
    app.test_cli_runner().invoke(args=["push", "keygen", "--replace"])
    assert stat.S_IMODE((tmp_path / "instance" / keys.FILE).stat().st_mode) == 0o600


def test_a_file_that_holds_no_key_stops_the_start_with_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / keys.FILE).write_text("nonsense")
    with pytest.raises(SettingsError, match=keys.FILE):
        make_app(settings_for(tmp_path))
