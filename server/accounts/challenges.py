"""Challenges of passkey ceremonies: signed, so that asking for one stores nothing, and marked as spent when used.

64 bytes: the second at which it runs out (8 bytes), 24 random bytes, and an HMAC over these, the ceremony and the
account it is for. Any web process can check a challenge that another one made.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server import signing
from server.accounts.models import SpentChallenge
from server.clock import now

Ceremony = Literal["registration", "authentication"]

LIFETIME = timedelta(minutes=5)
_EXPIRY, _HEAD, _LENGTH = 8, 32, 64


class BadChallenge(Exception):
    """Not made here, for another ceremony or account, run out, or used before."""


def new(ceremony: Ceremony, account_id: str = "") -> bytes:
    """A fresh challenge; for a registration bound to the account."""
    runs_out = int((now() + LIFETIME).timestamp())
    head = runs_out.to_bytes(_EXPIRY, "big") + secrets.token_bytes(_HEAD - _EXPIRY)
    return head + signing.sign(_label(ceremony, account_id), head)


def check(challenge: bytes, ceremony: Ceremony, account_id: str = "") -> None:
    """Raises BadChallenge unless it was made here for this and has not run out."""
    head, signature = challenge[:_HEAD], challenge[_HEAD:]
    if len(challenge) != _LENGTH or not signing.is_signed(_label(ceremony, account_id), head, signature):
        raise BadChallenge("not made here for this")
    if _runs_out(challenge) <= now():
        raise BadChallenge("run out")


def spend(database: Session, challenge: bytes) -> None:
    """Mark a checked challenge as used, in the caller's transaction. Raises BadChallenge the second time."""
    database.execute(sa.delete(SpentChallenge).where(SpentChallenge.expires_at <= now()))
    digest = hashlib.sha256(challenge).hexdigest()
    try:
        database.execute(sa.insert(SpentChallenge).values(digest=digest, expires_at=_runs_out(challenge)))
    except IntegrityError as error:
        raise BadChallenge("used before") from error


def _runs_out(challenge: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(challenge[:_EXPIRY], "big"), UTC)


def _label(ceremony: Ceremony, account_id: str) -> str:
    return f"heartwood/passkey/{ceremony}/{account_id}/"
