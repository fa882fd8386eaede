"""What a running server is asked, for tests that wait for a service worker, which nobody can look into."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, request_finished


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was answered. `background` when the service worker made it."""

    method: str
    path: str
    background: bool


class Overheard:
    """The calls since the beginning, and a way to wait for one."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._changed = threading.Condition()

    def note(self, _sender: Flask, **_: Any) -> None:
        call = Call(request.method, request.path, "Heartwood-Background" in request.headers)
        with self._changed:
            self.calls.append(call)
            self._changed.notify_all()

    def wait_for(self, method: str, path: str, seconds: float = 60.0) -> None:
        """Wait until somebody has asked for what ends so. Raises TimeoutError."""
        self._wait(lambda call: call.method == method and call.path.endswith(path), f"{method} …{path}", seconds)

    def wait_for_worker(self, seconds: float = 60.0) -> None:
        """Wait until the service worker has called. Raises TimeoutError.

        It shows a notification before it calls, so what a push brings is on the screen by then.
        """
        self._wait(lambda call: call.background, "service worker", seconds)

    def _wait(self, wanted: Callable[[Call], bool], what: str, seconds: float) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: any(map(wanted, self.calls)), seconds):
                raise TimeoutError(f"no call: {what}; heard: {self.calls[-5:]}")


@contextmanager
def overhearing(app: Flask) -> Iterator[Overheard]:
    """Listen to what the server is asked for the length of a `with`."""
    heard = Overheard()
    with request_finished.connected_to(heard.note, app):
        yield heard
