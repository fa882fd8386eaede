"""Many people open the app at once after a nudge: `make load`, or `python -m bench.load --help` for more of it.

First all press the nudge in the same instant, then they come spread over some seconds, as real ones do, again and
again, while we look at the memory. The server is a real one, on SQLite with one web process and on PostgreSQL with two.
"""

import argparse
import asyncio
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import sqlalchemy as sa

from bench.harness import ROOT, report
from bench.phones import Phone, Tally, make_phones, wave
from server.database import make_engine, uuid7
from server.nudges.models import NudgeDelivery
from tests.support.services import free_port, fresh_database, postgresql, wait_for

#: MiB by which memory may grow from the second round to the last: allocators breathe.
BREATH = 30.0


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it is, its database, and its processes."""

    base: str
    database: str
    pids: list[int]


@contextmanager
def server(folder: str, database: str, processes: int) -> Iterator[Served]:
    """`flask run-server` as in production. Only the limits per address are off: all phones have ours."""
    port = free_port()
    settings = {
        "PORT": str(port), "INSTANCE_PATH": folder, "DATABASE_URL": database, "PROCESSES": str(processes),
        "RATE_LIMITS": "off", "LOG_LEVEL": "WARNING",
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "run-server"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(lambda: urlopen(f"{base}/readyz").close(), OSError, seconds=60)
        yield Served(base, database, [process.pid, *children(process.pid)])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def children(pid: int) -> list[int]:
    """The web processes under gunicorn's first one."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def give_nudges(url: str, phones: list[Phone]) -> None:
    """Each phone has been sent a nudge just now. Written to the database, since no push service is part of this."""
    engine, now = make_engine(url), datetime.now(UTC)
    rows = [_delivery(phone.account, now) for phone in phones]
    with engine.begin() as connection:
        connection.execute(sa.insert(NudgeDelivery), rows)
    engine.dispose()
    for phone, row in zip(phones, rows, strict=True):
        phone.delivery = str(row["id"])


def _delivery(account_id: str, now: datetime) -> dict[str, object]:
    identity = uuid7()
    return {
        "id": identity, "account_id": account_id, "slot": identity[-16:], "hard": False, "due_at": now,
        "expires_at": now + timedelta(hours=1), "state": "sent", "attempts": 1, "lease_until": now, "reached": [],
        "kind": "check_in", "sent_at": now,
    }  # fmt: skip


def memory(pids: list[int]) -> float:
    """MiB that the processes hold in memory together."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids]
    return sum(pages) * resource.getpagesize() / (1 << 20)


def tell(title: str, tally: Tally, took: float) -> None:
    """Print the percentiles of every call."""
    calls = sum(map(len, tally.seconds.values()))
    print(f"\n   {title}: {calls} calls in {took:.1f} s, {calls / took:.0f}/s; errors: {dict(tally.errors) or 'none'}")
    for name, seconds in [*tally.seconds.items(), ("a whole visit", tally.visits)]:
        cuts = statistics.quantiles(seconds, n=100)
        shown = "  ".join(f"{label} {cuts[at] * 1000:6.0f} ms" for label, at in (("p50", 49), ("p95", 94), ("p99", 98)))
        print(f"   {name:<14} {shown}  max {max(seconds) * 1000:6.0f} ms", flush=True)


def rounds(title: str, served: Served, options: argparse.Namespace) -> int:
    """All at once, then spread, as often as wanted; how much went wrong."""
    print(f"\n== {title}", flush=True)
    phones = asyncio.run(make_phones(served.base, options.people))
    errors, held = 0, list[float]()
    ends = time.monotonic() + options.minutes * 60
    while len(held) < 3 or time.monotonic() < ends:
        errors += _round(served, phones, 0.0 if not held else options.spread, quiet=len(held) > 1)
        held.append(memory(served.pids))
    grown = held[-1] - held[1]
    print()
    report(f"errors in {len(held)} rounds", str(errors), "0")
    report(f"memory {held[-1]:.0f} MiB, grown since round two", f"{grown:+.1f} MiB", f"<= {BREATH:.0f} MiB")
    return errors + (grown > BREATH)


def _round(served: Served, phones: list[Phone], over: float, quiet: bool) -> int:
    give_nudges(served.database, phones)
    started = time.perf_counter()
    tally = asyncio.run(wave(served.base, phones, over))
    if not quiet:
        how = f"within {over:.0f} s" if over else "in the same instant"
        tell(f"{len(phones)} people {how}", tally, time.perf_counter() - started)
    return sum(tally.errors.values())


def main() -> None:
    """Exits with 1 when there was an error or memory grew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--spread", type=float, default=30.0, help="seconds over which the later rounds are spread")
    parser.add_argument("--minutes", type=float, default=0.0, help="go on for so long (a soak); default three rounds")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="heartwood-load-") as folder:
        with server(folder, f"sqlite:///{folder}/heartwood.sqlite3", processes=1) as served:
            wrong += rounds("SQLite, one web process", served, options)
        with postgresql() as url, server(folder, fresh_database(url), processes=2) as served:
            wrong += rounds("PostgreSQL, two web processes", served, options)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
