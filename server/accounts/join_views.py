"""`/joins`: the code that a signed-in device shows to a second one. The second one uses it with `POST /sessions`."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from server.accounts import joins, limits
from server.accounts.identity import current_account
from server.accounts.models import DeviceJoin
from server.accounts.schemas import JoinSchema, NewJoinSchema
from server.answers import json_answer
from server.extensions import limiter
from server.security import signed_in

blueprint = Blueprint("joins", __name__, url_prefix="/api/v1/joins", description="Joining a second device.")


@blueprint.post("")
@signed_in
@limiter.limit(limits.JOINS, key_func=limits.by_account)
@blueprint.arguments(NewJoinSchema)
@blueprint.response(201, JoinSchema)
@blueprint.alt_response(409, description="This code is in use: make a fresh one")
def start(given: dict[str, Any]) -> DeviceJoin:
    """Let one more device join within ten minutes. An earlier code of this account is worthless at once."""
    return joins.start(current_account().id, **given)


@blueprint.get("/<join_id>")
@signed_in
@blueprint.response(200, JoinSchema)
def one(join_id: str) -> Response:
    """Whether somebody has joined with the code."""
    return json_answer(JoinSchema().dump(joins.get(current_account().id, join_id)))


@blueprint.delete("/<join_id>")
@signed_in
@blueprint.response(204)
def stop(join_id: str) -> None:
    """Make the code worthless."""
    joins.stop(current_account().id, join_id)
