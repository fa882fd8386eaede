"""What other features may know of people's records: few columns, many people at once, never sealed text."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from server.database import db
from server.records.models import CheckIn, Journey, Mark


@dataclass(slots=True)
class Facts:
    """One person's: `check_ins` are (moment, mood 1-5), newest first; `read` and `done` are content refs."""

    check_ins: list[tuple[datetime, int]] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    done: dict[str, datetime] = field(default_factory=dict)
    ended_on: date | None = None
    special_days: list[dict[str, Any]] = field(default_factory=list)


def of_people(account_ids: Collection[str], since: datetime) -> Mapping[str, Facts]:
    """Facts of each of the accounts; check-ins from `since` on."""
    found = {account_id: Facts() for account_id in account_ids}
    for account_id, felt_at, mood in db.session.execute(_check_ins(account_ids, since)):
        found[account_id].check_ins.append((felt_at, mood))
    for account_id, item, read_at, done_at in db.session.execute(_marks(account_ids)):
        if read_at is not None:
            found[account_id].read.add(item)
        if done_at is not None:
            found[account_id].done[item] = done_at
    for account_id, ended_on, special_days in db.session.execute(_journeys(account_ids)):
        found[account_id].ended_on = ended_on
        found[account_id].special_days = special_days or []
    return found


def _check_ins(account_ids: Collection[str], since: datetime) -> sa.Select[*tuple[Any, ...]]:
    columns = (CheckIn.account_id, CheckIn.felt_at, CheckIn.mood)
    mine = (CheckIn.account_id.in_(account_ids), CheckIn.felt_at >= since, CheckIn.deleted.is_(False))
    return sa.select(*columns).where(*mine).order_by(CheckIn.felt_at.desc())


def _marks(account_ids: Collection[str]) -> sa.Select[*tuple[Any, ...]]:
    touched = sa.or_(Mark.read_at.is_not(None), Mark.done_at.is_not(None))
    columns = (Mark.account_id, Mark.item, Mark.read_at, Mark.done_at)
    return sa.select(*columns).where(Mark.account_id.in_(account_ids), Mark.deleted.is_(False), touched)


def _journeys(account_ids: Collection[str]) -> sa.Select[*tuple[Any, ...]]:
    columns = (Journey.account_id, Journey.ended_on, Journey.special_days)
    return sa.select(*columns).where(Journey.account_id.in_(account_ids), Journey.deleted.is_(False))
