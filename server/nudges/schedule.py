"""When a person is nudged next. Pure: no database, no clock of its own.

A slot is a wall-clock minute of the person's own day. It happens at most once for a person, whatever DST, travel,
a changed plan or a new tz database do, because slots only ever move forward in wall-clock time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from server.nudges.choices import Choices, Time
from server.nudges.pace import PER_DAY
from server.nudges.zones import zone

#: How long after its due time a nudge may still arrive.
WINDOW = timedelta(hours=3)
HARD_HOUR_WINDOW = timedelta(hours=1)
#: A week's allowance may be used up on its first day, and the next week's first day may be its last.
HORIZON = timedelta(days=16)
_DAY = timedelta(days=1)

#: `even`: only the times that the weekly pace lands on. `next`: the very next time that the limits allow,
#: for somebody who has just chosen it.
Spread = Literal["even", "next"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One nudge to come: `local` is the naive wall clock it stands for, `due` and `expires` are UTC."""

    local: datetime
    due: datetime
    expires: datetime
    hard: bool

    @property
    def key(self) -> str:
        """The slot's name, unique for a person: `2026-11-24T09:00`."""
        return slot_key(self.local)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person's slots have come: the last one, and how many its week and its date have had."""

    last: datetime | None = None
    week_used: int = 0
    day_used: int = 0

    def after(self, local: datetime) -> "Progress":
        """The progress once the slot at `local` was used."""
        return Progress(local, self._in_week(local) + 1, self._on_day(local) + 1)

    def allows(self, local: datetime, per_week: int) -> bool:
        """True when `local` lies ahead and neither its week's nor its day's allowance is used up."""
        if self.last is not None and local <= self.last:
            return False
        return self._in_week(local) < per_week and self._on_day(local) < PER_DAY

    def _in_week(self, local: datetime) -> int:
        return self.week_used if self.last and _monday(self.last) == _monday(local) else 0

    def _on_day(self, local: datetime) -> int:
        return self.day_used if self.last and self.last.date() == local.date() else 0


def next_slot(
    choices: Choices,
    progress: Progress,
    not_before: datetime,
    *,
    spread: Spread = "even",
    late: bool = False,
    keep: datetime | None = None,
) -> Slot | None:
    """The first slot that is due at or after `not_before` (aware UTC), None when there is none in 16 days.

    With `late`, a slot that was due before counts too while its window is open. `keep` is a slot promised
    earlier: it stays a candidate though the even spread would not land on it.
    """
    times = choices.day_times()
    day = not_before.astimezone(zone(choices.zone)).date() - _DAY
    if progress.last is not None:
        day = max(day, progress.last.date())
    for step in range(HORIZON.days + 2):
        wanted = _times_on(choices, times, day + step * _DAY, spread, keep)
        for local, due, hard in sorted(_moment(choices, day + step * _DAY, each) for each in wanted):
            if due < not_before and not (late and window_end(choices, due, hard) > not_before):
                continue
            if progress.allows(local, choices.per_week):
                return Slot(local, due, window_end(choices, due, hard), hard)
    return None


def _times_on(choices: Choices, times: Sequence[Time], day: date, spread: Spread, keep: datetime | None) -> set[Time]:
    if day.isoweekday() not in choices.days:
        return set()
    if spread == "next":
        return set(times)
    promised = keep.time() if keep is not None and keep.date() == day else None
    return {*choices.picked(day, times), *(each for each in times if each.at == promised)}


def _moment(choices: Choices, day: date, at: Time) -> tuple[datetime, datetime, bool]:
    """(wall clock, UTC, hard) of a time on a day.

    A wall time that a clock change skips moves forward by the gap, one that comes twice is its first occurrence
    (PEP 495, fold=0); if that ends in the quiet hours it waits for their end.
    """
    here = zone(choices.zone)
    due = datetime.combine(day, at.at, here).astimezone(UTC)
    local = due.astimezone(here).replace(tzinfo=None)
    if not at.hard and choices.is_quiet(local.time()):
        later = local.date() + (_DAY if choices.quiet_to <= local.time() else timedelta())
        due = datetime.combine(later, choices.quiet_to, here).astimezone(UTC)
        local = due.astimezone(here).replace(tzinfo=None)
    return local, due, at.hard


def window_end(choices: Choices, due: datetime, hard: bool) -> datetime:
    """Until when a nudge due at `due` may arrive (UTC): never into the quiet hours, save in the hard hour."""
    if hard:
        return due + HARD_HOUR_WINDOW
    return min(due + WINDOW, _next_quiet(choices, due))


def _next_quiet(choices: Choices, after: datetime) -> datetime:
    if choices.quiet_from == choices.quiet_to:
        return datetime.max.replace(tzinfo=UTC)
    here = zone(choices.zone)
    today = after.astimezone(here).date()
    starts = (datetime.combine(today + n * _DAY, choices.quiet_from, here).astimezone(UTC) for n in (0, 1, 2))
    return next(start for start in starts if start > after)


def slot_key(local: datetime) -> str:
    """The name of the slot at the wall clock `local`."""
    return local.isoformat(timespec="minutes")


def slot_local(key: str) -> datetime:
    """The wall clock of a slot's name."""
    return datetime.fromisoformat(key)


def local_time(choices: Choices, moment: datetime) -> time:
    """The person's wall clock at `moment`."""
    return moment.astimezone(zone(choices.zone)).time()


def _monday(local: datetime) -> date:
    return local.date() - timedelta(days=local.weekday())
