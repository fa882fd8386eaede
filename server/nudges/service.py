"""A person's nudge plan, pauses, and the nudges they got. Owns the transactions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.clock import now
from server.database import db, transaction
from server.errors import NotFound
from server.nudges import pace
from server.nudges.models import KINDS, NudgeDelivery, NudgePlan, hhmm
from server.nudges.planning import schedule
from server.nudges.zones import RULES
from server.records import facts

PAUSES = {"day": timedelta(days=1), "week": timedelta(days=7), "until_resumed": None}
#: Back after so long without opening the app, the next nudge says welcome.
LONG_AWAY = timedelta(days=14)
#: How exact `seen_at` is while nothing else is to be changed.
_SEEN_EVERY = timedelta(hours=1)
#: Choices that decide when; a change of others leaves the next slot where it is.
_TIMING = ("enabled", "times", "days", "per_week", "quiet_from", "quiet_to", "hard_hour")
_WALL_CLOCK = ("quiet_from", "quiet_to", "hard_hour")


def get_plan(account_id: str, timezone: str) -> dict[str, Any]:
    """The plan as the wire has it; the defaults, switched off, for somebody who has not chosen yet."""
    return _wire(db.session.get(NudgePlan, account_id) or _default(account_id, timezone))


def save_plan(account_id: str, timezone: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change the choices. A first plan is switched on unless it says otherwise."""
    with transaction() as session:
        plan = _locked(session, account_id)
        if plan is None:
            plan = _default(account_id, timezone)
            plan.enabled = True
            session.add(plan)
        before = [getattr(plan, name) for name in _TIMING]
        _apply(plan, changes)
        note_seen(plan, now())
        if before != [getattr(plan, name) for name in _TIMING] or plan.last_slot is None:
            schedule(plan, now(), spread="next")
        session.flush()
        return _wire(plan)


def pause(account_id: str, timezone: str, length: str) -> dict[str, Any]:
    """Send nothing for a day, a week, or until resumed."""
    span = PAUSES[length]
    with transaction() as session:
        plan = _locked(session, account_id) or _added(session, account_id, timezone)
        plan.paused, plan.paused_until = True, now() + span if span else None
        schedule(plan, now())
        return _wire(plan)


def resume(account_id: str, timezone: str) -> dict[str, Any]:
    """End a pause."""
    with transaction() as session:
        plan = _locked(session, account_id) or _added(session, account_id, timezone)
        plan.paused, plan.paused_until = False, None
        schedule(plan, now(), spread="next")
        return _wire(plan)


def seen(account_id: str, journey_changed: bool = False) -> None:
    """The person opened the app: the pace comes back, and a goodbye is taken back."""
    moment = now()
    known = (NudgePlan.unopened, NudgePlan.silent, NudgePlan.seen_at)
    found = db.session.connection().execute(sa.select(*known).where(NudgePlan.account_id == account_id)).first()
    if found is None:
        return
    if not (journey_changed or found.unopened or found.silent or found.seen_at < moment - _SEEN_EVERY):
        return
    with transaction() as session:
        plan = _locked(session, account_id)
        if plan is not None:
            note_seen(plan, moment)


def note_seen(plan: NudgePlan, moment: datetime) -> None:
    """Write on the plan that the person is there, inside the caller's transaction."""
    was_slower = plan.silent or pace.changes(plan.per_week, plan.unopened, 0)
    plan.welcome_back = plan.welcome_back or plan.silent or plan.seen_at < moment - LONG_AWAY
    plan.unopened, plan.silent, plan.seen_at = 0, False, moment
    moved = _copy_special_days(plan)
    if was_slower or moved:
        schedule(plan, moment)


def history(account_id: str, limit: int, after: str | None) -> tuple[list[NudgeDelivery], str | None]:
    """Nudges that were sent, newest first, and the cursor of the next page."""
    query = sa.select(NudgeDelivery).where(NudgeDelivery.account_id == account_id, NudgeDelivery.sent_at.is_not(None))
    if after is not None:
        query = query.where(NudgeDelivery.slot < after)
    rows = list(db.session.scalars(query.order_by(NudgeDelivery.slot.desc()).limit(limit + 1)))
    return rows[:limit], rows[limit - 1].slot if len(rows) > limit else None


def record_outcome(account_id: str, nudge_id: str, outcome: str) -> None:
    """What the person did with a nudge; the last word counts, but putting it away does not undo opening it.

    Raises NotFound for a nudge that is not theirs.
    """
    moment = now()
    with transaction() as session:
        mine = sa.and_(NudgeDelivery.id == nudge_id, NudgeDelivery.account_id == account_id)
        nudge = session.scalar(sa.select(NudgeDelivery).where(mine).with_for_update())
        if nudge is None:
            raise NotFound("You have no such nudge.")
        if outcome != "dismissed" or nudge.outcome is None:
            nudge.outcome, nudge.outcome_at = outcome, moment
        plan = _locked(session, account_id)
        if plan is not None and outcome != "dismissed":
            note_seen(plan, moment)


def timezone_changed(account_id: str, session: Session, timezone: str, **_: Any) -> None:
    """Follow the account to another zone, inside its transaction."""
    plan = _locked(session, account_id)
    if plan is not None:
        plan.timezone = timezone
        schedule(plan, now(), late=True)


def refresh_rules(limit: int = 500) -> int:
    """Recompute up to `limit` plans that were computed with another tz database; answers how many."""
    stale = sa.select(NudgePlan).where(NudgePlan.tz_rules != RULES).limit(limit)
    with transaction() as session:
        plans = session.scalars(stale.with_for_update(skip_locked=True)).all()
        for plan in plans:
            schedule(plan, now(), late=True)
    return len(plans)


def _locked(session: Session, account_id: str) -> NudgePlan | None:
    return session.scalar(sa.select(NudgePlan).where(NudgePlan.account_id == account_id).with_for_update())


def _added(session: Session, account_id: str, timezone: str) -> NudgePlan:
    plan = _default(account_id, timezone)
    session.add(plan)
    return plan


def _default(account_id: str, timezone: str) -> NudgePlan:
    """A plan with every default in place; SQLAlchemy would fill them in only when it is stored."""
    columns = NudgePlan.__table__.columns
    defaults = {c.name: c.default.arg(None) if c.default.is_callable else c.default.arg for c in columns if c.default}
    return NudgePlan(**{**defaults, "account_id": account_id, "timezone": timezone, "tz_rules": RULES})


def _apply(plan: NudgePlan, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if name == "times":
            value = [f"{at:%H:%M}" for at in sorted(value)]
        elif name == "days":
            value = sorted(value)
        elif name == "kinds":
            value = [kind for kind in KINDS if kind in value]
        elif name in _WALL_CLOCK:
            value = f"{value:%H:%M}" if value is not None else None
        setattr(plan, name, value)


def _copy_special_days(plan: NudgePlan) -> bool:
    """Take the journey's special days over; True when they changed."""
    found = facts.of_people([plan.account_id], now())[plan.account_id].special_days
    wanted = [{"on": each["date"], "yearly": each["yearly"], "kind": each["kind"]} for each in found]
    changed = wanted != plan.special_days
    if changed:
        plan.special_days = wanted
    return changed


def _wire(plan: NudgePlan) -> dict[str, Any]:
    document = {
        name: getattr(plan, name)
        for name in ("enabled", "days", "per_week", "kinds", "lock_screen", "pause", "next_due_at", "timezone")
    }
    walls = {name: hhmm(getattr(plan, name)) if getattr(plan, name) else None for name in _WALL_CLOCK}
    return {**document, **walls, "times": [hhmm(each) for each in plan.times]}
