"""Limits are counted per account, per address and per route, and by all processes together where there is Redis."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.cast import API, key
from tests.accounts.ways_in import join, new_token
from tests.conftest import dispose, make_app, person, same_device, settings_for

Process = Callable[[], Flask]


@pytest.fixture
def process(tmp_path: Path, redis_url: str) -> Iterator[Process]:
    """Starts web processes of one server: one database, one Redis."""
    redis.Redis.from_url(redis_url).flushdb()
    running: list[Flask] = []

    def start() -> Flask:
        running.append(make_app(settings_for(tmp_path, rate_limits=True, redis_url=redis_url)))
        return running[-1]

    yield start
    for app in running:
        dispose(app)


def export(device: FlaskClient, address: str = "192.0.2.1") -> int:
    return device.get(f"{API}/accounts/me/export", environ_base={"REMOTE_ADDR": address}).status_code


def guess(app: Flask, address: str, name: str = "juniper") -> int:
    body = {"name": name, "auth_key": key("guess")}
    return app.test_client().post(f"{API}/sessions", json=body, environ_base={"REMOTE_ADDR": address}).status_code


def test_an_account_is_counted_wherever_it_calls_from_and_no_other_account_with_it(process: Process) -> None:
    one, two = process(), process()
    mine, theirs = person(one), person(one)
    answers = [export(same_device(app, mine), f"192.0.2.{turn}") for turn in range(10) for app in (one, two)]
    assert set(answers) == {200}
    assert export(same_device(two, mine), "192.0.2.99") == 429
    assert export(theirs) == 200


def test_a_route_that_is_used_up_leaves_the_others_open(process: Process) -> None:
    app = process()
    device = person(app)
    assert [export(device) for _ in range(21)][-1] == 429
    assert device.get(f"{API}/accounts/me").status_code == 200
    assert device.get(f"{API}/sessions").status_code == 200


def test_an_address_is_counted_by_all_processes_together(process: Process) -> None:
    one, two = process(), process()
    answers = [guess(app, "198.51.100.1", f"name-{turn}") for turn in range(5) for app in (one, two)]
    assert set(answers) == {401}
    assert guess(two, "198.51.100.1", "another") == 429
    assert guess(two, "198.51.100.2", "another") == 401


def test_a_name_is_counted_by_all_processes_together(process: Process) -> None:
    one, two = process(), process()
    answers = [guess(app, f"198.51.100.{10 + turn}") for turn in range(5) for app in (one, two)]
    assert set(answers) == {401}
    assert guess(one, "203.0.113.1") == 429


def test_codes_and_passkeys_are_counted_by_address(process: Process) -> None:
    app = process()
    client = app.test_client()
    assert [join(client, new_token()).status_code for _ in range(11)] == [401] * 10 + [429]
    answers = [client.post(f"{API}/passkeys/authentication").status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]


def test_a_refusal_says_how_long_to_wait(process: Process) -> None:
    app = process()
    device = person(app)
    answer = [device.get(f"{API}/accounts/me/export") for _ in range(21)][-1]
    assert answer.status_code == 429
    assert answer.get_json()["code"] == "too_many_requests"
    assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_a_route_without_a_limit_of_its_own_has_one_too(process: Process) -> None:
    app = process()
    device = person(app)
    answers = [device.get(f"{API}/passkeys").status_code for _ in range(601)]
    assert answers == [200] * 600 + [429]
    assert person(app).get(f"{API}/passkeys").status_code == 200


def test_being_looked_after_is_not_counted(process: Process) -> None:
    client = process().test_client()
    assert {client.get("/healthz").status_code for _ in range(700)} == {200}


def test_the_shared_store_holds_no_name(process: Process, redis_url: str) -> None:
    app = process()
    guess(app, "198.51.100.1", "juniper")
    kept = b" ".join(redis.Redis.from_url(redis_url).scan_iter())
    assert b"name:" in kept
    assert b"juniper" not in kept
