"""Made-up people for `flask nudges preview --persona`, so that a writer sees what whom would get. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Persona:
    """`moods` (1-5, None without a check-in) are those of the days of the preview, over and over.

    `days_since` the end at the start; `reads` a reading every so many days (0: never); `opens` nudges or not.
    """

    says: str
    days_since: int
    moods: tuple[int | None, ...]
    reads: int = 2
    opens: bool = True
    hard_hour: bool = False
    special_in: int | None = None

    def mood_on(self, day: int) -> int | None:
        """The mood of the n-th day."""
        return self.moods[day % len(self.moods)]

    def ended_on(self, today: date) -> date:
        return today - timedelta(days=self.days_since)


PERSONAS: Mapping[str, Persona] = {
    "first-night": Persona("It ended today, and nights are hard", 0, (1, 1, 1, 1, 2, 2, 3), hard_hour=True),
    "first-weeks": Persona("Ten days in, up and down, reads now and then", 10, (2, 3, 2, 4)),
    "finding-your-feet": Persona("Five weeks in, mostly steady, a birthday ahead", 35, (3, 4), special_in=9),
    "further-on": Persona("Four months in, mostly light, seldom reads", 120, (4, 5, 4), reads=9),
    "heavy": Persona("Three weeks in, one heavy day after another", 21, (1,), reads=0),
    "gone-quiet": Persona("Leaves every nudge unopened", 14, (None,), reads=0, opens=False),
}
