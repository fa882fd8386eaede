"""Running an instance: looking it over, backing it up, moving it, and its figures for Prometheus."""

from flask import Flask

from server import metrics
from server.operations import cli, figures


def init_app(app: Flask) -> None:
    """Add the commands, and the database's figures to `/metrics`."""
    for command in cli.COMMANDS:
        app.cli.add_command(command)
    metrics.add_figures(app, figures.read)
