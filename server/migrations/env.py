"""Runs migrations on the application's database; `flask db …` calls it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

from server.database import db


def plain_type(kind: str, found: Any, _context: Any) -> str | Literal[False]:
    """Write the database's own types into revisions, so that old ones do not depend on today's code."""
    if kind == "type" and isinstance(found, sa.types.TypeDecorator):
        return f"sa.{found.impl!r}"
    return False


#: Any number that nobody else locks; it spells "heartwood".
LOCK = 0x6865617274776F6F
options = current_app.extensions["migrate"].configure_args


@contextmanager
def safely(connection: sa.Connection) -> Iterator[None]:
    """What each database needs around migrations."""
    guard = {"postgresql": alone, "sqlite": without_cascades}[connection.dialect.name]
    with guard(connection):
        yield


@contextmanager
def without_cascades(connection: sa.Connection) -> Iterator[None]:
    """SQLite alters a table by copying, dropping and renaming it; the drop would cascade to the rows that refer to it.

    The pragma does nothing inside a transaction, so it goes past SQLAlchemy, which would open one.
    """
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        if orphans := driver.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"the migration left {len(orphans)} rows that refer to nothing")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


@contextmanager
def alone(connection: sa.Connection) -> Iterator[None]:
    """One at a time: several machines that start at once wait for the first to have migrated."""
    connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
    connection.commit()
    try:
        yield
    finally:
        connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
        connection.commit()


def run() -> None:
    """Apply the revisions in one transaction each, with SQLite's copy-and-move for altered tables."""
    with db.engine.connect() as connection, safely(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transaction_per_migration=True,
            render_item=plain_type,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
