"""The one way that records are written, whoever asks, and the ways they are read. Owns the transactions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.accounts import service as accounts
from server.clock import now
from server.database import db, transaction
from server.reads import read_one
from server.records.collections import Collection, Stored, Wire
from server.records.verdict import Verdict, judge
from server.records.wire import WIRE_NAMES, as_json


@dataclass(frozen=True, slots=True)
class Change:
    """One document to write: its new state as its schema loaded it, and the state its writer took for stored.

    `overwrite`: the writer does not care what is stored.
    """

    new: Stored
    assumed: Mapping[str, Any] | None
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change, and the row as it now stands; `created` when no live one stood there before."""

    verdict: Verdict
    row: Stored
    created: bool


def apply(account_id: str, collection: Collection, changes: Sequence[Change]) -> list[Outcome]:
    """Write documents in one transaction; what became of each, in order.

    The account's row is locked first, and every stored change gets the next revision of the account's counter.
    So revisions become visible in their order: a reader that has seen one has seen all before it. A timestamp or
    a database sequence is given out before the commit, and loses the late committer for ever (docs/sync.md).
    """
    with transaction() as database:
        revision = first = accounts.lock_revision(database, account_id)
        known = _stored(database, account_id, collection, {change.new["id"] for change in changes})
        before = dict(known)
        outcomes: list[Outcome] = []
        for change in changes:
            key = change.new["id"]
            stored = known.get(key)
            verdict = judge(collection, stored, change.new, change.assumed, overwrite=change.overwrite)
            if verdict is Verdict.TAKE:
                revision += 1
                known[key] = _row(account_id, collection, change.new, revision)
            created = stored is None or bool(stored["deleted"])
            outcomes.append(Outcome(verdict, known[key], created))
        _store(database, collection, before, known)
        if revision > first:
            accounts.store_revision(database, account_id, revision)
    return outcomes


def find(account_id: str, collection: Collection, record_id: str) -> Stored | None:
    """One record, tombstones included; None when the person has none with this id."""
    return _stored(db.session(), account_id, collection, {record_id}).get(record_id)


def changed_since(account_id: str, collection: Collection, revision: int, limit: int) -> list[Wire]:
    """Up to `limit` documents that changed after `revision`, in the order they changed, tombstones included."""
    return documents(_changes(collection), {"account_id": account_id, "rev": revision, "most": limit})


def documents(query: sa.Select[*tuple[Any, ...]], given: Mapping[str, Any]) -> list[Wire]:
    """The documents that a query for whole records finds, in its order."""
    found: list[Wire] = orjson.loads(written(query, given)[0])
    return [_tombstone(one) if one["_deleted"] else one for one in found]


def written(query: sa.Select[*tuple[Any, ...]], given: Mapping[str, Any]) -> tuple[str, int]:
    """The rows that a query for whole records finds as the text of a JSON array, and how many they are.

    A tombstone among them still has the fields that it keeps nothing in.
    """
    text, count = read_one(as_json(query, db.engine.dialect.name), given) or (None, 0)
    return text or "[]", count


def stream(
    account_id: str, collection: Collection, database: Session, order: sa.Column[Any] | None = None
) -> Iterator[Stored]:
    """Every live record of a collection, read in small parts; by `order`, else in the order they changed."""
    columns = collection.table.c
    query = sa.select(collection.table).where(columns.account_id == account_id, columns.deleted.is_(False))
    query = query.order_by(columns.rev if order is None else order, columns.id)
    found = database.execute(query.execution_options(yield_per=200))
    names = tuple(found.keys())
    for row in found:
        yield dict(zip(names, row, strict=True))


def rows_of(found: sa.Result[*tuple[Any, ...]]) -> list[Stored]:
    """The rows of an answer as plain dictionaries, which are quicker to read than SQLAlchemy's own."""
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found]


def _tombstone(document: Wire) -> Wire:
    return {name: document[name] for name in WIRE_NAMES.values()}


@cache
def _changes(collection: Collection) -> sa.Select[*tuple[Any, ...]]:
    """The query of a pull, built once: building takes as long as running it."""
    columns = collection.table.c
    mine = columns.account_id == sa.bindparam("account_id")
    query = sa.select(collection.table).where(mine, columns.rev > sa.bindparam("rev", type_=sa.BigInteger))
    return query.order_by(columns.rev).limit(sa.bindparam("most", type_=sa.Integer))


def _stored(database: Session, account_id: str, collection: Collection, ids: Iterable[str]) -> dict[str, Stored]:
    columns = collection.table.c
    query = sa.select(collection.table).where(columns.account_id == account_id, columns.id.in_(ids))
    return {row["id"]: row for row in rows_of(database.execute(query))}


def _row(account_id: str, collection: Collection, state: Stored, revision: int) -> dict[str, Any]:
    """The row to store. A tombstone keeps no content: what was deleted is gone."""
    deleted: bool = state["deleted"]
    deleted_at: datetime | None = now() if deleted else None
    content = collection.emptied if deleted else {name: state[name] for name in collection.content}
    return {
        "account_id": account_id,
        "id": state["id"],
        "rev": revision,
        "deleted": deleted,
        "deleted_at": deleted_at,
        **content,
    }


def _store(
    database: Session, collection: Collection, before: Mapping[str, Stored], after: Mapping[str, Stored]
) -> None:
    fresh = [row for key, row in after.items() if key not in before]
    changed = [row for key, row in after.items() if key in before and row is not before[key]]
    if fresh:
        database.execute(sa.insert(collection.table), fresh)
    if changed:
        columns = collection.table.c
        place = (columns.account_id == sa.bindparam("its_account"), columns.id == sa.bindparam("its_id"))
        rows = [{**row, "its_account": row["account_id"], "its_id": row["id"]} for row in changed]
        database.connection().execute(sa.update(collection.table).where(*place), rows)
