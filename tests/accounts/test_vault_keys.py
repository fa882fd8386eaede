"""PUT /accounts/me/keys: a new vault key, as its wrapped copies"""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.database import uuid7
from tests.accounts.cast import API, SEALED, device_signed_in, is_signed_in, login, new_account
from tests.accounts.ways_in import add_passkey, invite, join, new_token, sign_in_with
from tests.records.samples import SAMPLES
from tests.support.authenticator import Authenticator

NEXT = {**SEALED, "ct": "C" * 64, "k": 2}
PATH = f"{API}/accounts/me/keys"


def test_all_copies_are_replaced_at_once_and_other_devices_signed_out(any_database_app: Flask) -> None:
    client, passkey, token = any_database_app.test_client(), Authenticator(), new_token()
    assert new_account(client).get_json()["key_version"] == 1
    client.put(f"{API}/accounts/me/login", json=login())
    client.put(f"{API}/accounts/me/recovery", json={"wrapped_key": SEALED})
    made = add_passkey(client, passkey, wrapped_key=SEALED).get_json()
    invite(client, token)
    other = device_signed_in(any_database_app)
    keys = {"passphrase": NEXT, "recovery": NEXT, "passkeys": {made["id"]: NEXT}}
    answer = client.put(PATH, json={"key_version": 2, "wrapped_keys": keys})
    assert answer.status_code == 200
    assert answer.get_json()["key_version"] == 2
    assert answer.get_json()["wrapped_keys"] == {"passphrase": NEXT, "recovery": NEXT}
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert sign_in_with(any_database_app.test_client(), passkey).get_json()["wrapped_keys"]["passkey"] == NEXT
    assert join(any_database_app.test_client(), token).status_code == 401


def test_a_way_in_that_is_left_out_brings_no_key_any_more(signed_in: FlaskClient, app: Flask) -> None:
    passkey = Authenticator()
    signed_in.put(f"{API}/accounts/me/login", json=login())
    add_passkey(signed_in, passkey, wrapped_key=SEALED)
    answer = signed_in.put(PATH, json={"key_version": 2, "wrapped_keys": {"recovery": NEXT}})
    assert answer.get_json()["wrapped_keys"] == {"recovery": NEXT}
    assert sign_in_with(app.test_client(), passkey).get_json()["wrapped_keys"] == {"recovery": NEXT, "passkey": None}
    assert is_signed_in(device_signed_in(app))


@pytest.mark.parametrize("version", [1, 3, 0, "2", None])
def test_only_the_next_version_is_taken(signed_in: FlaskClient, version: object) -> None:
    keys = {"recovery": {**NEXT, "k": version}} if version == 3 else {}
    answer = signed_in.put(PATH, json={"key_version": version, "wrapped_keys": keys})
    assert answer.status_code == (409 if version == 3 else 422)
    assert signed_in.get(f"{API}/accounts/me").get_json()["key_version"] == 1


def test_of_two_devices_that_change_the_key_the_second_is_told(signed_in: FlaskClient) -> None:
    assert signed_in.put(PATH, json={"key_version": 2, "wrapped_keys": {"recovery": NEXT}}).status_code == 200
    late = signed_in.put(PATH, json={"key_version": 2, "wrapped_keys": {}})
    assert late.status_code == 409
    assert late.get_json()["current"] == 2
    assert signed_in.get(f"{API}/accounts/me").get_json()["wrapped_keys"] == {"recovery": NEXT}


@pytest.mark.parametrize(
    "keys", [{"recovery": SEALED}, {"passphrase": {**NEXT, "k": 3}}, {"passkeys": {"x": NEXT}}, {"join": NEXT}, None]
)
def test_a_copy_of_another_version_or_for_nothing_is_refused(signed_in: FlaskClient, keys: object) -> None:
    answer = signed_in.put(PATH, json={"key_version": 2, "wrapped_keys": keys})
    assert answer.status_code == 422
    assert "wrapped_keys" in answer.get_json()["errors"]
    assert signed_in.get(f"{API}/accounts/me").get_json()["key_version"] == 1


def test_somebody_elses_passkey_gets_no_key(signed_in: FlaskClient, second_person: FlaskClient) -> None:
    made = add_passkey(second_person, Authenticator()).get_json()
    for unknown in (made["id"], uuid7()):
        keys = {"passkeys": {unknown: NEXT}}
        assert signed_in.put(PATH, json={"key_version": 2, "wrapped_keys": keys}).status_code == 422
    assert signed_in.get(f"{API}/accounts/me").get_json()["key_version"] == 1
    assert second_person.get(f"{API}/passkeys").get_json()["items"][0]["has_key"] is False


@pytest.mark.parametrize("version", [1, 2, 1000])
def test_a_record_keeps_the_version_of_its_key(signed_in: FlaskClient, version: int) -> None:
    sealed: dict[str, Any] = {**SEALED, "k": version}
    row = {"newDocumentState": {**SAMPLES["letters"], "id": uuid7(), "sealed_text": sealed}}
    assert signed_in.post(f"{API}/sync/letters/push", json=[row]).get_json() == []
    [document] = signed_in.get(f"{API}/sync/letters/pull").get_json()["documents"]
    assert document["sealed_text"] == sealed


@pytest.mark.parametrize("version", [0, 1001, "2", 1.0, None, True])
def test_a_version_is_a_whole_number_from_one(signed_in: FlaskClient, version: object) -> None:
    row = {"newDocumentState": {**SAMPLES["letters"], "id": uuid7(), "sealed_text": {**SEALED, "k": version}}}
    assert signed_in.post(f"{API}/sync/letters/push", json=[row]).status_code == 422
