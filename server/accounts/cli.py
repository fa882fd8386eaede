"""`flask accounts …`: housekeeping."""

import click
from flask import current_app
from flask.cli import AppGroup

from server.accounts import names, retention, service

group = AppGroup("accounts", help="Accounts and sessions.")
MONTHS = click.option(
    "--months", type=click.IntRange(1, 120), help="Idle is unseen for so long. Default: ACCOUNTS_IDLE_MONTHS."
)


@group.command("drop-expired-sessions")
def drop_expired_sessions() -> None:
    """Delete sessions that ran out 400 days after their last use."""
    click.echo(f"{service.drop_expired_sessions()} sessions dropped")


@group.command("count")
@MONTHS
def count(months: int | None) -> None:
    """How many accounts there are, and how many of them `prune` would delete."""
    found = retention.census(_months(months))
    click.echo(f"accounts           {found.total}")
    click.echo(f"with a passphrase  {found.with_passphrase}")
    click.echo(f"seen this month    {found.seen_this_month}")
    click.echo(f"idle               {found.idle}  (device accounts unseen for {_months(months)} months)")


@group.command("prune")
@MONTHS
@click.option("--dry-run", is_flag=True, help="Only say how many it would be.")
def prune(months: int | None, dry_run: bool) -> None:
    """Delete idle accounts without passphrase or passkey, with everything in them. Run daily."""
    if dry_run:
        click.echo(f"{retention.census(_months(months)).idle} accounts would be deleted")
    else:
        click.echo(f"{retention.prune(_months(months))} accounts deleted")


@group.command("sign-out")
@click.argument("who", required=False)
@click.option("--all", "everybody", is_flag=True, help="Everybody, everywhere.")
def sign_out(who: str | None, everybody: bool) -> None:
    """Sign the account with the id or name WHO out on every device. They come back by their own ways in."""
    if everybody == bool(who):
        raise click.UsageError("Give WHO, or --all.")
    account_id = retention.find(names.fold(who)) if who else None
    if who and account_id is None:
        raise click.ClickException(f"there is no account {who}")
    click.echo(f"{service.end_sessions(account_id)} devices signed out")


@group.command("delete")
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(who: str, yes: bool) -> None:
    """Delete the account with the id or name WHO, with everything in it, for good."""
    account_id = retention.find(names.fold(who))
    if account_id is None:
        raise click.ClickException(f"there is no account {who}")
    if not yes:
        click.confirm(f"Delete {who} and everything in it? There is no way back but a backup", abort=True)
    service.delete(account_id)
    click.echo(f"{who} deleted")


def _months(given: int | None) -> int:
    return given or int(current_app.config["SETTINGS"].accounts_idle_months)
