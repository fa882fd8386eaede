"""Commands that belong to no single feature. Each feature adds its own group (`flask --help` lists them)."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from server.database import db
from server.serve import WebProcess


@click.command("run-server")
@with_appcontext
def run_server() -> None:
    """Bring the database up to date and serve the app, the API and the nudge engine in one process."""
    upgrade()
    # The worker is a fork: it must open connections of its own.
    db.engine.dispose()
    click.echo(f"Heartwood is at {current_app.config['SETTINGS'].origin}")
    WebProcess(current_app._get_current_object()).run()  # type: ignore[attr-defined]  # the app behind the proxy


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(run_server)
