"""An account's passkeys: adding, listing, giving them the wrapped vault key, deleting."""

import secrets
from typing import Any

import sqlalchemy as sa
from flask import request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn.helpers import bytes_to_base64url

from server.accounts import ceremonies, challenges, devices
from server.accounts.models import Passkey
from server.accounts.service import get, locked
from server.database import transaction
from server.errors import Conflict, Invalid, NotFound
from server.logs import log
from server.schemas import is_uuid7

MOST = 20
NOT_PROVEN = "This passkey did not verify, or took too long. Try again."


class TooManyPasskeys(Conflict):
    code = "too_many_passkeys"
    title = "There are enough passkeys"


def registration_options(account_id: str) -> dict[str, Any]:
    """What to hand to `navigator.credentials.create()`."""
    user = get(account_id).passkey_user or _new_user(account_id)
    return ceremonies.creation_options(account_id, user, [each.credential_id for each in listed(account_id)])


def add(account_id: str, credential: dict[str, Any], label: str | None, wrapped_key: dict[str, Any] | None) -> Passkey:
    """Keep a new passkey. Raises Invalid when it does not verify, TooManyPasskeys past 20."""
    refused = Invalid(NOT_PROVEN, {"credential": [NOT_PROVEN]})
    try:
        proven = ceremonies.verify_registration(account_id, credential)
        with transaction() as database:
            locked(database, account_id)
            _room_for_one(database, account_id)
            challenges.spend(database, proven.challenge)
            passkey = Passkey(
                account_id=account_id,
                credential_id=proven.credential_id,
                public_key=proven.public_key,
                sign_count=proven.sign_count,
                label=label or devices.label(request.user_agent.string),
                wrapped_key=wrapped_key,
            )
            database.add(passkey)
    except (ceremonies.NotProven, challenges.BadChallenge, IntegrityError) as error:
        raise refused from error
    log.info("credentials.changed", what="passkey_added")
    return passkey


def listed(account_id: str) -> list[Passkey]:
    """The account's passkeys, the oldest first."""
    return get(account_id).passkeys


def set_key(account_id: str, passkey_id: str, wrapped_key: dict[str, Any]) -> None:
    """Keep the vault key as this passkey wraps it. Raises NotFound."""
    with transaction() as database:
        _mine(database, account_id, passkey_id).wrapped_key = wrapped_key


def delete(account_id: str, passkey_id: str) -> None:
    """Forget a passkey: it signs nobody in any more. Raises NotFound."""
    with transaction() as database:
        database.delete(_mine(database, account_id, passkey_id))
    log.info("credentials.changed", what="passkey_deleted")


def _mine(database: Session, account_id: str, passkey_id: str) -> Passkey:
    locked(database, account_id)
    query = sa.select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account_id)
    found = database.scalar(query) if is_uuid7(passkey_id) else None
    if found is None:
        raise NotFound("You have no such passkey.")
    return found


def _room_for_one(database: Session, account_id: str) -> None:
    count = sa.select(sa.func.count()).select_from(Passkey).where(Passkey.account_id == account_id)
    if (database.scalar(count) or 0) >= MOST:
        raise TooManyPasskeys(f"An account has {MOST} passkeys at most. Delete one that you do not use.")


def _new_user(account_id: str) -> str:
    """The account's `user.id`, made once: two devices that ask at the same time get the same one."""
    with transaction() as database:
        account = locked(database, account_id)
        account.passkey_user = account.passkey_user or bytes_to_base64url(secrets.token_bytes(32))
        return account.passkey_user
