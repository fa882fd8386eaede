"""People's secrets for account tests, and a second device for a person."""

import base64
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

API = "/api/v1"
CODE = re.compile(r"([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}")
SEALED = {"v": 1, "iv": "AAECAwQFBgcICQoL", "ct": "A" * 64}


def key(text: str) -> str:
    """32 bytes as a device would derive them, base64url."""
    return base64.urlsafe_b64encode(text.encode().ljust(32, b".")).rstrip(b"=").decode()


def login(name: str = "Juniper", passphrase: str = "a kettle at 2:40", **changes: Any) -> dict[str, Any]:
    """The body of `PUT /accounts/me/login`."""
    kdf = {"v": 1, "algorithm": "pbkdf2_sha256", "rounds": 600_000, "salt": "AAECAwQFBgcICQoLDA0ODw"}
    return {"name": name, "auth_key": key(passphrase), "kdf": kdf, "wrapped_key": SEALED, **changes}


def new_account(client: FlaskClient, timezone: str = "Europe/Dublin") -> TestResponse:
    """The answer to making a device account."""
    return client.post(f"{API}/accounts", json={"timezone": timezone, "locale": "en"})


def device_signed_in(app: Flask, name: str = "Juniper", passphrase: str = "a kettle at 2:40") -> FlaskClient:
    """Another device, signed in by name."""
    device = app.test_client()
    answer = device.post(f"{API}/sessions", json={"name": name, "auth_key": key(passphrase)})
    assert answer.status_code == 200, answer.text
    return device


def is_signed_in(client: FlaskClient) -> bool:
    """Whether the device's cookie still opens its account."""
    return client.get(f"{API}/accounts/me").status_code == 200
