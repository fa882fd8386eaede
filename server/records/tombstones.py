"""Collecting tombstones: what was deleted 180 days ago is forgotten altogether."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.accounts import service as accounts
from server.clock import now
from server.database import db, transaction
from server.errors import Unauthorised
from server.records.collections import COLLECTIONS, Collection
from server.records.models import Horizon

#: A device that was away longer takes a fresh copy (410 `resync_required`).
KEPT = timedelta(days=180)


def collect() -> int:
    """Delete every tombstone older than KEPT; how many. Run daily; safe to run twice at once.

    One short transaction a person and collection, under the lock that their writers take, so that a pull never
    finds tombstones gone and the horizon not yet moved.
    """
    before = now() - KEPT
    return sum(_collect(collection, before) for collection in COLLECTIONS)


def _collect(collection: Collection, before: datetime) -> int:
    columns = collection.table.c
    ripe = sa.select(columns.account_id).where(columns.deleted_at < before).distinct()
    people = list(db.session.scalars(ripe))
    return sum(_collect_from(account_id, collection, before) for account_id in people)


def _collect_from(account_id: str, collection: Collection, before: datetime) -> int:
    columns = collection.table.c
    mine = (columns.account_id == account_id, columns.deleted_at < before)
    try:
        with transaction() as database:
            accounts.lock_revision(database, account_id)
            gone = list(database.scalars(sa.delete(collection.table).where(*mine).returning(columns.rev)))
            _move_horizon(database, account_id, collection, max(gone, default=0))
    except Unauthorised:
        return 0
    return len(gone)


def _move_horizon(database: Session, account_id: str, collection: Collection, rev: int) -> None:
    horizon = database.get(Horizon, (account_id, collection.name))
    if horizon is None:
        database.add(Horizon(account_id=account_id, collection=collection.name, rev=rev))
    else:
        horizon.rev = max(horizon.rev, rev)
