"""The application and its texts are no work for the garbage collector."""

import gc
from collections.abc import Iterator

import pytest
from flask import Flask

from server import memory


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_there_is_not_looked_through_again_and_what_comes_later_is(app: Flask) -> None:
    memory.keep_for_good()
    before = gc.get_freeze_count()
    circle: list[object] = []
    circle.append(circle)
    assert before > 10_000
    assert any(each is circle for each in gc.get_objects())
    assert not any(each is app for each in gc.get_objects())
