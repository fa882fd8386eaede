"""The ways in: a name with its key, a recovery code, a passkey, a code shown on another device."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import request
from sqlalchemy.orm import Session

from server.accounts import ceremonies, challenges, devices, identity, joins, names, passwords, recovery
from server.accounts.models import Account, DeviceJoin, Passkey
from server.accounts.service import Opened, locked
from server.clock import now
from server.database import db, transaction
from server.errors import HeartwoodError, Invalid, Unauthorised
from server.logs import log

#: How long a sign-in by recovery code may be repeated when its answer was lost.
REPEATABLE = timedelta(minutes=10)


class WrongCredentials(Unauthorised):
    code = "wrong_credentials"
    title = "That did not match"


def by(given: dict[str, Any]) -> Opened:
    """Sign in with what is given: one of the combinations of `SignInSchema`."""
    ways: dict[str, Callable[..., Opened]] = {
        "auth_key": by_name, "recovery_code": by_recovery, "passkey": by_passkey, "join_token": by_join
    }  # fmt: skip
    kind, way = next((key, way) for key, way in ways.items() if key in given)
    try:
        opened = way(**given)
    except HeartwoodError as error:
        log.warning("sign_in.refused", way=kind, code=error.code)
        raise
    log.info("sign_in.opened", way=kind)
    return opened


def by_name(name: str, auth_key: str) -> Opened:
    """With a name and the derived key. The work is the same whether or not anybody has the name."""
    folded = names.fold(name)
    # A name that nobody can have is not looked up: PostgreSQL refuses some characters that JSON may hold.
    query = sa.select(Account.id, Account.auth_hash).where(Account.name == folded)
    found = db.session.execute(query).first() if names.is_allowed(folded) else None
    stored = found.auth_hash if found else None
    if not passwords.key_matches(stored, auth_key) or found is None or stored is None:
        raise WrongCredentials("No account has this name with this passphrase.")
    better = passwords.hash_key(auth_key) if passwords.is_outdated(stored) else stored
    with transaction() as database:
        account = locked(database, found.id)
        if account.auth_hash != stored:
            raise WrongCredentials("The passphrase was changed just now. Sign in with the new one.")
        account.auth_hash = better
        token = identity.start_session(database, account.id)
    return Opened(account, token)


def by_recovery(recovery_code: str, attempt: str | None = None) -> Opened:
    """With a recovery code. It works once: a new one takes its place and every other session ends.

    With an `attempt`, the same code and attempt get the same next code for ten minutes, unless that was used.
    """
    try:
        secret = recovery.to_secret(recovery_code)
    except recovery.MistypedCode as error:
        said = "This is not a whole code: look for a missing or mistaken character."
        raise Invalid(said, {"recovery_code": [said]}) from error
    with transaction() as database:
        found = _spend(database, secret, attempt) or _repeat(database, secret, attempt)
        if found is None:
            raise WrongCredentials("No account has this recovery code. Each code works once.")
        account, following = found
        identity.end_other_sessions(database, account.id, keep=None)
        token = identity.start_session(database, account.id)
    return Opened(account, token, recovery.to_code(following))


def by_passkey(passkey: dict[str, Any]) -> Opened:
    """With a passkey: whichever the person picked, proven by its signature over a challenge made here."""
    refused = WrongCredentials("This passkey opens no account here.")
    with transaction() as database:
        picked = Passkey.credential_id == passkey["id"]
        account = _owner(database, sa.select(Passkey.account_id).where(picked))
        used = database.scalar(sa.select(Passkey).where(picked)) if account else None
        if account is None or used is None or passkey["response"]["userHandle"].rstrip("=") != account.passkey_user:
            raise refused
        try:
            proven = ceremonies.verify_assertion(passkey, used.public_key, used.sign_count)
            challenges.spend(database, proven.challenge)
        except (ceremonies.NotProven, challenges.BadChallenge) as error:
            raise refused from error
        used.sign_count, used.last_used_at = proven.sign_count, now()
        token = identity.start_session(database, account.id)
    return Opened(account, token, wrapped_keys={"passkey": used.wrapped_key}, passkey_id=used.id)


def by_join(join_token: str) -> Opened:
    """With the token of a code that another device shows. Wrong, late and used ones get the same answer."""
    live = sa.and_(
        DeviceJoin.token_hash == joins.token_hash(join_token),
        DeviceJoin.joined_at.is_(None),
        DeviceJoin.expires_at > now(),
    )
    with transaction() as database:
        account = _owner(database, sa.select(DeviceJoin.account_id).where(live))
        join = database.scalar(sa.select(DeviceJoin).where(live)) if account else None
        if account is None or join is None:
            raise WrongCredentials("This code does not work, or no longer. Ask for a new one on the other device.")
        wrapped, join.wrapped_key = join.wrapped_key, None
        join.joined_at, join.device = now(), devices.label(request.user_agent.string)
        token = identity.start_session(database, account.id)
    return Opened(account, token, wrapped_keys={"join": wrapped})


def _owner(database: Session, whose: sa.Select[str]) -> Account | None:
    """The account that something belongs to, locked, so that what is read of it next is the newest."""
    account_id = database.scalar(whose)
    return database.scalar(_with(Account.id == account_id)) if account_id else None


def _spend(database: Session, secret: bytes, attempt: str | None) -> tuple[Account, bytes] | None:
    """Use a code up: the account that it opens, and the secret that takes its place."""
    account = database.scalar(_with(Account.recovery_hash == recovery.fingerprint(secret)))
    if account is None:
        return None
    following = recovery.next_secrets(secret, attempt)[0] if attempt else recovery.new_secret()
    account.recovery_hash = recovery.fingerprint(following)
    account.recovery_repeat_hash = recovery.repeat_hash(secret, attempt) if attempt else None
    account.recovery_repeat_until = now() + REPEATABLE if attempt else None
    return account, following


def _repeat(database: Session, secret: bytes, attempt: str | None) -> tuple[Account, bytes] | None:
    """The same again for an attempt whose answer was lost, as long as nobody has used what it answered."""
    if attempt is None:
        return None
    same = Account.recovery_repeat_hash == recovery.repeat_hash(secret, attempt)
    account = database.scalar(_with(sa.and_(same, Account.recovery_repeat_until > now())))
    for following in recovery.next_secrets(secret, attempt) if account else []:
        if account and recovery.fingerprint(following) == account.recovery_hash:
            return account, following
    return None


def _with(condition: sa.ColumnElement[bool]) -> sa.Select[Account]:
    return sa.select(Account).where(condition).with_for_update(key_share=True)
