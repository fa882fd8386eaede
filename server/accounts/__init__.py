"""Accounts: identity, sessions, recovery, export and deletion. No e-mail address, and words sealed elsewhere."""

from flask import Flask

from server.accounts import cli, export, identity, join_views, passkey_views, session_views, views
from server.accounts.models import AuthSession, Passkey
from server.extensions import api


def init_app(app: Flask) -> None:
    """Bind this feature to the application."""
    identity.init_app(app)
    api.register_blueprint(views.blueprint)
    api.register_blueprint(session_views.blueprint)
    api.register_blueprint(passkey_views.blueprint)
    api.register_blueprint(join_views.blueprint)
    app.cli.add_command(cli.group)
    export.add_table("sessions", AuthSession.__table__, "id", "device", "created_at", "last_seen_at")
    export.add_table("passkeys", Passkey.__table__, "id", "label", "created_at", "last_used_at")
