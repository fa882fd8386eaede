"""`/accounts` and `/logins`: making, seeing, changing, exporting and deleting an account."""

from typing import Any

from flask import Response
from flask_login import current_user
from flask_smorest import Blueprint

from server.accounts import export, identity, limits, service, vault_keys
from server.accounts.identity import current_account
from server.accounts.models import Account
from server.accounts.schemas import (
    AccountChangesSchema,
    AccountSchema,
    ExportArgs,
    KdfSchema,
    LoginSchema,
    NewAccountSchema,
    NewKeySchema,
    OpenedAccountSchema,
    RecoveryCodeSchema,
    RecoveryKeySchema,
)
from server.answers import json_answer
from server.extensions import limiter
from server.security import public, signed_in

blueprint = Blueprint("accounts", __name__, url_prefix="/api/v1", description="An account without an e-mail address.")


@blueprint.post("/accounts")
@public
@limiter.limit(limits.NEW_ACCOUNTS, exempt_when=lambda: current_user.is_authenticated)
@blueprint.arguments(NewAccountSchema)
@blueprint.response(201, OpenedAccountSchema)
@blueprint.alt_response(200, schema=AccountSchema, description="This device has an account already; this is it")
def create(wanted: dict[str, str]) -> Response:
    """Make a device account and sign this device in. The recovery code is shown this once."""
    if current_user.is_authenticated:
        return json_answer(AccountSchema().dump(service.get(current_account().id)))
    opened = service.create(**wanted)
    identity.give_cookie(opened.token)
    return json_answer(opened_account(opened), 201)


@blueprint.get("/accounts/me")
@signed_in
@blueprint.response(200, AccountSchema)
def me() -> Response:
    """The account that this device is signed in to."""
    return json_answer(AccountSchema().dump(service.get(current_account().id)))


@blueprint.patch("/accounts/me")
@signed_in
@blueprint.arguments(AccountChangesSchema)
@blueprint.response(200, AccountSchema)
def change(changes: dict[str, str]) -> Account:
    """Change the time zone or the locale; nudges follow the new zone."""
    return service.update(current_account().id, changes)


@blueprint.delete("/accounts/me")
@signed_in
@blueprint.response(204)
def delete() -> None:
    """Delete the account and everything in it, at once and for good. Nothing can bring it back."""
    service.delete(current_account().id)
    identity.take_cookie_back()


@blueprint.get("/accounts/me/export")
@signed_in
@limiter.limit(limits.EXPORTS, key_func=limits.by_account)
@blueprint.arguments(ExportArgs, location="query")
@blueprint.response(200, description="A file to save: all data as JSON, or the check-ins as CSV")
def export_all(wanted: dict[str, str]) -> Response:
    """Everything the server has of this person as one JSON file, or with `format=csv` the check-ins.

    Sealed texts stay sealed: only the person's own devices can open them. Docs: docs/export.md.
    """
    return export.as_csv(current_account()) if wanted["format"] == "csv" else export.as_json(current_account())


@blueprint.put("/accounts/me/login")
@signed_in
@limiter.limit(limits.CREDENTIAL_CHANGES, key_func=limits.by_account)
@blueprint.arguments(LoginSchema)
@blueprint.response(200, AccountSchema)
@blueprint.alt_response(409, description="Somebody else has this name (`name_taken`)")
def set_login(login: dict[str, Any]) -> Account:
    """Attach or replace a name and passphrase. Every other device is signed out."""
    return service.set_login(current_account().id, current_account().session_id, login)


@blueprint.put("/accounts/me/recovery")
@signed_in
@limiter.limit(limits.CREDENTIAL_CHANGES, key_func=limits.by_account)
@blueprint.arguments(RecoveryKeySchema)
@blueprint.response(200, AccountSchema)
def set_recovery_key(recovery: dict[str, Any]) -> Account:
    """Store the vault key as the recovery code wraps it, for a device that signs in with the code later."""
    return vault_keys.set_recovery_key(current_account().id, recovery["wrapped_key"])


@blueprint.post("/accounts/me/recovery")
@signed_in
@limiter.limit(limits.CREDENTIAL_CHANGES, key_func=limits.by_account)
@blueprint.response(201, RecoveryCodeSchema)
def new_recovery_code() -> dict[str, str]:
    """Make another recovery code. The old one is worthless at once, and so is the vault key as that wrapped it."""
    return {"recovery_code": vault_keys.new_recovery_code(current_account().id)}


@blueprint.put("/accounts/me/keys")
@signed_in
@limiter.limit(limits.CREDENTIAL_CHANGES, key_func=limits.by_account)
@blueprint.arguments(NewKeySchema)
@blueprint.response(200, AccountSchema)
@blueprint.alt_response(409, description="`key_version` is not the next one; `current` is the one in force")
def change_key(wanted: dict[str, Any]) -> Account:
    """Put a new vault key in force. Every other device is signed out; copies that are not given are erased."""
    return vault_keys.replace(current_account().id, current_account().session_id, **wanted)


@blueprint.get("/logins/<name>/kdf")
@public
@limiter.limit(limits.KDF_LOOKUPS)
@blueprint.response(200, KdfSchema)
def kdf(name: str) -> dict[str, Any]:
    """How to derive the key for a name. For a name that nobody has: made-up parameters, the same each time."""
    return service.kdf_for(name)


def opened_account(opened: service.Opened) -> dict[str, Any]:
    """The account as `OpenedAccountSchema` has it."""
    document: dict[str, Any] = AccountSchema().dump(opened.account)
    document["wrapped_keys"] = {**document["wrapped_keys"], **opened.wrapped_keys}
    extra = {"recovery_code": opened.recovery_code, "passkey_id": opened.passkey_id}
    return document | {name: said for name, said in extra.items() if said}
