"""Months as people count them. Pure."""

import calendar
from datetime import datetime


def months_before(moment: datetime, months: int) -> datetime:
    """The same day of the month so many months earlier, or that month's last day; later for a negative number."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
