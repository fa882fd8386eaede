"""Settings: read in one place, and a wrong one stops the start with one clear line."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from server.config import ROOT, Settings, SettingsError, generated_secret


def test_without_any_variable_the_defaults_serve_one_small_machine() -> None:
    settings = Settings.from_environment({})
    assert settings.database == f"sqlite:///{ROOT / 'instance' / 'heartwood.sqlite3'}"
    assert settings.origin == "http://localhost:8000"
    assert settings.nudge_engine == "embedded"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "eighty"),
        ("HOST", "two words"),
        ("DATABASE_URL", "mysql://localhost/heartwood"),
        ("PUBLIC_URL", "heartwood.example"),
        ("PUBLIC_URL", "https://heartwood.example/app"),
        ("CONTENT_PATH", "/nowhere/at/all"),
        ("NUDGE_ENGINE", "cron"),
        ("NUDGE_TICK_SECONDS", "-1"),
        ("PUSH_CONTACT", "somebody"),
        ("PUSH_HOSTS", "https://push.example"),
        ("RATE_LIMITS", "perhaps"),
        ("LOG_LEVEL", "LOUD"),
        ("PROCESSES", "0"),
        ("ACCOUNTS_IDLE_MONTHS", "0"),
        ("NUDGES_KEPT_DAYS", "60"),
        ("METRICS", "some"),
        ("METRICS_TOKEN", "short"),
        ("STATUS_PORT", "http"),
        ("PROMETHEUS_MULTIPROC_DIR", "metrics"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_FILE", "/nowhere/key"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({name: value})
    assert str(refused.value).startswith(name)
    assert "\n" not in str(refused.value)


def test_workers_without_a_broker_are_refused() -> None:
    with pytest.raises(SettingsError, match="REDIS_URL"):
        Settings.from_environment({"NUDGE_ENGINE": "celery"})


def test_several_processes_that_cannot_add_up_their_metrics_are_refused() -> None:
    with pytest.raises(SettingsError, match="PROMETHEUS_MULTIPROC_DIR"):
        Settings.from_environment({"METRICS": "on", "PROCESSES": "2"})


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Settings.from_environment({"PORT": "", "LOG_LEVEL": " "}).port == 8000


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("k" * 40 + "\n")
    assert Settings.from_environment({"SECRET_KEY_FILE": str(file)}).secret_key == "k" * 40


def test_several_secrets_stand_one_a_line_and_each_is_long_enough(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{'n' * 40}\n{'o' * 40}\n")
    assert Settings.from_environment({"SECRET_KEY_FILE": str(file)}).secret_key.split() == ["n" * 40, "o" * 40]
    file.write_text(f"{'n' * 40}\nshort\n")
    with pytest.raises(SettingsError, match="SECRET_KEY is too short"):
        Settings.from_environment({"SECRET_KEY_FILE": str(file)})


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Heartwood.Example:443/", "https://heartwood.example"),
        ("https://heartwood.example:8443", "https://heartwood.example:8443"),
        ("http://heartwood.example:80", "http://heartwood.example"),
    ],
)
def test_the_public_address_is_kept_as_browsers_write_it(given: str, origin: str) -> None:
    assert Settings.from_environment({"PUBLIC_URL": given}).origin == origin


def test_the_app_is_https_when_its_public_address_is() -> None:
    settings = Settings.from_environment({"PUBLIC_URL": "https://heartwood.example/"})
    assert settings.https
    assert settings.origin == "https://heartwood.example"


def test_a_generated_secret_is_kept_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "instance" / "secret_key"
    first = generated_secret(path)
    assert len(first) >= 32
    assert generated_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_wrong_setting_stops_the_start_with_one_line_and_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "run-server"]
    environment = {"PATH": "/usr/bin:/bin", "PORT": "http", "INSTANCE_PATH": str(tmp_path)}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.strip() == "PORT must be a whole number from 1 to 65535, not 'http'"
