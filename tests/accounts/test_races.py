"""What works once works once, however many ask at the same moment."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from server.database import uuid7
from tests.accounts.cast import API, SEALED, new_account
from tests.accounts.ways_in import add_passkey, invite, join, new_token, passkey_options
from tests.conftest import count_rows, person, same_device
from tests.support.authenticator import Authenticator

AT_ONCE = 8


def all_at_once(ask: Callable[[], int]) -> Counter[int]:
    """The statuses that so many askers get who start together."""
    gate = Barrier(AT_ONCE)

    def wait_and_ask() -> int:
        gate.wait()
        return ask()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(future.result() for future in [pool.submit(wait_and_ask) for _ in range(AT_ONCE)])


def test_one_device_joins_with_a_code(any_database_app: Flask) -> None:
    token = new_token()
    invite(person(any_database_app), token)
    found = all_at_once(lambda: join(any_database_app.test_client(), token).status_code)
    assert found == {200: 1, 401: AT_ONCE - 1}
    assert count_rows(any_database_app)["auth_session"] == 2


def test_one_sign_in_comes_of_an_answer_of_a_passkey(any_database_app: Flask) -> None:
    device, passkey = person(any_database_app), Authenticator(step=0)
    add_passkey(device, passkey)
    body = {"passkey": passkey.sign_in(passkey_options(device, "authentication"))}
    found = all_at_once(lambda: any_database_app.test_client().post(f"{API}/sessions", json=body).status_code)
    assert found == {200: 1, 401: AT_ONCE - 1}


def test_one_sign_in_comes_of_a_recovery_code(any_database_app: Flask) -> None:
    code = new_account(any_database_app.test_client()).get_json()["recovery_code"]

    def ask() -> int:
        body = {"recovery_code": code, "attempt": uuid7()}
        return any_database_app.test_client().post(f"{API}/sessions", json=body).status_code

    assert all_at_once(ask) == {200: 1, 401: AT_ONCE - 1}


def test_one_attempt_that_is_sent_many_times_gets_one_code(any_database_app: Flask) -> None:
    code, attempt = new_account(any_database_app.test_client()).get_json()["recovery_code"], uuid7()
    codes: list[str] = []

    def ask() -> int:
        body = {"recovery_code": code, "attempt": attempt}
        answer = any_database_app.test_client().post(f"{API}/sessions", json=body)
        codes.append(answer.get_json().get("recovery_code", ""))
        # Who was first may find the session ended again by who came next, before the cookie is made.
        return 200 if answer.status_code in {200, 401} else answer.status_code

    assert all_at_once(ask) == {200: AT_ONCE}
    assert len({each for each in codes if each}) == 1
    assert count_rows(any_database_app)["auth_session"] == 1


def test_one_device_changes_the_key(any_database_app: Flask) -> None:
    device = person(any_database_app)
    body = {"key_version": 2, "wrapped_keys": {"recovery": {**SEALED, "k": 2}}}

    def ask() -> int:
        return same_device(any_database_app, device).put(f"{API}/accounts/me/keys", json=body).status_code

    assert all_at_once(ask) == {200: 1, 409: AT_ONCE - 1}


def test_an_account_that_is_deleted_while_it_is_used_leaves_no_row_and_no_failure(any_database_app: Flask) -> None:
    device = person(any_database_app)
    turns = iter(range(AT_ONCE))

    def ask() -> int:
        same, turn = same_device(any_database_app, device), next(turns)
        if turn == AT_ONCE // 2:
            return same.delete(f"{API}/accounts/me").status_code
        return same.patch(f"{API}/accounts/me", json={"locale": "de"}).status_code

    assert set(all_at_once(ask)) <= {200, 204, 401, 409}
    assert not any(count_rows(any_database_app).values())


def test_one_account_has_one_live_code(any_database_app: Flask) -> None:
    device = person(any_database_app)

    def ask() -> int:
        return invite(same_device(any_database_app, device), new_token()).status_code

    assert all_at_once(ask) == {201: AT_ONCE}
    assert count_rows(any_database_app)["device_join"] == 1
