"""Somebody who uses everything, so that every table that can holds something of theirs; their words sealed for real."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient

from server.clock import now
from server.database import transaction, uuid7
from server.nudges.models import NudgeDelivery
from server.records.models import Horizon
from tests.accounts.cast import API, key, login, new_account
from tests.accounts.ways_in import add_passkey, invite, join, new_token, sign_in_with
from tests.records.samples import document, row
from tests.support.authenticator import Authenticator, encoded

#: What they wrote. Each is looked for afterwards where it must not be.
NOTE = "The kettle clicked off and I stood there with my sleeve in my hand."
TITLE = "What I would have said on the stairs"
TEXT = "Dear you. It rained on the twelfth and nobody came to take the washing in."
NAMES = '{"people":{"call":"Aunt Rosalind"},"feelings":{"mine-1":"like a Sunday"}}'
PASSPHRASE = "marmalade on the good chair"
WORDS = (NOTE, TITLE, TEXT, NAMES, "Aunt Rosalind", "like a Sunday", PASSPHRASE)


@dataclass
class Life:
    """A person, by what they hold: their devices, their secrets, and the ids of what is theirs."""

    device: FlaskClient
    account_id: str
    name: str
    recovery_code: str
    vault_key: bytes
    passkey: Authenticator
    join_token: str
    ids: dict[str, str] = field(default_factory=dict)

    def secrets(self) -> list[bytes]:
        """What the server must never have kept."""
        codes = [self.recovery_code, self.recovery_code.replace("-", ""), self.join_token, key(PASSPHRASE)]
        return [self.vault_key, *(code.encode() for code in codes)]


def live(app: Flask, name: str = "juniper") -> Life:
    """Go through everything there is."""
    device = app.test_client()
    account = new_account(device).get_json()
    life = Life(
        device, account["id"], name, account["recovery_code"], secrets.token_bytes(32), Authenticator(), new_token()
    )
    _secure(life)
    _write(life)
    _be_nudged(app, life)
    _sign_in_everywhere(app, life)
    return life


def sealed(vault_key: bytes, text: str, place: str) -> dict[str, Any]:
    """An envelope as the app makes it (docs/accounts.md)."""
    iv = secrets.token_bytes(12)
    return {"v": 1, "iv": encoded(iv), "ct": encoded(AESGCM(vault_key).encrypt(iv, text.encode(), place.encode()))}


def _secure(life: Life) -> None:
    wrapped = sealed(secrets.token_bytes(32), life.vault_key.hex(), "account/wrapped_keys")
    body = login(life.name, PASSPHRASE, wrapped_key=wrapped)
    assert life.device.put(f"{API}/accounts/me/login", json=body).status_code == 200
    assert life.device.put(f"{API}/accounts/me/recovery", json={"wrapped_key": wrapped}).status_code == 200
    life.ids["passkeys"] = _made(add_passkey(life.device, life.passkey, wrapped_key=wrapped), 201)


def _write(life: Life) -> None:
    for collection, words in (
        ("checkins", {"sealed_note": NOTE}),
        ("urges", {}),
        ("letters", {"sealed_title": TITLE, "sealed_text": TEXT}),
        ("marks", {}),
        ("journey", {"sealed_words": NAMES}),
    ):
        made = document(collection)
        for name, text in words.items():
            made[name] = sealed(life.vault_key, text, f"{collection}/{made['id']}/{name}")
        assert life.device.post(f"{API}/sync/{collection}/push", json=[row(made)]).get_json() == []
        life.ids[collection] = made["id"]


def _be_nudged(app: Flask, life: Life) -> None:
    keys = {"p256dh": encoded(_point()), "auth": encoded(secrets.token_bytes(16))}
    subscription = {"endpoint": f"https://fcm.googleapis.com/fcm/send/{life.account_id}", "keys": keys}
    answer = life.device.put(f"{API}/push/subscriptions", json={**subscription, "expirationTime": None})
    life.ids["subscriptions"] = _made(answer, 200)
    assert life.device.put(f"{API}/nudges/plan", json={"times": ["09:00"]}).status_code == 200
    nudge = NudgeDelivery(
        id=uuid7(), account_id=life.account_id, slot="2026-11-24T09:00", due_at=now(), expires_at=now(),
        lease_until=now(), state="sent", sent_at=now(), kind="read", title="A page", body="It is short.",
        opens="/read", reason="the next one",
    )  # fmt: skip
    life.ids["nudges"] = str(nudge.id)
    with app.app_context(), transaction() as session:
        session.add(nudge)
        session.add(Horizon(account_id=life.account_id, collection="letters", rev=0))


def _sign_in_everywhere(app: Flask, life: Life) -> None:
    by_name = {"name": life.name, "auth_key": key(PASSPHRASE)}
    assert app.test_client().post(f"{API}/sessions", json=by_name).status_code == 200
    assert sign_in_with(app.test_client(), life.passkey).status_code == 200
    life.ids["joins"] = _made(invite(life.device, life.join_token), 201)
    assert join(app.test_client(), life.join_token).status_code == 200
    life.join_token = new_token()
    life.ids["joins"] = _made(invite(life.device, life.join_token), 201)
    [mine] = [each for each in life.device.get(f"{API}/sessions").get_json()["items"] if each["current"]]
    life.ids["sessions"] = mine["id"]


def _made(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.get_json()["id"])


def _point() -> bytes:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
