"""How long accounts are kept: who there is, and whose has been idle for so long that it goes."""

import calendar
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from server.accounts.models import Account
from server.clock import now
from server.database import db, transaction

#: Accounts in one transaction, so that people who write meanwhile wait for a moment only.
BATCH = 200


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

    An account with a name and passphrase stays: somebody meant to come back to it. Safe to run twice at once, and
    a person who comes back meanwhile is kept: each deletion looks again.
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


def months_before(moment: datetime, months: int) -> datetime:
    """The same day of the month so many months earlier, or that month's last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _idle(before: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Account.last_seen_at < before, Account.auth_hash.is_(None))


def _count(where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Account).where(where)) or 0
