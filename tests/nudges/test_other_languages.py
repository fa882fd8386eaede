"""A second language: buttons, reasons and the server's own notes come from its file, and from English without one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.push import service as push
from tests.conftest import dispose, make_app, settings_for
from tests.library import sample
from tests.support.nudge_cast import MORNING, NINE, planned, subscribed, tick
from tests.support.push_service import PushService

ENGLISH = ("Low", "Lighter", "Not today", "It works", "you have not had one like it lately", "the first weeks")
GERMAN = ("Schwer", "Leichter", "Heute nicht", "Es geht", "so etwas kam lange nicht", "die ersten Wochen")


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A small library in English whose `push.yaml` was translated into German."""
    root = sample.folder(tmp_path)
    said = (root / "en" / "push.yaml").read_text(encoding="utf-8")
    for old, new in zip(ENGLISH, GERMAN, strict=True):
        assert old in said
        said = said.replace(f": {old}", f": {new}")
    (root / "de").mkdir()
    (root / "de" / "push.yaml").write_text(said, encoding="utf-8")
    return root


@pytest.fixture
def app(tmp_path: Path, texts: Path, push_service: PushService) -> Iterator[Flask]:
    app = make_app(settings_for(tmp_path, content_path=texts, push_loopback=push_service.loopback))
    yield app
    with app.app_context():
        push.sender().close()
    dispose(app)


def somebody(app: Flask, locale: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/api/v1/accounts", json={"timezone": "Europe/Dublin", "locale": locale})
    assert answer.status_code == 201, answer.text
    return client


def nudged(app: Flask, locale: str, kind: str, service: PushService) -> tuple[dict[str, Any], str]:
    """The notification of that kind that somebody gets at nine, and why."""
    with time_machine.travel(MORNING, tick=False) as clock:
        client = somebody(app, locale)
        subscribed(client, service)
        planned(client, kinds=[kind])
        clock.move_to(NINE)
        tick(app)
        payload = service.wait_for(1)[0].payload
        assert payload is not None
        shown: dict[str, Any] = payload["notification"]
        return shown, client.get("/api/v1/nudges").get_json()["items"][0]["reason"]


def test_buttons_and_reasons_are_in_the_persons_language(app: Flask, push_service: PushService) -> None:
    shown, reason = nudged(app, "de-AT", "check_in", push_service)
    assert [each["title"] for each in shown["actions"]] == ["Schwer", "Leichter"]
    assert reason == "so etwas kam lange nicht (die ersten Wochen, mixed last days)"


def test_without_a_translation_they_are_in_english(app: Flask, push_service: PushService) -> None:
    shown, reason = nudged(app, "fr", "read", push_service)
    assert [each["title"] for each in shown["actions"]] == ["Not today"]
    assert reason.startswith("you have not had one like it lately")


def test_the_message_to_try_it_is_in_the_persons_language(app: Flask, push_service: PushService) -> None:
    client = somebody(app, "de")
    browser = subscribed(client, push_service)
    assert client.post("/api/v1/push/test", json={"endpoint": browser.endpoint}).status_code == 202
    payload = push_service.wait_for(1)[0].payload
    assert payload is not None
    assert (payload["notification"]["title"], payload["notification"]["lang"]) == ("Es geht", "de")
