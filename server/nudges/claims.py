"""Taking what is due, once, however many tickers there are. Each function is one short transaction.

A claim locks due plans (FOR UPDATE SKIP LOCKED on PostgreSQL, the one write lock on SQLite), moves them to their
next slot and writes a delivery for each; the unique (account, slot) makes a second one impossible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.database import transaction, uuid7
from server.nudges import bulk
from server.nudges.choices import Choices
from server.nudges.models import DROPPED, PENDING, SENT, NudgeDelivery, NudgePlan
from server.nudges.planning import choices_of, progress_of
from server.nudges.schedule import next_slot, slot_local, window_end

#: Plans or deliveries in one transaction.
BATCH = 1000

_plan = cast("sa.Table", NudgePlan.__table__)
_COLUMNS = [
    _plan.c[name]
    for name in (
        "account_id", "timezone", "times", "days", "per_week", "quiet_from", "quiet_to", "kinds", "hard_hour",
        "special_days", "unopened", "last_slot", "week_used", "day_used", "next_due_at", "next_slot",
    )
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimed:
    """`plans` were due; `deliveries` are the ids to send, all at attempt 0."""

    plans: int
    deliveries: list[str]


def claim(now: datetime, lease: timedelta, limit: int = BATCH) -> Claimed:
    """Claim up to `limit` plans due at `now`. A slot whose window is over is written down as dropped."""
    due = sa.select(*_COLUMNS).where(_plan.c.next_due_at <= now).order_by(_plan.c.next_due_at).limit(limit)
    with transaction() as session:
        plans = session.execute(due.with_for_update(skip_locked=True)).all()
        if not plans:
            return Claimed(0, [])
        moved = [_claimed(plan, now, lease) for plan in plans]
        bulk.advance(session, [plan for plan, _ in moved])
        added = bulk.add(session, [delivery for _, delivery in moved])
    return Claimed(len(plans), [identity for identity, state in added if state == PENDING])


def _claimed(plan: Any, now: datetime, lease: timedelta) -> tuple[dict[str, Any], dict[str, Any]]:
    """What to write on the plan, and its delivery."""
    choices = choices_of(plan)
    return _next_of(plan, choices, now), _delivery_of(plan, choices, now, lease)


def _next_of(plan: Any, choices: Choices, now: datetime) -> dict[str, Any]:
    progress = progress_of(plan).after(slot_local(plan.next_slot))
    slot = next_slot(choices, progress, now, late=True)
    return {
        "account_id": plan.account_id,
        "next_due_at": slot.due if slot else None,
        "next_slot": slot.key if slot else None,
        "last_slot": plan.next_slot,
        "week_used": progress.week_used,
        "day_used": progress.day_used,
    }


def _delivery_of(plan: Any, choices: Choices, now: datetime, lease: timedelta) -> dict[str, Any]:
    hard = choices.hard_hour is not None and slot_local(plan.next_slot).time() == choices.hard_hour
    expires = window_end(choices, plan.next_due_at, hard)
    late = expires <= now
    return {
        "id": uuid7(),
        "account_id": plan.account_id,
        "slot": plan.next_slot,
        "hard": hard,
        "due_at": plan.next_due_at,
        "expires_at": expires,
        "state": DROPPED if late else PENDING,
        "dropped": "late" if late else None,
        "lease_until": now + lease,
    }


def take(ids: Sequence[str], attempt: int, now: datetime, lease: timedelta) -> list[NudgeDelivery]:
    """Take deliveries for sending. Only those still at `attempt`: a second message for them finds nothing."""
    mine = sa.and_(
        NudgeDelivery.id.in_(ids),
        NudgeDelivery.state == PENDING,
        NudgeDelivery.attempts == attempt,
        NudgeDelivery.expires_at > now,
    )
    values = {"attempts": NudgeDelivery.attempts + 1, "lease_until": now + lease}
    with transaction() as session:
        rows = session.scalars(sa.update(NudgeDelivery).where(mine).values(values).returning(NudgeDelivery)).all()
        session.expunge_all()
    return list(rows)


def sweep(now: datetime, lease: timedelta, limit: int = BATCH) -> dict[int, list[str]]:
    """Deliveries whose lease ran out (lost message, dead worker, retry that is due), as ids by attempt.

    Their lease is renewed, so that the next sweep leaves them to whoever is handed them now.
    """
    overdue = sa.select(NudgeDelivery.id).where(NudgeDelivery.state == PENDING, NudgeDelivery.lease_until <= now)
    picked = overdue.order_by(NudgeDelivery.lease_until).limit(limit).with_for_update(skip_locked=True)
    found: dict[int, list[str]] = {}
    with transaction() as session:
        _drop_late(session, now)
        statement = sa.update(NudgeDelivery).where(NudgeDelivery.id.in_(picked.scalar_subquery()))
        renewed = statement.values(lease_until=now + lease).returning(NudgeDelivery.id, NudgeDelivery.attempts)
        for identity, attempts in session.execute(renewed):
            found.setdefault(attempts, []).append(identity)
    return found


def _drop_late(session: Session, now: datetime) -> None:
    """End what is past its window: sent where at least one device has it, else dropped."""
    over = sa.update(NudgeDelivery).where(
        NudgeDelivery.state == PENDING, NudgeDelivery.lease_until <= now, NudgeDelivery.expires_at <= now
    )
    session.execute(over.where(NudgeDelivery.sent_at.is_not(None)).values(state=SENT))
    session.execute(over.where(NudgeDelivery.sent_at.is_(None)).values(state=DROPPED, dropped="late"))
