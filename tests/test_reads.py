"""Single rows, read past SQLAlchemy's layers: the same values, the same errors, and nothing left open"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from server.accounts.models import Account
from server.database import db
from server.reads import read_one
from tests.conftest import dispose, make_app, person, settings_for
from tests.support import services

BY_ZONE = (
    sa.select(Account.id, Account.created_at, Account.kdf, Account.revision)
    .where(Account.timezone == sa.bindparam("zone"), Account.created_at < sa.bindparam("before"))
    .order_by(Account.created_at)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def doomed_app(postgresql_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A server whose PostgreSQL database may be taken away."""
    app = make_app(settings_for(tmp_path, database_url=services.fresh_database(postgresql_url)))
    yield app
    dispose(app)


def test_the_values_are_those_that_sqlalchemy_reads(any_database_app: Flask) -> None:
    person(any_database_app, timezone="Europe/Dublin")
    person(any_database_app, timezone="UTC")
    given = {"zone": "UTC", "before": LATER, "most": 5}
    with any_database_app.app_context():
        for _ in range(2):
            found = read_one(BY_ZONE, given)
            assert found is not None
            assert found == tuple(db.session.execute(BY_ZONE, given).one())
            assert found[1].tzinfo is UTC


def test_nothing_found_is_none(any_database_app: Flask) -> None:
    with any_database_app.app_context():
        assert read_one(BY_ZONE, {"zone": "UTC", "before": LATER, "most": 5}) is None


def test_the_connection_goes_back_and_holds_no_state_of_the_database(app: Flask) -> None:
    person(app, timezone="UTC")
    person(app, timezone="UTC")
    with app.app_context():
        assert read_one(BY_ZONE, {"zone": "UTC", "before": LATER, "most": 5})
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a pool of the kind that counts
        with db.engine.connect() as connection:
            busy, *_ = connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert busy == 0


def test_a_database_that_is_not_there_is_told_as_by_sqlalchemy(doomed_app: Flask) -> None:
    url = sa.make_url(doomed_app.config["SQLALCHEMY_DATABASE_URI"])
    signed_in = person(doomed_app)
    with doomed_app.app_context():
        db.engine.dispose()
    plain = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as other:
        other.execute(f'DROP DATABASE "{url.database}" WITH (FORCE)')
    with doomed_app.app_context(), pytest.raises(OperationalError):
        read_one(BY_ZONE, {"zone": "UTC", "before": LATER, "most": 5})
    assert signed_in.get("/api/v1/checkins").status_code == 503
