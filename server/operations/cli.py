"""`flask doctor`, `flask backup …`, `flask db-move`, `flask housekeeping`: for whoever runs an instance."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from server.config import Settings
from server.database import db
from server.operations import backup, doctor, findings, housekeeping, move, secret
from server.operations.archive import BackupBroken, DumpFailed, Manifest
from server.operations.rows import Different

group = AppGroup("backup", help="Copies of everything, made while people go on.")
secrets = AppGroup("secret", help="The server's secret, in the instance folder.")
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.command("doctor")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="json is for programs.")
@with_appcontext
def doctor_command(form: str) -> None:
    """Look everything over and say how to put right what is wrong; exit with 1 when there is a problem."""
    found = doctor.examine(_settings())
    if form == "json":
        click.echo(json.dumps([{**asdict(each), "level": each.level.value} for each in found], indent=2))
    else:
        for each in found:
            click.echo("\n".join(each.lines()))
    sys.exit(findings.exit_code(found))


@group.command("create")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--keep", type=click.IntRange(1), help="Then delete all but so many of the newest in BACKUP_PATH.")
def create(file: Path | None, keep: int | None) -> None:
    """Back up the database and the keys, to FILE or to a new file in BACKUP_PATH. Nobody has to stop."""
    with _said_plainly():
        path, manifest = backup.create(_settings(), file and file.resolve())
        gone = backup.keep_newest(_settings().backups, keep) if keep else 0
    click.echo(f"{path}\n{_described(manifest)}")
    if gone:
        click.echo(f"{gone} older deleted")


@group.command("verify")
@FILE
def verify(file: Path) -> None:
    """Read FILE whole and count every row; exit with 1 when it is not what was backed up."""
    with _said_plainly():
        manifest = backup.verify(file.resolve())
    click.echo(f"whole: {_described(manifest)}")


@group.command("restore")
@FILE
def restore(file: Path) -> None:
    """Restore FILE into the configured database, which must be empty, and the instance folder."""
    with _said_plainly():
        manifest = backup.restore(_settings(), file.resolve())
    click.echo(f"restored: {_described(manifest)}")
    if manifest.revision != backup.newest_revision():
        click.echo("It is of an older Heartwood: run `flask db upgrade`.")


@click.command("db-move")
@click.argument("source_url")
@click.argument("target_url", required=False)
@with_appcontext
def db_move(source_url: str, target_url: str | None) -> None:
    """Copy all rows of SOURCE_URL to the empty database TARGET_URL (default: DATABASE_URL) and compare each of them.

    Stop the server first. The source is left as it is.
    """
    with _said_plainly():
        total = move.move(_settings(), source_url, target_url or _settings().database, _print_table)
    click.echo(f"{total} rows, each the same on both sides. Now start with DATABASE_URL set to the new database.")


@click.command("housekeeping")
@with_appcontext
def housekeeping_command() -> None:
    """Forget what has run its time: sessions, tombstones, idle accounts. Run daily."""
    for what, count in housekeeping.run(_settings()):
        click.echo(f"{count:>7} {what}")


@secrets.command("rotate")
def rotate_secret() -> None:
    """Make a new secret. The old ones are still understood, so nobody is signed out. Then restart the server."""
    with _said_plainly():
        count = secret.rotate(_settings())
    click.echo(f"{count} secrets in force. Restart the server; then everybody's cookie is renewed as they come by.")


@secrets.command("forget")
def forget_secrets() -> None:
    """Keep the newest secret alone. Signs out whoever has not been here since it was made. Then restart the server."""
    with _said_plainly():
        count = secret.forget(_settings())
    click.echo(f"{count} older secrets forgotten. Restart the server.")


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _print_table(name: str, count: int) -> None:
    click.echo(f"{count:>9} {name}")


def _described(manifest: Manifest) -> str:
    return f"{manifest.total} rows of {manifest.database}, revision {manifest.revision}, of {manifest.created_at[:19]}Z"


@contextmanager
def _said_plainly() -> Iterator[None]:
    """What can go wrong, as one line and exit code 1."""
    try:
        yield
    except (backup.Refused, BackupBroken, DumpFailed, Different, secret.SecretKeptElsewhere, OSError) as error:
        raise click.ClickException(str(error)) from error
    except SQLAlchemyError as error:
        raise click.ClickException(f"the database does not answer: {getattr(error, 'orig', error)}") from error
    finally:
        db.session.rollback()


COMMANDS = (doctor_command, group, secrets, db_move, housekeeping_command)
