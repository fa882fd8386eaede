"""The web process: gunicorn with threads around an application that is already made."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from server.config import Settings
from server.metrics import process_ended
from server.nudges import gunicorn_hooks


class WebProcess(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Workers with threads, each with its nudge engine when that is embedded; restarted when one dies."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        super().__init__()

    def load_config(self) -> None:
        for name, value in options(self._app.config["SETTINGS"]).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def options(settings: Settings) -> dict[str, Any]:
    """gunicorn's settings for `settings`."""
    return {
        "bind": f"{settings.host}:{settings.port}",
        "workers": settings.processes,
        "threads": settings.threads,
        "worker_class": "gthread",
        # Longer than proxies keep theirs (Caddy 120 s, nginx 60 s): who closes first may cut off a request on its way.
        "keepalive": 130,
        "worker_connections": 2000,
        "graceful_timeout": 30,
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_worker_init": gunicorn_hooks.post_worker_init,
        "worker_exit": gunicorn_hooks.worker_exit,
        "child_exit": lambda _server, worker: process_ended(settings, worker.pid),
    }
