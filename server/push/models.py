"""The table of push subscriptions: one row a browser that wants nudges."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from server.clock import now
from server.database import Base, UtcDateTime, uuid7
from server.push.endpoints import LIMIT


class PushSubscription(Base):
    """Where to reach one browser, and its keys (RFC 8291). The endpoint is a secret: to know it is to write to it."""

    __tablename__ = "push_subscription"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=uuid7)
    account_id: Mapped[str] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(sa.String(LIMIT), unique=True)
    #: The browser's public key, base64url of the uncompressed point (65 bytes).
    p256dh: Mapped[str] = mapped_column(sa.String(88))
    #: The browser's authentication secret, base64url (16 bytes).
    auth: Mapped[str] = mapped_column(sa.String(24))
    #: What the person calls the device.
    device: Mapped[str | None] = mapped_column(sa.String(60))
    #: Our public key at the time: a subscription takes messages signed with that one only (RFC 8292, section 4).
    application_server_key: Mapped[str] = mapped_column(sa.String(88))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    #: When the browser said that it ends; most never do.
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
