"""What cannot be run without a container engine is still true: the commands exist, the settings exist, the files do."""

import configparser
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from flask import Flask

from server.config import Settings
from tests.conftest import ROOT, make_app, settings_for
from tests.operations.test_metrics import figures

DEPLOY = ROOT / "deploy"
COMPOSE = ("compose.yaml", "compose.scale.yaml")
#: What somebody who follows docs/operations.md has in the environment.
GIVEN = {
    "HEARTWOOD_SITE": "heartwood.example",
    "PUSH_CONTACT": "mailto:somebody@heartwood.example",
    "POSTGRES_PASSWORD": "p" * 20,
    "METRICS_TOKEN": "t" * 40,
}
#: Variables of the interpreter and of Flask that an image sets.
NOT_OURS = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "FLASK_APP"}


def known_settings() -> set[str]:
    """The name of every variable that `Settings` reads."""

    class Recorder(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            self[name] = ""
            return default

    asked = Recorder()
    Settings.from_environment(asked)
    return set(asked)


def services(name: str) -> dict[str, dict[str, Any]]:
    """The services of a compose file that run our image, with what they extend."""
    found = yaml.safe_load((DEPLOY / name).read_text())["services"]
    for service in found.values():
        if base := service.get("extends"):
            parent = found[base["service"]]
            service |= {**parent, **service, "environment": {**parent["environment"], **service["environment"]}}
    return {key: service for key, service in found.items() if "build" in service}


def command_exists(app: Flask, words: list[str]) -> bool:
    """Whether `flask …` has this command with these options."""
    words = [word for word in words if word not in {"--app", "wsgi"}]
    command: click.Command = app.cli
    while words and not words[0].startswith("-") and isinstance(command, click.Group):
        found = command.commands.get(words[0])
        if found is None:
            return False
        command, words = found, words[1:]
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    return {word.split("=")[0] for word in words if word.startswith("--")} <= options | {"--help"}


def flask_commands(text: str) -> Iterator[list[str]]:
    """Every `flask …` in a shell text."""
    for part in re.split(r"[;&|\n]|\bdo\b|\bdone\b", text):
        words = shlex.split(part, comments=True) if "flask" in part else []
        if words and words[0].rsplit("/", 1)[-1] == "flask":
            yield words[1:]


@pytest.mark.parametrize("name", COMPOSE)
def test_every_command_of_a_compose_file_is_one_we_have(app: Flask, name: str) -> None:
    checked = 0
    for service in services(name).values():
        command = service.get("command", ["flask", "run-server"])
        text = command[-1] if command[0] == "sh" else shlex.join(command)
        for words in flask_commands(text):
            assert command_exists(app, words), words
            checked += 1
    assert checked


@pytest.mark.parametrize("name", COMPOSE)
def test_every_variable_of_a_compose_file_is_a_setting(name: str) -> None:
    for service in services(name).values():
        assert set(service["environment"]) <= known_settings()


@pytest.mark.parametrize("name", COMPOSE)
def test_the_settings_of_a_compose_file_are_ones_the_server_starts_with(name: str, tmp_path: Path) -> None:
    for service in services(name).values():
        values = {key: filled(str(value)) for key, value in service["environment"].items()}
        settings = Settings.from_environment({**values, "INSTANCE_PATH": str(tmp_path)})
        assert settings.https
        assert settings.trusted_proxies == 1


def filled(text: str) -> str:
    """`${NAME:?…}` filled in as somebody would."""
    return re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: GIVEN[found[1]], text)


@pytest.mark.parametrize("name", COMPOSE)
def test_our_containers_cannot_write_but_to_their_data(name: str) -> None:
    for service in services(name).values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]


def test_the_worker_of_celery_is_where_compose_looks_for_it() -> None:
    command = services("compose.scale.yaml")["worker"]["command"]
    module = command[command.index("-A") + 1]
    assert (ROOT / (module.replace(".", "/") + ".py")).exists()


def test_the_image_copies_what_there_is_and_runs_without_root(app: Flask) -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    assert re.findall(r"^USER (\w+)$", text, re.MULTILINE) == ["heartwood"]
    assert "HEALTHCHECK" in text
    variables = set(re.findall(r"\b([A-Z_]+)=", text.split("ENV ")[1].split("USER")[0]))
    assert variables <= known_settings() | NOT_OURS
    assert command_exists(app, json.loads(text.rsplit("CMD ", 1)[1])[1:])


@pytest.mark.parametrize("name", ["heartwood.service", "heartwood-daily.service"])
def test_every_command_of_a_unit_is_one_we_have(app: Flask, name: str) -> None:
    text = (DEPLOY / name).read_text()
    commands = list(flask_commands("\n".join(re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE))))
    assert commands
    assert all(command_exists(app, words) for words in commands)
    assert set(re.findall(r"^Environment=(\w+)=", text, re.MULTILINE)) <= known_settings()


def test_the_unit_of_the_server_is_hardened() -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    parser.read(DEPLOY / "heartwood.service")
    service = parser["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert service["User"] == "heartwood"


def metric_names(text: str) -> set[str]:
    return set(re.findall(r"\bheartwood_\w+", text))


@pytest.mark.parametrize("name", ["alerts.yml", "grafana/heartwood.json"])
def test_every_metric_that_is_watched_is_one_we_have(tmp_path: Path, name: str) -> None:
    app = make_app(settings_for(tmp_path, metrics=True))
    app.test_cli_runner().invoke(args=["db", "stamp", "head"])
    app.test_cli_runner().invoke(args=["backup", "create"])
    text = app.test_client().get("/metrics").text
    there = {sample.split("{")[0] for sample in figures(text)} | set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
    there |= {f"{family}{end}" for family in there for end in ("_bucket", "_count")}
    assert metric_names((DEPLOY / name).read_text()) <= there


def test_every_alert_says_what_to_do_in_a_chapter_that_there_is() -> None:
    chapters = (ROOT / "docs" / "operations.md").read_text().lower()
    groups = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]
    for rule in (rule for group in groups for rule in group["rules"]):
        chapter = rule["annotations"]["what_to_do"].removeprefix("docs/operations.md, ")
        assert re.search(rf"^##+ {re.escape(chapter)}$", chapters, re.MULTILINE), chapter
