"""The one clock: every part of the server asks here what time it is."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The present moment as an aware UTC datetime."""
    return datetime.now(UTC)


def seconds() -> float:
    """The present moment in seconds since 1970, for what is done with every message: a quarter of the cost of `now`."""
    return time.time()
