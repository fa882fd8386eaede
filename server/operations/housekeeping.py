"""What is to be done once a day. Each part is safe to run at any time, and twice at once."""

from collections.abc import Iterator

from server.accounts import joins, retention
from server.accounts import service as accounts
from server.config import Settings
from server.database import empty_journal
from server.nudges import keeping, pruning
from server.records import tombstones


def run(settings: Settings) -> Iterator[tuple[str, int]]:
    """What was done, and how often."""
    yield "sessions that ran out, dropped", accounts.drop_expired_sessions()
    yield "tombstones, collected", tombstones.collect()
    yield "codes for a second device that ran out, dropped", joins.drop_expired()
    yield "nudges of long ago, forgotten", pruning.prune(settings.nudges_kept_days)
    yield "people told that their copy will go", keeping.tell(settings.accounts_idle_months)
    yield "idle accounts, deleted", retention.prune(settings.accounts_idle_months)
    empty_journal()
