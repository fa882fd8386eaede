"""Writing a thousand rows in one statement, in the way that each database is quickest at.

PostgreSQL gets one array a column (`unnest`): a statement of constant text, where thousands of parameters would each
have to be found and numbered in it. SQLite, in the same process, takes the rows one by one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from server.nudges.models import NudgeDelivery, NudgePlan

Row = Mapping[str, Any]

_plan = cast("sa.Table", NudgePlan.__table__)
_delivery = cast("sa.Table", NudgeDelivery.__table__)

#: Column → its type in PostgreSQL.
_ADVANCED = {
    "account_id": "text", "next_due_at": "timestamptz", "next_slot": "text", "last_slot": "text",
    "week_used": "smallint", "day_used": "smallint",
}  # fmt: skip
_ADDED = {
    "id": "text", "account_id": "text", "slot": "text", "hard": "boolean", "due_at": "timestamptz",
    "expires_at": "timestamptz", "state": "text", "dropped": "text", "lease_until": "timestamptz",
}  # fmt: skip


def _unnest(columns: Mapping[str, str]) -> str:
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in columns.items())
    return f"unnest({arrays}) AS v({', '.join(columns)})"


_SETS = ", ".join(f"{name} = v.{name}" for name in _ADVANCED if name != "account_id")
_ADVANCE_POSTGRESQL = sa.text(
    f"UPDATE nudge_plan AS p SET {_SETS} FROM {_unnest(_ADVANCED)} WHERE p.account_id = v.account_id"  # noqa: S608
)
_ADD_POSTGRESQL = sa.text(
    f"INSERT INTO nudge_delivery ({', '.join(_ADDED)}, attempts, reached) "  # noqa: S608  # our own column names
    f"SELECT {', '.join(_ADDED)}, 0, '[]' FROM {_unnest(_ADDED)} "
    "ON CONFLICT (account_id, slot) DO NOTHING RETURNING id, state"
)
_ADVANCE_SQLITE = (
    sa.update(_plan)
    .where(_plan.c.account_id == sa.bindparam("b_account_id"))
    .values({name: sa.bindparam(name) for name in _ADVANCED if name != "account_id"})
)
_ADD_SQLITE = (
    sqlite.insert(_delivery)
    .on_conflict_do_nothing(index_elements=["account_id", "slot"])
    .returning(_delivery.c.id, _delivery.c.state)
)


def advance(session: Session, rows: Sequence[Row]) -> None:
    """Move plans to their next slots."""
    if _is_postgresql(session):
        session.execute(_ADVANCE_POSTGRESQL, _arrays(rows, _ADVANCED))
    else:
        session.connection().execute(_ADVANCE_SQLITE, [{**row, "b_account_id": row["account_id"]} for row in rows])


def add(session: Session, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Insert deliveries, leaving out those of slots that were used before; (id, state) of each that is new."""
    if _is_postgresql(session):
        added = session.execute(_ADD_POSTGRESQL, _arrays(rows, _ADDED))
    else:
        added = session.connection().execute(_ADD_SQLITE, [{**row, "attempts": 0, "reached": []} for row in rows])
    return [(identity, state) for identity, state in added]


def _arrays(rows: Sequence[Row], columns: Mapping[str, str]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in columns}


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
