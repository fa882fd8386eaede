"""Joining a second device by a code that the first one shows. The code stays on the two devices."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from server.accounts.models import DeviceJoin
from server.accounts.service import locked
from server.clock import now
from server.database import db, transaction
from server.errors import Conflict, NotFound
from server.logs import log
from server.schemas import is_uuid7

LIFETIME = timedelta(minutes=10)


def token_hash(token: str) -> str:
    """What is stored of a token of 32 bytes in base64url: their SHA-256, base64url."""
    digest = hashlib.sha256(base64.urlsafe_b64decode(token + "=")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def start(account_id: str, token_hash: str, wrapped_key: dict[str, Any]) -> DeviceJoin:
    """Open the door to one more device for ten minutes; an earlier code is worthless at once.

    Raises Conflict for a token that is waited for already: a code is made afresh each time.
    """
    join = DeviceJoin(
        account_id=account_id, token_hash=token_hash, wrapped_key=wrapped_key, expires_at=now() + LIFETIME
    )
    try:
        with transaction() as database:
            locked(database, account_id)
            database.execute(sa.delete(DeviceJoin).where(DeviceJoin.account_id == account_id))
            database.add(join)
            database.flush()
            # The next code of this account may delete it as soon as this is committed.
            database.expunge(join)
    except IntegrityError as error:
        raise Conflict("Make a fresh code.") from error
    log.info("credentials.changed", what="join_code")
    return join


def get(account_id: str, join_id: str) -> DeviceJoin:
    """The account's join, live or used. Raises NotFound."""
    query = sa.select(DeviceJoin).where(DeviceJoin.id == join_id, DeviceJoin.account_id == account_id)
    found = db.session.scalar(query) if is_uuid7(join_id) else None
    if found is None:
        raise NotFound("There is no such code any more.")
    return found


def stop(account_id: str, join_id: str) -> None:
    """Close the door. Raises NotFound when there is none."""
    get(account_id, join_id)
    with transaction() as database:
        mine = sa.and_(DeviceJoin.id == join_id, DeviceJoin.account_id == account_id)
        database.execute(sa.delete(DeviceJoin).where(mine))


def drop_expired() -> int:
    """Delete joins whose time is over, with the keys in them; answers how many. Run daily."""
    with transaction() as database:
        gone = database.execute(sa.delete(DeviceJoin).where(DeviceJoin.expires_at <= now()))
        return int(getattr(gone, "rowcount", 0))
