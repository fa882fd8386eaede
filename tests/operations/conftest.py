"""PostgreSQL's client programs are on the PATH, and the instance of a test is in its own folder."""

import os

import pytest

from tests.support import services


@pytest.fixture(autouse=True)
def client_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """`pg_dump` can be found, as on a machine set up after docs/operations.md."""
    if folder := services.client_programs():
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
