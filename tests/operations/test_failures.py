"""What people meet while the database, the disk or Redis is away: an honest answer, and all is well when it is back."""

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from server import clock, create_app
from server.config import Settings
from server.database import db
from server.nudges import engine
from server.nudges.models import NudgeDelivery, NudgePlan
from tests.conftest import ROOT, count_rows, dispose, make_app, person, settings_for
from tests.operations import town
from tests.operations.test_backup import run
from tests.records.samples import API, document, row
from tests.support import services
from tests.support.gate import Gate, gate_to


def push(client: FlaskClient, new: dict[str, object]) -> TestResponse:
    return client.post(f"{API}/sync/checkins/push", json=[row(new)])


def is_problem(answer: TestResponse) -> bool:
    """Whether it is the 503 that tells a client to keep what it has and come back."""
    told = answer.get_json() or {}
    return (
        answer.status_code == 503
        and answer.content_type == "application/problem+json"
        and told["code"] == "unavailable"
        and "Retry-After" in answer.headers
    )


@pytest.fixture
def database_gate(postgresql_url: str) -> Iterator[tuple[Gate, str]]:
    """A way to an empty PostgreSQL database, and its URL through the gate."""
    url = make_url(services.fresh_database(postgresql_url))
    with gate_to(int(url.port or 0)) as gate:
        yield gate, url.set(port=gate.port).render_as_string(hide_password=False)


@pytest.fixture
def behind_gate(database_gate: tuple[Gate, str], tmp_path: Path) -> Iterator[Flask]:
    app = create_app(settings_for(tmp_path, database_url=database_gate[1], nudge_tick_seconds=1))
    run(app, "db", "upgrade")
    yield app
    dispose(app)


def test_while_the_database_is_gone_the_answer_is_503_and_when_it_is_back_all_goes_on(
    behind_gate: Flask, database_gate: tuple[Gate, str]
) -> None:
    gate, _ = database_gate
    client, new = person(behind_gate), document()
    gate.cut()
    assert is_problem(client.get(f"{API}/sync/checkins/pull?since=0"))
    assert is_problem(push(client, new))
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    gate.mend()
    assert push(client, new).get_json() == []
    pulled = client.get(f"{API}/sync/checkins/pull?since=0").get_json()
    assert [each["id"] for each in pulled["documents"]] == [new["id"]]
    assert client.get("/readyz").status_code == 200


def test_the_library_and_the_help_lines_are_served_without_a_database(
    behind_gate: Flask, database_gate: tuple[Gate, str]
) -> None:
    database_gate[0].cut()
    for path in ("library", "library/bundle", "library/helplines?region=GB", "library/guides/the-first-night"):
        assert behind_gate.test_client().get(f"{API}/{path}").status_code == 200


def test_a_ticker_goes_on_after_the_database_was_gone(
    behind_gate: Flask, database_gate: tuple[Gate, str], capsys: pytest.CaptureFixture[str]
) -> None:
    gate, _ = database_gate
    ticker = engine.Ticker(behind_gate, lambda _ids, _attempt: None)
    thread = threading.Thread(target=ticker.run)
    gate.cut()
    thread.start()
    services.wait_for(lambda: _saw(capsys, "nudges.tick_failed"), LookupError)
    gate.mend()
    with behind_gate.app_context():
        due = person_with_due_plan(behind_gate)
        services.wait_for(lambda: _claimed(due), LookupError, seconds=30)
    ticker.stop()
    thread.join(30)
    assert ticker.late() is None


def person_with_due_plan(app: Flask) -> str:
    """A person whose next nudge was due a minute ago; their account's id."""
    client = person(app)
    client.put(f"{API}/nudges/plan", json={"enabled": True})
    account_id: str = client.get(f"{API}/accounts/me").get_json()["id"]
    minute_ago = clock.now() - timedelta(minutes=1)
    slot = f"{minute_ago:%Y-%m-%dT%H:%M}"
    db.session.execute(sa.update(NudgePlan).values(next_due_at=minute_ago, next_slot=slot))
    db.session.commit()
    return account_id


def _claimed(account_id: str) -> None:
    db.session.rollback()
    found = db.session.scalar(sa.select(NudgeDelivery).where(NudgeDelivery.account_id == account_id))
    if found is None:
        raise LookupError("not yet")


def _saw(capsys: pytest.CaptureFixture[str], event: str) -> None:
    if event not in capsys.readouterr().err:
        raise LookupError(event)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Flask]:
    """A server whose database may not grow beyond what it has, once `fill_disk` is called."""
    app = create_app(settings_for(tmp_path))
    run(app, "db", "upgrade")
    yield app
    dispose(app)


def fill_disk(app: Flask) -> None:
    """From now on SQLite answers every page more with 'database or disk is full', as on a full disk."""
    limit_pages(app, "PRAGMA max_page_count=1")


def free_disk(app: Flask) -> None:
    """There is room again."""
    limit_pages(app, "PRAGMA max_page_count=1073741823")


def limit_pages(app: Flask, pragma: str) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        sa.event.listen(db.engine, "connect", lambda connection, _: connection.execute(pragma))


def test_on_a_full_disk_writes_are_503_and_lose_nothing_while_reads_go_on(small_disk: Flask) -> None:
    client = person(small_disk)
    kept = document()
    assert push(client, kept).get_json() == []
    fill_disk(small_disk)
    refused = None
    for _ in range(200):
        refused = push(client, document(sealed_note={"v": 1, "iv": "A" * 16, "ct": "A" * 16000}))
        if refused.status_code != 200:
            break
    assert refused is not None
    assert is_problem(refused)
    rows = count_rows(small_disk)
    assert is_problem(push(client, document(sealed_note={"v": 1, "iv": "A" * 16, "ct": "A" * 16000})))
    assert count_rows(small_disk) == rows
    assert client.get(f"{API}/checkins").status_code == 200
    free_disk(small_disk)
    assert push(client, document(sealed_note={"v": 1, "iv": "A" * 16, "ct": "A" * 16000})).get_json() == []


def test_a_backup_for_which_there_is_no_room_leaves_no_half_file(small_disk: Flask, tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands for the full disk: writes beyond it fail with 'File too large'."""
    town.fill(small_disk.config["SETTINGS"].database)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "backup", "create", str(tmp_path / "out" / "b.tar.gz")]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "INSTANCE_PATH": str(small_disk.config["SETTINGS"].instance_path)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )  # fmt: skip
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert list((tmp_path / "out").iterdir()) == []


@pytest.fixture
def redis_gate(redis_url: str) -> Iterator[Gate]:
    with gate_to(int(make_url(redis_url).port or 0)) as gate:
        yield gate


def settings_with_redis(folder: Path, gate: Gate) -> Settings:
    return settings_for(folder, rate_limits=True, redis_url=f"redis://127.0.0.1:{gate.port}/0")


def test_without_redis_people_go_on_and_limits_are_counted_here(tmp_path: Path, redis_gate: Gate) -> None:
    app = make_app(settings_with_redis(tmp_path, redis_gate))
    client = person(app)
    redis_gate.cut()
    assert push(client, document()).get_json() == []
    wrong = {"name": "juniper", "auth_key": "A" * 43}
    answers = [app.test_client().post(f"{API}/sessions", json=wrong).status_code for _ in range(12)]
    assert set(answers) == {401, 429}
    assert answers[-1] == 429
    redis_gate.mend()
    assert push(client, document()).get_json() == []
    dispose(app)
