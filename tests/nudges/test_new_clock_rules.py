"""A new release of the tz database: governments change clocks under plans that were computed with the old rules."""

import itertools
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.nudges import schedule
from server.nudges.choices import Choices
from server.nudges.schedule import Progress, Slot, next_slot
from server.nudges.zones import zone
from tests.nudges.test_schedule import ZONES

BEGIN, YEARS = datetime(2026, 1, 1, tzinfo=UTC), 3 * 366
#: Between two releases. It is no whole number of weeks, so that changes come at all times of a week.
RELEASE = timedelta(days=92, hours=5)


@pytest.mark.parametrize("name", ZONES)
def test_no_slot_comes_twice_and_no_limit_breaks_when_the_rules_of_a_zone_change(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    choices = Choices(name, (time(2, 30), time(20)), frozenset(range(1, 8)), 4, time(22), time(2))
    moment, progress, promised, slots = BEGIN, Progress(), None, list[tuple[Slot, ZoneInfo]]()
    for rules in releases(name):
        monkeypatch.setattr(schedule, "zone", lambda _, rules=rules: rules)
        end = moment + RELEASE
        slot = next_slot(choices, progress, moment, late=True, keep=promised)
        while slot is not None and slot.due < end:
            slots.append((slot, rules))
            progress = progress.after(slot.local)
            slot = next_slot(choices, progress, max(slot.due, moment), late=True)
        promised = slot.local if slot else None
        moment = end
    walls = [slot.local for slot, _ in slots]
    assert all(before < after for before, after in itertools.pairwise(walls))
    assert max(Counter(wall.date() for wall in walls).values()) <= 2
    assert max(Counter(wall.date() - timedelta(days=wall.weekday()) for wall in walls).values()) <= 4
    assert not any(choices.is_quiet(slot.due.astimezone(rules).time()) for slot, rules in slots)


def releases(name: str) -> list[ZoneInfo]:
    """The zone as it is, and as if it took over the clock of another one, turn by turn over three years."""
    others = [zone(ZONES[(ZONES.index(name) + step * 37) % len(ZONES)]) for step in range(1, 7)]
    count = YEARS // RELEASE.days + 1
    return [zone(name) if turn % 2 == 0 else others[turn // 2 % 6] for turn in range(count)]
