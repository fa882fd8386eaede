"""`/metrics` counts right, in one process and in several, and tells only those who may know."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import ROOT, dispose, make_app, person, settings_for
from tests.records.samples import API, document, row
from tests.support.services import free_port, wait_for

TOKEN = "t" * 40
SAMPLE = re.compile(r"^(\w+)(\{.*\})? ([\d.e+-]+)$", re.MULTILINE)


def figures(text: str) -> dict[str, float]:
    """Every sample of a scrape, by its name with labels."""
    return {f"{name}{labels}": float(value) for name, labels, value in SAMPLE.findall(text)}


@pytest.fixture
def counting(any_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A server with METRICS=on."""
    app = make_app(settings_for(tmp_path, database_url=any_database_url, metrics=True))
    yield app
    dispose(app)


def scrape(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metrics", buffered=True)
    assert answer.status_code == 200, answer.text
    return figures(answer.text)


def grown(before: dict[str, float], after: dict[str, float], name: str) -> float:
    return after.get(name, 0.0) - before.get(name, 0.0)


def test_there_are_no_metrics_unless_they_are_switched_on(client: FlaskClient) -> None:
    assert client.get("/metrics", buffered=True).status_code == 404


def test_requests_are_counted_by_route_template_and_status(counting: Flask) -> None:
    client = counting.test_client()
    before = scrape(client)
    for slug in ("boundaries", "growing-from-here", "not-there"):
        client.get(f"{API}/library/readings/{slug}", buffered=True)
    after = scrape(client)
    labels = 'method="GET",route="/api/v1/library/readings/<slug>",status='
    assert grown(before, after, f'heartwood_http_requests_total{{{labels}"200"}}') == 2
    assert grown(before, after, f'heartwood_http_requests_total{{{labels}"404"}}') == 1
    timed = 'heartwood_http_request_seconds_count{route="/api/v1/library/readings/<slug>"}'
    assert grown(before, after, timed) == 3


def test_sync_is_counted_by_collection_and_verdict(counting: Flask) -> None:
    client = person(counting)
    before = scrape(client)
    new = document("urges")
    for _ in range(2):
        client.post(f"{API}/sync/urges/push", json=[row(new)], buffered=True)
    client.get(f"{API}/sync/urges/pull?since=0", buffered=True)
    after = scrape(client)
    pushed = 'heartwood_sync_pushed_documents_total{collection="urges",verdict='
    assert grown(before, after, pushed + '"take"}') == 1
    assert grown(before, after, pushed + '"same"}') == 1
    assert grown(before, after, 'heartwood_sync_pulled_documents_total{collection="urges"}') == 1


def test_the_queue_and_the_people_are_read_from_the_database(counting: Flask) -> None:
    client = person(counting)
    found = scrape(client)
    assert found["heartwood_database_up"] == 1
    assert found["heartwood_accounts_seen_week"] == 1
    assert found["heartwood_nudges_lag_seconds"] == 0


def test_a_database_that_is_away_is_a_figure_and_not_a_failure(tmp_path: Path) -> None:
    from server import create_app

    away = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    app = create_app(settings_for(tmp_path, database_url=away, metrics=True))
    assert scrape(app.test_client())["heartwood_database_up"] == 0
    dispose(app)


def test_the_empty_file_of_a_process_that_was_killed_at_its_start_fails_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    app = make_app(settings_for(tmp_path, metrics=True, metrics_folder=str(folder)))
    (folder / "counter_4711.db").touch()
    assert scrape(app.test_client())["heartwood_database_up"] == 1
    dispose(app)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_strangers_that_a_proxy_on_this_machine_passes_on_are_refused(tmp_path: Path, header: str) -> None:
    client = make_app(settings_for(tmp_path, metrics=True)).test_client()
    assert client.get("/metrics", headers={header: "for=203.0.113.9"}, buffered=True).status_code == 403
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "192.0.2.7"}, buffered=True).status_code == 403
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "::1"}, buffered=True).status_code == 200


def test_with_a_token_everybody_who_has_it_may_ask_and_nobody_else(tmp_path: Path) -> None:
    client = make_app(settings_for(tmp_path, metrics=True, metrics_token=TOKEN)).test_client()
    refused = client.get("/metrics", headers={"Authorization": "Bearer wrong"}, buffered=True)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert client.get("/metrics", buffered=True).status_code == 401
    allowed = client.get(
        "/metrics", headers={"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.9"}, buffered=True
    )
    assert allowed.status_code == 200


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables of a real server with metrics that several processes add up."""
    folder = tmp_path / "metrics"
    folder.mkdir()
    settings = {
        "PORT": str(free_port()),
        "INSTANCE_PATH": str(tmp_path / "instance"),
        "METRICS": "on",
        "PROMETHEUS_MULTIPROC_DIR": str(folder),
        "PROCESSES": "2",
        "NUDGE_ENGINE": "off",
        "LOG_LEVEL": "ERROR",
    }
    return {**os.environ, **settings}


@pytest.fixture
def program(environment: dict[str, str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Programs that a test starts, ended after it."""
    running: list[subprocess.Popen[bytes]] = []
    yield running
    for process in running:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def start(running: list[subprocess.Popen[bytes]], environment: dict[str, str], *command: str) -> None:
    running.append(
        subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", *command], cwd=ROOT, env=environment)
    )


def get(url: str) -> str:
    with urlopen(Request(url, headers={"Connection": "close"}), timeout=10) as answer:
        return str(answer.read().decode())


def test_two_web_processes_count_together(environment: dict[str, str], program: list[subprocess.Popen[bytes]]) -> None:
    start(program, environment, "run-server")
    base = f"http://127.0.0.1:{environment['PORT']}"
    wait_for(lambda: get(f"{base}/healthz"), OSError, seconds=60)
    for _ in range(40):
        get(f"{base}/api/v1/library/readings/boundaries")
    name = 'heartwood_http_requests_total{method="GET",route="/api/v1/library/readings/<slug>",status="200"}'
    assert [figures(get(f"{base}/metrics"))[name] for _ in range(4)] == [40.0] * 4
    counted_by = list(Path(environment["PROMETHEUS_MULTIPROC_DIR"]).glob("counter_*.db"))
    assert len(counted_by) >= 2


def test_a_worker_answers_for_its_processes_on_a_port_of_its_own(
    environment: dict[str, str], program: list[subprocess.Popen[bytes]], redis_url: str
) -> None:
    port = free_port()
    told = {**environment, "STATUS_PORT": str(port), "NUDGE_ENGINE": "celery", "REDIS_URL": redis_url}
    subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], cwd=ROOT, env=told, check=True)
    command = [sys.executable, "-m", "celery", "-A", "server.nudges.celery_app", "worker", "-c", "1", "-l", "error"]
    program.append(subprocess.Popen(command, cwd=ROOT, env=told))
    base = f"http://127.0.0.1:{port}"
    assert '"database":"ok"' in wait_for(lambda: get(f"{base}/readyz"), OSError, seconds=60).replace(" ", "")
    assert "heartwood_nudge_batches_in_progress" in get(f"{base}/metrics")


def test_a_ticker_tells_how_it_is_on_a_port_of_its_own(
    environment: dict[str, str], program: list[subprocess.Popen[bytes]]
) -> None:
    port = free_port()
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], cwd=ROOT, env=environment, check=True
    )
    start(program, {**environment, "STATUS_PORT": str(port), "NUDGE_TICK_SECONDS": "1"}, "nudges", "tick")
    base = f"http://127.0.0.1:{port}"
    assert '"nudges":"ok"' in wait_for(lambda: get(f"{base}/readyz"), OSError, seconds=60).replace(" ", "")
    assert figures(get(f"{base}/metrics"))["heartwood_database_up"] == 1
    with pytest.raises(HTTPError, match="404"):
        get(f"{base}/api/v1/library")
