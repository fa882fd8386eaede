"""A backup is taken while people write, is checked, and comes back row for row, on SQLite and on PostgreSQL."""

import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from server import create_app
from server.database import db
from tests.conftest import dispose, settings_for
from tests.operations import town
from tests.support import services

Command = Callable[..., Result]


def run(app: Flask, *arguments: str | Path) -> Result:
    """A command of ours on that server."""
    return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])


@pytest.fixture
def filled(any_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A migrated server with rows in every table."""
    app = create_app(settings_for(tmp_path, database_url=any_database_url))
    run(app, "db", "upgrade")
    town.fill(any_database_url)
    yield app
    dispose(app)


@pytest.fixture
def empty_place(filled: Flask, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Another machine with the same kind of database, and nothing in it."""
    url = f"sqlite:///{tmp_path / 'elsewhere' / 'heartwood.sqlite3'}"
    if filled.config["SETTINGS"].database.startswith("postgresql"):
        url = services.fresh_database(request.getfixturevalue("postgresql_url"))
    app = create_app(settings_for(tmp_path / "elsewhere", database_url=url))
    yield app
    dispose(app)


def made(app: Flask, tmp_path: Path) -> Path:
    """A backup of that server."""
    file = tmp_path / "backup.tar.gz"
    result = run(app, "backup", "create", file)
    assert result.exit_code == 0, result.output
    return file


def database_of(app: Flask) -> str:
    url: str = app.config["SETTINGS"].database
    return url


def test_a_restored_backup_has_every_row_and_the_keys(filled: Flask, empty_place: Flask, tmp_path: Path) -> None:
    result = run(empty_place, "backup", "restore", made(filled, tmp_path))
    assert result.exit_code == 0, result.output
    assert town.snapshot(database_of(empty_place)) == town.snapshot(database_of(filled))
    for name in ("secret_key", "vapid_private.pem"):
        ours, theirs = (app.config["SETTINGS"].instance_path / name for app in (filled, empty_place))
        assert theirs.read_bytes() == ours.read_bytes()
        assert stat.S_IMODE(theirs.stat().st_mode) == 0o600


def test_a_server_on_a_restored_backup_is_ready(filled: Flask, empty_place: Flask, tmp_path: Path) -> None:
    run(empty_place, "backup", "restore", made(filled, tmp_path))
    assert empty_place.test_client().get("/readyz").status_code == 200


def test_a_whole_backup_is_verified_and_counts_its_rows(filled: Flask, tmp_path: Path) -> None:
    result = run(filled, "backup", "verify", made(filled, tmp_path))
    rows = sum(len(table) - 1 for table in town.snapshot(database_of(filled)).values())
    assert (result.exit_code, result.output.split(" of ")[0]) == (0, f"whole: {rows} rows")


def test_a_backup_is_for_its_owner_only(filled: Flask, tmp_path: Path) -> None:
    assert stat.S_IMODE(made(filled, tmp_path).stat().st_mode) == 0o600


def test_a_backup_goes_to_the_folder_of_backups_when_no_file_is_named(filled: Flask) -> None:
    result = run(filled, "backup", "create")
    folder = filled.config["SETTINGS"].backups
    assert [str(path) for path in folder.iterdir()] == [result.output.splitlines()[0]]


def test_an_existing_backup_is_not_written_over(filled: Flask, tmp_path: Path) -> None:
    file = made(filled, tmp_path)
    before = file.read_bytes()
    assert run(filled, "backup", "create", file).exit_code == 1
    assert file.read_bytes() == before


def test_rows_written_after_the_backup_are_not_in_it_and_do_no_harm(
    filled: Flask, empty_place: Flask, tmp_path: Path
) -> None:
    before = town.snapshot(database_of(filled))
    file = made(filled, tmp_path)
    with filled.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM account")
    run(empty_place, "backup", "restore", file)
    assert town.snapshot(database_of(empty_place)) == before


def test_a_backup_is_restored_into_an_empty_place_only(filled: Flask, tmp_path: Path) -> None:
    file, before = made(filled, tmp_path), town.snapshot(database_of(filled))
    result = run(filled, "backup", "restore", file)
    assert result.exit_code == 1
    assert "not empty" in result.output
    assert town.snapshot(database_of(filled)) == before


def test_a_backup_cut_short_is_refused_and_nothing_is_restored(
    filled: Flask, empty_place: Flask, tmp_path: Path
) -> None:
    file = made(filled, tmp_path)
    file.write_bytes(file.read_bytes()[:-2000])
    assert run(filled, "backup", "verify", file).exit_code == 1
    assert run(empty_place, "backup", "restore", file).exit_code == 1
    assert run(empty_place, "backup", "create").output.startswith("Error: There is nothing to back up")


def test_a_backup_whose_database_was_altered_is_refused(filled: Flask, tmp_path: Path) -> None:
    file = repacked(made(filled, tmp_path), tmp_path, lambda path: path.write_bytes(path.read_bytes() + b"\0"))
    result = run(filled, "backup", "verify", file)
    assert result.exit_code == 1
    assert "is not what it was" in result.output


def test_a_backup_that_is_no_backup_is_refused_in_one_line(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(b"\xff\xd8\xff")
    result = run(filled, "backup", "verify", file)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1


def test_a_file_that_would_be_unpacked_outside_is_refused(app: Flask, tmp_path: Path) -> None:
    file, evil = tmp_path / "evil.tar.gz", tmp_path / "evil"
    evil.write_text("mine")
    with tarfile.open(file, "w:gz") as tar:
        tar.add(evil, "../outside")
    assert run(app, "backup", "verify", file).exit_code == 1
    assert not (tmp_path.parent / "outside").exists()


def test_a_damaged_sqlite_file_is_found_even_when_every_digest_is_right(app: Flask, tmp_path: Path) -> None:
    run(app, "db", "stamp", "head")
    url = database_of(app)
    town.fill(url)
    with sqlite3.connect(town.file_of(url)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DELETE FROM account WHERE id LIKE '1-%'")
    connection.close()
    result = run(app, "backup", "verify", made(app, tmp_path))
    assert result.exit_code == 1
    assert "rows refer to nothing" in result.output


def test_a_backup_of_the_other_database_is_refused_with_the_way_to_go(
    app: Flask, postgresql_url: str, tmp_path: Path
) -> None:
    run(app, "db", "stamp", "head")
    file = made(app, tmp_path)
    other = create_app(settings_for(tmp_path / "other", database_url=services.fresh_database(postgresql_url)))
    result = run(other, "backup", "restore", file)
    assert result.exit_code == 1
    assert "db-move" in result.output
    dispose(other)


def test_a_backup_of_a_newer_heartwood_is_refused(app: Flask, tmp_path: Path) -> None:
    run(app, "db", "stamp", "head")
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    file = made(app, tmp_path)
    elsewhere = create_app(settings_for(tmp_path / "elsewhere"))
    result = run(elsewhere, "backup", "restore", file)
    assert result.exit_code == 1
    assert "newer Heartwood" in result.output
    dispose(elsewhere)


def test_without_the_programs_of_postgresql_the_message_says_what_to_install(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(settings_for(tmp_path, database_url=services.fresh_database(postgresql_url)))
    run(app, "db", "upgrade")
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run(app, "backup", "create", tmp_path / "backup.tar.gz")
    assert result.exit_code == 1
    assert "install PostgreSQL's client programs" in result.output
    assert not list(tmp_path.glob("*.tar.gz"))
    dispose(app)


def repacked(file: Path, tmp_path: Path, alter: Callable[[Path], object]) -> Path:
    """The backup again, with its database altered by whoever had it in their hands."""
    folder, again = tmp_path / "unpacked", tmp_path / "again.tar.gz"
    shutil.unpack_archive(file, folder, "gztar", filter="data")
    alter(next(path for path in folder.iterdir() if path.name.startswith("heartwood.")))
    with tarfile.open(again, "w:gz") as tar:
        for path in folder.iterdir():
            tar.add(path, path.name)
    return again
