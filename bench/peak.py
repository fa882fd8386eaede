"""The morning peak of ten million people over real time zones: how many nudges fall due in which minute of a day."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from bench.harness import report
from server.nudges.choices import Choices
from server.nudges.schedule import Progress, next_slot

PEOPLE = 10_000_000
DAY = date(2026, 11, 24)
#: Millions of people who live by a zone's clock: round figures from national population estimates, 2025.
ZONES = {
    "Asia/Shanghai": 1420, "Asia/Kolkata": 1460, "America/New_York": 175, "America/Chicago": 100,
    "America/Denver": 26, "America/Los_Angeles": 56, "Asia/Jakarta": 165, "Asia/Makassar": 55,
    "Asia/Karachi": 255, "Africa/Lagos": 240, "America/Sao_Paulo": 195, "Asia/Dhaka": 175, "Europe/Moscow": 100,
    "Asia/Yekaterinburg": 44, "America/Mexico_City": 110, "Asia/Tokyo": 123, "Africa/Addis_Ababa": 135,
    "Asia/Manila": 117, "Africa/Cairo": 118, "Africa/Kinshasa": 110, "Asia/Ho_Chi_Minh": 101, "Asia/Tehran": 92,
    "Europe/Istanbul": 87, "Europe/Berlin": 84, "Asia/Bangkok": 71, "Africa/Dar_es_Salaam": 70,
    "Europe/London": 69, "Europe/Paris": 66, "Africa/Johannesburg": 64, "Europe/Rome": 59, "Africa/Nairobi": 57,
    "Asia/Yangon": 55, "America/Bogota": 53, "Asia/Seoul": 52, "Africa/Khartoum": 51, "Africa/Algiers": 47,
    "Europe/Madrid": 48, "Asia/Baghdad": 47, "America/Argentina/Buenos_Aires": 46, "Asia/Kabul": 43,
    "Africa/Casablanca": 38, "Europe/Warsaw": 38, "Asia/Tashkent": 37, "Asia/Riyadh": 35, "Africa/Accra": 35,
    "America/Lima": 34, "Europe/Kyiv": 38, "Asia/Kuala_Lumpur": 36, "Asia/Kathmandu": 30, "America/Caracas": 28,
    "Australia/Sydney": 20, "Asia/Taipei": 23, "Asia/Colombo": 23, "America/Santiago": 20,
    "America/Toronto": 26, "America/Vancouver": 6, "Australia/Perth": 3, "Pacific/Auckland": 5,
    "Asia/Singapore": 6, "Asia/Hong_Kong": 8,
}  # fmt: skip
#: What people choose: half keep the times that the app suggests, the rest spread over the day.
TIMES = {(time(9), time(20, 30)): 0.5} | {
    (time(hour, 30 * half),): 0.5 / 28 for hour in range(8, 22) for half in (0, 1)
}
#: Places in the week that people are spread over (`Choices.seed`), four nudges a week.
PLACES, PER_WEEK = 7, 4


def main() -> None:
    """Print the busiest minute and hour, and what it takes to clear the minute in five."""
    minutes = Counter[datetime]()
    for due, people in everybody():
        minutes[due] += people
    busiest, most = minutes.most_common(1)[0]
    hours = Counter[datetime]()
    for due, people in minutes.items():
        hours[due.replace(minute=0)] += people
    report("nudges of 10 million people in a day", f"{sum(minutes.values()):,.0f}", "")
    report(f"the busiest minute ({busiest:%H:%M} UTC)", f"{most:,.0f}", "")
    report(f"the busiest hour ({hours.most_common(1)[0][0]:%H}:00 UTC)", f"{hours.most_common(1)[0][1]:,.0f}", "")
    report("to send the busiest minute in five", f"{most / 300:,.0f} /s", "")


def everybody() -> Iterator[tuple[datetime, int]]:
    """(when, how many people) of every slot on the day."""
    world, begin = sum(ZONES.values()), datetime.combine(DAY, time(0), UTC)
    for zone, millions in ZONES.items():
        for times, share in TIMES.items():
            group = round(PEOPLE * millions / world * share / PLACES)
            for seed in range(PLACES):
                wanted = Choices(zone, times, frozenset(range(1, 8)), PER_WEEK, time(22), time(8), seed=seed)
                for due in slots(wanted, begin):
                    yield due, group


def slots(wanted: Choices, begin: datetime) -> Iterator[datetime]:
    """When somebody is due within 24 hours of `begin`."""
    progress = Progress()
    while (slot := next_slot(wanted, progress, begin)) is not None and slot.due < begin + timedelta(days=1):
        progress = progress.after(slot.local)
        yield slot.due
