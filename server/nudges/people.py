"""What the chooser may know of a person, and what follows from it. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

Stage = Literal["first_days", "first_weeks", "finding_your_feet", "further_on"]
Tone = Literal["heavy", "mixed", "lighter"]

#: Last day (counted from the end) of each stage but the last.
_STAGES: tuple[tuple[int, Stage], ...] = ((6, "first_days"), (27, "first_weeks"), (89, "finding_your_feet"))
#: A mean mood (1-5) up to the first is heavy, from the second on lighter.
HEAVY, LIGHTER = 2.2, 3.8
TONE_DAYS = 3
#: So many heavy days in a row, within the last week, and the tone changes.
HEAVY_STREAK = 3


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One check-in: `at` an aware instant, `on` its date where the person is, `mood` 1 (heavy) to 5 (bright)."""

    at: datetime
    on: date
    mood: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A nudge sent before: `opened` when the person opened it or checked in from it."""

    text_id: str
    kind: str
    at: datetime
    opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person at the moment of one nudge. `seed` names person and slot, so that a choice can be made again.

    `read` and `done` are content refs (`readings/slug`), `done` with the time a practice was last done; `sent`
    is the last 60 days, newest first; `special` the kind of a special day that today is.
    """

    seed: str
    now: datetime
    today: date
    kinds: frozenset[str]
    ended_on: date | None = None
    check_ins: Sequence[CheckIn] = ()
    read: frozenset[str] = frozenset()
    done: Mapping[str, datetime] = field(default_factory=dict)
    sent: Sequence[Sent] = ()
    hard_hour: bool = False
    special: str | None = None
    returning: bool = False
    goodbye: bool = False

    @property
    def stage(self) -> Stage:
        return stage_of(self.ended_on, self.today)

    @property
    def tone(self) -> Tone:
        return tone_of(self.check_ins, self.today)

    @property
    def heavy_days(self) -> int:
        return heavy_streak(self.check_ins, self.today)

    def checked_in_since(self, moment: datetime) -> bool:
        return any(each.at >= moment for each in self.check_ins)


def stage_of(ended_on: date | None, today: date) -> Stage:
    """The stage by days since the end; the first weeks when the person did not say when it ended."""
    if ended_on is None:
        return "first_weeks"
    days = (today - ended_on).days
    return next((stage for last, stage in _STAGES if days <= last), "further_on")


def tone_of(check_ins: Sequence[CheckIn], today: date) -> Tone:
    """The tone of the last three days, mixed when there was no check-in."""
    since = today - timedelta(days=TONE_DAYS - 1)
    moods = [each.mood for each in check_ins if since <= each.on <= today]
    mean = sum(moods) / len(moods) if moods else (HEAVY + LIGHTER) / 2
    if mean <= HEAVY:
        return "heavy"
    return "lighter" if mean >= LIGHTER else "mixed"


def heavy_streak(check_ins: Sequence[CheckIn], today: date) -> int:
    """How many of the newest days with a check-in, within the last week, were heavy without one that was not."""
    days: defaultdict[date, list[int]] = defaultdict(list)
    for each in check_ins:
        if today - timedelta(days=6) <= each.on <= today:
            days[each.on].append(each.mood)
    streak = 0
    for day in sorted(days, reverse=True):
        if sum(days[day]) / len(days[day]) > HEAVY:
            break
        streak += 1
    return streak
