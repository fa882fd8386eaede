"""What the log says of a request: enough to find it again, nothing of who or what."""

import json
import logging
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.database import db
from server.logs import configure
from tests.conftest import dispose, make_app, person, settings_for


@pytest.fixture
def loud(tmp_path: Path) -> Flask:
    """A server that logs."""
    return make_app(settings_for(tmp_path, log_level="INFO"))


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """Every line of the log since the last look."""
    return [json.loads(line) for line in captured.readouterr().err.splitlines()]


def test_a_request_is_one_line_with_route_status_and_time(loud: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    answer = loud.test_client().get("/api/v1/library/readings/boundaries", buffered=True)
    (line,) = lines(capsys)
    assert float(str(line.pop("ms"))) >= 0
    assert line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "request": answer.headers["X-Request-Id"],
        "method": "GET",
        "route": "/api/v1/library/readings/<slug>",
        "status": 200,
    }


def test_neither_ids_nor_queries_nor_addresses_nor_words_are_logged(
    loud: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    client = person(loud)
    secret = "0193ec5a-7d2e-7abc-8def-0123456789ab"
    client.put(
        f"/api/v1/checkins/{secret}",
        json={"felt_at": "2026-11-01T10:00:00Z", "mood": 2, "feelings": ["numb"]},
        buffered=True,
    )
    client.get("/api/v1/library/search?q=kettle", buffered=True)
    client.get(f"/{secret}", headers={"X-Forwarded-For": "203.0.113.9"}, buffered=True)
    text = json.dumps(lines(capsys))
    assert not re.search(rf"{secret}|kettle|numb|127\.0\.0\.1|203\.0\.113", text)
    assert "unknown" in text


def test_health_checks_and_files_are_quiet(loud: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    loud.test_client().get("/healthz", buffered=True)
    assert lines(capsys) == []


def test_lines_written_during_a_request_carry_its_id_and_later_ones_do_not(
    loud: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    client = loud.test_client()
    first, second = (client.get("/api/v1/library", buffered=True).headers["X-Request-Id"] for _ in range(2))
    assert first != second
    assert [line["request"] for line in lines(capsys)] == [first, second]


def test_an_id_from_the_proxy_is_taken_over_only_when_there_is_a_proxy(tmp_path: Path, client: FlaskClient) -> None:
    given = {"X-Request-Id": "from-the-proxy-1"}
    assert client.get("/healthz", headers=given, buffered=True).headers["X-Request-Id"] != "from-the-proxy-1"
    behind = make_app(settings_for(tmp_path, trusted_proxies=1)).test_client()
    assert behind.get("/healthz", headers=given).headers["X-Request-Id"] == "from-the-proxy-1"
    odd = {"X-Request-Id": '"} {"forged": "line'}
    assert re.fullmatch(r"[0-9a-f]{16}", behind.get("/healthz", headers=odd).headers["X-Request-Id"])


def test_an_error_of_ours_is_logged_with_its_route_and_without_what_was_sent(
    loud: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    loud.testing = False
    with loud.app_context():
        db.drop_all()
    answer = loud.test_client().post(
        "/api/v1/accounts", json={"timezone": "Europe/Dublin", "locale": "en"}, buffered=True
    )
    assert answer.status_code in {500, 503}
    text = json.dumps(lines(capsys))
    assert "Europe/Dublin" not in text
    assert '"level": "error"' in text
    dispose(loud)


def test_lines_of_libraries_take_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO")
    logging.getLogger("sqlalchemy.pool").warning("a %s was lost", "connection")
    (line,) = lines(capsys)
    assert (line["event"], line["level"], line["logger"]) == ("a connection was lost", "warning", "sqlalchemy.pool")
