"""Runs migrations on the application's database; `flask db …` calls it."""

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


options = current_app.extensions["migrate"].configure_args


def run() -> None:
    """Apply the revisions in one transaction each, with SQLite's copy-and-move for altered tables."""
    with db.engine.connect() as connection:
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
