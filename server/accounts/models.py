"""Tables of accounts, of the sessions that devices hold, and of the other ways in."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.accounts.months import months_before
from server.clock import now
from server.database import Base, Json, UtcDateTime, uuid7


class Account(Base):
    """A person. No e-mail address, no secret in clear: only hashes, and keys wrapped on the device."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    #: Moved at most once a day; what the retention of idle accounts goes by.
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    timezone: Mapped[str] = mapped_column(sa.String(64))
    locale: Mapped[str] = mapped_column(sa.String(16))
    #: The name to sign in with, folded (see `names.fold`).
    name: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    #: Argon2id hash of the key that the device derives from the passphrase.
    auth_hash: Mapped[str | None] = mapped_column(sa.String(255))
    #: How the device derives it: `{v, algorithm, rounds, salt}`.
    kdf: Mapped[dict[str, Any] | None] = mapped_column(Json)
    wrapped_by_passphrase: Mapped[dict[str, Any] | None] = mapped_column(Json)
    wrapped_by_recovery: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: SHA-256 of the sign-in half of the recovery code (see `recovery.fingerprint`).
    recovery_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: What the last sign-in by recovery code may be repeated with, and until when (see `recovery.repeat_hash`).
    recovery_repeat_hash: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    recovery_repeat_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Which vault key is in use, counted from 1 (docs/accounts.md, "Key versions").
    key_version: Mapped[int] = mapped_column(sa.Integer, default=1, server_default="1")
    #: `user.id` of this account's passkeys: 32 random bytes, base64url. Made with the first passkey.
    passkey_user: Mapped[str | None] = mapped_column(sa.String(43))
    #: The newest revision given to any of this person's records. Advanced only under this row's lock.
    revision: Mapped[int] = mapped_column(sa.BigInteger, default=0)

    passkeys: Mapped[list["Passkey"]] = relationship(viewonly=True, order_by="Passkey.created_at, Passkey.id")

    @property
    def has_passphrase(self) -> bool:
        return self.auth_hash is not None

    @property
    def expires_at(self) -> datetime | None:
        """When it goes unless somebody comes by; None for one with a passphrase or a passkey, which stays."""
        months = current_app.config["SETTINGS"].accounts_idle_months
        return None if self.has_passphrase or self.passkeys else months_before(self.last_seen_at, -months)

    @property
    def wrapped_keys(self) -> dict[str, dict[str, Any]]:
        """The sealed copies of the vault key that there are."""
        keys = {"passphrase": self.wrapped_by_passphrase, "recovery": self.wrapped_by_recovery}
        return {secret: key for secret, key in keys.items() if key is not None}


class AuthSession(Base):
    """One signed-in device. The token itself is only in that device's cookie."""

    __tablename__ = "auth_session"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=uuid7)
    account_id: Mapped[str] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: What to call it in the list of devices, such as "Firefox on Android".
    device: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    def public(self) -> dict[str, Any]:
        """What the person sees of it."""
        return {
            "id": self.id, "device": self.device, "created_at": self.created_at, "last_seen_at": self.last_seen_at
        }  # fmt: skip


class Passkey(Base):
    """A passkey: its public key, and the vault key as the passkey wraps it, where the browser could."""

    __tablename__ = "passkey"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=uuid7)
    account_id: Mapped[str] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    #: Up to 1,023 bytes (WebAuthn, section 4), base64url.
    credential_id: Mapped[str] = mapped_column(sa.String(1364), unique=True)
    #: COSE key (RFC 9052), base64url.
    public_key: Mapped[str] = mapped_column(sa.Text)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    #: The kind of device, readable here.
    label: Mapped[str] = mapped_column(sa.String(60))
    wrapped_key: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def has_key(self) -> bool:
        return self.wrapped_key is not None


class SpentChallenge(Base):
    """A passkey challenge that was used; kept until it would have run out anyway."""

    __tablename__ = "spent_challenge"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class DeviceJoin(Base):
    """A code that a signed-in device shows to a second one: one an account, for ten minutes, for one use."""

    __tablename__ = "device_join"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=uuid7)
    account_id: Mapped[str] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    #: SHA-256 of the token that the second device derives from the code, base64url.
    token_hash: Mapped[str] = mapped_column(sa.String(43), unique=True)
    #: Erased when somebody joins.
    wrapped_key: Mapped[dict[str, Any] | None] = mapped_column(Json)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Who joined, such as "Firefox on Android".
    device: Mapped[str | None] = mapped_column(sa.String(60))
