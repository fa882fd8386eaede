"""The five synced tables. What the server may read is in columns of its own; free text is sealed JSON."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from server.database import Base, Json, UtcDateTime


class Synced:
    """What every synced row has. A tombstone keeps these and loses its content."""

    __tablename__: str

    @declared_attr
    @classmethod
    def account_id(cls) -> Mapped[str]:
        return mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)

    #: UUIDv7 made by the device; unique for the person only, so nobody can probe for others' ids.
    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    #: From the account's counter: grows with every change of any of the person's records.
    rev: Mapped[int] = mapped_column(sa.BigInteger)
    deleted: Mapped[bool] = mapped_column(default=False)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[sa.schema.SchemaItem, ...]:
        name = cls.__tablename__
        return (
            sa.Index(f"ix_{name}_account_id_rev", "account_id", "rev", unique=True),
            sa.Index(
                f"ix_{name}_deleted_at",
                "deleted_at",
                sqlite_where=sa.text("deleted_at IS NOT NULL"),
                postgresql_where=sa.text("deleted_at IS NOT NULL"),
            ),
        )


class CheckIn(Synced, Base):
    """How somebody felt at a moment."""

    __tablename__ = "record_checkin"

    felt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mood: Mapped[int | None] = mapped_column(sa.SmallInteger)
    feelings: Mapped[list[str]] = mapped_column(Json)
    contexts: Mapped[list[str]] = mapped_column(Json)
    sealed_note: Mapped[dict[str, Any] | None] = mapped_column(Json)


#: Lists newest first. Outside the class: `__table_args__` is the mixin's.
sa.Index("ix_record_checkin_account_id_felt_at", CheckIn.account_id, CheckIn.felt_at, CheckIn.id)


class Urge(Synced, Base):
    """A wave of wanting to text, and how it ended."""

    __tablename__ = "record_urge"

    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(sa.String(16))
    strength: Mapped[int | None] = mapped_column(sa.SmallInteger)
    helped: Mapped[list[str]] = mapped_column(Json)


class Letter(Synced, Base):
    """Something written: a journal entry, a letter never sent, a reason, an answer to a question. Sealed."""

    __tablename__ = "record_letter"

    kind: Mapped[str | None] = mapped_column(sa.String(16))
    written_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    prompt: Mapped[str | None] = mapped_column(sa.String(100))
    sealed_title: Mapped[dict[str, Any] | None] = mapped_column(Json)
    sealed_text: Mapped[dict[str, Any] | None] = mapped_column(Json)
    opens_on: Mapped[date | None] = mapped_column(sa.Date)


class Mark(Synced, Base):
    """How far somebody is with one item of the library. Its id is well known: see docs/sync.md."""

    __tablename__ = "record_mark"

    item: Mapped[str | None] = mapped_column(sa.String(100))
    progress: Mapped[float] = mapped_column(sa.Double)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    times_done: Mapped[int] = mapped_column(sa.Integer)
    saved: Mapped[bool]
    helped: Mapped[str | None] = mapped_column(sa.String(16))
    place: Mapped[float] = mapped_column(sa.Double)


class Journey(Synced, Base):
    """The one record of what somebody said about their way. Names they gave are sealed in `sealed_words`."""

    __tablename__ = "record_journey"

    ended_on: Mapped[date | None] = mapped_column(sa.Date)
    contact: Mapped[str] = mapped_column(sa.String(16))
    stays_in_touch: Mapped[list[str]] = mapped_column(Json)
    hard_hours: Mapped[list[int]] = mapped_column(Json)
    region: Mapped[str | None] = mapped_column(sa.String(2))
    space_since: Mapped[date | None] = mapped_column(sa.Date)
    slips: Mapped[list[str]] = mapped_column(Json)
    special_days: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    pace: Mapped[int] = mapped_column(sa.SmallInteger)
    hidden_feelings: Mapped[list[str]] = mapped_column(Json)
    hidden_contexts: Mapped[list[str]] = mapped_column(Json)
    sealed_words: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Horizon(Base):
    """How far tombstones of a collection have been collected: a device behind `rev` may have missed one."""

    __tablename__ = "record_horizon"

    account_id: Mapped[str] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    collection: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    rev: Mapped[int] = mapped_column(sa.BigInteger)
