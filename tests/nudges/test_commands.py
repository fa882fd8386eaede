"""`flask nudges …`: for whoever runs it and whoever writes for it."""

import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.nudges.personas import PERSONAS
from tests.conftest import count_rows
from tests.support.nudge_cast import NINE, planned, subscribed
from tests.support.push_service import PushService

pytestmark = pytest.mark.usefixtures("clock")


def run(app: Flask, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(args=["nudges", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("persona", sorted(PERSONAS))
def test_a_writer_sees_what_somebody_would_get_and_why(app: Flask, persona: str) -> None:
    shown = run(app, "preview", "--persona", persona)
    assert run(app, "preview", "--persona", persona) == shown
    assert len(re.findall(r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ", shown, re.MULTILINE)) >= 6
    assert "opens /" in shown


def test_the_persona_who_goes_quiet_is_let_go_with_a_goodbye(app: Flask) -> None:
    shown = run(app, "preview", "--persona", "gone-quiet", "--days", "90")
    assert shown.rstrip().splitlines()[-2].split()[4] == "goodbye"


def test_the_persona_with_heavy_days_is_led_to_people(app: Flask) -> None:
    assert "opens /help/lines" in run(app, "preview", "--persona", "heavy")


def test_a_preview_of_an_account_sends_and_changes_nothing(
    app: Flask, signed_in: FlaskClient, push_service: PushService
) -> None:
    subscribed(signed_in, push_service)
    planned(signed_in)
    before = count_rows(app)
    shown = run(app, "preview", "--account", signed_in.get("/api/v1/accounts/me").get_json()["id"])
    assert shown.startswith("Tue 24 Nov 09:00")
    assert count_rows(app) == before
    assert not push_service.requests


def test_a_preview_needs_one_person(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["nudges", "preview"]).exit_code == 2
    assert runner.invoke(args=["nudges", "preview", "--account", "nobody"]).exit_code == 1


def test_status_counts_what_is_due_on_its_way_and_dropped(
    clock: time_machine.Traveller, app: Flask, signed_in: FlaskClient
) -> None:
    planned(signed_in)
    clock.move_to(NINE)
    assert re.search(r"due +1 ", run(app, "status"))
    run(app, "tick", "--once")
    shown = run(app, "status")
    assert re.search(r"due +0 ", shown)
    assert "0 sent, 1 dropped" in shown
    assert re.search(r"no_device +1", shown)
