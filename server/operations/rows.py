"""Reading tables in one order on every database, and comparing them row by row."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa

#: Rows held in memory at once.
CHUNK = 1000


class Different(Exception):
    """A row is not the same on both sides; the message names its table and key."""


def count(connection: sa.Connection, table: sa.Table) -> int:
    """How many rows the table has."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def chunks(connection: sa.Connection, table: sa.Table) -> Iterator[list[dict[str, object]]]:
    """All rows in the order of the primary key, some at a time, as Python values whatever the database."""
    query = sa.select(table).order_by(*(_bytewise(connection, column) for column in table.primary_key))
    with connection.execution_options(yield_per=CHUNK).execute(query) as result:
        for part in result.mappings().partitions():
            yield [dict(row) for row in part]


def compare(one: sa.Connection, other: sa.Connection, table: sa.Table) -> int:
    """Read the table on both sides, every value of every row; how many rows. Raises Different."""
    compared = 0
    for left, right in zip_longest(_rows(one, table), _rows(other, table)):
        if left != right:
            key = {column.name: (left or right or {})[column.name] for column in table.primary_key}
            raise Different(f"{table.name} {key} is not the same on both sides")
        compared += 1
    return compared


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[dict[str, object]]:
    for part in chunks(connection, table):
        yield from part


def _bytewise(connection: sa.Connection, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """SQLite compares bytes; PostgreSQL would follow the database's language."""
    if connection.dialect.name == "postgresql" and isinstance(column.type, sa.String):
        return sa.collate(column, "C")
    return column
