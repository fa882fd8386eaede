"""Nudges: when (`schedule`), what (`chooser`), and getting them there (`claims`, `delivery`, `engine`)."""

from flask import Flask

from server.accounts.signals import timezone_changed
from server.extensions import api
from server.nudges import activity, cli, engine, service, views


def init_app(app: Flask) -> None:
    """Serve the endpoints, follow people to other zones, and be ready to run the engine."""
    api.register_blueprint(views.blueprint)
    app.cli.add_command(cli.group)
    activity.init_app(app)
    timezone_changed.connect(service.timezone_changed)
    engine.init_app(app)
