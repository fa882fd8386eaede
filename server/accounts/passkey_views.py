"""`/passkeys`: adding, listing, deleting them, and the options of both ceremonies. Signing in is `POST /sessions`."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from server.accounts import ceremonies, limits, passkeys
from server.accounts.identity import current_account
from server.accounts.models import Passkey
from server.accounts.passkey_schemas import NewPasskeySchema, PasskeyKeySchema, PasskeyListSchema, PasskeySchema
from server.answers import json_answer
from server.extensions import limiter
from server.schemas import page
from server.security import public, signed_in

blueprint = Blueprint("passkeys", __name__, url_prefix="/api/v1/passkeys", description="Passkeys (WebAuthn).")


@blueprint.post("/registration")
@signed_in
@limiter.limit(limits.CHALLENGES, key_func=limits.by_account)
@blueprint.response(200, description="`PublicKeyCredentialCreationOptionsJSON`")
def registration() -> Response:
    """What to hand to `navigator.credentials.create()`; good for five minutes and one passkey."""
    return json_answer(passkeys.registration_options(current_account().id))


@blueprint.post("/authentication")
@public
@limiter.limit(limits.CHALLENGES)
@blueprint.response(200, description="`PublicKeyCredentialRequestOptionsJSON`")
def authentication() -> Response:
    """What to hand to `navigator.credentials.get()`; good for five minutes and one sign-in."""
    return json_answer(ceremonies.request_options())


@blueprint.post("")
@signed_in
@limiter.limit(limits.CREDENTIAL_CHANGES, key_func=limits.by_account)
@blueprint.arguments(NewPasskeySchema)
@blueprint.response(201, PasskeySchema)
@blueprint.alt_response(409, description="There are 20 already (`too_many_passkeys`)")
def add(given: dict[str, Any]) -> Passkey:
    """Keep a new passkey. Devices that are signed in stay so."""
    return passkeys.add(current_account().id, **given)


@blueprint.get("")
@signed_in
@blueprint.response(200, PasskeyListSchema)
def listed() -> Response:
    """The passkeys of this account, the oldest first."""
    return json_answer(PasskeyListSchema().dump(page(passkeys.listed(current_account().id), None)))


@blueprint.put("/<passkey_id>/key")
@signed_in
@limiter.limit(limits.CREDENTIAL_CHANGES, key_func=limits.by_account)
@blueprint.arguments(PasskeyKeySchema)
@blueprint.response(204)
def set_key(given: dict[str, Any], passkey_id: str) -> None:
    """Keep the vault key as this passkey wraps it: some browsers can tell only at the first sign-in."""
    passkeys.set_key(current_account().id, passkey_id, given["wrapped_key"])


@blueprint.delete("/<passkey_id>")
@signed_in
@blueprint.response(204)
def delete(passkey_id: str) -> None:
    """Forget a passkey. Devices that are signed in stay so."""
    passkeys.delete(current_account().id, passkey_id)
