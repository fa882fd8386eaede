"""`flask secret rotate` and `forget`: changing the server's secret without signing everybody out"""

import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from server import create_app
from server.clock import now
from tests.accounts.cast import API, is_signed_in, new_account
from tests.conftest import dispose, make_app, same_device, settings_for
from tests.operations.test_backup import run

Restart = Callable[[], Flask]


@pytest.fixture
def restart(tmp_path: Path) -> Iterator[Restart]:
    """Starts the server on the same instance folder, as often as it is asked."""
    make_app(settings_for(tmp_path))
    running: list[Flask] = []

    def start() -> Flask:
        running.append(create_app(settings_for(tmp_path)))
        return running[-1]

    yield start
    for app in running:
        dispose(app)


def test_nobody_is_signed_out_by_a_new_secret(restart: Restart, tmp_path: Path) -> None:
    app = restart()
    device = app.test_client()
    new_account(device)
    assert "2 secrets in force" in run(app, "secret", "rotate").output
    file = tmp_path / "instance" / "secret_key"
    newest, oldest = file.read_text().split()
    assert oldest == app.config["SECRET_KEY"]
    assert len(newest) >= 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = restart()
    assert again.config["SECRET_KEY"] == newest
    assert is_signed_in(same_device(again, device))


def test_who_came_by_meanwhile_stays_signed_in_when_the_old_secret_is_forgotten(restart: Restart) -> None:
    app = restart()
    regular, stranger = app.test_client(), app.test_client()
    new_account(regular)
    new_account(stranger)
    run(app, "secret", "rotate")
    between = restart()
    regular = same_device(between, regular)
    with time_machine.travel(now() + timedelta(days=2)):
        assert is_signed_in(regular)
        assert "1 older secrets forgotten" in run(between, "secret", "forget").output
        after = restart()
        assert is_signed_in(same_device(after, regular))
        assert not is_signed_in(same_device(after, stranger))


def test_names_that_nobody_has_get_the_same_answer_before_and_after(restart: Restart) -> None:
    app = restart()
    before = app.test_client().get(f"{API}/logins/nobody/kdf").get_json()
    run(app, "secret", "rotate")
    assert restart().test_client().get(f"{API}/logins/nobody/kdf").get_json() == before


def test_a_secret_that_is_kept_elsewhere_is_changed_there(tmp_path: Path) -> None:
    app = make_app(settings_for(tmp_path, secret_key=f"{'n' * 40}\n{'o' * 40}"))
    assert app.config["SECRET_KEY"] == "n" * 40
    assert app.config["SECRET_KEY_FALLBACKS"] == ["o" * 40]
    for command in ("rotate", "forget"):
        result = run(app, "secret", command)
        assert result.exit_code == 1
        assert "put a new line before the others there" in result.output
    dispose(app)
