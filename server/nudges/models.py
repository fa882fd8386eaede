"""Tables of nudges: what a person chose, and each nudge as it is due, on its way, sent or dropped."""

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from server.clock import now
from server.database import Base, Json, UtcDateTime, uuid7

KINDS = (
    "check_in", "read", "practise", "encouragement", "hard_hour", "special_day", "welcome_back", "goodbye",
)  # fmt: skip
PENDING, SENT, DROPPED = "pending", "sent", "dropped"


class NudgePlan(Base):
    """A person's choices, and where their slots stand.

    `next_due_at` is null while nothing is to come: switched off, paused until resumed, or after the goodbye.
    Wall-clock times are `HH:MM`, slots `YYYY-MM-DDTHH:MM` in the person's zone.
    """

    __tablename__ = "nudge_plan"

    account_id: Mapped[str] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    enabled: Mapped[bool] = mapped_column(default=False)
    #: Copied from the account in the transaction that changes it there, so that a claim reads one table.
    timezone: Mapped[str] = mapped_column(sa.String(64))
    times: Mapped[list[str]] = mapped_column(Json, default=lambda: ["09:00", "20:30"])
    days: Mapped[list[int]] = mapped_column(Json, default=lambda: [1, 2, 3, 4, 5, 6, 7])
    per_week: Mapped[int] = mapped_column(sa.SmallInteger, default=4)
    quiet_from: Mapped[str] = mapped_column(sa.String(5), default="22:00")
    quiet_to: Mapped[str] = mapped_column(sa.String(5), default="08:00")
    kinds: Mapped[list[str]] = mapped_column(Json, default=lambda: list(KINDS))
    #: `neutral` or `full`: what a lock screen may show.
    lock_screen: Mapped[str] = mapped_column(sa.String(8), default="neutral")
    hard_hour: Mapped[str | None] = mapped_column(sa.String(5))
    #: `[{"on": "2026-12-24", "yearly": true, "kind": "holiday"}]`, copied from the person's journey.
    special_days: Mapped[list[dict[str, object]]] = mapped_column(Json, default=list)
    paused: Mapped[bool] = mapped_column(default=False)
    #: The end of the pause; null while paused until resumed.
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    next_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_slot: Mapped[str | None] = mapped_column(sa.String(16))
    #: The last slot that was claimed, and how many its week and its date have had.
    last_slot: Mapped[str | None] = mapped_column(sa.String(16))
    week_used: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    day_used: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    #: The tz database that `next_due_at` was computed with.
    tz_rules: Mapped[str] = mapped_column(sa.String(8))

    #: Nudges sent since the person last opened the app.
    unopened: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    #: The goodbye was sent: nothing more until the person opens the app.
    silent: Mapped[bool] = mapped_column(default=False)
    #: They are back after a goodbye or a long pause: the next nudge says welcome.
    welcome_back: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (
        sa.Index(
            "ix_nudge_plan_next_due_at",
            "next_due_at",
            postgresql_where=sa.text("next_due_at IS NOT NULL"),
            sqlite_where=sa.text("next_due_at IS NOT NULL"),
        ),
    )

    @property
    def pause(self) -> dict[str, datetime | None] | None:
        """The pause as the wire has it: None, or `{"until": …}`; one that has run out is none."""
        if not self.paused or (self.paused_until is not None and self.paused_until <= now()):
            return None
        return {"until": self.paused_until}


class NudgeDelivery(Base):
    """One nudge for one slot of one person, on however many devices. The row is the truth; a queue only hints at it."""

    __tablename__ = "nudge_delivery"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=uuid7)
    account_id: Mapped[str] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    slot: Mapped[str] = mapped_column(sa.String(16))
    hard: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(8), default=PENDING)
    #: Raised by each taking; who holds an older number has lost the row (a fencing token).
    attempts: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    #: Until when its taker has it to itself; for a retry, not before when.
    lease_until: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Ids of the subscriptions that already have it.
    reached: Mapped[list[str]] = mapped_column(Json, default=list)

    kind: Mapped[str | None] = mapped_column(sa.String(16))
    text_id: Mapped[str | None] = mapped_column(sa.String(80))
    title: Mapped[str | None] = mapped_column(sa.String(80))
    body: Mapped[str | None] = mapped_column(sa.String(240))
    #: Path in the app.
    opens: Mapped[str | None] = mapped_column(sa.String(200))
    #: Why it was chosen, or why nothing was sent, in plain words.
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    #: Why it was dropped, for programs.
    dropped: Mapped[str | None] = mapped_column(sa.String(20))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(sa.String(12))
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        sa.UniqueConstraint("account_id", "slot"),
        sa.Index(
            "ix_nudge_delivery_lease_until",
            "lease_until",
            postgresql_where=sa.text("state = 'pending'"),
            sqlite_where=sa.text("state = 'pending'"),
        ),
        sa.Index("ix_nudge_delivery_account_id_due_at", "account_id", "due_at"),
    )

    @property
    def tag(self) -> str:
        """The notification's tag: a second copy replaces the first on the phone."""
        return f"nudge-{self.slot}"


def hhmm(text: str) -> time:
    """`HH:MM` as a time."""
    return time(int(text[:2]), int(text[3:]))


def day(text: object) -> date:
    """`YYYY-MM-DD` as a date."""
    return date.fromisoformat(str(text))
