"""The app's vault against `cryptography`: the same known answers are checked by pwa/tests/vault/vault.test.ts."""

import base64
import hashlib
import json
import unicodedata
import uuid
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.accounts.joins import token_hash
from server.accounts.recovery import to_code, to_secret

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vault.json").read_text(encoding="utf-8"))
WRAPPED_PLACE = b"account/wrapped_keys/recovery"


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(key: bytes, envelope: dict[str, Any], place: bytes) -> bytes:
    return AESGCM(key).decrypt(decoded(envelope["iv"]), decoded(envelope["ct"]), place)


@pytest.mark.parametrize("vector", VECTORS["sealed"])
def test_a_sealed_text_opens_in_its_place(vector: dict[str, Any]) -> None:
    text = opened(decoded(vector["key"]), vector["sealed"], vector["place"].encode())
    assert text.decode() == vector["text"]


@pytest.mark.parametrize("vector", VECTORS["sealed"])
def test_a_sealed_text_does_not_open_in_another_place(vector: dict[str, Any]) -> None:
    with pytest.raises(InvalidTag):
        opened(decoded(vector["key"]), vector["sealed"], b"letters/elsewhere/sealed_text")


@pytest.mark.parametrize("vector", VECTORS["recovery"])
def test_the_server_makes_and_reads_the_same_codes_as_the_app(vector: dict[str, Any]) -> None:
    assert to_code(decoded(vector["secret"])) == vector["code"]
    assert to_secret(vector["code"]) == decoded(vector["secret"])


@pytest.mark.parametrize("vector", VECTORS["recovery"])
def test_a_recovery_code_unwraps_the_vault_key(vector: dict[str, Any]) -> None:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"heartwood/recovery/wrap")
    wrapping_key = derivation.derive(decoded(vector["secret"]))
    assert wrapping_key == decoded(vector["wrapping_key"])
    assert opened(wrapping_key, vector["wrapped_key"], WRAPPED_PLACE) == decoded(vector["vault_key"])


@pytest.mark.parametrize("vector", VECTORS["well_known_ids"])
def test_marks_and_journey_have_ids_that_every_device_knows(vector: dict[str, str]) -> None:
    digest = hashlib.sha256(f"heartwood:{vector['collection']}:{vector['item']}".encode()).digest()
    raw = bytearray(6) + bytearray(digest[:10])
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    assert str(uuid.UUID(bytes=bytes(raw))) == vector["id"]


def stretched(secret: str, salt: bytes, rounds: int) -> tuple[bytes, bytes]:
    """What is shown to the server, and what wraps the vault keys."""
    derived = hashlib.pbkdf2_hmac("sha256", secret.encode(), salt, rounds, 64)
    return derived[:32], derived[32:]


def ring_of(vector: dict[str, Any], kind: str) -> list[bytes]:
    """The vault keys that a vector's wrapping opens to, the newest first."""
    held = opened(decoded(vector["wrapping_key"]), vector["wrapped_key"], f"account/wrapped_keys/{kind}".encode())
    assert vector["wrapped_key"].get("k", 1) == len(held) // 32
    return [held[start : start + 32] for start in range(0, len(held), 32)]


@pytest.mark.parametrize("vector", VECTORS["join"])
def test_a_code_for_a_second_device_gives_its_token_and_opens_the_ring(vector: dict[str, Any]) -> None:
    token, wrapping_key = stretched(vector["code"].replace("-", ""), b"heartwood/join/v1", 600_000)
    assert (token, wrapping_key) == (decoded(vector["token"]), decoded(vector["wrapping_key"]))
    assert token_hash(vector["token"]) == vector["token_hash"]
    assert ring_of(vector, "join") == list(map(decoded, vector["ring"]))


@pytest.mark.parametrize("vector", VECTORS["passphrase"])
def test_a_passphrase_gives_the_key_for_the_server_and_opens_the_ring(vector: dict[str, Any]) -> None:
    plain = unicodedata.normalize("NFKC", vector["passphrase"])
    auth_key, wrapping_key = stretched(plain, decoded(vector["kdf"]["salt"]), vector["kdf"]["rounds"])
    assert (auth_key, wrapping_key) == (decoded(vector["auth_key"]), decoded(vector["wrapping_key"]))
    assert ring_of(vector, "passphrase") == list(map(decoded, vector["ring"]))


@pytest.mark.parametrize("vector", VECTORS["passkey"])
def test_what_a_passkey_evaluates_opens_the_ring(vector: dict[str, Any]) -> None:
    assert hashlib.sha256(b"heartwood/passkey/wrap").digest() == decoded(vector["prf_salt"])
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"heartwood/passkey/wrap")
    assert derivation.derive(decoded(vector["prf_first"])) == decoded(vector["wrapping_key"])
    assert ring_of(vector, "passkey") == list(map(decoded, vector["ring"]))
