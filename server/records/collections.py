"""The five collections: which table, which schema, and how a stored row looks on the wire."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

import sqlalchemy as sa

from server.database import UtcDateTime
from server.records import models, schemas
from server.records.wire import instant

#: A stored row, by column name.
Stored: TypeAlias = Mapping[str, Any]
#: A document as it goes out.
Wire: TypeAlias = dict[str, Any]

CONTROL = ("account_id", "id", "rev", "deleted", "deleted_at")


@dataclass(frozen=True, eq=False)
class Collection:
    """One synced collection."""

    name: str
    table: sa.Table
    schema: type[schemas.Document]
    #: Names of the columns that hold content.
    content: tuple[str, ...] = field(init=False)
    #: What a tombstone holds in them: null, or nothing of its kind where the column must hold something.
    emptied: Mapping[str, Any] = field(init=False)
    _encoders: tuple[tuple[str, Callable[[Any], Any] | None], ...] = field(init=False)

    def __post_init__(self) -> None:
        columns = [column for column in self.table.columns if column.name not in CONTROL]
        defaults = {name: one.load_default for name, one in self.schema().fields.items()}
        object.__setattr__(self, "content", tuple(column.name for column in columns))
        emptied = {c.name: None if c.nullable else _made(defaults[c.name]) for c in columns}
        object.__setattr__(self, "emptied", emptied)
        object.__setattr__(self, "_encoders", tuple((c.name, _encoder(c)) for c in columns))

    def document(self, row: Stored) -> Wire:
        """The row as clients see it: `{id, rev, _deleted, ...content}`; a tombstone has no content."""
        wire = {"id": row["id"], "rev": row["rev"], "_deleted": row["deleted"]}
        if not row["deleted"]:
            for name, encode in self._encoders:
                value = row[name]
                wire[name] = encode(value) if encode and value is not None else value
        return wire

    def same(self, row: Stored, state: Stored) -> bool:
        """Whether a stored row and a loaded document say the same, whatever their revisions."""
        if row["deleted"] or state["deleted"]:
            return bool(row["deleted"] and state["deleted"])
        return all(row[name] == state[name] for name in self.content)


def _made(default: Any) -> Any:
    return default() if callable(default) else default


def _encoder(column: sa.Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, UtcDateTime):
        return instant
    return date.isoformat if isinstance(column.type, sa.Date) else None


def _collection(name: str, model: type[models.Synced], schema: type[schemas.Document]) -> Collection:
    return Collection(name, getattr(model, "__table__"), schema)  # noqa: B009  # mypy knows no such attribute


CHECKINS = _collection("checkins", models.CheckIn, schemas.CheckIn)
URGES = _collection("urges", models.Urge, schemas.Urge)
LETTERS = _collection("letters", models.Letter, schemas.Letter)
MARKS = _collection("marks", models.Mark, schemas.Mark)
JOURNEY = _collection("journey", models.Journey, schemas.Journey)

COLLECTIONS = (CHECKINS, URGES, LETTERS, MARKS, JOURNEY)
BY_NAME = {collection.name: collection for collection in COLLECTIONS}
