"""`flask doctor` names what is wrong, says how to put it right, and never falls over itself."""

import json
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from server import create_app
from server.config import Settings
from server.database import db
from server.nudges.models import NudgePlan
from server.operations import check_files, check_outside, check_settings
from server.operations.findings import Level
from tests.conftest import dispose, person, settings_for
from tests.operations.test_backup import run
from tests.support.push_service import HOSTS, PushService
from tests.support.services import free_port


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder with a built app."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html>")
    return folder


def well(url: str, folder: Path, built: Path) -> Iterator[Flask]:
    """A migrated server without complaint, but that no push service can be reached."""
    app = create_app(healthy_settings(url, folder, built))
    run(app, "db", "upgrade")
    run(app, "backup", "create")
    yield app
    dispose(app)


@pytest.fixture
def healthy(tmp_path: Path, built: Path) -> Iterator[Flask]:
    """Such a server on SQLite."""
    yield from well(f"sqlite:///{tmp_path / 'heartwood.sqlite3'}", tmp_path, built)


@pytest.fixture
def healthy_anywhere(any_database_url: str, tmp_path: Path, built: Path) -> Iterator[Flask]:
    """Such a server on SQLite, then on PostgreSQL."""
    yield from well(any_database_url, tmp_path, built)


def healthy_settings(url: str, folder: Path, built: Path, **changes: object) -> Settings:
    """What docs/operations.md has for one machine."""
    given: dict[str, object] = {
        "database_url": url,
        "pwa_path": built,
        "public_url": "https://heartwood.example",
        "trusted_proxies": 1,
        "rate_limits": True,
        "push_contact": "mailto:somebody@heartwood.example",
        "push_hosts": ("127.0.0.1.invalid",),
        "nudge_engine": "embedded",
        **changes,
    }
    return settings_for(folder, **given)


def findings(app: Flask, level: str = "") -> dict[str, str]:
    """What the doctor says, by what it is about; only of `level` when given."""
    found = json.loads(run(app, "doctor", "--format", "json").output)
    return {each["about"]: f"{each['said']} {each['fix']}" for each in found if level in ("", each["level"])}


def test_everything_is_looked_at_and_all_is_well_but_the_network_of_a_test(healthy_anywhere: Flask) -> None:
    looked_at = {"settings", "keys", "disk", "backups", "app", "content", "database", "migrations", "clock", "nudges"}
    assert set(findings(healthy_anywhere, "ok")) == looked_at
    assert set(findings(healthy_anywhere)) == looked_at | {"push"}


def test_a_push_service_that_cannot_be_reached_is_said_so_and_nothing_falls_over(healthy: Flask) -> None:
    result = run(healthy, "doctor")
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Cannot reach any push service" in result.output
    assert "fix: Let this machine connect to port 443" in result.output


def test_a_database_that_is_away_is_a_problem_and_the_rest_is_looked_at_still(tmp_path: Path, built: Path) -> None:
    away = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    app = create_app(healthy_settings(away, tmp_path, built))
    found = findings(app, "problem")
    assert "does not answer" in found["database"]
    assert set(found) == {"database", "push"}
    dispose(app)


def test_a_schema_that_is_behind_is_a_problem_with_its_command(any_database_url: str, tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, database_url=any_database_url))
    assert "flask db upgrade" in findings(app, "problem")["migrations"]
    dispose(app)


def test_a_key_that_others_may_read_is_a_problem(healthy: Flask) -> None:
    key = healthy.config["SETTINGS"].instance_path / "vapid_private.pem"
    key.chmod(0o644)
    assert f"chmod 600 {key}" in findings(healthy, "problem")["keys"]


def test_a_folder_that_all_may_look_into_is_a_warning(healthy: Flask) -> None:
    folder = healthy.config["SETTINGS"].instance_path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o755)
    assert f"chmod 700 {folder}" in findings(healthy, "warning")["keys"]


@pytest.mark.parametrize(
    ("free", "level"), [(100 << 20, Level.PROBLEM), (1 << 30, Level.WARNING), (50 << 30, Level.OK)]
)
def test_a_disk_that_fills_up_is_told_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    settings = settings_for(tmp_path)
    settings.instance_path.mkdir()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert [finding.level for finding in check_files.disk(settings)] == [level]


def test_a_backup_that_is_days_old_is_a_warning(healthy: Flask) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3)):
        assert "flask backup create" in findings(healthy, "warning")["backups"]


def test_an_app_that_was_not_built_is_a_problem(tmp_path: Path) -> None:
    found = list(check_files.app(settings_for(tmp_path, pwa_path=tmp_path / "nowhere")))
    assert [finding.level for finding in found] == [Level.PROBLEM]


def test_texts_that_are_not_in_order_are_a_warning_with_the_first_place(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(settings_for(tmp_path).content_path, content)
    reading = next((content / "en" / "readings").glob("01-*.md"))
    reading.write_text(reading.read_text() + "\nYou should have known.\n")
    found = next(check_files.content(settings_for(tmp_path, content_path=content)))
    assert found.level is Level.WARNING
    assert reading.name in found.said


def test_a_clock_that_went_back_is_a_problem(healthy_anywhere: Flask) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        person(healthy_anywhere)
    assert "time synchronisation" in findings(healthy_anywhere, "problem")["clock"]


def test_nudges_that_nobody_sends_are_a_problem(healthy_anywhere: Flask) -> None:
    assert person(healthy_anywhere).put("/api/v1/nudges/plan", json={"enabled": True}).status_code == 200
    with healthy_anywhere.app_context():
        overdue = datetime.now(UTC) - timedelta(minutes=40)
        db.session.execute(sa.update(NudgePlan).values(next_due_at=overdue))
        db.session.commit()
    assert "the longest by 40 minutes: no ticker runs" in findings(healthy_anywhere, "problem")["nudges"]


def test_devices_bound_to_lost_keys_are_told(healthy_anywhere: Flask) -> None:
    from tests.operations import town

    town.fill(healthy_anywhere.config["SETTINGS"].database)
    assert "3 devices are bound to other push keys" in findings(healthy_anywhere)["nudges"]


def test_redis_that_is_away_is_a_problem(tmp_path: Path) -> None:
    found = list(check_outside.redis(settings_for(tmp_path, redis_url=f"redis://127.0.0.1:{free_port()}/0")))
    assert [(finding.level, "Start Redis or Valkey" in finding.fix) for finding in found] == [(Level.PROBLEM, True)]


def test_redis_that_answers_is_well(tmp_path: Path, redis_url: str) -> None:
    found = list(check_outside.redis(settings_for(tmp_path, redis_url=redis_url)))
    assert [finding.level for finding in found] == [Level.OK]


def test_push_services_that_answer_are_well_whatever_they_answer(tmp_path: Path) -> None:
    service = PushService(tmp_path)
    found = list(check_outside.push(settings_for(tmp_path, push_loopback=service.loopback, push_hosts=HOSTS)))
    service.stop()
    assert [(finding.level, finding.said) for finding in found] == [(Level.OK, "5 push services answer")]


@pytest.mark.parametrize(
    ("change", "level", "said"),
    [
        ({"public_url": "http://heartwood.example"}, Level.PROBLEM, "without https"),
        ({"public_url": ""}, Level.WARNING, "PUBLIC_URL is not set"),
        ({"trusted_proxies": 0}, Level.WARNING, "TRUSTED_PROXIES"),
        ({"rate_limits": False}, Level.WARNING, "RATE_LIMITS"),
        ({"dev": True}, Level.WARNING, "DEV"),
        ({"processes": 2}, Level.WARNING, "SQLite"),
        ({"push_loopback": "1:/ca.pem"}, Level.PROBLEM, "PUSH_LOOPBACK"),
        ({"push_contact": Settings.push_contact}, Level.WARNING, "PUSH_CONTACT"),
    ],
)
def test_a_setting_that_lets_people_down_is_found(
    tmp_path: Path, built: Path, change: dict[str, object], level: Level, said: str
) -> None:
    settings = healthy_settings("sqlite:////nowhere", tmp_path, built, **change)
    found = [finding for finding in check_settings.check(settings) if said in finding.said]
    assert [finding.level for finding in found] == [level]
    assert found[0].fix


def test_a_check_that_fails_itself_is_told_and_the_others_go_on(
    healthy: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.operations import doctor

    def broken(_settings: Settings) -> list[object]:
        raise RuntimeError("no such thing")

    monkeypatch.setitem(doctor.FILES, "disk", broken)
    found = findings(healthy)
    assert "RuntimeError: no such thing" in found["disk"]
    assert "content" in found
