"""How long accounts are kept: who there is, and whose has been idle for so long that it goes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from server.accounts.models import Account, Passkey
from server.accounts.months import months_before
from server.clock import now
from server.database import db, transaction

#: Accounts in one transaction, so that people who write meanwhile wait for a moment only.
BATCH = 200
#: How long before an account goes its person is told, where there is a way to tell them.
NOTICE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Census:
    """All accounts, those with a passphrase, those seen in the last 30 days, and those that `prune` would delete."""

    total: int
    with_passphrase: int
    seen_this_month: int
    idle: int


def census(months: int) -> Census:
    """Count; idle is a device account unseen for `months`."""
    moment = now()
    return Census(
        total=_count(sa.true()),
        with_passphrase=_count(Account.auth_hash.is_not(None)),
        seen_this_month=_count(Account.last_seen_at > months_before(moment, 1)),
        idle=_count(_idle(months_before(moment, months))),
    )


def prune(months: int) -> int:
    """Delete device accounts unseen for `months` with all that is theirs; how many.

    An account with a name and passphrase or a passkey stays: somebody meant to come back to it. Safe to run twice at
    once, and a person who comes back meanwhile is kept: each deletion looks again.
    """
    before, total = months_before(now(), months), 0
    while True:
        with transaction() as session:
            ripe = sa.select(Account.id).where(_idle(before)).limit(BATCH).scalar_subquery()
            gone = session.execute(sa.delete(Account).where(Account.id.in_(ripe), _idle(before)).returning(Account.id))
            deleted = len(gone.all())
        total += deleted
        if deleted < BATCH:
            return total


def find(who: str) -> str | None:
    """The id of the account with this id or this name; None when there is none."""
    return db.session.scalar(sa.select(Account.id).where(sa.or_(Account.id == who, Account.name == who)))


def expiring(months: int) -> sa.ColumnElement[bool]:
    """The accounts that `prune` is to delete within the time of notice, and those that it would delete now."""
    return _idle(months_before(now() + NOTICE, months))


def _idle(before: datetime) -> sa.ColumnElement[bool]:
    has_passkey = sa.exists().where(Passkey.account_id == Account.id)
    return sa.and_(Account.last_seen_at < before, Account.auth_hash.is_(None), ~has_passkey)


def _count(where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Account).where(where)) or 0
