"""The cast and the stage: fresh servers on real databases, people with and without accounts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from server import create_app
from server.config import Settings
from server.database import db
from tests.support import services

ROOT = Path(__file__).resolve().parent.parent


# No test fails for being slow: the machine may have other work.
settings.register_profile("heartwood", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("heartwood")


def settings_for(folder: Path, **changes: object) -> Settings:
    """Settings of a test server that keeps its files in `folder` and sends no nudges by itself."""
    given: dict[str, object] = {
        "instance_path": folder / "instance",
        "content_path": ROOT / "content",
        "nudge_engine": "off",
        "rate_limits": False,
        "log_level": "ERROR",
    }
    return Settings(**{**given, **changes})  # type: ignore[arg-type]


def make_app(settings: Settings) -> Flask:
    """An application with all tables, made from the models."""
    app = create_app(settings)
    app.testing = True
    with app.app_context():
        db.create_all()
    return app


def dispose(app: Flask) -> None:
    """Give back the connections of an application."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """A server on a fresh SQLite file."""
    app = make_app(settings_for(tmp_path))
    yield app
    dispose(app)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL server of this test run."""
    with services.postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis or Valkey server of this test run."""
    with services.redis() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: first SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'heartwood.sqlite3'}"
    return services.fresh_database(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def any_database_app(any_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A server on an empty SQLite, then on an empty PostgreSQL database."""
    app = make_app(settings_for(tmp_path, database_url=any_database_url))
    yield app
    dispose(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody without an account."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask) -> FlaskClient:
    """A person with a device account."""
    return person(app)


@pytest.fixture
def second_person(app: Flask) -> FlaskClient:
    """Another person with a device account of their own."""
    return person(app)


def person(app: Flask, timezone: str = "Europe/Dublin") -> FlaskClient:
    """A client that has just made a device account."""
    client = app.test_client()
    answer = client.post("/api/v1/accounts", json={"timezone": timezone, "locale": "en"})
    assert answer.status_code == 201, answer.text
    return client


def same_device(app: Flask, device: FlaskClient) -> FlaskClient:
    """The device with its cookie once more: at another process, or for a thread of its own."""
    cookie = device.get_cookie("heartwood")
    assert cookie is not None
    same = app.test_client()
    same.set_cookie("heartwood", cookie.value)
    return same


def count_rows(app: Flask) -> dict[str, int]:
    """How many rows each table holds: for proving that a refused request changed nothing."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in db.metadata.tables.items()
        }
