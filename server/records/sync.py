"""Pull and push in the shape of RxDB's HTTP replication, over `service.apply`."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from server.database import db
from server.errors import Gone
from server.records import metrics, service
from server.records.collections import Collection, Wire
from server.records.cursor import Behind, Cursor, past
from server.records.models import Horizon
from server.records.service import Change
from server.records.verdict import Verdict


def pull(account_id: str, newest: int, collection: Collection, since: int, limit: int) -> dict[str, Any]:
    """The documents that changed after `since`, and where to go on.

    `newest` is the account's revision as read before this call: all up to it are visible to the reads below, so
    the last page's checkpoint is at least that, and a collection where nothing happens does not fall behind.
    The horizon is read after the documents, so that tombstones collected in between are noticed.
    Raises Gone when the device must take a fresh copy: it was away too long, or it has seen revisions that this
    server has not given (the server was restored from a backup, or the device had another account before).
    """
    cursor = Cursor.parse(since)
    if cursor.position > newest:
        raise Gone("The server has an older state than this device saw. Pull again with since=0 and compare.")
    found = service.changed_since(account_id, collection, cursor.position, limit + 1)
    horizon = horizon_of(account_id, collection)
    try:
        cursor.check(horizon)
    except Behind as error:
        raise Gone("This device was away too long. Pull again with since=0 and compare.") from error
    shown = found[:limit]
    metrics.PULLED.labels(collection.name).inc(len(shown))
    last = shown[-1]["rev"] if shown else 0
    checkpoint = past(last, horizon) if len(found) > limit else max(last, newest, cursor.position)
    return {"documents": shown, "checkpoint": {"rev": checkpoint}}


def push(account_id: str, collection: Collection, rows: Sequence[dict[str, Any]]) -> list[Wire]:
    """Store new document states; the stored documents of those rows that did not know them. [] when all is taken."""
    outcomes = service.apply(account_id, collection, [Change(row["new"], row["assumed"]) for row in rows])
    for verdict, count in Counter(out.verdict for out in outcomes).items():
        metrics.PUSHED.labels(collection.name, verdict.value).inc(count)
    conflicts = {out.row["id"]: out.row for out in outcomes if out.verdict is Verdict.CONFLICT}
    return [collection.document(row) for row in conflicts.values()]


def horizon_of(account_id: str, collection: Collection) -> int:
    """The revision up to which tombstones of this collection have been collected; 0 when none were."""
    found = db.session.scalar(
        sa.select(Horizon.rev).where(Horizon.account_id == account_id, Horizon.collection == collection.name)
    )
    return found or 0
