"""Claims of due plans on PostgreSQL with 10 thousand, 100 thousand and a million plans, on SQLite with 100 thousand.

In each table the same number is due, so that a rate that falls shows what the size of the table costs. Then all of a
million are due at once, and the memory of the ticker is watched.

Rates are for a second of processor time, of the ticker and its database connection together, which other programs on
the machine cannot take away.
"""

import os
import resource
import statistics
import tempfile
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from bench.harness import median_ratio, report
from server.accounts.models import Account
from server.clock import now
from server.database import db, transaction
from server.nudges import claims
from server.nudges.models import NudgeDelivery, NudgePlan
from server.nudges.zones import RULES
from tests.conftest import dispose, make_app, settings_for
from tests.support import services

SIZES = (10_000, 100_000, 1_000_000)
SQLITE_SIZE = 100_000
DUE = 5_000
ROUNDS = 7
LEASE = timedelta(seconds=60)
#: The n-th id in SQL, as `person` has it; and the numbers themselves.
_ID = "'00000000-0000-7000-8000-' || substr(CAST(1000000000000 + i AS TEXT), 2)"
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :last)"


def main() -> None:
    """Print plans a second for each size, and the largest against the smallest."""
    with services.postgresql() as server, tempfile.TemporaryDirectory(prefix="heartwood-bench-") as folder:
        apps = {size: filled(Path(folder) / str(size), services.fresh_database(server), size) for size in SIZES}
        on_postgresql(apps)
        with apps[SIZES[-1]].app_context():
            report("memory of the ticker over a million claims", f"+{all_at_once():.0f} MiB", "flat")
        for app in apps.values():
            dispose(app)
        sqlite = filled(Path(folder) / "sqlite", "", SQLITE_SIZE)
        rate = statistics.median(rate_of(sqlite) for _ in range(ROUNDS))
        report(f"claims on SQLite, {SQLITE_SIZE:,} plans, {DUE:,} of them due", f"{rate:.0f} /s", "")
        dispose(sqlite)


def on_postgresql(apps: Mapping[int, Flask]) -> None:
    """Turn by turn, so that what else the machine does slows all sizes alike."""
    turns = [{size: rate_of(app) for size, app in apps.items()} for _ in range(ROUNDS + 1)][1:]
    for size in apps:
        rate = statistics.median(turn[size] for turn in turns)
        report(f"claims on PostgreSQL, {size:,} plans, {DUE:,} of them due", f"{rate:.0f} /s", "")
    share = median_ratio([(turn[SIZES[-1]], turn[SIZES[0]]) for turn in turns])
    report("claims at 1,000,000 plans against 10,000", f"{share:.2f}", ">= 0.80")


def filled(folder: Path, database_url: str, size: int) -> Flask:
    """An application on a database with so many plans."""
    app = make_app(settings_for(folder, database_url=database_url))
    with app.app_context():
        fill(size)
    return app


def rate_of(app: Flask) -> float:
    """Plans claimed a second, once."""
    with app.app_context():
        return one_round()


def fill(size: int) -> None:
    """So many people, each nudged once a day, none of them due for a year: one by hand, the others copied from them."""
    far = now() + timedelta(days=365)
    with transaction() as session:
        session.add(Account(id=person(0), timezone="Europe/Berlin", locale="en", recovery_hash="0"))
        plan = NudgePlan(account_id=person(0), enabled=True, timezone="Europe/Berlin", tz_rules=RULES, per_week=7)
        plan.times, plan.next_due_at, plan.next_slot = ["09:00"], far, "2030-01-01T09:00"
        session.add(plan)
        session.flush()
        for name, own in (("account", {"id", "recovery_hash"}), ("nudge_plan", {"account_id"})):
            table = db.metadata.tables[name]
            columns = [column.name for column in table.columns]
            values = ", ".join(_ID if each in own else f"t.{each}" for each in columns if each != "name")
            into = ", ".join(each for each in columns if each != "name")
            copy = f"INSERT INTO {name} ({into}) {_NUMBERS} SELECT {values} FROM n, {name} t"
            session.execute(sa.text(copy), {"last": size - 1})
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def person(number: int) -> str:
    """The id of the n-th."""
    return f"00000000-0000-7000-8000-{number:012}"


def one_round() -> float:
    """Make some plans due, spread over the table, and claim them; plans a second."""
    total = db.session.scalar(sa.select(sa.func.count()).select_from(NudgePlan)) or 0
    ids = [person(number) for number in range(0, total, total // DUE)][:DUE]
    with transaction() as session:
        session.execute(sa.delete(NudgeDelivery))
        for start in range(0, DUE, 1000):
            due = sa.update(NudgePlan).where(NudgePlan.account_id.in_(ids[start : start + 1000]))
            session.execute(due.values(next_due_at=now(), next_slot=tonight(), last_slot=None))
    return DUE / seconds_to_claim(DUE)


def tonight() -> str:
    """A slot after which the next one is tomorrow's."""
    return f"{now():%Y-%m-%d}T23:59"


def seconds_to_claim(count: int) -> float:
    backend = _backend()
    started, claimed = _work(backend), 0
    while (found := claims.claim(now(), LEASE)).plans:
        claimed += found.plans
    assert claimed == count, (claimed, count)
    return _work(backend) - started


def _backend() -> int | None:
    """The process of this application's one connection to PostgreSQL; None on SQLite, which is in our own."""
    if db.engine.dialect.name != "postgresql":
        return None
    found: int = db.session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    db.session.rollback()
    return found


def _work(backend: int | None) -> float:
    """Seconds of processor time of this process, and of the database's (proc(5): utime and stime)."""
    theirs = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[11:13] if backend else []
    return time.process_time() + sum(map(int, theirs)) / os.sysconf("SC_CLK_TCK")


def all_at_once() -> float:
    """Claim every plan there is; MiB by which the peak of the process's memory grew after the first 50,000."""
    with transaction() as session:
        session.execute(sa.delete(NudgeDelivery))
        session.execute(sa.update(NudgePlan).values(next_due_at=now(), next_slot=tonight(), last_slot=None))
    for _ in range(50):
        claims.claim(now(), LEASE)
    before = peak()
    while claims.claim(now(), LEASE).plans:
        pass
    return peak() - before


def peak() -> float:
    """The most memory the process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
