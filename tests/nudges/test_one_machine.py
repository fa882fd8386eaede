"""The whole server in one real process: killed amid sending it loses nothing, asked to stop it finishes."""

import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from server import create_app
from server.database import db
from server.nudges.models import PENDING, SENT, NudgeDelivery
from server.push.service import public_key
from tests.conftest import dispose, settings_for
from tests.support import services
from tests.support.nudge_cast import due_people
from tests.support.processes import Process, until
from tests.support.push_service import Mishap, PushService

PEOPLE = 500
#: Four senders with a batch of 50 each.
IN_FLIGHT = 200


class Site:
    """A server process and an application that looks at the same database."""

    def __init__(self, folder: Path, service: PushService) -> None:
        self.port = services.free_port()
        self.folder = folder
        self.env = {
            "PORT": str(self.port),
            "INSTANCE_PATH": str(folder / "instance"),
            "PUSH_LOOPBACK": service.loopback,
            "NUDGE_TICK_SECONDS": "1",
            "NUDGE_LEASE_SECONDS": "15",
            "LOG_LEVEL": "ERROR",
        }
        self.process = self.start()
        self.app: Flask = create_app(settings_for(folder))

    def start(self) -> Process:
        process = Process(["flask", "--app", "wsgi", "run-server"], self.env, self.folder / "server.log")
        until(self.answers, 60, "the server to be ready")
        return process

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def count(self, state: str) -> int:
        with self.app.app_context():
            query = sa.select(sa.func.count()).where(NudgeDelivery.state == state)
            return db.session.scalar(query) or 0


@pytest.fixture
def site(tmp_path: Path, push_service: PushService) -> Iterator[Site]:
    site = Site(tmp_path, push_service)
    yield site
    site.process.stop()
    dispose(site.app)


def fill(site: Site, service: PushService) -> None:
    with site.app.app_context():
        subscription = service.subscribe_many(public_key(), PEOPLE)
    due_people(site.app, PEOPLE, subscription)


def topics_by_phone(service: PushService) -> dict[str, set[str | None]]:
    found: dict[str, set[str | None]] = {}
    for each in service.received:
        found.setdefault(each.token, set()).add(each.topic)
    return found


def test_killed_amid_sending_it_loses_nothing_and_what_comes_twice_replaces_itself(
    site: Site, push_service: PushService
) -> None:
    push_service.fail_always(Mishap(seconds=0.15))
    fill(site, push_service)
    push_service.wait_for(PEOPLE // 5, 60)
    site.process.kill()
    push_service.heal()
    site.process = site.start()
    until(lambda: site.count(SENT) == PEOPLE, 90, "all nudges to be sent")
    copies = Counter(each.token for each in push_service.received)
    assert len(copies) == PEOPLE
    assert sum(copies.values()) - PEOPLE <= IN_FLIGHT
    assert all(len(topics) == 1 for topics in topics_by_phone(push_service).values())


def test_asked_to_stop_it_finishes_what_is_in_flight_and_starts_nothing_new(
    site: Site, push_service: PushService
) -> None:
    push_service.fail_always(Mishap(seconds=0.15))
    fill(site, push_service)
    push_service.wait_for(PEOPLE // 5, 60)
    assert site.process.terminate() == 0
    push_service.heal()
    sent, waiting = site.count(SENT), site.count(PENDING)
    assert sent == len(push_service.received) < PEOPLE
    assert sent + waiting == PEOPLE
    site.process = site.start()
    until(lambda: site.count(SENT) == PEOPLE, 90, "the rest to be sent")
    assert set(Counter(each.token for each in push_service.received).values()) == {1}
