"""The next 30 days of nudges for a person, simulated with the real schedule and the real chooser. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from server.library.model import Nudge, PushWords
from server.nudges import pace
from server.nudges.choices import Choices
from server.nudges.chooser import NO_REPEAT, Choice, Silence, choose
from server.nudges.people import CheckIn, Person, Sent
from server.nudges.personas import Persona
from server.nudges.schedule import Progress, Slot, next_slot

DAYS = 30


@dataclass(frozen=True, slots=True)
class Planned:
    """One slot of the preview, and what it would bring."""

    slot: Slot
    choice: Choice | Silence


@dataclass(slots=True)
class Simulation:
    """A person from `start` (aware UTC) on. `per_week` is what they chose; `choices` has the pace in force."""

    choices: Choices
    per_week: int
    person: Person
    opens: bool
    texts: Sequence[Nudge]
    readings: Sequence[str]
    said: PushWords
    start: datetime
    persona: Persona | None = None
    unopened: int = 0
    progress: Progress = field(default_factory=Progress)

    def run(self, days: int = DAYS) -> Iterator[Planned]:
        """Slot by slot, each seeing what came before it."""
        moment = self.start
        while (slot := self._next(moment)) is not None and slot.due < self.start + timedelta(days=days):
            self.progress = self.progress.after(slot.local)
            goodbye = pace.time_for_goodbye(self.per_week, self.unopened)
            choice = choose(self._at(slot, goodbye), self.texts, self.readings, self.said)
            yield Planned(slot, choice)
            self._remember(slot, choice)
            if goodbye:
                return
            moment = slot.due

    def _next(self, moment: datetime) -> Slot | None:
        choices = replace(self.choices, per_week=pace.weekly(self.per_week, self.unopened))
        return next_slot(choices, self.progress, moment)

    def _at(self, slot: Slot, goodbye: bool) -> Person:
        today = slot.local.date()
        special = "other" if self.choices.is_special(today) else None
        person = replace(
            self.person,
            seed=f"{self.person.seed}/{slot.key}",
            now=slot.due,
            today=today,
            hard_hour=slot.hard,
            special=special,
            goodbye=goodbye,
        )
        return self._lived(person, self.persona) if self.persona else person

    def _lived(self, person: Person, persona: Persona) -> Person:
        """The persona's check-ins (each evening) and readings up to now."""
        begin = self.start.date()
        gone = (person.now - self.start).days
        moods = ((n, persona.mood_on(n)) for n in range(gone + 1))
        evenings = [(self.start + timedelta(days=n - 1, hours=12), n, mood) for n, mood in moods if mood]
        check_ins = [CheckIn(at, begin + timedelta(days=n - 1), mood) for at, n, mood in reversed(evenings)]
        read = self.readings[: gone // persona.reads] if persona.reads else ()
        return replace(person, check_ins=check_ins, read=frozenset(read))

    def _remember(self, slot: Slot, choice: Choice | Silence) -> None:
        if isinstance(choice, Silence):
            return
        self.unopened = 0 if self.opens else self.unopened + 1
        new = Sent(choice.text.id, choice.text.kind, slot.due, self.opens)
        recent = [each for each in self.person.sent if each.at > slot.due - NO_REPEAT]
        self.person = replace(self.person, sent=[new, *recent], returning=False)
