"""Upgrading loses no row, on either database, and what the migrations build is what the models say."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade

from server import create_app
from server.database import db, migrate
from tests.conftest import ROOT, dispose, settings_for
from tests.operations import town
from tests.support import services

#: A revision that makes SQLite copy, drop and rename the table that all others refer to.
ALTERS_ACCOUNT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "made_up", "{head}", None, None


def upgrade():
    with op.batch_alter_table("account") as batch:
        batch.alter_column("locale", type_=sa.String(32), existing_nullable=False)
        batch.add_column(sa.Column("shade", sa.String(10), nullable=False, server_default="oak"))
"""
LOSES_A_ROW = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "made_up", "{head}", None, None


def upgrade():
    op.execute("DELETE FROM record_letter WHERE id LIKE '1-%'")
"""


@pytest.fixture
def bare_app(any_database_url: str, tmp_path: Path) -> Flask:
    """A server whose database has no table yet."""
    return create_app(settings_for(tmp_path, database_url=any_database_url))


def revisions(app: Flask) -> list[str]:
    """From the first to the last."""
    with app.app_context():
        scripts = ScriptDirectory(migrate.directory)
        return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def with_a_further_revision(tmp_path: Path, text: str, app: Flask) -> str:
    """A copy of the migrations with one more revision."""
    folder = tmp_path / "migrations"
    with app.app_context():
        shutil.copytree(migrate.directory, folder)
    (folder / "versions" / "made_up.py").write_text(text.replace("{head}", revisions(app)[-1]))
    return str(folder)


def test_a_filled_database_keeps_every_row_from_the_first_revision_to_the_last(
    bare_app: Flask, any_database_url: str
) -> None:
    first, *later = revisions(bare_app)
    with bare_app.app_context():
        upgrade(revision=first)
        town.fill(any_database_url)
        for revision in later:
            before = town.snapshot(any_database_url)
            upgrade(revision=revision)
            assert town.kept(before, town.snapshot(any_database_url)) == [], revision
    counts = town.read_by_models(bare_app)
    filled = {name for name, rows in town.snapshot(any_database_url).items() if len(rows) > 1}
    assert filled
    assert all(counts[name] == town.PEOPLE for name in filled)
    dispose(bare_app)


def test_altering_the_table_that_all_refer_to_takes_no_row_with_it(
    bare_app: Flask, any_database_url: str, tmp_path: Path
) -> None:
    with bare_app.app_context():
        upgrade()
        town.fill(any_database_url)
        before = town.snapshot(any_database_url)
        upgrade(directory=with_a_further_revision(tmp_path, ALTERS_ACCOUNT, bare_app))
        after = town.snapshot(any_database_url)
    assert town.kept(before, after) == []
    assert "shade" in after["account"][0]
    dispose(bare_app)


def test_a_revision_that_loses_a_row_would_be_noticed(bare_app: Flask, any_database_url: str, tmp_path: Path) -> None:
    with bare_app.app_context():
        upgrade()
        town.fill(any_database_url)
        before = town.snapshot(any_database_url)
        upgrade(directory=with_a_further_revision(tmp_path, LOSES_A_ROW, bare_app))
    assert town.kept(before, town.snapshot(any_database_url)) == ["rows of record_letter"]
    dispose(bare_app)


def test_foreign_keys_are_watched_again_after_an_upgrade(bare_app: Flask) -> None:
    with bare_app.app_context():
        upgrade()
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    dispose(bare_app)


def test_the_migrations_build_exactly_what_the_models_say(bare_app: Flask) -> None:
    with bare_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            drift = compare_metadata(context, db.metadata)
    assert drift == [], "run `flask db migrate` and read what it writes"
    dispose(bare_app)


def test_two_machines_that_start_at_once_migrate_one_after_the_other(postgresql_url: str, tmp_path: Path) -> None:
    url = services.fresh_database(postgresql_url)
    environment = {**os.environ, "DATABASE_URL": url, "INSTANCE_PATH": str(tmp_path)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    machines = [subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE) for _ in range(2)]
    said = [machine.communicate(timeout=60)[1].decode() for machine in machines]
    assert [machine.returncode for machine in machines] == [0, 0], said
