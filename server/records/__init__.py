"""A person's records, kept on their devices and copied here: check-ins, urges, letters, marks, the journey."""

from flask import Flask

from server.extensions import api
from server.records import cli, sync_views, views


def init_app(app: Flask) -> None:
    """Bind this feature to the application."""
    api.register_blueprint(views.blueprint)
    api.register_blueprint(sync_views.blueprint)
    app.cli.add_command(cli.group)
