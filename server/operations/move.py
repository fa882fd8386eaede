"""Moving an instance to another database: all rows in one transaction, then every row compared."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from flask_migrate import upgrade

from server.config import Settings
from server.database import db, make_engine
from server.operations import rows
from server.operations.backup import Refused, newest_revision

Progress = Callable[[str, int], None]


def move(settings: Settings, source_url: str, target_url: str, progress: Progress) -> int:
    """Copy every row of one database to another, empty one, and compare them all; how many rows there were.

    The target gets its tables first. While it runs nobody can write to the source. When anything differs the
    target stays empty. `progress` is told each table and its rows. Raises Refused, rows.Different.
    """
    make_tables(settings, target_url)
    with _source(source_url) as source, _target(target_url) as target:
        _refuse(source, target)
        tables = db.metadata.sorted_tables
        for table in tables:
            for part in rows.chunks(source, table):
                target.execute(sa.insert(table), part)
        total = 0
        for table in tables:
            compared = rows.compare(source, target, table)
            progress(table.name, compared)
            total += compared
        return total


def make_tables(settings: Settings, url: str) -> None:
    """Bring the database at `url` to the newest revision."""
    from server import create_app

    app = create_app(replace(settings, database_url=url, nudge_engine="off"))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


def _refuse(source: sa.Connection, target: sa.Connection) -> None:
    found = MigrationContext.configure(source).get_current_revision()
    if found != newest_revision():
        raise Refused(f"The source is at revision {found}. Run `flask db upgrade` on it first.")
    full = [table.name for table in db.metadata.sorted_tables if rows.count(target, table)]
    if full:
        raise Refused(f"The target has rows already, in {', '.join(full)}. Nothing was changed.")


@contextmanager
def _source(url: str) -> Iterator[sa.Connection]:
    """One consistent view of the source. On SQLite others wait with their writes; on PostgreSQL ours is a snapshot."""
    engine = make_engine(url)
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    try:
        with engine.connect().execution_options(sqlite_begin="IMMEDIATE", **options) as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _target(url: str) -> Iterator[sa.Connection]:
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
