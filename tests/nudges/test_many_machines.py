"""Real tickers, Celery workers, Redis and PostgreSQL: some of each killed midway, the queue flushed once."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from flask import Flask

from server.database import db
from server.nudges.engine import CHUNK
from server.nudges.models import SENT, NudgeDelivery
from server.push.service import public_key
from tests.conftest import dispose, make_app, settings_for
from tests.support import services
from tests.support.nudge_cast import due_people
from tests.support.processes import Process, until
from tests.support.push_service import PushService

PEOPLE = 20_000
TICKERS, WORKERS = 2, 3
MINUTES = 60.0


class Fleet:
    """Tickers and workers on one PostgreSQL and one Redis."""

    def __init__(self, folder: Path, database_url: str, redis_url: str, service: PushService) -> None:
        self.folder = folder
        self.app: Flask = make_app(settings_for(folder, database_url=database_url))
        self.broker = redis.Redis.from_url(redis_url)
        self.env = {
            "INSTANCE_PATH": str(folder / "instance"),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "NUDGE_ENGINE": "celery",
            "NUDGE_TICK_SECONDS": "1",
            "NUDGE_LEASE_SECONDS": "15",
            "PUSH_LOOPBACK": service.loopback,
            "LOG_LEVEL": "ERROR",
        }
        self.processes: list[Process] = []

    def start(self, name: str, *arguments: str) -> Process:
        process = Process(list(arguments), self.env, self.folder / f"{name}.log")
        self.processes.append(process)
        return process

    def ticker(self, number: int) -> Process:
        return self.start(f"ticker-{number}", "flask", "--app", "wsgi", "nudges", "tick")

    def worker(self, number: int) -> Process:
        options = ("-c", "1", "-l", "error", "-n", f"worker-{number}@test", "--without-gossip", "--without-mingle")
        return self.start(f"worker-{number}", "celery", "-A", "server.nudges.celery_app", "worker", *options)

    def sent(self) -> int:
        with self.app.app_context():
            query = sa.select(sa.func.count()).where(NudgeDelivery.state == SENT)
            return db.session.scalar(query) or 0

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
        self.broker.close()
        dispose(self.app)


@pytest.fixture
def fleet(tmp_path: Path, postgresql_url: str, redis_url: str, push_service: PushService) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path, services.fresh_database(postgresql_url), redis_url, push_service)
    yield fleet
    fleet.stop()


def test_twenty_thousand_nudges_arrive_though_machines_die_and_the_queue_is_lost(
    fleet: Fleet, push_service: PushService
) -> None:
    with fleet.app.app_context():
        subscription = push_service.subscribe_many(public_key(), PEOPLE)
    due_people(fleet.app, PEOPLE, subscription)
    workers = [fleet.worker(number) for number in range(WORKERS)]
    tickers = [fleet.ticker(number) for number in range(TICKERS)]

    push_service.wait_for(PEOPLE // 10, 2 * MINUTES)
    tickers[0].kill()
    push_service.wait_for(PEOPLE // 4, 2 * MINUTES)
    workers[0].kill()
    push_service.wait_for(PEOPLE // 2, 4 * MINUTES)
    fleet.broker.flushall()
    until(lambda: fleet.sent() == PEOPLE, 8 * MINUTES, "all nudges to be sent")

    copies = Counter(each.token for each in push_service.received)
    topics = {(each.token, each.topic) for each in push_service.received}
    assert len(copies) == PEOPLE
    assert sum(copies.values()) - PEOPLE <= CHUNK
    assert len(topics) == PEOPLE
    assert all(each.ttl > 0 for each in push_service.received)
    assert not push_service.refused
