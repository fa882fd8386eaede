"""How the nudges of the whole instance stand, from the database: for `flask nudges status` and for metrics."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from server.database import db
from server.nudges.models import DROPPED, PENDING, NudgeDelivery, NudgePlan

#: A plan that was due so long ago and was not claimed means that no ticker runs.
LATE = timedelta(minutes=2)
RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Status:
    """`due` plans wait for a ticker, `late` of them too long; `in_flight` deliveries wait for a sender or a retry.

    `sent` and `dropped` (by reason) are of the last 24 hours.
    """

    due: int
    late: int
    in_flight: int
    retrying: int
    sent: int
    dropped: dict[str, int]


def read(now: datetime) -> Status:
    """The figures at `now`."""
    pending = NudgeDelivery.state == PENDING
    return Status(
        due=_count(NudgePlan.next_due_at <= now),
        late=_count(NudgePlan.next_due_at <= now - LATE),
        in_flight=_count(pending),
        retrying=_count(sa.and_(pending, NudgeDelivery.attempts > 0)),
        sent=_count(NudgeDelivery.sent_at > now - RECENT),
        dropped=_dropped(now - RECENT),
    )


def _count(where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(where)) or 0


def _dropped(since: datetime) -> dict[str, int]:
    mine = sa.and_(NudgeDelivery.state == DROPPED, NudgeDelivery.due_at > since)
    query = sa.select(NudgeDelivery.dropped, sa.func.count()).where(mine).group_by(NudgeDelivery.dropped)
    return {reason or "unknown": count for reason, count in db.session.execute(query.order_by(NudgeDelivery.dropped))}
