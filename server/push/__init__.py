"""Web Push: subscriptions of a person's devices, and the transport that sends to them."""

from flask import Flask

from server.accounts import export
from server.extensions import api
from server.push import cli, service, views
from server.push.models import PushSubscription


def init_app(app: Flask) -> None:
    """Make or read the instance's keys, serve the endpoints, add the commands."""
    service.init_app(app)
    api.register_blueprint(views.blueprint)
    app.cli.add_command(cli.group)
    export.add_table("push_subscriptions", PushSubscription.__table__, "id", "device", "created_at", "endpoint")
