"""/joins, and POST /sessions {join_token}: a second device by a code that the first one shows"""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.accounts.models import DeviceJoin
from server.clock import now
from server.database import db
from tests.accounts.cast import API, SEALED, is_signed_in, new_account
from tests.accounts.ways_in import invite, join, new_token
from tests.conftest import count_rows, dispose, make_app, settings_for
from tests.support.authenticator import decoded


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now(), tick=False) as moved:
        yield moved


def test_a_second_device_joins_with_the_key_and_the_first_one_sees_it(any_database_app: Flask) -> None:
    first, second, token = any_database_app.test_client(), any_database_app.test_client(), new_token()
    account = new_account(first).get_json()
    made = invite(first, token)
    assert made.status_code == 201
    assert made.get_json()["joined_at"] is None
    path = f"{API}/joins/{made.get_json()['id']}"
    assert first.get(path).get_json() == made.get_json()
    opened = join(second, token)
    assert opened.status_code == 200
    assert opened.get_json()["id"] == account["id"]
    assert opened.get_json()["wrapped_keys"] == {"join": SEALED}
    assert "recovery_code" not in opened.get_json()
    seen = first.get(path).get_json()
    assert seen["device"] == "Firefox on Android"
    assert seen["joined_at"] is not None
    assert is_signed_in(first)
    assert is_signed_in(second)


def test_a_code_works_once_and_its_key_is_erased(signed_in: FlaskClient, app: Flask) -> None:
    token = new_token()
    invite(signed_in, token)
    assert join(app.test_client(), token).status_code == 200
    assert join(app.test_client(), token).status_code == 401
    with app.app_context():
        [kept] = db.session.scalars(sa.select(DeviceJoin)).all()
        assert kept.wrapped_key is None


def test_a_code_is_good_for_ten_minutes(signed_in: FlaskClient, app: Flask, clock: time_machine.Traveller) -> None:
    token = new_token()
    invite(signed_in, token)
    clock.shift(timedelta(minutes=10))
    assert join(app.test_client(), token).status_code == 401


def test_a_new_code_replaces_the_one_before(signed_in: FlaskClient, app: Flask) -> None:
    old, new = new_token(), new_token()
    first = invite(signed_in, old).get_json()
    invite(signed_in, new)
    assert signed_in.get(f"{API}/joins/{first['id']}").status_code == 404
    assert join(app.test_client(), old).status_code == 401
    assert join(app.test_client(), new).status_code == 200


def test_a_code_that_was_taken_back_opens_nothing(signed_in: FlaskClient, app: Flask) -> None:
    token = new_token()
    path = f"{API}/joins/{invite(signed_in, token).get_json()['id']}"
    assert signed_in.delete(path).status_code == 204
    assert signed_in.delete(path).status_code == 404
    assert join(app.test_client(), token).status_code == 401


def test_wrong_late_and_used_codes_get_the_same_answer(
    signed_in: FlaskClient, second_person: FlaskClient, app: Flask, clock: time_machine.Traveller
) -> None:
    used, late = new_token(), new_token()
    invite(signed_in, used)
    join(app.test_client(), used)
    invite(second_person, late)
    clock.shift(timedelta(minutes=11))
    before = count_rows(app)
    answers = [join(app.test_client(), token) for token in (used, late, new_token())]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert count_rows(app) == before


def test_only_a_hash_of_the_token_is_kept(signed_in: FlaskClient, app: Flask) -> None:
    token = new_token()
    invite(signed_in, token)
    with app.app_context():
        [kept] = db.session.scalars(sa.select(DeviceJoin)).all()
        assert decoded(kept.token_hash) == hashlib.sha256(decoded(token)).digest()
        assert token not in str(vars(kept))


def test_one_token_serves_one_account(signed_in: FlaskClient, second_person: FlaskClient) -> None:
    token = new_token()
    assert invite(signed_in, token).status_code == 201
    assert invite(second_person, token).status_code == 409


def test_somebody_elses_code_is_not_found(signed_in: FlaskClient, second_person: FlaskClient) -> None:
    path = f"{API}/joins/{invite(signed_in, new_token()).get_json()['id']}"
    assert second_person.get(path).status_code == 404
    assert second_person.delete(path).status_code == 404
    assert signed_in.get(path).status_code == 200


@pytest.mark.parametrize(
    "changes", [{"token_hash": "c2hvcnQ"}, {"token_hash": None}, {"wrapped_key": None}, {"code": "ABCD"}]
)
def test_half_a_code_is_refused(signed_in: FlaskClient, app: Flask, changes: dict[str, Any]) -> None:
    body = {"token_hash": new_token(), "wrapped_key": SEALED, **changes}
    assert signed_in.post(f"{API}/joins", json=body).status_code == 422
    assert count_rows(app)["device_join"] == 0


def test_trying_codes_is_stopped_by_address(tmp_path: Any) -> None:
    app = make_app(settings_for(tmp_path, rate_limits=True))
    client = app.test_client()
    answers = [join(client, new_token()).status_code for _ in range(11)]
    dispose(app)
    assert answers == [401] * 10 + [429]
