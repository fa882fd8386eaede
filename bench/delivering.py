"""All that a sender does for a nudge (choose, encrypt, send over TLS, write the outcome), in one process."""

import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from bench.harness import report
from bench.sending import HOST, sink, subscription
from server import memory
from server.clock import now
from server.database import db
from server.nudges import claims, delivery, engine
from server.nudges.models import SENT, NudgeDelivery
from server.push import service as push
from tests.conftest import dispose, make_app, settings_for
from tests.support import services
from tests.support.nudge_cast import due_people
from tests.support.push_service_tls import make_certificates

#: Short turns, of which the median counts.
ROUNDS, PEOPLE = 9, 500


def main() -> None:
    """Print nudges a second of one sender on each database, and what a second of processor time would do."""
    with services.postgresql() as server, tempfile.TemporaryDirectory(prefix="heartwood-bench-") as name:
        folder = Path(name)
        certificates = make_certificates(folder, [HOST])
        with sink(certificates) as port:
            loopback = f"{port}:{certificates.ca}"
            for database, url in (("SQLite", ""), ("PostgreSQL", services.fresh_database(server))):
                app = make_app(settings_for(folder / database, database_url=url, push_loopback=loopback))
                memory.keep_for_good()
                measure(app, database)


def measure(app: Flask, database: str) -> None:
    with app.app_context():
        turns = [turn(app) for _ in range(ROUNDS + 1)][1:]
        push.sender().close()
    dispose(app)
    rate, work = (statistics.median(each) for each in zip(*turns, strict=True))
    report(f"nudges of one sender, {database}", f"{rate:.0f} /s", "")
    report(f"nudges for a second of its processor time, {database}", f"{1 / work:.0f}", "")


def turn(app: Flask) -> tuple[float, float]:
    """(Nudges a second, seconds of this process's processor time for each) of some people, once."""
    browser = subscription(f"https://{HOST}")
    device = {"endpoint": browser["endpoint"], **browser["keys"], "application_server_key": push.public_key()}
    device["endpoint"] += str(time.monotonic_ns())
    due_people(app, PEOPLE, device)
    ids = claims.claim(now(), timedelta(seconds=60)).deliveries
    started, work = time.perf_counter(), time.process_time()
    for start in range(0, len(ids), engine.CHUNK):
        delivery.deliver(ids[start : start + engine.CHUNK], 0)
    delivery.STRAGGLERS.wait(60)
    seconds, work = time.perf_counter() - started, time.process_time() - work
    sent = sa.select(sa.func.count()).where(NudgeDelivery.id.in_(ids), NudgeDelivery.state == SENT)
    assert db.session.scalar(sent) == len(ids) == PEOPLE
    db.session.rollback()
    return PEOPLE / seconds, work / PEOPLE
