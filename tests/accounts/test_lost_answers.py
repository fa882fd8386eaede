"""POST /sessions {recovery_code, attempt}: repeating a sign-in whose answer never came"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.accounts import recovery
from server.accounts.models import Account
from server.clock import now
from server.database import db, uuid7
from tests.accounts.cast import API, CODE, SEALED, is_signed_in, new_account


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now(), tick=False) as moved:
        yield moved


@pytest.fixture
def code(signed_in: FlaskClient) -> str:
    """The recovery code of a person."""
    made: str = signed_in.post(f"{API}/accounts/me/recovery").get_json()["recovery_code"]
    return made


def sign_in(app: Flask, code: str, attempt: str | None) -> TestResponse:
    """From a device without a cookie, as one whose answer was lost is."""
    body = {"recovery_code": code, "attempt": attempt} if attempt else {"recovery_code": code}
    return app.test_client().post(f"{API}/sessions", json=body)


def next_code(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.text
    found: str = answer.get_json()["recovery_code"]
    return found


def test_a_lost_answer_is_given_again(any_database_app: Flask) -> None:
    code = new_account(any_database_app.test_client()).get_json()["recovery_code"]
    attempt = uuid7()
    lost = next_code(sign_in(any_database_app, code, attempt))
    again = next_code(sign_in(any_database_app, code, attempt))
    assert CODE.fullmatch(lost)
    assert again == lost != code
    assert next_code(sign_in(any_database_app, again, uuid7())) not in {code, again}


def test_the_device_that_repeats_is_signed_in_alone(signed_in: FlaskClient, app: Flask, code: str) -> None:
    attempt, first, again = uuid7(), app.test_client(), app.test_client()
    body = {"recovery_code": code, "attempt": attempt}
    first.post(f"{API}/sessions", json=body)
    again.post(f"{API}/sessions", json=body)
    assert is_signed_in(again)
    assert not is_signed_in(first)
    assert not is_signed_in(signed_in)


def test_another_attempt_with_a_used_code_is_refused(app: Flask, code: str) -> None:
    next_code(sign_in(app, code, uuid7()))
    assert sign_in(app, code, uuid7()).status_code == 401
    assert sign_in(app, code, None).status_code == 401


def test_without_an_attempt_nothing_can_be_repeated(app: Flask, code: str) -> None:
    next_code(sign_in(app, code, None))
    assert sign_in(app, code, uuid7()).status_code == 401


def test_after_ten_minutes_it_is_too_late(app: Flask, code: str, clock: time_machine.Traveller) -> None:
    attempt = uuid7()
    lost = next_code(sign_in(app, code, attempt))
    clock.shift(timedelta(minutes=9, seconds=59))
    assert next_code(sign_in(app, code, attempt)) == lost
    clock.shift(timedelta(seconds=1))
    assert sign_in(app, code, attempt).status_code == 401
    assert sign_in(app, lost, uuid7()).status_code == 200


def test_once_the_next_code_was_used_the_old_one_is_worthless(app: Flask, code: str) -> None:
    attempt = uuid7()
    following = next_code(sign_in(app, code, attempt))
    next_code(sign_in(app, following, uuid7()))
    assert sign_in(app, code, attempt).status_code == 401


def test_once_the_key_was_wrapped_with_the_next_code_the_old_one_is_worthless(app: Flask, code: str) -> None:
    attempt, device = uuid7(), app.test_client()
    device.post(f"{API}/sessions", json={"recovery_code": code, "attempt": attempt})
    assert device.put(f"{API}/accounts/me/recovery", json={"wrapped_key": SEALED}).status_code == 200
    assert sign_in(app, code, attempt).status_code == 401
    assert is_signed_in(device)


def test_a_repeat_is_understood_after_the_servers_secret_was_changed(app: Flask, code: str) -> None:
    attempt = uuid7()
    lost = next_code(sign_in(app, code, attempt))
    app.config["SECRET_KEY_FALLBACKS"] = [app.config["SECRET_KEY"]]
    app.config["SECRET_KEY"] = "a newer secret of more than 32 characters"
    assert next_code(sign_in(app, code, attempt)) == lost


def test_neither_code_nor_attempt_is_kept(app: Flask, code: str) -> None:
    attempt = uuid7()
    following = next_code(sign_in(app, code, attempt))
    with app.app_context():
        kept = str(vars(db.session.scalars(sa.select(Account)).one()))
    for secret in (attempt, code, following, recovery.to_secret(code).hex(), recovery.to_secret(following).hex()):
        assert secret not in kept


@pytest.mark.parametrize("attempt", ["", "again", 7, "019373a5-2f3c-4c4b-8f3e-0a1b2c3d4e5f"])
def test_an_attempt_is_a_uuid7(app: Flask, code: str, attempt: object) -> None:
    body = {"recovery_code": code, "attempt": attempt}
    assert app.test_client().post(f"{API}/sessions", json=body).status_code == 422
    assert sign_in(app, code, None).status_code == 200


def test_a_new_code_makes_the_old_one_worthless(signed_in: FlaskClient, app: Flask, code: str) -> None:
    signed_in.put(f"{API}/accounts/me/recovery", json={"wrapped_key": SEALED})
    made = signed_in.post(f"{API}/accounts/me/recovery")
    assert made.status_code == 201
    assert signed_in.get(f"{API}/accounts/me").get_json()["wrapped_keys"] == {}
    assert sign_in(app, code, None).status_code == 401
    assert is_signed_in(signed_in)
    assert sign_in(app, made.get_json()["recovery_code"], None).status_code == 200
