"""/passkeys, and POST /sessions {passkey}"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.clock import now
from tests.accounts.cast import API, SEALED, is_signed_in, new_account
from tests.accounts.ways_in import add_passkey, passkey_options, sign_in_with
from tests.conftest import count_rows, dispose, make_app, person, settings_for
from tests.support.authenticator import PRESENT, Authenticator, decoded, encoded

PUBLIC = "https://heartwood.example"
OTHER_KEY = {**SEALED, "ct": "B" * 64}


def test_a_passkey_opens_the_account_on_another_device_and_brings_its_key(any_database_app: Flask) -> None:
    device, other, passkey = any_database_app.test_client(), any_database_app.test_client(), Authenticator()
    account = new_account(device).get_json()
    made = add_passkey(device, passkey, label="iPhone", wrapped_key=SEALED)
    assert made.status_code == 201
    assert made.get_json() == {**made.get_json(), "label": "iPhone", "has_key": True, "last_used_at": None}
    opened = sign_in_with(other, passkey)
    assert opened.status_code == 200
    assert opened.get_json()["id"] == account["id"]
    assert opened.get_json()["wrapped_keys"] == {"passkey": SEALED}
    assert opened.get_json()["passkey_id"] == made.get_json()["id"]
    assert is_signed_in(device)
    assert is_signed_in(other)
    [listed] = other.get(f"{API}/passkeys").get_json()["items"]
    assert listed["last_used_at"] is not None


def test_a_key_may_come_after_the_passkey(signed_in: FlaskClient, app: Flask) -> None:
    passkey = Authenticator()
    made = add_passkey(signed_in, passkey).get_json()
    assert made["has_key"] is False
    assert sign_in_with(app.test_client(), passkey).get_json()["wrapped_keys"] == {"passkey": None}
    stored = signed_in.put(f"{API}/passkeys/{made['id']}/key", json={"wrapped_key": OTHER_KEY})
    assert stored.status_code == 204
    assert sign_in_with(app.test_client(), passkey).get_json()["wrapped_keys"] == {"passkey": OTHER_KEY}


def test_the_options_ask_for_a_verified_person_and_tell_nothing_about_them(signed_in: FlaskClient) -> None:
    first, again = passkey_options(signed_in, "registration"), passkey_options(signed_in, "registration")
    assert first["rp"] == {"name": "Heartwood", "id": "localhost"}
    assert {"residentKey": "required", "userVerification": "required"}.items() <= first[
        "authenticatorSelection"
    ].items()
    assert first["attestation"] == "none"
    assert first["user"] == {"id": again["user"]["id"], "name": "Heartwood", "displayName": "Heartwood"}
    assert len(decoded(first["user"]["id"])) == 32
    assert first["challenge"] != again["challenge"]
    request = passkey_options(signed_in, "authentication")
    assert request["userVerification"] == "required"
    assert request["rpId"] == "localhost"
    assert "allowCredentials" not in request


def test_a_device_is_not_asked_for_a_second_passkey_of_the_same_account(signed_in: FlaskClient) -> None:
    passkey = Authenticator()
    add_passkey(signed_in, passkey)
    excluded = passkey_options(signed_in, "registration")["excludeCredentials"]
    assert [each["id"] for each in excluded] == [encoded(passkey.credential_id)]


def test_asking_for_a_challenge_writes_nothing(client: FlaskClient, app: Flask) -> None:
    before = count_rows(app)
    passkey_options(client, "authentication")
    assert count_rows(app) == before


def test_without_a_label_the_browser_names_the_passkey(signed_in: FlaskClient) -> None:
    assert add_passkey(signed_in, Authenticator()).get_json()["label"] == "A device"


def test_a_deleted_passkey_signs_nobody_in_and_leaves_devices_signed_in(signed_in: FlaskClient, app: Flask) -> None:
    passkey, device = Authenticator(), app.test_client()
    made = add_passkey(signed_in, passkey).get_json()
    assert sign_in_with(device, passkey).status_code == 200
    assert signed_in.delete(f"{API}/passkeys/{made['id']}").status_code == 204
    assert signed_in.get(f"{API}/passkeys").get_json() == {"items": [], "after": None}
    refused = sign_in_with(app.test_client(), passkey)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "wrong_credentials")
    assert is_signed_in(device)


def test_an_answer_works_once(signed_in: FlaskClient, app: Flask) -> None:
    passkey, device = Authenticator(step=0), app.test_client()
    registration = {"credential": passkey.register(passkey_options(signed_in, "registration"))}
    assert signed_in.post(f"{API}/passkeys", json=registration).status_code == 201
    assert signed_in.post(f"{API}/passkeys", json=registration).status_code == 422
    assertion = {"passkey": passkey.sign_in(passkey_options(device, "authentication"))}
    assert device.post(f"{API}/sessions", json=assertion).status_code == 200
    assert app.test_client().post(f"{API}/sessions", json=assertion).status_code == 401


def test_a_challenge_is_good_for_five_minutes(signed_in: FlaskClient, app: Flask) -> None:
    passkey = Authenticator()
    with time_machine.travel(now(), tick=False) as clock:
        add_passkey(signed_in, passkey)
        asked = passkey_options(app.test_client(), "authentication")
        registration = passkey_options(signed_in, "registration")
        clock.shift(timedelta(minutes=5))
        late = app.test_client().post(f"{API}/sessions", json={"passkey": passkey.sign_in(asked)})
        assert late.status_code == 401
        credential = Authenticator().register(registration)
        assert signed_in.post(f"{API}/passkeys", json={"credential": credential}).status_code == 422


def test_a_challenge_is_understood_after_the_servers_secret_was_changed(signed_in: FlaskClient, app: Flask) -> None:
    passkey = Authenticator()
    add_passkey(signed_in, passkey)
    asked = passkey_options(signed_in, "authentication")
    app.config["SECRET_KEY_FALLBACKS"] = [app.config["SECRET_KEY"]]
    app.config["SECRET_KEY"] = "a newer secret of more than 32 characters"
    body = {"passkey": passkey.sign_in(asked)}
    assert app.test_client().post(f"{API}/sessions", json=body).status_code == 200
    app.config["SECRET_KEY_FALLBACKS"] = []
    body = {"passkey": passkey.sign_in(asked)}
    assert app.test_client().post(f"{API}/sessions", json=body).status_code == 401


def test_what_was_spent_is_forgotten_when_it_would_have_run_out(signed_in: FlaskClient, app: Flask) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        add_passkey(signed_in, Authenticator())
        add_passkey(signed_in, Authenticator())
        assert count_rows(app)["spent_challenge"] == 2
        clock.shift(timedelta(minutes=6))
        add_passkey(signed_in, Authenticator())
        assert count_rows(app)["spent_challenge"] == 1


def test_a_challenge_for_one_account_makes_no_passkey_for_another(
    signed_in: FlaskClient, second_person: FlaskClient
) -> None:
    credential = Authenticator().register(passkey_options(signed_in, "registration"))
    answer = second_person.post(f"{API}/passkeys", json={"credential": credential})
    assert answer.status_code == 422
    assert second_person.get(f"{API}/passkeys").get_json()["items"] == []


def test_a_challenge_for_one_ceremony_is_no_good_for_the_other(signed_in: FlaskClient, app: Flask) -> None:
    passkey, registration = Authenticator(), passkey_options(signed_in, "registration")
    swapped = {**registration, "challenge": passkey_options(signed_in, "authentication")["challenge"]}
    answer = signed_in.post(f"{API}/passkeys", json={"credential": passkey.register(swapped)})
    assert answer.status_code == 422
    add_passkey(signed_in, passkey)
    assertion = passkey.sign_in(passkey_options(signed_in, "registration"))
    assert app.test_client().post(f"{API}/sessions", json={"passkey": assertion}).status_code == 401


def test_a_counter_that_does_not_grow_is_refused(signed_in: FlaskClient, app: Flask) -> None:
    passkey = Authenticator()
    add_passkey(signed_in, passkey)
    assert sign_in_with(app.test_client(), passkey).status_code == 200
    passkey.counter -= 1
    assert sign_in_with(app.test_client(), passkey).status_code == 401
    assert sign_in_with(app.test_client(), passkey).status_code == 200


def test_a_synced_passkey_whose_counter_stays_at_nought_works(signed_in: FlaskClient, app: Flask) -> None:
    passkey = Authenticator(step=0)
    add_passkey(signed_in, passkey)
    assert {sign_in_with(app.test_client(), passkey).status_code for _ in range(3)} == {200}


@pytest.mark.parametrize("wrong", [{"origin": "https://elsewhere.example"}, {"flags": PRESENT}, {"flags": 0}])
def test_another_origin_or_an_unverified_person_is_refused_in_both_ceremonies(
    signed_in: FlaskClient, app: Flask, wrong: dict[str, Any]
) -> None:
    answer = add_passkey(signed_in, Authenticator(**wrong))
    assert answer.status_code == 422
    assert "credential" in answer.get_json()["errors"]
    passkey = Authenticator()
    add_passkey(signed_in, passkey)
    for name, value in wrong.items():
        setattr(passkey, name, value)
    before = count_rows(app)
    assert sign_in_with(app.test_client(), passkey).status_code == 401
    assert count_rows(app) == before


def test_somebody_elses_key_or_user_is_refused(signed_in: FlaskClient, app: Flask) -> None:
    passkey, forged = Authenticator(), Authenticator()
    add_passkey(signed_in, passkey)
    forged.credential_id, forged.user, forged.rp_id = passkey.credential_id, passkey.user, passkey.rp_id
    assert sign_in_with(app.test_client(), forged).status_code == 401
    passkey.user = encoded(b"x" * 32)
    assert sign_in_with(app.test_client(), passkey).status_code == 401


def test_an_unknown_passkey_gets_the_same_answer_as_a_wrong_one(signed_in: FlaskClient, app: Flask) -> None:
    unknown, wrong = Authenticator(user="eHh4", rp_id="localhost"), Authenticator()
    add_passkey(signed_in, wrong)
    wrong.flags = PRESENT
    assert sign_in_with(app.test_client(), unknown).get_json() == sign_in_with(app.test_client(), wrong).get_json()


@pytest.mark.parametrize("junk", [b"", b"\xff", b"\xa0" * 3, b"\x9f" * 5000, b"{}", b'{"type": 1}', bytes(37)])
@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
def test_junk_from_an_authenticator_is_a_refusal_never_a_failure(
    signed_in: FlaskClient, part: str, junk: bytes
) -> None:
    credential = Authenticator().register(passkey_options(signed_in, "registration"))
    credential["response"][part] = encoded(junk)
    assert signed_in.post(f"{API}/passkeys", json={"credential": credential}).status_code == 422


@pytest.mark.parametrize("junk", [b"\xff", b"{}", bytes(37), b"\x30" * 80])
@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_junk_at_sign_in_is_a_refusal_never_a_failure(
    signed_in: FlaskClient, app: Flask, part: str, junk: bytes
) -> None:
    passkey = Authenticator()
    add_passkey(signed_in, passkey)
    assertion = passkey.sign_in(passkey_options(signed_in, "authentication"))
    assertion["response"][part] = encoded(junk)
    assert app.test_client().post(f"{API}/sessions", json={"passkey": assertion}).status_code == 401


def test_the_secret_of_the_prf_extension_is_never_taken(signed_in: FlaskClient, app: Flask) -> None:
    passkey = Authenticator()
    credential = passkey.register(passkey_options(signed_in, "registration"))
    credential["clientExtensionResults"] = {"prf": {"enabled": True, "results": {"first": encoded(bytes(32))}}}
    assert signed_in.post(f"{API}/passkeys", json={"credential": credential}).status_code == 422
    credential["clientExtensionResults"] = {"prf": {"enabled": True}}
    assert signed_in.post(f"{API}/passkeys", json={"credential": credential}).status_code == 201
    assertion = passkey.sign_in(passkey_options(signed_in, "authentication"))
    assertion["clientExtensionResults"] = {"prf": {"results": {"first": encoded(bytes(32))}}}
    assert app.test_client().post(f"{API}/sessions", json={"passkey": assertion}).status_code == 422


def test_somebody_elses_passkey_is_not_found(signed_in: FlaskClient, second_person: FlaskClient) -> None:
    made = add_passkey(signed_in, Authenticator(), wrapped_key=SEALED).get_json()
    stolen = second_person.put(f"{API}/passkeys/{made['id']}/key", json={"wrapped_key": OTHER_KEY})
    assert stolen.status_code == 404
    assert second_person.delete(f"{API}/passkeys/{made['id']}").status_code == 404
    assert len(signed_in.get(f"{API}/passkeys").get_json()["items"]) == 1


def test_the_same_passkey_is_kept_once(signed_in: FlaskClient, second_person: FlaskClient) -> None:
    passkey = Authenticator()
    assert add_passkey(signed_in, passkey).status_code == 201
    assert add_passkey(second_person, passkey).status_code == 422


def test_an_account_has_twenty_passkeys_at_most(signed_in: FlaskClient) -> None:
    answers = [add_passkey(signed_in, Authenticator()).status_code for _ in range(21)]
    assert answers == [201] * 20 + [409]


def test_on_a_public_server_only_its_own_address_counts(tmp_path: Path) -> None:
    app = make_app(settings_for(tmp_path, public_url=PUBLIC))
    client = app.test_client()
    client.post(f"{API}/accounts", json={"timezone": "Europe/Dublin", "locale": "en"}, base_url=PUBLIC)
    answers = []
    for origin in (PUBLIC, "http://localhost", "https://heartwood.example.org"):
        asked = client.post(f"{API}/passkeys/registration", base_url=PUBLIC).get_json()
        assert asked["rp"]["id"] == "heartwood.example"
        credential = Authenticator(origin=origin).register(asked)
        answers.append(client.post(f"{API}/passkeys", json={"credential": credential}, base_url=PUBLIC).status_code)
    dispose(app)
    assert answers == [201, 422, 422]


def test_another_person_has_another_user_id(app: Flask) -> None:
    users = {passkey_options(person(app), "registration")["user"]["id"] for _ in range(3)}
    assert len(users) == 3
