"""A locked or full database: 503, nothing acknowledged is lost, and the next try works"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from server.database import db, uuid7
from tests.conftest import count_rows, dispose, make_app, person, settings_for
from tests.records.samples import API, SAMPLES, SEALED, document, row
from tests.support import services


@pytest.fixture
def impatient(app: Flask) -> Flask:
    """A server that waits 50 ms for a lock, and not ten seconds."""
    with app.app_context():
        engine = db.engine
        engine.dispose()

        @event.listens_for(engine, "connect")
        def hurry(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA busy_timeout=50")

    return app


@pytest.fixture
def postgresql_app(postgresql_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A server on PostgreSQL that waits 50 ms for a lock."""
    url = services.fresh_database(postgresql_url) + "?options=-c%20lock_timeout%3D50"
    app = make_app(settings_for(tmp_path, database_url=url))
    yield app
    dispose(app)


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Another program holds the database's write lock."""
    path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def is_a_kind_503(answer: TestResponse) -> bool:
    said = answer.get_json()
    return (
        answer.status_code == 503
        and answer.content_type == "application/problem+json"
        and said["code"] == "unavailable"
        and int(answer.headers["Retry-After"]) > 0
    )


def push(client: FlaskClient, *documents: dict[str, object]) -> TestResponse:
    return client.post(f"{API}/sync/letters/push", json=[row(one) for one in documents])


def test_while_the_database_is_locked_writes_are_told_so_and_reads_go_on(impatient: Flask) -> None:
    client, kept, waiting = person(impatient), document("letters"), document("letters")
    assert push(client, kept).status_code == 200
    before = count_rows(impatient)
    with locked(impatient):
        assert is_a_kind_503(push(client, waiting))
        assert is_a_kind_503(client.put(f"{API}/checkins/{uuid7()}", json=SAMPLES["checkins"]))
        assert is_a_kind_503(impatient.test_client().post(f"{API}/accounts", json={"timezone": "UTC", "locale": "en"}))
        assert is_a_kind_503(client.delete(f"{API}/accounts/me"))
        assert client.get(f"{API}/sync/letters/pull").status_code == 200
        assert client.get(f"{API}/accounts/me/export").status_code == 200
    assert count_rows(impatient) == before
    assert push(client, waiting).get_json() == []
    pulled = client.get(f"{API}/sync/letters/pull").get_json()["documents"]
    assert [one["id"] for one in pulled] == [kept["id"], waiting["id"]]


def test_when_the_disk_is_full_nothing_that_was_acknowledged_is_lost(app: Flask) -> None:
    client, acknowledged = person(app), []
    with app.app_context():
        db.engine.dispose()

        @event.listens_for(db.engine, "connect")
        def little_room(connection: sqlite3.Connection, _record: object) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages + 40}")

        # One connection for all that follows: the limit is the connection's, measured when it is made.
        db.engine.connect().close()
    refused = None
    for _ in range(40):
        one = document("letters", sealed_text={**SEALED, "ct": "A" * 20_000})
        answer = push(client, one)
        if answer.status_code != 200:
            refused = answer
            break
        acknowledged.append(one["id"])
    assert refused is not None
    assert is_a_kind_503(refused)
    assert acknowledged
    pulled = client.get(f"{API}/sync/letters/pull").get_json()["documents"]
    assert [one["id"] for one in pulled] == acknowledged
    with app.app_context():
        assert db.session.execute(db.text("PRAGMA integrity_check")).scalar() == "ok"


def test_a_lock_that_postgresql_will_not_wait_for_is_told_so(postgresql_app: Flask) -> None:
    client, waiting = person(postgresql_app), document("letters")
    plain = postgresql_app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    with psycopg.connect(plain) as other:
        other.execute("SELECT id FROM account FOR UPDATE")
        assert is_a_kind_503(push(client, waiting))
    assert push(client, waiting).get_json() == []


def test_a_database_that_is_gone_is_told_so_and_comes_back(postgresql_app: Flask) -> None:
    client = person(postgresql_app)
    plain = postgresql_app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    others = "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(plain, autocommit=True) as other:
        other.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity {others}")
    answers = [push(client, document("letters")).status_code for _ in range(3)]
    assert set(answers) <= {200, 503}
    assert answers[-1] == 200
