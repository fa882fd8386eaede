"""POST /accounts"""

import hashlib

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from server.accounts import recovery
from server.accounts.models import Account, AuthSession
from server.database import db
from tests.accounts.cast import API, CODE, is_signed_in, new_account
from tests.conftest import count_rows


def test_a_device_gets_an_account_without_saying_who_it_is(client: FlaskClient) -> None:
    answer = new_account(client)
    assert answer.status_code == 201
    assert set(answer.get_json()) == {
        "id", "created_at", "timezone", "locale", "name", "has_passphrase", "key_version", "expires_at",
        "wrapped_keys", "recovery_code",
    }  # fmt: skip
    assert answer.get_json()["timezone"] == "Europe/Dublin"
    assert answer.get_json()["name"] is None
    assert answer.get_json()["has_passphrase"] is False
    assert answer.get_json()["wrapped_keys"] == {}
    assert CODE.fullmatch(answer.get_json()["recovery_code"])
    assert is_signed_in(client)


def test_asking_again_answers_the_same_account_and_no_code(client: FlaskClient, app: Flask) -> None:
    first = new_account(client)
    again = new_account(client, "Asia/Tokyo")
    assert again.status_code == 200
    assert again.get_json()["id"] == first.get_json()["id"]
    assert again.get_json()["timezone"] == "Europe/Dublin"
    assert "recovery_code" not in again.get_json()
    assert count_rows(app)["account"] == 1


def test_neither_the_code_nor_the_token_is_kept(client: FlaskClient, app: Flask) -> None:
    code = new_account(client).get_json()["recovery_code"]
    secret = recovery.to_secret(code)
    with app.app_context():
        account = db.session.scalars(sa.select(Account)).one()
        session = db.session.scalars(sa.select(AuthSession)).one()
        kept = " ".join(str(vars(row)) for row in (account, session))
    assert account.recovery_hash == hashlib.sha256(b"heartwood/recovery/sign-in" + secret).hexdigest()
    assert code not in kept
    assert secret.hex() not in kept
    cookie = client.get_cookie("heartwood")
    assert cookie is not None
    assert session.token_hash not in cookie.value


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_lasts(client: FlaskClient) -> None:
    cookie = new_account(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Expires=" in cookie


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"timezone": "Europe/Nowhere", "locale": "en"}, "timezone"),
        ({"timezone": "../etc/passwd", "locale": "en"}, "timezone"),
        ({"timezone": 5, "locale": "en"}, "timezone"),
        ({"locale": "en"}, "timezone"),
        ({"timezone": "UTC", "locale": "English\n"}, "locale"),
        ({"timezone": "UTC", "locale": "en", "email": "a@b.example"}, "email"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_made(
    client: FlaskClient, app: Flask, body: dict[str, object], field: str
) -> None:
    answer = client.post(f"{API}/accounts", json=body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert field in answer.get_json()["errors"]
    assert count_rows(app)["account"] == 0
    assert client.get_cookie("heartwood") is None


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"null", b"\xff\xfe"])
def test_what_is_not_a_json_object_is_refused(client: FlaskClient, app: Flask, body: bytes) -> None:
    answer = client.post(f"{API}/accounts", data=body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"
    assert count_rows(app)["account"] == 0


def test_an_account_works_on_every_database(any_database_app: Flask) -> None:
    client = any_database_app.test_client()
    assert new_account(client).status_code == 201
    assert is_signed_in(client)
