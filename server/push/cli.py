"""`flask push …`: the instance's keys."""

import click
from flask import current_app
from flask.cli import AppGroup

from server.push import keys

group = AppGroup("push", help="Web Push keys.")


@group.command("keygen")
@click.option("--replace", is_flag=True, help="Make new keys; every device subscribes again when it opens the app.")
def keygen(replace: bool) -> None:
    """Make the VAPID keys, or show the public one and where the private one is."""
    folder = current_app.config["SETTINGS"].instance_path
    found = keys.replace(folder) if replace else keys.load(folder)
    click.echo(f"public key: {found.application_server_key}")
    click.echo(f"private key: {folder / keys.FILE} (keep a copy: devices are bound to it)")
