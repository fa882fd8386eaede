"""The ground every model stands on: naming, column types, ids, and the one way to open a write transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
import uuid_utils
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

#: secure_delete overwrites what is deleted, so that no removed word stays in the file (sqlite.org/pragma.html).
#: WAL lets readers go on while one writes; NORMAL keeps every commit through a killed process (sqlite.org/wal.html).
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "cache_size=-16000",
    "temp_store=MEMORY",
)


#: Seconds that emptying the log waits for whoever is reading.
JOURNAL_PATIENCE = 0.5


class Base(DeclarativeBase):
    """Base of all models; constraint names are the same on every database so that migrations can name them."""

    metadata = sa.MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime in and out; refuses naive ones. SQLite keeps it as sortable text."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """JSON kept as compact text with sorted keys, so that equal values are equal bytes."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        return None if value is None else orjson.loads(value)


def uuid7() -> str:
    """A new UUIDv7 (RFC 9562) in its canonical text form."""
    return str(uuid_utils.uuid7())


def first_uuid7(moment: datetime) -> str:
    """A UUIDv7 below all that are made from `moment` on (RFC 9562, section 5.7)."""
    milliseconds = f"{int(moment.timestamp() * 1000):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}-7000-8000-000000000000"


@contextmanager
def transaction() -> Iterator[Session]:
    """One write transaction: commits at the end, rolls back on any error.

    Ends the request's read transaction first: on SQLite a transaction that began as a reader cannot become a
    writer once another has written (SQLITE_BUSY_SNAPSHOT), and on PostgreSQL the row lock must see the newest row.
    """
    session = db.session()
    session.rollback()
    session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def _configure_sqlite(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        # The driver must not emit BEGIN by itself; `begin` below chooses the kind.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        kind = connection.get_execution_options().get("sqlite_begin")
        if kind:
            connection.exec_driver_sql(f"BEGIN {kind}")
        elif (driver := connection.connection.dbapi_connection) is not None:
            # It takes no lock and cannot fail; as a statement of SQLAlchemy's it would cost as much as a read.
            driver.cursor().execute("BEGIN")


def engine_options(url: str) -> dict[str, Any]:
    """Pool settings for `url`: a few connections a process, checked before use where they cross a network."""
    private = {"hide_parameters": True}  # what people wrote must not reach the log with an error
    if url.startswith("sqlite"):
        arguments = {"check_same_thread": False, "timeout": 10}
        # A connection that is closed has ended its transaction: no need for the pool to end it once more.
        pool = {"pool_size": 16, "max_overflow": 16, "pool_reset_on_return": None}
        return {"connect_args": arguments, **pool, **private}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10, "pool_recycle": 1800, **private}


def make_private_file(url: str) -> None:
    """Make the file of a SQLite database that is yet to be, for its owner only (mode 0600).

    SQLite gives its journal files the mode of the database (sqlite.org/wal.html).
    """
    found = sa.make_url(url)
    path = Path(found.database or "")
    if found.drivername.startswith("sqlite") and found.database and path.parent.is_dir() and not path.exists():
        path.touch(mode=0o600)


def empty_journal() -> None:
    """SQLite: bring what is in the write-ahead log into the file and empty the log, so that it keeps nothing deleted.

    While somebody reads an older state it stays as it is; housekeeping tries again.
    """
    path = db.engine.url.database
    if db.engine.dialect.name == "sqlite" and path:
        with closing(sqlite3.connect(path, timeout=JOURNAL_PATIENCE)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def make_engine(url: str) -> Engine:
    """An engine of its own for `url`, set up like the application's: for moving data between databases."""
    make_private_file(url)
    engine = sa.create_engine(url, **engine_options(url))
    _configure_sqlite(engine)
    return engine


def init_app(app: Flask) -> None:
    """Bind the extensions that speak to the database, and set SQLite up as measured in docs/architecture.md."""
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(app.config["SQLALCHEMY_DATABASE_URI"]))
    make_private_file(app.config["SQLALCHEMY_DATABASE_URI"])
    db.init_app(app)
    migrate.init_app(app, db, directory=f"{app.root_path}/migrations", render_as_batch=True, compare_type=True)
    with app.app_context():
        _configure_sqlite(db.engine)
