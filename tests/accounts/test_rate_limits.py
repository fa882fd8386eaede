"""429 where somebody tries too often"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.accounts.cast import API, key, login, new_account
from tests.conftest import dispose, make_app, settings_for


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Flask]:
    app = make_app(settings_for(tmp_path, rate_limits=True))
    yield app
    dispose(app)


def test_guessing_a_passphrase_is_stopped_with_a_time_to_wait(limited: Flask) -> None:
    client = limited.test_client()
    new_account(client)
    client.put(f"{API}/accounts/me/login", json=login())
    guesser = limited.test_client()
    for turn in range(10):
        guess = {"name": "juniper", "auth_key": key(f"guess {turn}")}
        assert guesser.post(f"{API}/sessions", json=guess).status_code == 401
    answer = guesser.post(f"{API}/sessions", json={"name": "juniper", "auth_key": login()["auth_key"]})
    assert answer.status_code == 429
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == "too_many_requests"
    assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_guessing_from_many_addresses_and_in_many_spellings_is_stopped_by_the_name(limited: Flask) -> None:
    client = limited.test_client()
    names = ["juniper", "Juniper", "JUNIPER ", "jUnIpEr", " juniper"]
    for turn in range(10):
        body = {"name": names[turn % len(names)], "auth_key": key(str(turn))}
        address = {"REMOTE_ADDR": f"192.0.2.{turn}"}
        assert client.post(f"{API}/sessions", json=body, environ_base=address).status_code == 401
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    body = {"name": "juniper", "auth_key": key("x")}
    assert client.post(f"{API}/sessions", json=body, environ_base=elsewhere).status_code == 429
    other = {"name": "somebody-else", "auth_key": key("x")}
    assert client.post(f"{API}/sessions", json=other, environ_base=elsewhere).status_code == 401


def test_one_address_cannot_make_accounts_without_end(limited: Flask) -> None:
    answers = [new_account(limited.test_client()).status_code for _ in range(31)]
    assert answers == [201] * 30 + [429]


def test_asking_again_for_the_same_account_is_not_counted(limited: Flask) -> None:
    client = limited.test_client()
    answers = {new_account(client).status_code for _ in range(40)}
    assert answers == {201, 200}


def test_names_cannot_be_looked_through(limited: Flask) -> None:
    client = limited.test_client()
    answers = [client.get(f"{API}/logins/name-{turn}/kdf").status_code for turn in range(31)]
    assert answers == [200] * 30 + [429]


def test_an_odd_name_is_counted_like_any_other(limited: Flask) -> None:
    client = limited.test_client()
    answer = client.post(f"{API}/sessions", json={"name": "\ud800", "auth_key": key("x")})
    assert answer.status_code == 401
