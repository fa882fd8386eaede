"""GET /sessions, DELETE /sessions/<id> and /sessions/current, and how long a session lasts"""

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.accounts import service
from server.accounts.models import Account
from server.database import db, uuid7
from tests.accounts.cast import API, device_signed_in, is_signed_in, login, new_account
from tests.conftest import count_rows, person, same_device

FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"


def test_the_list_names_each_device_and_marks_this_one(app: Flask, signed_in: FlaskClient) -> None:
    signed_in.put(f"{API}/accounts/me/login", json=login())
    device = app.test_client()
    body = {"name": "juniper", "auth_key": login()["auth_key"]}
    device.post(f"{API}/sessions", json=body, headers={"User-Agent": FIREFOX})
    answer = device.get(f"{API}/sessions").get_json()
    assert answer["after"] is None
    assert sorted((item["device"], item["current"]) for item in answer["items"]) == [
        ("A device", False),
        ("Firefox on Android", True),
    ]
    assert set(answer["items"][0]) == {"id", "device", "created_at", "last_seen_at", "current"}


def test_another_device_can_be_signed_out(app: Flask, signed_in: FlaskClient) -> None:
    signed_in.put(f"{API}/accounts/me/login", json=login())
    device = device_signed_in(app)
    other = next(item for item in signed_in.get(f"{API}/sessions").get_json()["items"] if not item["current"])
    assert signed_in.delete(f"{API}/sessions/{other['id']}").status_code == 204
    assert not is_signed_in(device)
    assert is_signed_in(signed_in)


def test_nobody_can_end_somebody_elses_session(signed_in: FlaskClient, second_person: FlaskClient) -> None:
    theirs = second_person.get(f"{API}/sessions").get_json()["items"][0]["id"]
    for session_id in (theirs, uuid7(), "nonsense", "%00"):
        answer = signed_in.delete(f"{API}/sessions/{session_id}")
        assert answer.status_code == 404, session_id
    assert is_signed_in(second_person)


def test_signing_out_ends_the_session_itself_and_not_only_the_cookie(app: Flask, signed_in: FlaskClient) -> None:
    thief = same_device(app, signed_in)
    assert signed_in.delete(f"{API}/sessions/current").status_code == 204
    assert not is_signed_in(signed_in)
    assert not is_signed_in(thief)
    assert count_rows(app)["auth_session"] == 0


def test_a_browser_that_signs_out_or_deletes_everything_forgets_the_answers_it_kept(app: Flask) -> None:
    for path in ("sessions/current", "accounts/me"):
        answer = person(app).delete(f"{API}/{path}")
        assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (204, '"cache"')


def test_a_session_in_use_lasts_and_one_unused_for_400_days_ends(app: Flask) -> None:
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    client = app.test_client()
    with time_machine.travel(start, tick=False) as clock:
        new_account(client)
        for day in (300, 600, 900):
            clock.move_to(start + timedelta(days=day))
            answer = client.get(f"{API}/accounts/me")
            assert answer.status_code == 200
            assert "Set-Cookie" in answer.headers
        clock.move_to(start + timedelta(days=900, hours=2))
        assert "Set-Cookie" not in client.get(f"{API}/accounts/me").headers
        clock.move_to(start + timedelta(days=1300, hours=1))
        assert not is_signed_in(client)
        with app.app_context():
            assert service.drop_expired_sessions() == 1
    assert count_rows(app)["auth_session"] == 0


def test_the_day_somebody_was_last_here_is_kept(app: Flask) -> None:
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    client = app.test_client()
    with time_machine.travel(start, tick=False) as clock:
        account = new_account(client).get_json()
        clock.move_to(start + timedelta(days=40))
        client.get(f"{API}/checkins")
        with app.app_context():
            stored = db.session.get_one(Account, account["id"])
            assert stored.last_seen_at == start + timedelta(days=40)


def test_expired_sessions_are_dropped_by_a_command(app: Flask, signed_in: FlaskClient) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", "drop-expired-sessions"])
    assert result.output == "0 sessions dropped\n"
    assert is_signed_in(signed_in)
