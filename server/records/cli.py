"""`flask records …`: housekeeping."""

import click
from flask.cli import AppGroup

from server.records import tombstones

group = AppGroup("records", help="People's synced records.")


@group.command("collect-tombstones")
def collect_tombstones() -> None:
    """Forget what was deleted more than 180 days ago. Run daily."""
    click.echo(f"{tombstones.collect()} tombstones collected")
