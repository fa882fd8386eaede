"""Check-ins as plain resources, for any client; the same rows and the same `apply` as the sync calls."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa

from server.errors import Conflict, Invalid, NotFound
from server.records import service
from server.records.collections import CHECKINS, Stored, Wire
from server.records.service import Change, Outcome
from server.records.verdict import Verdict
from server.schemas import is_uuid7


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which check-ins: felt from `since` (included) to `until` (excluded), at most `limit`, after a page's cursor."""

    since: datetime | None
    until: datetime | None
    limit: int
    after: str | None


def span(since: date | datetime | None, until: date | datetime | None, zone: str) -> dict[str, datetime | None]:
    """Bounds in UTC. A date stands for that whole day in the person's own time zone."""
    return {"since": _start(since, zone, 0), "until": _start(until, zone, 1)}


def listed(account_id: str, wanted: Wanted) -> tuple[list[Wire] | orjson.Fragment, str | None]:
    """A page of check-ins, the latest felt first, and the cursor of the next page.

    The last page goes out in the database's own words, unread.
    """
    felt_at, record_id = _parse(wanted.after) if wanted.after else (None, None)
    statement = _listing(wanted.since is not None, wanted.until is not None, wanted.after is not None)
    given = {"since": wanted.since, "until": wanted.until, "felt_at": felt_at, "record_id": record_id}
    text, count = service.written(statement, {**given, "account_id": account_id, "most": wanted.limit + 1})
    if count <= wanted.limit:
        return orjson.Fragment(text), None
    shown: list[Wire] = orjson.loads(text)[: wanted.limit]
    return shown, _cursor(shown[-1])


def get(account_id: str, record_id: str) -> Wire:
    """One check-in. Raises NotFound for somebody else's, a deleted or an unknown one alike."""
    row = _found(account_id, record_id)
    if row is None or row["deleted"]:
        raise NotFound("You have no such check-in.")
    return CHECKINS.document(row)


def put(account_id: str, record_id: str, state: dict[str, Any]) -> tuple[Wire, bool]:
    """Store a check-in; the stored document, and whether it is new.

    Raises Conflict, with the stored document under `current`, when `rev` is given and is not the stored one.
    """
    if not is_uuid7(record_id):
        raise Invalid("The id must be a UUIDv7 in lower case.", {"id": ["Give a UUIDv7 in lower case."]})
    if state.get("id", record_id) != record_id:
        raise Invalid("The id in the body is not the one in the path.", {"id": ["Give the id of the path."]})
    outcome = _write(account_id, {**state, "id": record_id})
    return CHECKINS.document(outcome.row), outcome.created


def delete(account_id: str, record_id: str) -> None:
    """Delete a check-in; doing it twice is fine. Raises NotFound for one that never was this person's."""
    if _found(account_id, record_id) is None:
        raise NotFound("You have no such check-in.")
    _write(account_id, {"id": record_id, "rev": None, "deleted": True})


def _found(account_id: str, record_id: str) -> Stored | None:
    return service.find(account_id, CHECKINS, record_id) if is_uuid7(record_id) else None


@cache
def _listing(has_since: bool, has_until: bool, has_after: bool) -> sa.Select[*tuple[Any, ...]]:
    """The query of a page, built once for each set of bounds: building takes as long as running it."""
    columns = CHECKINS.table.c
    felt_at = sa.bindparam("felt_at", type_=columns.felt_at.type)
    query = sa.select(CHECKINS.table).where(
        columns.account_id == sa.bindparam("account_id"), columns.deleted.is_(False)
    )
    if has_since:
        query = query.where(columns.felt_at >= sa.bindparam("since"))
    if has_until:
        query = query.where(columns.felt_at < sa.bindparam("until"))
    if has_after:
        earlier = sa.and_(columns.felt_at == felt_at, columns.id < sa.bindparam("record_id"))
        query = query.where(sa.or_(columns.felt_at < felt_at, earlier))
    return query.order_by(columns.felt_at.desc(), columns.id.desc()).limit(sa.bindparam("most", type_=sa.Integer))


def _write(account_id: str, state: dict[str, Any]) -> Outcome:
    revision = state["rev"]
    change = Change(state, None if revision is None else {"rev": revision}, overwrite=revision is None)
    outcome = service.apply(account_id, CHECKINS, [change])[0]
    if outcome.verdict is Verdict.CONFLICT:
        current = CHECKINS.document(outcome.row)
        raise Conflict("It was changed elsewhere. Merge with `current` and try again.", extra={"current": current})
    return outcome


def _start(bound: date | datetime | None, zone: str, days: int) -> datetime | None:
    if bound is None or isinstance(bound, datetime):
        return bound
    try:
        midnight = datetime.combine(bound + timedelta(days=days), time(), ZoneInfo(zone))
        return midnight.astimezone(UTC)
    except OverflowError as error:
        raise Invalid("This date is too far away.") from error


def _cursor(shown: Wire) -> str:
    return f"{shown['felt_at']}~{shown['id']}"


def _parse(cursor: str) -> tuple[datetime, str]:
    said, _, record_id = cursor.partition("~")
    try:
        felt_at = datetime.fromisoformat(said)
    except ValueError:
        felt_at = None
    if felt_at is None or felt_at.tzinfo is None or not is_uuid7(record_id):
        raise Invalid("Give `after` as the page before had it.", {"after": ["This is not a page's cursor."]})
    return felt_at, record_id
