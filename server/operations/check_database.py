"""The doctor's look at the database: there, sound, at the newest revision, on time, and nudges moving."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from server import clock, health
from server.accounts import service as accounts
from server.config import Settings
from server.database import db
from server.nudges import status
from server.operations.findings import Finding, ok, problem, warning
from server.push import service as push

#: Seconds. Sessions and leases bear a little skew; nudges at the minute do not bear much.
SKEW = 5.0
SLOW = 0.2
OLDEST_POSTGRESQL = 130_000


def database(settings: Settings) -> Iterator[Finding]:
    """It answers, soon, and is sound."""
    started = time.perf_counter()
    try:
        with db.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
            took = time.perf_counter() - started
            found = list(_sound(connection))
    except SQLAlchemyError as error:
        yield problem("database", f"It does not answer: {_reason(error)}.", "Start it, or put DATABASE_URL right.")
        return
    if took > SLOW:
        found.append(warning("database", f"It took {took:.1f} s to answer.", "Look at its load and at the network."))
    yield from found or [ok("database", f"{db.engine.dialect.name} answers and is sound")]


def _sound(connection: sa.Connection) -> Iterator[Finding]:
    if connection.dialect.name == "sqlite":
        yield from _sound_sqlite(connection)
    elif (version := int(str(connection.exec_driver_sql("SHOW server_version_num").scalar_one()))) < OLDEST_POSTGRESQL:
        yield problem("database", f"PostgreSQL {version // 10_000} is too old.", "Upgrade it to 13 or newer.")


def _sound_sqlite(connection: sa.Connection) -> Iterator[Finding]:
    said = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
    if said != "ok":
        yield problem(
            "database", f"The file is damaged: {said}.", "Stop the server, `flask backup restore` the newest."
        )
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if mode != "wal":
        yield problem("database", f"Journal mode is {mode}, not wal.", "Keep it on a local disk, not a network share.")
    orphans = len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())
    if orphans:
        yield problem("database", f"{orphans} rows refer to nothing.", "flask backup create, then tell the developers.")


def migrations(settings: Settings) -> Iterator[Finding]:
    """The schema is the one that this code was written for."""
    wrong = health.migrations_current()
    yield problem("migrations", wrong, "flask db upgrade") if wrong else ok("migrations", "at the newest revision")


def clocks(settings: Settings) -> Iterator[Finding]:
    """Our clock against the database's, and against what it has stored."""
    ahead = max(_behind_database(), _behind_rows(), key=abs)
    if abs(ahead) > SKEW:
        said = f"This machine's clock differs from the database's by {abs(ahead):.0f} s: nudges come at the wrong time."
        yield problem("clock", said, "Switch time synchronisation on (timedatectl set-ntp true) on both.")
    else:
        yield ok("clock", "agrees with the database")


def _behind_database() -> float:
    """Seconds by which our clock is behind the database's. SQLite has none of its own."""
    if db.engine.dialect.name == "sqlite":
        return 0.0
    with db.engine.connect() as connection:
        before = clock.now()
        theirs: datetime = connection.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
        ours = before + (clock.now() - before) / 2
    return (theirs.astimezone(UTC) - ours).total_seconds()


def _behind_rows() -> float:
    """Seconds by which our clock is behind the newest thing that happened; 0.0 when it is not."""
    newest = accounts.newest_visit()
    return max(0.0, (newest - clock.now()).total_seconds()) if newest else 0.0


def nudges(settings: Settings) -> Iterator[Finding]:
    """Somebody looks for due nudges, and devices are bound to the keys we have."""
    queue = status.queue(clock.now())
    strangers = push.bound_to_other_keys()
    if queue.late and settings.nudge_engine != "off":
        said = f"{queue.late} nudges are overdue, the longest by {queue.lag / 60:.0f} minutes: no ticker runs."
        yield problem("nudges", said, "Start the server (or `flask nudges tick` when NUDGE_ENGINE=celery).")
    if strangers:
        said = f"{strangers} devices are bound to other push keys and get no nudges until they open the app."
        yield warning("nudges", said, "Put vapid_private.pem from the backup back, if there is one.")
    if not strangers and not (queue.late and settings.nudge_engine != "off"):
        yield ok("nudges", f"{queue.due} due, {queue.in_flight} on their way")


def _reason(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
