"""`flask accounts …`: housekeeping."""

import click
from flask.cli import AppGroup

from server.accounts import service

group = AppGroup("accounts", help="Accounts and sessions.")


@group.command("drop-expired-sessions")
def drop_expired_sessions() -> None:
    """Delete sessions that ran out 400 days after their last use."""
    click.echo(f"{service.drop_expired_sessions()} sessions dropped")
