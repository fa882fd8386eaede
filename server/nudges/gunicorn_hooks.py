"""gunicorn's hooks (`--config python:server.nudges.gunicorn_hooks`): the engine lives as long as the worker."""

from typing import Any

from server import memory
from server.nudges import engine


def post_worker_init(worker: Any) -> None:
    """Start after the fork, so that threads and connections belong to this process."""
    memory.keep_for_good()
    engine.start(worker.wsgi)


def worker_exit(server: Any, worker: Any) -> None:
    """The process was asked to stop: finish what is in flight."""
    running = worker.wsgi.extensions.get("heartwood_nudges") if hasattr(worker, "wsgi") else None
    if running is not None:
        running.stop()
