"""Web Push: subscriptions of a person's devices, and the transport that sends to them."""

from flask import Flask

from server.extensions import api
from server.push import cli, service, views


def init_app(app: Flask) -> None:
    """Make or read the instance's keys, serve the endpoints, add the commands."""
    service.init_app(app)
    api.register_blueprint(views.blueprint)
    app.cli.add_command(cli.group)
