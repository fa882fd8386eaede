"""Between the plan's row and the pure schedule: reads a plan's choices, writes its next slot."""

import zlib
from datetime import datetime, timedelta
from typing import Protocol

from server.nudges.choices import Choices, SpecialDay
from server.nudges.models import NudgePlan, day, hhmm
from server.nudges.pace import weekly
from server.nudges.schedule import Progress, Slot, Spread, next_slot, slot_key, slot_local
from server.nudges.zones import RULES

#: A slot that came due so recently may simply not have been claimed yet: a changed plan must not lose it.
_UNCLAIMED = timedelta(minutes=5)


class PlanRow(Protocol):
    """The columns of a plan that decide its slots."""

    account_id: str
    timezone: str
    times: list[str]
    days: list[int]
    per_week: int
    quiet_from: str
    quiet_to: str
    kinds: list[str]
    hard_hour: str | None
    special_days: list[dict[str, object]]
    unopened: int
    last_slot: str | None
    week_used: int
    day_used: int


def choices_of(plan: PlanRow) -> Choices:
    """What the schedule needs of a plan, with the pace that is in force."""
    wanted = plan.hard_hour if "hard_hour" in plan.kinds else None
    special = plan.special_days if "special_day" in plan.kinds else []
    return Choices(
        zone=plan.timezone,
        times=tuple(hhmm(each) for each in plan.times),
        days=frozenset(plan.days),
        per_week=weekly(plan.per_week, plan.unopened),
        quiet_from=hhmm(plan.quiet_from),
        quiet_to=hhmm(plan.quiet_to),
        hard_hour=hhmm(wanted) if wanted else None,
        special_days=tuple(SpecialDay(day(each["on"]), bool(each["yearly"])) for each in special),
        seed=zlib.crc32(plan.account_id.encode()),
    )


def progress_of(plan: PlanRow) -> Progress:
    """How far the plan's slots have come."""
    last = slot_local(plan.last_slot) if plan.last_slot else None
    return Progress(last, plan.week_used, plan.day_used)


def schedule(plan: NudgePlan, now: datetime, spread: Spread = "even", late: bool = False) -> None:
    """Write the plan's next slot, keeping the one that was promised where the choices still allow it.

    `late` also considers slots that came due before `now` and whose window is open (a new zone, new tz rules).
    The first nudge of all comes at the very next time.
    """
    spread = "next" if plan.last_slot is None else spread
    plan.tz_rules = RULES
    slot = None
    if plan.enabled and not plan.silent and not (plan.paused and plan.paused_until is None):
        keep = slot_local(plan.next_slot) if plan.next_slot else None
        begin = _begin(plan, now)
        slot = next_slot(choices_of(plan), progress_of(plan), begin, spread=spread, late=late, keep=keep)
    write_next(plan, slot)


def write_next(plan: NudgePlan, slot: Slot | None) -> None:
    plan.next_slot = slot_key(slot.local) if slot else None
    plan.next_due_at = slot.due if slot else None


def _begin(plan: NudgePlan, now: datetime) -> datetime:
    if plan.paused and plan.paused_until is not None and plan.paused_until > now:
        return plan.paused_until
    due = plan.next_due_at
    return due if due is not None and now - _UNCLAIMED <= due < now else now
