"""One row by the shortest way to the driver, for the statements that nearly every request runs.

SQLAlchemy writes each statement, once, and keeps the connections. To run it through SQLAlchemy's layers and in a
transaction of its own took fifty times as long as SQLite takes, and the driver let go of the interpreter's lock at
each step of it, which other threads pay for too. A statement alone needs no transaction to see one state of the
database (sqlite.org/isolation.html; on PostgreSQL the pool ends the one that its driver opens).
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from typing import Any, TypeAlias

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeEngine

from server.database import db

Row: TypeAlias = tuple[Any, ...]
Statement: TypeAlias = sa.Select[*tuple[Any, ...]]
#: What happens around a statement; it is given the text with its placeholders.
Watch: TypeAlias = Callable[[str], AbstractContextManager[object]]


def read_one(statement: Statement, given: Mapping[str, Any]) -> Row | None:
    """The first row that a statement finds, or None. `given` holds the values of its `bindparam`s.

    The statement is kept for good: it has to be made once, not each time. Raises SQLAlchemy's OperationalError.
    """
    return reader().one(statement, given)


def reader() -> "Reader":
    """The application's."""
    found: Reader = current_app.extensions["heartwood_reader"]
    return found


class Reader:
    """Reads from one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[Statement, _Prepared] = {}
        self.watch: Watch = lambda _text: nullcontext()

    def one(self, statement: Statement, given: Mapping[str, Any]) -> Row | None:
        """See `read_one`."""
        prepared = self._known.get(statement) or self._known.setdefault(statement, _Prepared(statement, self._engine))
        try:
            row = self._fetch(prepared.text, prepared.parameters(given))
        except self._engine.dialect.loaded_dbapi.OperationalError as error:
            raise OperationalError(prepared.text, None, error) from error
        return None if row is None else prepared.values(row)

    def _fetch(self, text: str, parameters: Any) -> Row | None:
        # Closed cursors hold no lock: a connection that waits in the pool must not keep a state of the database.
        with (
            closing(self._engine.raw_connection()) as connection,
            self.watch(text),
            closing(connection.cursor()) as cursor,
        ):
            cursor.execute(text, parameters)
            found: Row | None = cursor.fetchone()
            return found


class _Prepared:
    """A statement as one database takes it, and what turns values to its form and back."""

    def __init__(self, statement: Statement, engine: Engine) -> None:
        compiled = statement.compile(dialect=engine.dialect)
        types = [(compiled.bind_names[bind], bind.type.dialect_impl(engine.dialect)) for bind in compiled.bind_names]
        self.text = str(compiled)
        self._in_order = compiled.positiontup
        self._fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        self._into = {name: _into(kind, engine) for name, kind in types}
        self._out_of = [
            _out_of(column.type.dialect_impl(engine.dialect), engine) for column in statement.selected_columns
        ]

    def parameters(self, given: Mapping[str, Any]) -> list[Any] | dict[str, Any]:
        """The values as the driver takes them."""
        values = {**self._fixed, **given}
        if self._in_order is not None:
            return [self._into[name](values[name]) for name in self._in_order]
        return {name: into(values[name]) for name, into in self._into.items()}

    def values(self, row: Row) -> Row:
        """What the driver gave, as Python has it."""
        return tuple(out_of(value) for out_of, value in zip(self._out_of, row, strict=True))


def _into(kind: TypeEngine[Any], engine: Engine) -> Callable[[Any], Any]:
    return kind.bind_processor(engine.dialect) or _as_it_is


def _out_of(kind: TypeEngine[Any], engine: Engine) -> Callable[[Any], Any]:
    return kind.result_processor(engine.dialect, None) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def init_app(app: Flask) -> None:
    """Make the reader of the application's database."""
    with app.app_context():
        app.extensions["heartwood_reader"] = Reader(db.engine)
