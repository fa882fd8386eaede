"""Fixtures: a push service on loopback, and a server that sends to it. Imported by the conftests that want them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.push import service as push
from tests.conftest import dispose, make_app, person, settings_for
from tests.support.push_service import PushService, running


@pytest.fixture(scope="session")
def running_push_service() -> Iterator[PushService]:
    with running() as service:
        yield service


@pytest.fixture
def push_service(running_push_service: PushService) -> PushService:
    """A push service that remembers nothing of the tests before."""
    running_push_service.forget()
    return running_push_service


@pytest.fixture
def app(tmp_path: Path, push_service: PushService) -> Iterator[Flask]:
    """A server whose pushes reach the push service."""
    app = make_app(settings_for(tmp_path, push_loopback=push_service.loopback))
    yield app
    with app.app_context():
        push.sender().close()
    dispose(app)


@pytest.fixture
def signed_in(app: Flask) -> FlaskClient:
    return person(app)
