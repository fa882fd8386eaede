"""Accounts: identity, sessions, recovery, export and deletion. No e-mail address, and words sealed elsewhere."""

from flask import Flask

from server.accounts import cli, identity, session_views, views
from server.extensions import api


def init_app(app: Flask) -> None:
    """Bind this feature to the application."""
    identity.init_app(app)
    api.register_blueprint(views.blueprint)
    api.register_blueprint(session_views.blueprint)
    app.cli.add_command(cli.group)
