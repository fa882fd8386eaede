"""People with a row in every table, and a way to see whether every row is still as it was."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import make_url

from server.database import db, make_engine

Rows = dict[str, list[tuple[Any, ...]]]

MOMENT = datetime(2026, 11, 24, 20, 14, 0, 123456, tzinfo=UTC)
#: Not a table of people's, and different on purpose after an upgrade.
OWN = "alembic_version"
PEOPLE = 3


def fill(url: str) -> None:
    """Put rows into every table that the database has, whatever its revision: reflected, not from today's models.

    The first row of a table has every column that may be null as null, the others have none.
    """
    engine = make_engine(url)
    metadata = sa.MetaData()
    metadata.reflect(engine)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table.name != OWN:
                connection.execute(sa.insert(table), [_row(table, number) for number in range(PEOPLE)])
    engine.dispose()


def snapshot(url: str) -> Rows:
    """Every value of every row as the database has it, with the column names first."""
    engine = make_engine(url)
    found: Rows = {}
    with engine.connect() as connection:
        for name in sorted(set(sa.inspect(engine).get_table_names()) - {OWN}):
            result = connection.exec_driver_sql(f'SELECT * FROM "{name}"')
            columns = tuple(result.keys())
            found[name] = [columns, *sorted((tuple(row) for row in result), key=repr)]
    engine.dispose()
    return found


def kept(before: Rows, after: Rows) -> list[str]:
    """What was lost: a table, or in a table that is still there the rows whose shared columns changed."""
    lost = []
    for name, (columns, *rows) in before.items():
        if name not in after:
            lost.append(f"table {name}")
            continue
        now, *rows_now = after[name]
        shared = [column for column in columns if column in now]
        if _project(columns, rows, shared) != _project(now, rows_now, shared):
            lost.append(f"rows of {name}")
    return lost


def read_by_models(app: Flask) -> dict[str, int]:
    """How many rows of each table today's models can read."""
    with app.app_context(), db.engine.connect() as connection:
        return {name: len(connection.execute(sa.select(table)).all()) for name, table in db.metadata.tables.items()}


def file_of(url: str) -> str:
    """The file of a SQLite URL."""
    return str(make_url(url).database)


def _project(columns: tuple[Any, ...], rows: list[tuple[Any, ...]], wanted: list[str]) -> list[tuple[Any, ...]]:
    places = [columns.index(name) for name in wanted]
    return sorted((tuple(row[place] for place in places) for row in rows), key=repr)


def _row(table: sa.Table, number: int) -> dict[str, Any]:
    return {column.name: _value(table, column, number) for column in table.columns}


def _value(table: sa.Table, column: sa.Column[Any], number: int) -> Any:
    if number == 0 and column.nullable:
        return None
    for key in column.foreign_keys:
        return _value(key.column.table, key.column, number)
    match column.type:
        case sa.Boolean():
            return number % 2 == 0
        case sa.Integer():
            return number + 1
        case sa.Float() | sa.Numeric():
            return 0.1 + number
        case sa.DateTime():
            return MOMENT + timedelta(minutes=number)
        case sa.Date():
            return date(2026, 11, 24) + timedelta(days=number)
        case sa.Text():
            return json.dumps([column.name, f"é{number}"], separators=(",", ":"), ensure_ascii=False)
        case _:
            return _text(table, column, number)


def _text(table: sa.Table, column: sa.Column[Any], number: int) -> str:
    length = column.type.length or 36  # type: ignore[attr-defined]  # what is left are strings
    return f"{number}-{column.name}-{table.name}"[:length]
