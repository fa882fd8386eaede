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
def alone(connection: sa.Connection) -> Iterator[None]:
    """One at a time: several machines that start at once on PostgreSQL wait for the first to have migrated."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
    connection.commit()
    try:
        yield
    finally:
        connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
        connection.commit()


def run() -> None:
    """Apply the revisions in one transaction each, with SQLite's copy-and-move for altered tables."""
    with db.engine.connect() as connection, alone(connection):
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
