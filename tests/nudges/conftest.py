"""The server of these tests sends to a push service on loopback."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import person
from tests.support.nudge_cast import MORNING, planned
from tests.support.push_fixtures import app, push_service, running_push_service, signed_in

__all__ = ["app", "push_service", "running_push_service", "signed_in"]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time stands still on a Tuesday morning."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def someone(clock: time_machine.Traveller, app: Flask) -> FlaskClient:
    """A person in Dublin who is nudged every day at nine."""
    client = person(app)
    planned(client)
    return client
