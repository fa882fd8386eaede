"""The wrapped copies of the vault key, and the codes that wrap it. The key itself is never here."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.accounts import identity, recovery
from server.accounts.models import Account, DeviceJoin, Passkey
from server.accounts.service import locked
from server.database import transaction
from server.errors import Conflict, Invalid
from server.logs import log


def new_recovery_code(account_id: str) -> str:
    """Another recovery code. The old one, and the vault key as that wrapped it, are worthless at once."""
    secret = recovery.new_secret()
    with transaction() as database:
        account = locked(database, account_id)
        account.recovery_hash, account.wrapped_by_recovery = recovery.fingerprint(secret), None
        _nothing_to_repeat(account)
    log.info("credentials.changed", what="recovery_code")
    return recovery.to_code(secret)


def set_recovery_key(account_id: str, wrapped_key: dict[str, Any]) -> Account:
    """Store the vault key as wrapped by the recovery code, which the device therefore has."""
    with transaction() as database:
        account = locked(database, account_id)
        account.wrapped_by_recovery = wrapped_key
        _nothing_to_repeat(account)
    return account


def replace(account_id: str, session_id: str, key_version: int, wrapped_keys: dict[str, Any]) -> Account:
    """Put a new vault key in force: all wrapped copies at once; those not given are erased, other devices signed out.

    Raises Conflict unless `key_version` is the next one, Invalid for a passkey that is not the account's.
    """
    with transaction() as database:
        account = locked(database, account_id)
        if key_version != account.key_version + 1:
            current = {"current": account.key_version}
            raise Conflict("The key was changed on another device meanwhile. Sign in again.", extra=current)
        account.key_version = key_version
        account.wrapped_by_recovery = wrapped_keys.get("recovery")
        account.wrapped_by_passphrase = wrapped_keys.get("passphrase") if account.has_passphrase else None
        _replace_in_passkeys(database, account_id, wrapped_keys.get("passkeys", {}))
        _nothing_to_repeat(account)
        database.execute(sa.delete(DeviceJoin).where(DeviceJoin.account_id == account_id))
        identity.end_other_sessions(database, account_id, keep=session_id)
    log.info("credentials.changed", what="vault_key")
    return account


def _replace_in_passkeys(database: Session, account_id: str, wrapped: dict[str, Any]) -> None:
    mine = {each.id: each for each in database.scalars(sa.select(Passkey).where(Passkey.account_id == account_id))}
    if wrapped.keys() - mine.keys():
        said = "You have no such passkey."
        raise Invalid(said, {"wrapped_keys": {"passkeys": [said]}})
    for passkey_id, passkey in mine.items():
        passkey.wrapped_key = wrapped.get(passkey_id)


def _nothing_to_repeat(account: Account) -> None:
    account.recovery_repeat_hash = account.recovery_repeat_until = None
