"""Runs migrations on the application's database; `flask db …` calls it."""

from alembic import context
from flask import current_app

from server.database import db

options = current_app.extensions["migrate"].configure_args


def run() -> None:
    """Apply the revisions in one transaction each, with SQLite's copy-and-move for altered tables."""
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=db.metadata, transaction_per_migration=True, **options)
        with context.begin_transaction():
            context.run_migrations()


run()
