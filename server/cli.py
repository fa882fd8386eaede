"""Commands that belong to no single feature. Each feature adds its own group (`flask --help` lists them)."""

import os
import sys

import click
from flask import Flask, current_app
from flask_migrate import upgrade

from server.config import Settings


@click.command("run-server")
def run_server() -> None:
    """Bring the database up to date and serve the app, the API and the nudge engine in one process."""
    settings: Settings = current_app.config["SETTINGS"]
    upgrade()
    click.echo(f"Heartwood is at {settings.origin}")
    sys.stdout.flush()
    os.execv(sys.executable, gunicorn_command(settings))


def gunicorn_command(settings: Settings) -> list[str]:
    """The command line of a web process: one worker, since the nudge engine lives in it."""
    return [
        sys.executable, "-m", "gunicorn", "wsgi:app",
        "--bind", f"{settings.host}:{settings.port}",
        "--workers", "1", "--threads", str(settings.threads), "--worker-class", "gthread",
        "--config", "python:server.nudges.gunicorn_hooks",
        "--no-control-socket", "--graceful-timeout", "30", "--log-level", "warning",
    ]  # fmt: skip


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(run_server)
