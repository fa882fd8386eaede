"""`/healthz` and `/readyz` tell the truth."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from server import create_app, health
from tests.conftest import dispose, settings_for


def test_a_running_process_is_alive(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "alive"}


def test_a_migrated_server_is_ready(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        upgrade()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["checks"]["database"] == "ok"
    dispose(app)


def test_a_server_whose_schema_is_old_is_not_ready_and_says_what_to_do(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "flask db upgrade" in answer.get_json()["checks"]["database"]
    dispose(app)


def test_a_server_whose_database_is_away_is_not_ready(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none"))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["database"] == "the database does not answer"


def test_a_feature_that_reports_trouble_makes_the_server_unready(app: Flask) -> None:
    health.add_check(app, "nudges", lambda: "the ticker has not run for 90 s")
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["nudges"] == "the ticker has not run for 90 s"
