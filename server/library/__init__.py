"""The library: everything in `content/`, loaded once, checked, versioned and served read-only."""

from flask import Flask

from server.extensions import api
from server.library import cli, service, views


def init_app(app: Flask) -> None:
    """Load the content and bind this feature to the application.

    Raises ContentError when the content cannot be served; only the commands that say why start without it.
    """
    if not cli.is_running():
        service.init_app(app)
    api.register_blueprint(views.blueprint)
    app.cli.add_command(cli.group)
