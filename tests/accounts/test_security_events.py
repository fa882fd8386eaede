"""The log tells of every sign-in and every change of credentials, by kind alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.accounts.cast import API, SEALED, key, login, new_account
from tests.accounts.ways_in import add_passkey, invite, join, new_token, sign_in_with
from tests.conftest import dispose, make_app, settings_for
from tests.support.authenticator import Authenticator


@pytest.fixture
def loud(tmp_path: Path) -> Iterator[Flask]:
    """A server that logs."""
    app = make_app(settings_for(tmp_path, log_level="INFO"))
    yield app
    dispose(app)


def events(captured: pytest.CaptureFixture[str]) -> list[tuple[object, object]]:
    """What happened since the last look, but the requests themselves."""
    lines = [json.loads(line) for line in captured.readouterr().err.splitlines()]
    return [
        (line["event"], line.get("way") or line.get("what"))
        for line in lines
        if not line["event"].startswith("request")
    ]


def test_every_way_in_is_told_of_when_it_opens_and_when_it_is_refused(
    loud: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    device, passkey, token = loud.test_client(), Authenticator(), new_token()
    code = new_account(device).get_json()["recovery_code"]
    device.put(f"{API}/accounts/me/login", json=login())
    add_passkey(device, passkey)
    invite(device, token)
    events(capsys)
    for passphrase in ("a kettle at 2:40", "wrong"):
        loud.test_client().post(f"{API}/sessions", json={"name": "juniper", "auth_key": key(passphrase)})
    for _ in range(2):
        join(loud.test_client(), token)
    sign_in_with(loud.test_client(), passkey)
    passkey.counter = 0
    sign_in_with(loud.test_client(), passkey)
    for _ in range(2):
        loud.test_client().post(f"{API}/sessions", json={"recovery_code": code})
    ways = ["auth_key", "join_token", "passkey", "recovery_code"]
    assert events(capsys) == [(event, way) for way in ways for event in ("sign_in.opened", "sign_in.refused")]


def test_every_change_of_credentials_is_told_of(loud: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    device = loud.test_client()
    new_account(device)
    device.put(f"{API}/accounts/me/login", json=login())
    made = add_passkey(device, Authenticator()).get_json()
    device.delete(f"{API}/passkeys/{made['id']}")
    device.post(f"{API}/accounts/me/recovery")
    invite(device, new_token())
    keys = {"recovery": {**SEALED, "k": 2}}
    device.put(f"{API}/accounts/me/keys", json={"key_version": 2, "wrapped_keys": keys})
    device.delete(f"{API}/accounts/me")
    what = ["passphrase", "passkey_added", "passkey_deleted", "recovery_code", "join_code", "vault_key"]
    assert events(capsys) == [*[("credentials.changed", each) for each in what], ("account.deleted", None)]


def test_no_line_says_who(loud: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    device = loud.test_client()
    account = new_account(device).get_json()
    device.put(f"{API}/accounts/me/login", json=login())
    loud.test_client().post(f"{API}/sessions", json={"name": "juniper", "auth_key": key("wrong")})
    text = capsys.readouterr().err
    for secret in (account["id"], account["recovery_code"], "juniper", key("wrong"), "127.0.0.1"):
        assert secret not in text
