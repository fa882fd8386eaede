"""`/sessions`: signing in, the list of devices, signing out."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from server.accounts import identity, limits, service
from server.accounts import sign_in as ways
from server.accounts.identity import current_account
from server.accounts.schemas import OpenedAccountSchema, SessionListSchema, SignInSchema
from server.accounts.views import opened_account
from server.answers import json_answer
from server.extensions import limiter
from server.schemas import page
from server.security import public, signed_in

blueprint = Blueprint("sessions", __name__, url_prefix="/api/v1/sessions", description="Devices signed in.")


@blueprint.post("")
@public
@limiter.limit(limits.SIGN_INS)
@limiter.limit(limits.SIGN_INS_PER_NAME, key_func=limits.by_name)
@blueprint.arguments(SignInSchema)
@blueprint.response(200, OpenedAccountSchema)
@blueprint.alt_response(401, description="No account has these (`wrong_credentials`)")
def sign_in(given: dict[str, Any]) -> Response:
    """Sign this device in: with a name and its derived key, a recovery code, a passkey, or a code from a first device.

    A recovery code works once: the answer holds the next one, and every other device is signed out. How the parts
    are derived is in docs/accounts.md.
    """
    opened = ways.by(given)
    identity.give_cookie(opened.token)
    return json_answer(opened_account(opened))


@blueprint.get("")
@signed_in
@blueprint.response(200, SessionListSchema)
def devices() -> Response:
    """The devices that are signed in to this account."""
    mine = current_account()
    rows = [{**row.public(), "current": row.id == mine.session_id} for row in service.sessions(mine.id)]
    return json_answer(SessionListSchema().dump(page(rows, None)))


@blueprint.delete("/current")
@signed_in
@blueprint.response(204)
def sign_out() -> None:
    """Sign this device out."""
    service.end_session(current_account().id, current_account().session_id)
    identity.take_cookie_back()


@blueprint.delete("/<session_id>")
@signed_in
@blueprint.response(204)
def end(session_id: str) -> None:
    """Sign another device out."""
    service.end_session(current_account().id, session_id)
