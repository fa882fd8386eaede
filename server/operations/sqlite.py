"""Copying and checking SQLite files while they are in use (sqlite.org/backup.html)."""

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from server.operations.archive import BackupBroken, DumpFailed

NAME = "heartwood.sqlite3"


def file_of(url: str) -> Path:
    """The file that a `sqlite:///` URL names."""
    return Path(make_url(url).database or "")


def dump(url: str, folder: Path, tables: Iterable[str]) -> dict[str, int]:
    """Copy the database as it is at one moment to `folder`; its rows per table. Nobody has to stop writing.

    Raises DumpFailed.
    """
    source_uri = f"{file_of(url).absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(source_uri, uri=True)) as source, closing(sqlite3.connect(folder / NAME)) as copy:
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # so that the copy is one file
            return _counts(copy, tables)
        except sqlite3.Error as error:
            raise DumpFailed(f"the database cannot be copied to {folder.parent}: {error}") from error


def check(folder: Path, tables: Iterable[str]) -> dict[str, int]:
    """Read every page of the copy in `folder`; its rows per table. Raises BackupBroken."""
    with closing(sqlite3.connect(folder / NAME)) as copy:
        try:
            said = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            orphans = copy.execute("PRAGMA foreign_key_check").fetchall()
            counts = _counts(copy, tables)
        except sqlite3.DatabaseError as error:
            raise BackupBroken(f"the database in it is damaged: {error}") from error
    if said != "ok" or orphans:
        raise BackupBroken(f"the database in it is damaged: {said}, {len(orphans)} rows refer to nothing")
    return counts


def is_empty(url: str) -> bool:
    """True when there is no file, or one without a single table."""
    path = file_of(url)
    if not path.exists():
        return True
    with closing(sqlite3.connect(path)) as found:
        return not found.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def load(url: str, folder: Path) -> None:
    """Put the copy in `folder` in its place, whole or not at all."""
    path = file_of(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.restoring")
    draft.touch(mode=0o600)
    shutil.copyfile(folder / NAME, draft)
    for leftover in (f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(leftover).unlink(missing_ok=True)
    draft.replace(path)


def _counts(connection: sqlite3.Connection, tables: Iterable[str]) -> dict[str, int]:
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
