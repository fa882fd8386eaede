"""`flask db-move` takes everything along, compares every row, and leaves the target empty when anything is wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from server import create_app
from server.database import db, make_engine
from server.operations import rows
from tests.conftest import dispose, settings_for
from tests.operations import town
from tests.operations.test_backup import run
from tests.support import services


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'instance' / 'heartwood.sqlite3'}"


@pytest.fixture
def target_url(postgresql_url: str) -> str:
    return services.fresh_database(postgresql_url)


@pytest.fixture
def filled(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A migrated SQLite server with rows in every table."""
    app = create_app(settings_for(tmp_path, database_url=sqlite_url))
    run(app, "db", "upgrade")
    town.fill(sqlite_url)
    yield app
    dispose(app)


def all_rows(url: str) -> dict[str, list[dict[str, object]]]:
    """Every row as today's models read it: the same Python values on every database."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: [row for part in rows.chunks(connection, table) for row in part]
            for table in db.metadata.sorted_tables
        }
    engine.dispose()
    return found


def test_every_row_arrives_in_postgresql_as_it_was(filled: Flask, sqlite_url: str, target_url: str) -> None:
    result = run(filled, "db-move", sqlite_url, target_url)
    assert result.exit_code == 0, result.output
    before = all_rows(sqlite_url)
    assert all_rows(target_url) == before
    assert f"{sum(map(len, before.values()))} rows, each the same" in result.output


def test_it_goes_back_to_sqlite_as_well(filled: Flask, sqlite_url: str, target_url: str, tmp_path: Path) -> None:
    back = f"sqlite:///{tmp_path / 'back.sqlite3'}"
    run(filled, "db-move", sqlite_url, target_url)
    assert run(filled, "db-move", target_url, back).exit_code == 0
    assert town.snapshot(back) == town.snapshot(sqlite_url)


def test_the_configured_database_is_the_target_when_none_is_named(
    filled: Flask, sqlite_url: str, target_url: str, tmp_path: Path
) -> None:
    app = create_app(settings_for(tmp_path, database_url=target_url))
    assert run(app, "db-move", sqlite_url).exit_code == 0
    assert app.test_client().get("/readyz").status_code == 200
    dispose(app)


def test_a_target_with_rows_is_refused_and_left_alone(filled: Flask, sqlite_url: str, target_url: str) -> None:
    run(filled, "db-move", sqlite_url, target_url)
    before = all_rows(target_url)
    result = run(filled, "db-move", sqlite_url, target_url)
    assert result.exit_code == 1
    assert "The target has rows already" in result.output
    assert all_rows(target_url) == before


def test_a_source_that_is_not_at_the_newest_revision_is_refused(app: Flask, target_url: str, tmp_path: Path) -> None:
    result = run(app, "db-move", app.config["SETTINGS"].database, target_url)
    assert result.exit_code == 1
    assert "flask db upgrade" in result.output


def test_when_one_row_arrives_differently_nothing_arrives(
    filled: Flask, sqlite_url: str, target_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = rows.chunks

    def chunks(connection: sa.Connection, table: sa.Table) -> Iterator[list[dict[str, object]]]:
        for part in honest(connection, table):
            if table.name == "record_mark" and connection.dialect.name == "sqlite":
                part[1]["progress"] = float(str(part[1]["progress"])) + connection.info.setdefault("slip", 0.25)
                connection.info["slip"] = 0.0
            yield part

    monkeypatch.setattr(rows, "chunks", chunks)
    result = run(filled, "db-move", sqlite_url, target_url)
    assert result.exit_code == 1
    assert "record_mark" in result.output
    monkeypatch.undo()
    assert not any(all_rows(target_url).values())
