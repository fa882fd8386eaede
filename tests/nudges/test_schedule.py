"""When nudges come: properties over every zone and three years, and the clock changes one by one."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.nudges.choices import Choices, SpecialDay
from server.nudges.schedule import Progress, Slot, next_slot
from server.nudges.zones import zone


def distinct_zones() -> list[str]:
    """One name for each set of rules: the many old names of a zone are links to the very same data."""
    rules = {
        (files("tzdata") / "zoneinfo" / name).read_bytes(): name
        for name in sorted(available_timezones() - {"Factory", "localtime"}, reverse=True)
    }
    return sorted(rules.values())


ZONES = distinct_zones()
ALL_DAYS = frozenset(range(1, 8))
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
YEARS = 3 * 366

times_of_day = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
all_choices = st.builds(
    Choices,
    zone=st.sampled_from(ZONES),
    times=st.lists(times_of_day, min_size=1, max_size=4, unique=True).map(tuple),
    days=st.sets(st.integers(1, 7), min_size=1).map(frozenset),
    per_week=st.integers(1, 14),
    quiet_from=times_of_day,
    quiet_to=times_of_day,
    hard_hour=st.none() | times_of_day,
    seed=st.integers(0, 2**32),
)


def plan(zone_name: str = "Europe/Berlin", *times: str, **changes: object) -> Choices:
    """Every day, as often as there are times, no quiet hours, unless told otherwise."""
    given_times = tuple(time.fromisoformat(each) for each in times or ("09:00",))
    usual: dict[str, object] = {
        "zone": zone_name,
        "times": given_times,
        "days": ALL_DAYS,
        "per_week": 14,
        "quiet_from": time(0),
        "quiet_to": time(0),
    }
    return Choices(**{**usual, **changes})  # type: ignore[arg-type]


def run(choices: Choices, start: datetime, end: datetime, progress: Progress | None = None) -> list[Slot]:
    """The slots of a person who is nudged on time from `start` to `end`."""
    found: list[Slot] = []
    progress = progress or Progress()
    slot = next_slot(choices, progress, start)
    while slot is not None and slot.due < end:
        found.append(slot)
        progress = progress.after(slot.local)
        slot = next_slot(choices, progress, slot.due, late=True)
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


@settings(max_examples=300)
@given(all_choices, st.integers(0, YEARS))
def test_whoever_wants_whatever_wherever_the_limits_and_the_quiet_hours_hold(choices: Choices, first: int) -> None:
    start = BEGIN + timedelta(days=first)
    slots = run(choices, start, start + timedelta(days=90))
    here = zone(choices.zone)
    assert len({slot.key for slot in slots}) == len(slots)
    assert all(before.due < after.due for before, after in itertools.pairwise(slots))
    for slot in slots:
        assert slot.due.astimezone(here).replace(tzinfo=None) == slot.local
        assert slot.due < slot.expires
        assert slot.hard or not choices.is_quiet(slot.local.time())
    assert max(Counter(slot.local.date() for slot in slots).values(), default=0) <= 2
    weeks = Counter(slot.local.date() - timedelta(days=slot.local.weekday()) for slot in slots)
    assert max(weeks.values(), default=0) <= choices.per_week


@pytest.mark.parametrize("zone_name", ZONES)
def test_over_three_years_each_day_of_every_zone_has_its_one_slot(zone_name: str) -> None:
    choices = plan(zone_name, "02:30", per_week=7)
    slots = run(choices, BEGIN, BEGIN + timedelta(days=YEARS))
    dates = [slot.local.date() for slot in slots]
    assert dates == [dates[0] + timedelta(days=n) for n in range(len(dates))]
    assert len(dates) >= YEARS - 1


@pytest.mark.parametrize("zone_name", ZONES)
def test_a_window_never_reaches_into_the_quiet_hours(zone_name: str) -> None:
    choices = plan(zone_name, "09:00", "20:30", quiet_from=time(22), quiet_to=time(8))
    for slot in run(choices, BEGIN, BEGIN + timedelta(days=120)):
        last = (slot.expires - timedelta(seconds=1)).astimezone(zone(zone_name)).time()
        assert not choices.is_quiet(last)


def test_a_time_that_the_clock_skips_comes_after_the_gap() -> None:
    slot = next_slot(plan("Europe/Berlin", "02:30"), Progress(), at("2027-03-27T12:00"))
    assert slot is not None
    assert (slot.due, slot.key) == (at("2027-03-28T01:30"), "2027-03-28T03:30")


def test_two_times_that_a_gap_makes_one_come_once() -> None:
    slots = run(plan("Europe/Berlin", "02:30", "03:30"), at("2027-03-27T22:00"), at("2027-03-28T22:00"))
    assert [slot.key for slot in slots] == ["2027-03-28T03:30"]


def test_a_time_that_comes_twice_is_nudged_the_first_time_only() -> None:
    slots = run(plan("Europe/Berlin", "02:30"), at("2026-10-24T12:00"), at("2026-10-26T12:00"))
    assert [slot.due for slot in slots] == [at("2026-10-25T00:30"), at("2026-10-26T01:30")]


def test_a_time_in_the_quiet_hours_waits_for_their_end() -> None:
    choices = plan("UTC", "23:00", quiet_from=time(22), quiet_to=time(7))
    slot = next_slot(choices, Progress(), at("2026-11-23T15:00"))
    assert slot is not None
    assert slot.key == "2026-11-24T07:00"


def test_the_hard_hour_comes_in_the_quiet_hours() -> None:
    choices = plan("UTC", "09:00", quiet_from=time(22), quiet_to=time(7), hard_hour=time(23, 30), per_week=14)
    slots = run(choices, at("2026-11-23T00:00"), at("2026-11-24T00:00"))
    assert [(slot.key, slot.hard) for slot in slots] == [("2026-11-23T09:00", False), ("2026-11-23T23:30", True)]


def test_the_hard_hour_takes_its_turn_and_counts_to_the_week() -> None:
    choices = plan("UTC", "09:00", quiet_from=time(22), quiet_to=time(7), hard_hour=time(23, 30), per_week=4)
    slots = run(choices, at("2026-11-23T00:00"), at("2026-12-21T00:00"))
    assert Counter(slot.hard for slot in slots) == {False: 8, True: 8}


def test_after_two_nudges_on_a_day_the_hard_hour_is_no_third() -> None:
    times, hard = ("09:00", "13:00", "17:00"), time(23, 30)
    slots = run(plan("UTC", *times, hard_hour=hard), at("2026-11-23T00:00"), at("2026-12-21T00:00"))
    assert set(Counter(slot.local.date() for slot in slots).values()) == {2}
    assert any(slot.hard for slot in slots)


def test_four_a_week_are_spread_over_the_week_and_over_the_times() -> None:
    choices = plan("UTC", "09:00", "20:30", per_week=4)
    slots = run(choices, at("2026-11-23T00:00"), at("2026-12-21T00:00"))
    gaps = [after.due - before.due for before, after in itertools.pairwise(slots)]
    assert len(slots) == 16
    assert min(gaps) >= timedelta(hours=12)
    assert max(gaps) <= timedelta(hours=72)
    assert Counter(slot.local.hour for slot in slots) == {9: 8, 20: 8}


def test_only_chosen_days_are_used() -> None:
    choices = plan("UTC", "09:00", days=frozenset({1, 4}), per_week=14)
    slots = run(choices, at("2026-11-23T00:00"), at("2026-12-07T00:00"))
    assert [slot.local.isoweekday() for slot in slots] == [1, 4, 1, 4]


def test_a_special_day_gets_a_nudge_though_the_spread_would_pass_it_by() -> None:
    quiet_week = plan("UTC", "09:00", per_week=1)
    usual = {slot.local.date() for slot in run(quiet_week, at("2026-11-23T00:00"), at("2026-12-21T00:00"))}
    day = next(d for d in (date(2026, 12, 1) + timedelta(days=n) for n in range(7)) if d not in usual)
    special = plan("UTC", "09:00", per_week=2, special_days=(SpecialDay(day, yearly=False),))
    assert day in {slot.local.date() for slot in run(special, at("2026-11-23T00:00"), at("2026-12-21T00:00"))}


def test_a_yearly_day_on_29_february_falls_on_the_28th_in_other_years() -> None:
    leap = SpecialDay(date(2024, 2, 29), yearly=True)
    assert leap.falls_on(date(2027, 2, 28))
    assert not leap.falls_on(date(2028, 2, 28))
    assert leap.falls_on(date(2028, 2, 29))


def test_after_a_move_west_a_slot_that_was_there_does_not_come_again() -> None:
    tokyo, los_angeles = plan("Asia/Tokyo"), plan("America/Los_Angeles")
    first = next_slot(tokyo, Progress(), at("2026-11-23T22:00"))
    assert first is not None
    moved = next_slot(los_angeles, Progress().after(first.local), first.due + timedelta(hours=3), late=True)
    assert moved is not None
    assert (first.key, moved.key) == ("2026-11-24T09:00", "2026-11-25T09:00")


def test_after_a_move_east_a_slot_whose_window_is_open_is_due_at_once() -> None:
    moment = at("2026-11-24T08:45")
    slot = next_slot(plan("Europe/Berlin"), Progress(), moment, late=True)
    assert slot is not None
    assert (slot.due, slot.key) == (at("2026-11-24T08:00"), "2026-11-24T09:00")


@settings(max_examples=200)
@given(
    st.lists(st.tuples(all_choices, st.integers(1, 200)), min_size=2, max_size=6),
    st.integers(0, YEARS),
)
def test_no_slot_comes_twice_and_no_limit_breaks_however_often_somebody_moves_or_changes_their_mind(
    lives: list[tuple[Choices, int]], first: int
) -> None:
    moment, progress, slots = BEGIN + timedelta(days=first), Progress(), []
    for choices, hours in lives:
        end = moment + timedelta(hours=hours)
        slot = next_slot(choices, progress, moment, late=True)
        while slot is not None and slot.due < end:
            slots.append((slot, choices))
            progress = progress.after(slot.local)
            slot = next_slot(choices, progress, max(slot.due, moment), late=True)
        moment = end
    assert len({slot.key for slot, _ in slots}) == len(slots)
    assert max(Counter(slot.local.date() for slot, _ in slots).values(), default=0) <= 2
    for slot, choices in slots:
        assert slot.hard or not choices.is_quiet(slot.due.astimezone(zone(choices.zone)).time())


@settings(max_examples=100)
@given(all_choices, st.integers(0, YEARS), st.sampled_from(ZONES))
def test_a_promised_slot_survives_a_change_of_zone_where_it_still_lies_ahead(
    choices: Choices, first: int, elsewhere: str
) -> None:
    moment = BEGIN + timedelta(days=first)
    promised = next_slot(choices, Progress(), moment, spread="next")
    assert promised is not None
    moved = replace(choices, zone=elsewhere)
    wall = promised.local.replace(tzinfo=zone(elsewhere)).astimezone(UTC)
    exists = wall.astimezone(zone(elsewhere)).replace(tzinfo=None) == promised.local
    plain = promised.local.time() in {each.at for each in choices.day_times()}
    if wall < moment or not exists or not plain or promised.local.isoweekday() not in choices.days:
        return
    kept = next_slot(moved, Progress(), moment, late=True, keep=promised.local)
    assert kept is not None
    assert kept.local <= promised.local
