"""Documents as they go out, written by the database itself: a whole page comes back as one text in one step.

Reading rows and writing them out in Python took twice as long, and SQLite's driver lets go of the interpreter's lock
for every row, so that several threads that read at once spent most of their time waiting for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from server.database import Json, UtcDateTime

#: What every document has; a tombstone has only these.
WIRE_NAMES = {"id": "id", "rev": "rev", "deleted": "_deleted"}
#: Columns that are nobody's business.
HIDDEN = frozenset({"account_id", "deleted_at"})

Column: TypeAlias = sa.ColumnElement[Any]
Rows: TypeAlias = sa.Select[*tuple[Any, ...]]


def instant(moment: datetime) -> str:
    """A moment as JavaScript's `toISOString` writes it, so that a device gets back the very text it sent."""
    whole_millis = moment.microsecond % 1000 == 0
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds" if whole_millis else "microseconds")
    return text.replace("+00:00", "Z")


@cache
def as_json(rows: Rows, dialect: str) -> sa.Select[str, int]:
    """A query for one text and a number: the JSON array of the rows that `rows`, a query for whole records, finds, in
    its order, and how many they are."""
    found = rows.subquery()
    writer = _SQLITE if dialect == "sqlite" else _POSTGRESQL
    members: list[Any] = []
    for column in found.c:
        if column.name not in HIDDEN:
            members += [sa.literal_column(f"'{WIRE_NAMES.get(column.name, column.name)}'"), writer.value(column)]
    return sa.select(sa.cast(writer.array(writer.object(*members)), sa.Text), sa.func.count())


@dataclass(frozen=True)
class _Writer:
    """How one database writes JSON."""

    object: Callable[..., Column]
    array: Callable[[Column], Column]
    forms: Mapping[type[TypeEngine[Any]], Callable[[Column], Column]]

    def value(self, column: Column) -> Column:
        form = next((form for kind, form in self.forms.items() if isinstance(column.type, kind)), None)
        return column if form is None else form(column)


def _sqlite_instant(column: Column) -> Column:
    """SQLite holds a moment as `2026-11-24 20:14:00.000000`."""
    text = sa.type_coerce(column, sa.Text)
    whole_millis = sa.func.substr(text, 24, 3) == sa.literal_column("'000'")
    clock = sa.case((whole_millis, sa.func.substr(text, 12, 12)), else_=sa.func.substr(text, 12))
    day = sa.func.substr(text, 1, 10)
    return day.concat(sa.literal_column("'T'")).concat(clock).concat(sa.literal_column("'Z'"))


def _postgresql_instant(column: Column) -> Column:
    moment = sa.func.timezone("UTC", column)
    whole_millis = sa.func.date_trunc("milliseconds", moment) == moment
    form = sa.case((whole_millis, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), else_='YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    return sa.func.to_char(moment, form)


_SQLITE = _Writer(
    sa.func.json_object,
    sa.func.json_group_array,
    {
        UtcDateTime: _sqlite_instant,
        Json: sa.func.json,
        sa.Boolean: lambda column: sa.func.json(sa.case((column, "true"), else_="false")),
        # By itself it writes 15 digits, which is not always the same number again.
        sa.Float: lambda column: sa.func.json(sa.func.printf("%!.17g", column)),
        sa.Date: lambda column: sa.type_coerce(column, sa.Text),
    },
)
_POSTGRESQL = _Writer(
    sa.func.json_build_object,
    sa.func.json_agg,
    {UtcDateTime: _postgresql_instant, Json: lambda column: sa.cast(sa.type_coerce(column, sa.Text), sa.JSON)},
)
