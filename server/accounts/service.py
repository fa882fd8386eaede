"""Accounts: making, changing, signing in to and deleting them. Owns the transactions."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.accounts import identity, names, passwords, recovery
from server.accounts.models import Account, AuthSession
from server.accounts.signals import timezone_changed
from server.clock import now
from server.database import db, empty_journal, transaction
from server.errors import Conflict, Invalid, NotFound, Unauthorised
from server.logs import log
from server.schemas import is_uuid7


class NameTaken(Conflict):
    code = "name_taken"
    title = "Somebody else has this name"


@dataclass(frozen=True, slots=True)
class Opened:
    """An account that a device has just signed in to: the token for its cookie, a new recovery code if any, and the
    vault key as wrapped by a secret that is only good for this way in."""

    account: Account
    token: str
    recovery_code: str | None = None
    wrapped_keys: dict[str, Any] = field(default_factory=dict)
    passkey_id: str | None = None


def create(timezone: str, locale: str) -> Opened:
    """A device account with its first session and its recovery code, which is not kept and cannot be shown again."""
    secret = recovery.new_secret()
    with transaction() as database:
        account = Account(timezone=timezone, locale=locale, recovery_hash=recovery.fingerprint(secret))
        database.add(account)
        database.flush()
        token = identity.start_session(database, account.id)
    return Opened(account, token, recovery.to_code(secret))


def get(account_id: str) -> Account:
    """The account. Raises Unauthorised when it has been deleted meanwhile."""
    return _existing(db.session.get(Account, account_id))


def update(account_id: str, changes: dict[str, str]) -> Account:
    """Change the time zone or the locale."""
    with transaction() as database:
        account = locked(database, account_id)
        moved = changes.get("timezone", account.timezone) != account.timezone
        for name, value in changes.items():
            setattr(account, name, value)
        database.flush()
        if moved:
            timezone_changed.send(account_id, session=database, timezone=account.timezone)
    return account


def delete(account_id: str) -> None:
    """Delete the person: every row of theirs, in every table, by the database's own cascade."""
    with transaction() as database:
        database.execute(sa.delete(Account).where(Account.id == account_id))
    empty_journal()
    log.info("account.deleted")


def set_login(account_id: str, session_id: str, login: dict[str, Any]) -> Account:
    """Attach or replace the name and passphrase; every other device must sign in again.

    Raises Invalid for a name that cannot be, NameTaken for somebody else's.
    """
    name = _checked_name(login["name"])
    auth_hash = passwords.hash_key(login["auth_key"])
    try:
        with transaction() as database:
            account = locked(database, account_id)
            account.name, account.auth_hash = name, auth_hash
            account.kdf, account.wrapped_by_passphrase = login["kdf"], login["wrapped_key"]
            database.flush()
            identity.end_other_sessions(database, account_id, keep=session_id)
    except IntegrityError as error:
        raise NameTaken("Choose another name.", {"name": ["Somebody else has this name."]}) from error
    log.info("credentials.changed", what="passphrase")
    return account


def kdf_for(name: str) -> dict[str, Any]:
    """How to derive the key for a name; made-up parameters when nobody has it. Raises Invalid."""
    folded = _checked_name(name)
    made_up = names.made_up_kdf(folded)
    found = db.session.scalar(sa.select(Account.kdf).where(Account.name == folded))
    return found or made_up


def sessions(account_id: str) -> list[AuthSession]:
    """The devices signed in to an account, the latest seen first."""
    query = sa.select(AuthSession).where(AuthSession.account_id == account_id, AuthSession.expires_at > now())
    return list(db.session.scalars(query.order_by(AuthSession.last_seen_at.desc(), AuthSession.id)))


def end_session(account_id: str, session_id: str) -> None:
    """Sign one device out. Raises NotFound for a session that is not this account's."""
    with transaction() as database:
        if not is_uuid7(session_id) or not identity.end_session(database, account_id, session_id):
            raise NotFound("You have no such session.")


def end_sessions(account_id: str | None) -> int:
    """Sign an account out on every device, or everybody for None; answers how many devices that were."""
    ending = sa.delete(AuthSession)
    with transaction() as database:
        ended = database.execute(ending.where(AuthSession.account_id == account_id) if account_id else ending)
        return int(getattr(ended, "rowcount", 0))


def drop_expired_sessions() -> int:
    """Delete sessions that have run out; answers how many. Run daily."""
    with transaction() as database:
        ended = database.execute(sa.delete(AuthSession).where(AuthSession.expires_at <= now()))
        return int(getattr(ended, "rowcount", 0))


def lock_revision(database: Session, account_id: str) -> int:
    """Lock the account's row until the transaction ends; its newest record revision.

    FOR NO KEY UPDATE on PostgreSQL, so that rows which only refer to the account can still be added meanwhile;
    on SQLite `transaction()` already holds the one write lock. Raises Unauthorised when the account is gone.
    """
    query = sa.select(Account.revision).where(Account.id == account_id).with_for_update(key_share=True)
    revision = database.scalar(query)
    if revision is None:
        raise Unauthorised("This account was deleted.")
    return revision


def store_revision(database: Session, account_id: str, revision: int) -> None:
    """Advance the counter; only under `lock_revision` in the same transaction."""
    database.execute(sa.update(Account).where(Account.id == account_id).values(revision=revision))


def newest_visit() -> datetime | None:
    """When anybody was last seen; None when there is nobody."""
    return db.session.scalar(sa.select(sa.func.max(Account.last_seen_at)))


def seen_since(days: int) -> int:
    """How many accounts were seen in the last `days`."""
    return _count(Account.last_seen_at > now() - timedelta(days=days))


def locales(account_ids: Collection[str]) -> dict[str, str]:
    """The locale of each of the accounts."""
    found = db.session.execute(sa.select(Account.id, Account.locale).where(Account.id.in_(account_ids)))
    return {row.id: row.locale for row in found}


def _count(where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Account).where(where)) or 0


def locked(database: Session, account_id: str) -> Account:
    """The account, with its row locked until the transaction ends. Raises Unauthorised when it is gone."""
    query = sa.select(Account).where(Account.id == account_id).with_for_update(key_share=True)
    return _existing(database.scalar(query))


def _existing(account: Account | None) -> Account:
    if account is None:
        raise Unauthorised("This account was deleted.")
    return account


def _checked_name(name: str) -> str:
    folded = names.fold(name)
    if not names.is_allowed(folded):
        said = "A name has 3 to 40 letters or digits, with dots, hyphens and underscores between them."
        raise Invalid(said, {"name": [said]})
    return folded
