"""A person's data as files: everything as JSON, the check-ins as CSV. The formats are described in docs/export.md."""

import csv
import io
import json
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Response
from sqlalchemy.orm import Session

from server.accounts.identity import CurrentAccount
from server.accounts.models import Account
from server.accounts.schemas import AccountSchema
from server.clock import now
from server.database import db
from server.records import service as records
from server.records.collections import CHECKINS, COLLECTIONS, Stored, Wire
from server.records.wire import instant

FORMAT, VERSION = "heartwood", 1
#: What a spreadsheet may take for a formula (OWASP, "CSV Injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
CSV_COLUMNS = ("date", "time", "mood", "feelings", "contexts", "has_note", "felt_at", "id")

#: Name in the file → the columns of a feature's table that are the person's to have.
_tables: dict[str, tuple[sa.Column[Any], ...]] = {}


def add_table(name: str, table: sa.FromClause, *columns: str) -> None:
    """Let a feature add its rows of a person to the JSON export: these columns of a table with an `account_id`."""
    known = cast("sa.Table", table).c
    _tables[name] = tuple(known[column] for column in columns)


def as_json(me: CurrentAccount) -> Response:
    """Everything as one JSON file, streamed."""
    return _file(_json_parts(me, _snapshot()), "application/json", "json")


def as_csv(me: CurrentAccount) -> Response:
    """The check-ins as CSV (RFC 4180), streamed, the earliest felt first."""
    return _file(_csv_parts(me, _snapshot()), "text/csv; charset=utf-8", "csv")


def cell(value: object) -> str:
    """A cell's text, with an apostrophe before it where a spreadsheet would run it as a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _file(parts: Generator[str, None, None], content_type: str, suffix: str) -> Response:
    # The first part is made before the answer begins, so that a database that does not answer is told as 503.
    answer = Response(chain([next(parts)], parts), content_type=content_type)
    answer.call_on_close(parts.close)
    name = f"heartwood-{now().date().isoformat()}.{suffix}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _json_parts(me: CurrentAccount, snapshot: Session) -> Generator[str, None, None]:
    with snapshot as database:
        account = AccountSchema().dump(database.get_one(Account, me.id))
        head = {"format": FORMAT, "version": VERSION, "sealed": True, "exported_at": instant(now()), "account": account}
        yield json.dumps(head, ensure_ascii=False)[:-1]
        for collection in COLLECTIONS:
            documents = map(collection.document, records.stream(me.id, collection, database))
            yield from _list_parts(collection.name, map(_without_control, documents))
        for name, columns in _tables.items():
            yield from _list_parts(name, _rows(database, me.id, columns))
        yield "}\n"


def _rows(database: Session, account_id: str, columns: tuple[sa.Column[Any], ...]) -> Iterator[dict[str, Any]]:
    table = columns[0].table
    query = sa.select(*columns).where(table.c.account_id == account_id).order_by(*table.primary_key.columns)
    for row in database.execute(query.execution_options(yield_per=200)):
        yield {name: instant(said) if isinstance(said, datetime) else said for name, said in row._asdict().items()}


def _list_parts(name: str, documents: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield f", {json.dumps(name)}: ["
    for place, document in enumerate(documents):
        yield (",\n" if place else "\n") + json.dumps(document, ensure_ascii=False)
    yield "]"


def _csv_parts(me: CurrentAccount, snapshot: Session) -> Generator[str, None, None]:
    yield _line(CSV_COLUMNS)
    with snapshot as database:
        for row in records.stream(me.id, CHECKINS, database, CHECKINS.table.c.felt_at):
            yield _line(_cells(row, ZoneInfo(me.timezone)))


def _cells(row: Stored, zone: ZoneInfo) -> Iterable[object]:
    felt_at = row["felt_at"].astimezone(zone)
    return (
        felt_at.date().isoformat(),
        felt_at.strftime("%H:%M"),
        row["mood"],
        " ".join(row["feelings"]),
        " ".join(row["contexts"]),
        "yes" if row["sealed_note"] else "no",
        instant(row["felt_at"]),
        row["id"],
    )


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([cell(one) for one in cells])
    return buffer.getvalue()


def _snapshot() -> Session:
    """A session of the export's own, whose reads all see the same moment; it outlives the request's context."""
    engine = db.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    return Session(engine)


def _without_control(document: Wire) -> Wire:
    return {name: value for name, value in document.items() if name not in {"rev", "_deleted"}}
