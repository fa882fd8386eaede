"""PUT /accounts/me/login, GET /logins/<name>/kdf and POST /sessions {name, auth_key}"""

from typing import Any, Literal

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from server.accounts import passwords
from server.accounts.models import Account
from server.database import db
from tests.accounts.cast import API, SEALED, device_signed_in, is_signed_in, key, login, new_account
from tests.conftest import count_rows


def test_a_name_and_passphrase_open_the_account_on_another_device(signed_in: FlaskClient, app: Flask) -> None:
    answer = signed_in.put(f"{API}/accounts/me/login", json=login())
    assert answer.status_code == 200
    assert answer.get_json()["name"] == "juniper"
    assert answer.get_json()["has_passphrase"] is True
    assert answer.get_json()["wrapped_keys"] == {"passphrase": SEALED}
    device = app.test_client()
    opened = device.post(f"{API}/sessions", json={"name": " JUNIPER", "auth_key": key("a kettle at 2:40")})
    assert opened.status_code == 200
    assert opened.get_json()["id"] == answer.get_json()["id"]
    assert opened.get_json()["wrapped_keys"] == {"passphrase": SEALED}
    assert "recovery_code" not in opened.get_json()
    assert is_signed_in(signed_in)


def test_only_an_argon2id_hash_is_kept(signed_in: FlaskClient, app: Flask) -> None:
    signed_in.put(f"{API}/accounts/me/login", json=login())
    with app.app_context():
        account = db.session.scalars(sa.select(Account)).one()
    assert account.auth_hash is not None
    assert account.auth_hash.startswith("$argon2id$")
    assert key("a kettle at 2:40") not in str(vars(account))


def test_new_credentials_sign_every_other_device_out(signed_in: FlaskClient, app: Flask) -> None:
    signed_in.put(f"{API}/accounts/me/login", json=login())
    device = device_signed_in(app)
    changed = signed_in.put(f"{API}/accounts/me/login", json=login(passphrase="another one"))
    assert changed.status_code == 200
    assert not is_signed_in(device)
    assert is_signed_in(signed_in)
    old = {"name": "juniper", "auth_key": key("a kettle at 2:40")}
    assert app.test_client().post(f"{API}/sessions", json=old).status_code == 401


def test_a_name_that_somebody_has_is_refused_and_nothing_changes(
    signed_in: FlaskClient, second_person: FlaskClient, app: Flask
) -> None:
    signed_in.put(f"{API}/accounts/me/login", json=login("Juniper"))
    answer = second_person.put(f"{API}/accounts/me/login", json=login("jUNIPER", "mine"))
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "name_taken"
    assert second_person.get(f"{API}/accounts/me").get_json()["name"] is None
    device_signed_in(app)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "ab"}, "name"),
        ({"name": "-dash-"}, "name"),
        ({"name": "two words"}, "name"),
        ({"name": "nul\x00nul"}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"auth_key": "c2hvcnQ"}, "auth_key"),
        ({"auth_key": key("x") + "="}, "auth_key"),
        ({"kdf": None}, "kdf"),
        ({"kdf": {**login()["kdf"], "rounds": 1000}}, "kdf"),
        ({"kdf": {**login()["kdf"], "rounds": 10**9}}, "kdf"),
        ({"kdf": {**login()["kdf"], "algorithm": "md5"}}, "kdf"),
        ({"wrapped_key": {}}, "wrapped_key"),
        ({"passphrase": "in clear"}, "passphrase"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_changes(
    signed_in: FlaskClient, changes: dict[str, Any], field: str
) -> None:
    answer = signed_in.put(f"{API}/accounts/me/login", json={**login(), **changes})
    assert answer.status_code == 422
    assert field in answer.get_json()["errors"]
    assert signed_in.get(f"{API}/accounts/me").get_json()["has_passphrase"] is False


@pytest.mark.parametrize(("name", "passphrase"), [("juniper", "wrong"), ("nobody", "a kettle at 2:40")])
def test_a_wrong_name_and_a_wrong_passphrase_get_the_same_answer(
    signed_in: FlaskClient, app: Flask, name: str, passphrase: str
) -> None:
    signed_in.put(f"{API}/accounts/me/login", json=login())
    before = count_rows(app)
    answer = app.test_client().post(f"{API}/sessions", json={"name": name, "auth_key": key(passphrase)})
    assert answer.status_code == 401
    assert answer.get_json()["code"] == "wrong_credentials"
    assert answer.get_json()["detail"] == "No account has this name with this passphrase."
    assert count_rows(app) == before


def test_an_unknown_name_costs_the_server_the_same_hash(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, *args: str | bytes) -> Literal[True]:
            checked.append(str(args[0]))
            return super().verify(*args)

    monkeypatch.setattr(passwords, "HASHER", Watched(time_cost=2, memory_cost=19 * 1024, parallelism=1))
    client.post(f"{API}/sessions", json={"name": "nobody", "auth_key": key("x")})
    assert [stored.split("$")[1:4] for stored in checked] == [["argon2id", "v=19", "m=19456,t=2,p=1"]]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "juniper"},
        {"auth_key": key("x")},
        {"name": "juniper", "auth_key": key("x"), "recovery_code": "x"},
        {"name": ["juniper"], "auth_key": key("x")},
    ],
)
def test_half_a_sign_in_is_refused(client: FlaskClient, body: dict[str, object]) -> None:
    assert client.post(f"{API}/sessions", json=body).status_code == 422


def test_a_hash_with_old_parameters_is_renewed_at_sign_in(signed_in: FlaskClient, app: Flask) -> None:
    signed_in.put(f"{API}/accounts/me/login", json=login())
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    with app.app_context():
        db.session.execute(sa.update(Account).values(auth_hash=weak.hash(key("a kettle at 2:40"))))
        db.session.commit()
    device_signed_in(app)
    with app.app_context():
        stored = db.session.scalars(sa.select(Account.auth_hash)).one()
    assert stored is not None
    assert not passwords.is_outdated(stored)
    device_signed_in(app)


def test_signing_in_elsewhere_ends_the_session_that_the_cookie_held(app: Flask, signed_in: FlaskClient) -> None:
    signed_in.put(f"{API}/accounts/me/login", json=login())
    device = app.test_client()
    new_account(device)
    before = count_rows(app)["auth_session"]
    body = {"name": "juniper", "auth_key": key("a kettle at 2:40")}
    assert device.post(f"{API}/sessions", json=body).status_code == 200
    assert count_rows(app)["auth_session"] == before
    assert device.get(f"{API}/accounts/me").get_json()["name"] == "juniper"


def test_a_device_learns_how_to_derive_its_key(signed_in: FlaskClient, client: FlaskClient) -> None:
    signed_in.put(f"{API}/accounts/me/login", json=login())
    assert client.get(f"{API}/logins/Juniper/kdf").get_json() == login()["kdf"]


def test_an_unknown_name_gets_the_same_made_up_parameters_each_time(client: FlaskClient) -> None:
    first, again = client.get(f"{API}/logins/nobody/kdf"), client.get(f"{API}/logins/NOBODY/kdf")
    other = client.get(f"{API}/logins/noone/kdf")
    assert first.status_code == 200
    assert first.get_json() == again.get_json()
    assert first.get_json()["salt"] != other.get_json()["salt"]
    assert first.get_json().keys() == login()["kdf"].keys()
    assert {**first.get_json(), "salt": ""} == {**login()["kdf"], "salt": ""}


def test_signing_in_works_on_every_database(any_database_app: Flask) -> None:
    client, taken = any_database_app.test_client(), any_database_app.test_client()
    new_account(client)
    new_account(taken)
    assert client.put(f"{API}/accounts/me/login", json=login()).status_code == 200
    assert taken.put(f"{API}/accounts/me/login", json=login()).status_code == 409
    device_signed_in(any_database_app)


@pytest.mark.parametrize("name", ["nul\x00", "\ud800", "x" * 200, "' OR ''='", "\u202e"])
def test_odd_names_are_nobodys(any_database_app: Flask, name: str) -> None:
    answer = any_database_app.test_client().post(f"{API}/sessions", json={"name": name, "auth_key": key("x")})
    assert answer.status_code == 401
