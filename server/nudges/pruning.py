"""Forgetting nudges of long ago.

What looks back at them looks back for less: the chooser 60 days (no text twice, and what a person opened), the note
about a copy that goes 60 days. Longer than that only the person's own list in the settings shows them.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from server.clock import now
from server.database import first_uuid7, transaction
from server.nudges.models import PENDING, NudgeDelivery

#: Rows in one transaction, so that nobody waits for long.
BATCH = 5000


def prune(days: int) -> int:
    """Delete nudges that were due over `days` days ago; how many. Safe to run at any time, and twice at once."""
    before, total = now() - timedelta(days=days), 0
    while gone := _prune(before):
        total += gone
    return total


def _prune(before: datetime) -> int:
    """By the key, whose first part is the time at which a row was made: it needs no index of its own."""
    ripe = (NudgeDelivery.id < first_uuid7(before), NudgeDelivery.due_at < before, NudgeDelivery.state != PENDING)
    some = sa.select(NudgeDelivery.id).where(*ripe).order_by(NudgeDelivery.id).limit(BATCH)
    with transaction() as session:
        statement = sa.delete(NudgeDelivery).where(NudgeDelivery.id.in_(some.with_for_update(skip_locked=True)))
        gone = session.execute(statement.returning(NudgeDelivery.id)).all()
    return len(gone)
