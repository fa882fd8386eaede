"""What a person chose about when to be nudged, and which wall-clock times follow from it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from server.nudges.pace import PER_DAY

_MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date that matters to the person; `yearly` ones come back (29 February on the 28th where it must)."""

    on: date
    yearly: bool

    def falls_on(self, day: date) -> bool:
        if not self.yearly:
            return day == self.on
        leapless = (self.on.month, self.on.day) == (2, 29) and not _is_leap(day.year)
        return (day.month, day.day) == (self.on.month, 28 if leapless else self.on.day)


@dataclass(frozen=True, slots=True)
class Time:
    """A wall-clock time of the plan; `hard` when it is the hard hour, which quiet hours do not move."""

    at: time
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything the schedule depends on.

    `days` are ISO weekdays (1 Monday - 7 Sunday), `per_week` is the pace in force, `seed` spreads people over
    the week. Quiet hours run from `quiet_from` up to but not including `quiet_to`; equal times mean none.
    """

    zone: str
    times: tuple[time, ...]
    days: frozenset[int]
    per_week: int
    quiet_from: time
    quiet_to: time
    hard_hour: time | None = None
    special_days: tuple[SpecialDay, ...] = field(default=())
    seed: int = 0

    def is_quiet(self, at: time) -> bool:
        """True when `at` (wall clock) lies in the quiet hours."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to

    def is_special(self, day: date) -> bool:
        return any(special.falls_on(day) for special in self.special_days)

    def day_times(self) -> list[Time]:
        """The times of a chosen day in order. One inside quiet hours waits for their end; equal ones are one."""
        usual = {self.quiet_to if self.is_quiet(at) else at for at in self.times} - {self.hard_hour}
        hard = [Time(self.hard_hour, hard=True)] if self.hard_hour else []
        return sorted([*(Time(at) for at in usual), *hard], key=lambda each: each.at)

    def picked(self, day: date, times: Sequence[Time]) -> Iterator[Time]:
        """Which of `times` the weekly pace lands on on a chosen day: even over the days, in turn over the times."""
        first, count = self._share(day, len(times))
        if not count and self.is_special(day):
            yield next((each for each in times if not each.hard), times[0])
        for turn in range(first, first + count):
            yield times[turn % len(times)]

    def _share(self, day: date, times: int) -> tuple[int, int]:
        """(running number of the day's first nudge, how many the day gets), as Bresenham spreads a slope."""
        days = sorted(self.days)
        place, week = days.index(day.isoweekday()), (day - _MONDAY).days // 7
        total = min(self.per_week, len(days) * min(PER_DAY, times))
        phase = self.seed % len(days)
        before = (place * total + phase) // len(days)
        return week * total + before, ((place + 1) * total + phase) // len(days) - before


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
