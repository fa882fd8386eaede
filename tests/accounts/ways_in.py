"""Steps of the ways in that several tests walk: passkeys, and codes shown to a second device."""

import hashlib
import secrets
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.accounts.cast import API, SEALED
from tests.support.authenticator import Authenticator, decoded, encoded

ANDROID = {"User-Agent": "Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0"}


def passkey_options(client: FlaskClient, ceremony: str) -> dict[str, Any]:
    """What the browser is asked in a ceremony, `registration` or `authentication`."""
    answer = client.post(f"{API}/passkeys/{ceremony}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def add_passkey(client: FlaskClient, passkey: Authenticator, **given: Any) -> TestResponse:
    """The answer to a signed-in device that adds a passkey."""
    credential = passkey.register(passkey_options(client, "registration"))
    return client.post(f"{API}/passkeys", json={"credential": credential, **given})


def sign_in_with(client: FlaskClient, passkey: Authenticator) -> TestResponse:
    """The answer to a device that signs in with a passkey."""
    assertion = passkey.sign_in(passkey_options(client, "authentication"))
    return client.post(f"{API}/sessions", json={"passkey": assertion})


def new_token() -> str:
    """A token as a device derives it from a code."""
    return encoded(secrets.token_bytes(32))


def invite(client: FlaskClient, token: str) -> TestResponse:
    """The answer to a signed-in device that shows a code."""
    digest = encoded(hashlib.sha256(decoded(token)).digest())
    return client.post(f"{API}/joins", json={"token_hash": digest, "wrapped_key": SEALED})


def join(client: FlaskClient, token: str) -> TestResponse:
    """The answer to a second device that has the code."""
    return client.post(f"{API}/sessions", json={"join_token": token}, headers=ANDROID)
