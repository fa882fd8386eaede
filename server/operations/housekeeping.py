"""What is to be done once a day. Each part is safe to run at any time, and twice at once."""

from collections.abc import Iterator

from server.accounts import retention
from server.accounts import service as accounts
from server.config import Settings
from server.records import tombstones


def run(settings: Settings) -> Iterator[tuple[str, int]]:
    """What was done, and how often."""
    yield "sessions that ran out, dropped", accounts.drop_expired_sessions()
    yield "tombstones, collected", tombstones.collect()
    yield "idle accounts, deleted", retention.prune(settings.accounts_idle_months)
