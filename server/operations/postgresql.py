"""Dumping and restoring PostgreSQL by its own programs, with the counts taken from the very same snapshot."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from server.database import make_engine
from server.operations.archive import BackupBroken, DumpFailed

NAME = "heartwood.pgdump"
_COPY = re.compile(r'COPY (?:"?\w+"?\.)?"?(\w+)"? \(')
_END = "\\.\n"


def dump(url: str, folder: Path, tables: Iterable[str]) -> dict[str, int]:
    """Dump the database as it is at one moment to `folder`; its rows per table. Nobody has to stop writing.

    Raises DumpFailed.
    """
    engine = make_engine(url)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
            options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
            _run(["pg_dump", *options, f"--file={folder / NAME}"], url)
            return {name: _count(connection, name) for name in tables}
    finally:
        engine.dispose()


def check(folder: Path, tables: Iterable[str]) -> dict[str, int]:
    """Read the whole dump in `folder`; its rows per table. Needs no server. Raises BackupBroken, DumpFailed."""
    command = [_program("pg_restore"), "--data-only", "--file=-", str(folder / NAME)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace") as run:  # noqa: S603
        counts = dict.fromkeys(tables, 0) | _rows(run.stdout or iter(()))
        said = run.stderr.read() if run.stderr else ""
    if run.returncode:
        raise BackupBroken(f"the dump in it is damaged: {said.strip()}")
    return counts


def is_empty(url: str) -> bool:
    """True when the database has no table."""
    engine = make_engine(url)
    try:
        return not sa.inspect(engine).get_table_names()
    finally:
        engine.dispose()


def load(url: str, folder: Path) -> None:
    """Restore the dump in `folder`, all or nothing. Raises DumpFailed."""
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run(["pg_restore", *options, f"--dbname={make_url(url).database}", str(folder / NAME)], url)


def _rows(script: Iterable[str]) -> dict[str, int]:
    """Rows per table in the text of a dump: those between COPY and the line that ends it."""
    lines, counts = iter(script), {}
    for line in lines:
        if table := _COPY.match(line):
            counts[table[1]] = sum(1 for _ in _until_end(lines))
    return counts


def _until_end(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line == _END:
            return
        yield line


def _count(connection: sa.Connection, name: str) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one())


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise DumpFailed(f"{name} is not on this machine: install PostgreSQL's client programs")
    return found


def _run(command: list[str], url: str) -> None:
    environment = {**os.environ, **_connection(make_url(url))}
    done = subprocess.run(  # noqa: S603
        [_program(command[0]), *command[1:]], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DumpFailed(f"{command[0]}: {done.stderr.strip()}")


def _connection(url: URL) -> dict[str, str]:
    """How libpq finds the database: in the environment, where other users of the machine do not see the password."""
    given = {
        "PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password,
        "PGDATABASE": url.database, "PGSSLMODE": url.query.get("sslmode"),
        "PGSSLROOTCERT": url.query.get("sslrootcert"),
    }  # fmt: skip
    return {name: str(value) for name, value in given.items() if value is not None}
