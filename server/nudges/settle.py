"""Writes down what became of deliveries: sent, tried again later within the window, or dropped with a reason."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.database import transaction
from server.logs import log
from server.nudges import metrics, pace
from server.nudges.chooser import Silence
from server.nudges.models import DROPPED, PENDING, SENT, NudgeDelivery, NudgePlan
from server.nudges.planning import schedule, write_next
from server.push import service as push
from server.push.transport import Fate, Result

#: Seconds before the first retry; each further one waits twice as long, up to the longest.
FIRST_RETRY = 30.0
LONGEST_RETRY = 1800.0

_WRITTEN = (
    "kind", "text_id", "title", "body", "opens", "reason", "reached", "sent_at", "state", "dropped", "lease_until",
)  # fmt: skip
_delivery = cast("sa.Table", NudgeDelivery.__table__)
_UPDATE = (
    sa.update(_delivery)
    .where(_delivery.c.id == sa.bindparam("b_id"))
    .values({name: sa.bindparam(name) for name in _WRITTEN})
)


@dataclass(slots=True)
class Outcome:
    """What became of one delivery: a result for each device it was sent to, or why nothing was sent."""

    delivery: NudgeDelivery
    results: Mapping[str, Result] = field(default_factory=dict)
    silence: Silence | None = None
    stop: bool = False

    def devices(self, fate: Fate) -> list[str]:
        return [device for device, result in self.results.items() if result.fate is fate]


def settle(outcomes: Sequence[Outcome], now: datetime) -> None:
    """Store the outcomes in one transaction. One whose lease was lost to somebody else changes nothing."""
    if not outcomes:
        return
    with transaction() as session:
        held = _held(session, outcomes)
        _store(session, held, now)
        push.forget(session, [device for each in outcomes for device in each.devices(Fate.GONE)])
        _move_plans(session, held, now)
    for outcome in held:
        _tell(outcome)


def _held(session: Session, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Lock the deliveries that nobody else has taken meanwhile: whose fence is still where it was."""
    columns = (NudgeDelivery.id, NudgeDelivery.attempts)
    mine = sa.and_(NudgeDelivery.id.in_([each.delivery.id for each in outcomes]), NudgeDelivery.state == PENDING)
    query = sa.select(*columns).where(mine).order_by(NudgeDelivery.id).with_for_update()
    fences = {row.id: row.attempts for row in session.execute(query)}
    return [each for each in outcomes if fences.get(each.delivery.id) == each.delivery.attempts]


def _store(session: Session, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write the deliveries, all in one statement."""
    rows = [{"b_id": each.delivery.id, **_values(each, now)} for each in outcomes]
    if rows:
        session.connection().execute(_UPDATE, rows)


def _values(outcome: Outcome, now: datetime) -> dict[str, Any]:
    delivery = outcome.delivery
    reached = [*delivery.reached, *outcome.devices(Fate.SENT)]
    words = ("kind", "text_id", "title", "body", "opens", "reason")
    values: dict[str, Any] = {name: getattr(delivery, name) for name in words}
    values |= {"state": PENDING, "dropped": None, "lease_until": delivery.lease_until}
    values |= {"reached": reached, "sent_at": delivery.sent_at or (now if reached else None)}
    if outcome.silence is not None:
        values["reason"] = delivery.reason if reached else outcome.silence.reason
        return values | _ended(reached, outcome.silence.code)
    retry_at = _retry_at(outcome, now)
    if retry_at is None:
        return values | _ended(reached, "refused" if outcome.devices(Fate.REFUSED) else "no_device")
    if retry_at >= delivery.expires_at:
        return values | _ended(reached, "unreachable")
    return values | {"lease_until": retry_at}


def _ended(reached: Sequence[str], code: str) -> dict[str, Any]:
    return {"state": SENT, "dropped": None} if reached else {"state": DROPPED, "dropped": code}


def _retry_at(outcome: Outcome, now: datetime) -> datetime | None:
    """When to try the devices again that did not get it; None when there is none."""
    waits = [outcome.results[device].retry_after or 0.0 for device in outcome.devices(Fate.RETRY)]
    if not waits:
        return None
    usual = min(LONGEST_RETRY, FIRST_RETRY * 2 ** (outcome.delivery.attempts - 1))
    spread = random.uniform(0, usual / 2)  # noqa: S311  # keeps many from coming back at once
    return now + timedelta(seconds=max(usual + spread, *waits))


def _move_plans(session: Session, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Count nudges that have just been sent as unopened, slow down or stop where it is time."""
    news = {each.delivery.account_id: each for each in outcomes if each.stop or _is_news(each)}
    plans = sa.select(NudgePlan).where(NudgePlan.account_id.in_(news)).order_by(NudgePlan.account_id)
    for plan in session.scalars(plans.with_for_update()):
        _move_plan(plan, news[plan.account_id], now)


def _is_news(outcome: Outcome) -> bool:
    """True when the nudge reached its first device just now."""
    return outcome.delivery.sent_at is None and bool(outcome.devices(Fate.SENT))


def _move_plan(plan: NudgePlan, outcome: Outcome, now: datetime) -> None:
    if outcome.stop or outcome.delivery.kind == "goodbye":
        plan.silent = True
        write_next(plan, None)
        return
    plan.unopened += 1
    plan.welcome_back = plan.welcome_back and outcome.delivery.kind != "welcome_back"
    if pace.changes(plan.per_week, plan.unopened - 1, plan.unopened):
        plan.next_slot, plan.next_due_at = None, None
        schedule(plan, now)


def _tell(outcome: Outcome) -> None:
    """Metrics, and a log line for what is our fault or is not sent."""
    for result in outcome.results.values():
        metrics.PUSHES.labels(result.fate.value).inc()
        if result.fate is Fate.REFUSED:
            log.error("push.refused", delivery=outcome.delivery.id, status=result.status, detail=result.detail)
    if outcome.silence is not None:
        metrics.DROPPED.labels(outcome.silence.code).inc()
