"""Time zones from the pinned `tzdata` package, so that every machine of one Heartwood agrees on every offset."""

from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import tzdata

#: The tz database release in force, e.g. "2026b". Plans remember the one they were computed with.
RULES: str = tzdata.IANA_VERSION


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA zone `name`. Raises ZoneInfoNotFoundError for a name nobody knows."""
    path = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if not path.is_file():
        return ZoneInfo(name)
    with path.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)
