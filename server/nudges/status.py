"""How the nudges of the whole instance stand, from the database: for `flask nudges status` and for metrics."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from server.database import db, first_uuid7
from server.nudges.models import DROPPED, PENDING, NudgeDelivery, NudgePlan
from server.nudges.schedule import HORIZON, WINDOW

#: A plan that was due so long ago and was not claimed means that no ticker runs.
LATE = timedelta(minutes=2)
RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Queue:
    """`due` plans wait for a ticker, `late` of them too long; `in_flight` deliveries wait for a sender or a retry.

    `lag` is how long the plan that waits longest has been due, in seconds; 0.0 when none is.
    """

    due: int
    late: int
    in_flight: int
    retrying: int
    lag: float


@dataclass(frozen=True, slots=True)
class Status(Queue):
    """The queue, and what was `sent` and `dropped` (by reason) in the last 24 hours."""

    sent: int
    dropped: dict[str, int]


def queue(now: datetime) -> Queue:
    """What waits at `now`. Cheap whatever the size of the tables: it reads indexes of what is due and pending."""
    pending = NudgeDelivery.state == PENDING
    earliest = db.session.scalar(sa.select(sa.func.min(NudgePlan.next_due_at)).where(NudgePlan.next_due_at <= now))
    return Queue(
        due=_count(NudgePlan.next_due_at <= now),
        late=_count(NudgePlan.next_due_at <= now - LATE),
        in_flight=_count(pending),
        retrying=_count(sa.and_(pending, NudgeDelivery.attempts > 0)),
        lag=(now - earliest).total_seconds() if earliest else 0.0,
    )


def read(now: datetime) -> Status:
    """The figures at `now`. Cheap as well: of the deliveries it reads those of the last weeks."""
    since = now - RECENT
    return Status(
        **asdict(queue(now)),
        sent=_count(sa.and_(_made_for(since), NudgeDelivery.sent_at > since)),
        dropped=_dropped(since),
    )


def _made_for(since: datetime) -> sa.ColumnElement[bool]:
    """Those that may have been due or sent after `since`: by the key, whose first part is when a row was made. That is
    when it was due, or so long before as slots are looked for; and it is sent within its window."""
    return NudgeDelivery.id >= first_uuid7(since - HORIZON - WINDOW)


def _count(where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(where)) or 0


def _dropped(since: datetime) -> dict[str, int]:
    mine = sa.and_(_made_for(since), NudgeDelivery.state == DROPPED, NudgeDelivery.due_at > since)
    query = sa.select(NudgeDelivery.dropped, sa.func.count()).where(mine).group_by(NudgeDelivery.dropped)
    return {reason or "unknown": count for reason, count in db.session.execute(query.order_by(NudgeDelivery.dropped))}
