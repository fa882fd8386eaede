"""The codes themselves, and signing in with one: POST /sessions {recovery_code}"""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from server.accounts import recovery
from tests.accounts.cast import API, CODE, SEALED, is_signed_in, new_account
from tests.conftest import count_rows

#: Shared with the tests of the app: the code and the sign-in hash of the bytes 00 01 … 0f.
KNOWN_CODE = "000G-40R4-0M30-E209-185G-R38E-1YTF"
KNOWN_FINGERPRINT = "62598bcf1e8522ee060366194dd9733c15d82015e79a204b4c0169619c1de99b"


def test_a_known_secret_has_a_known_code() -> None:
    assert recovery.to_code(bytes(range(16))) == KNOWN_CODE
    assert recovery.fingerprint(bytes(range(16))) == KNOWN_FINGERPRINT


@given(st.binary(min_size=16, max_size=16))
def test_every_code_leads_back_to_its_secret(secret: bytes) -> None:
    code = recovery.to_code(secret)
    assert CODE.fullmatch(code)
    assert recovery.to_secret(code) == secret
    assert recovery.to_secret(code.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == secret


@given(st.binary(min_size=16, max_size=16), st.integers(0, 27), st.sampled_from(recovery.ALPHABET))
def test_one_mistaken_character_never_leads_to_another_secret_unnoticed(
    secret: bytes, place: int, character: str
) -> None:
    digits = list(recovery.to_code(secret).replace("-", ""))
    mistyped = "".join([*digits[:place], character, *digits[place + 1 :]])
    try:
        found = recovery.to_secret(mistyped)
    except recovery.MistypedCode:
        return
    # 1 in 4,096 slips passes the check by chance; it is then a wrong code, and the server says so.
    assert found == secret or recovery.to_code(found).replace("-", "") == mistyped


def test_a_code_signs_in_once_and_is_replaced(client: FlaskClient, app: Flask) -> None:
    device = app.test_client()
    made = new_account(device).get_json()
    answer = client.post(f"{API}/sessions", json={"recovery_code": made["recovery_code"]})
    assert answer.status_code == 200
    assert answer.get_json()["id"] == made["id"]
    assert CODE.fullmatch(answer.get_json()["recovery_code"])
    assert answer.get_json()["recovery_code"] != made["recovery_code"]
    assert is_signed_in(client)
    assert not is_signed_in(device)
    used = app.test_client().post(f"{API}/sessions", json={"recovery_code": made["recovery_code"]})
    assert used.status_code == 401
    assert used.get_json()["code"] == "wrong_credentials"
    assert is_signed_in(client)


def test_the_next_code_works_and_brings_the_wrapped_key(client: FlaskClient, app: Flask) -> None:
    device = app.test_client()
    code = new_account(device).get_json()["recovery_code"]
    stored = device.put(f"{API}/accounts/me/recovery", json={"wrapped_key": SEALED})
    assert stored.status_code == 200
    assert stored.get_json()["wrapped_keys"] == {"recovery": SEALED}
    next_code = client.post(f"{API}/sessions", json={"recovery_code": code}).get_json()["recovery_code"]
    answer = app.test_client().post(f"{API}/sessions", json={"recovery_code": next_code.lower()})
    assert answer.get_json()["wrapped_keys"] == {"recovery": SEALED}


@pytest.mark.parametrize("code", ["", "0000", "x" * 100, "UUUU-UUUU-UUUU-UUUU-UUUU-UUUU-UUUU", 7, None])
def test_what_is_no_code_at_all_is_said_to_be_mistyped(client: FlaskClient, code: object) -> None:
    answer = client.post(f"{API}/sessions", json={"recovery_code": code})
    assert answer.status_code == 422
    assert "recovery_code" in answer.get_json()["errors"]


def test_a_well_formed_code_of_nobody_is_refused_and_nothing_changes(
    client: FlaskClient, signed_in: FlaskClient, app: Flask
) -> None:
    before = count_rows(app)
    answer = client.post(f"{API}/sessions", json={"recovery_code": recovery.to_code(bytes(16))})
    assert answer.status_code == 401
    assert count_rows(app) == before
    assert is_signed_in(signed_in)


@pytest.mark.parametrize("wrapped", [None, {}, "text", {**SEALED, "v": 0}, {**SEALED, "iv": "AA"}, {**SEALED, "x": 1}])
def test_a_wrapped_key_must_be_an_envelope(signed_in: FlaskClient, wrapped: object) -> None:
    answer = signed_in.put(f"{API}/accounts/me/recovery", json={"wrapped_key": wrapped})
    assert answer.status_code == 422
    assert signed_in.get(f"{API}/accounts/me").get_json()["wrapped_keys"] == {}
