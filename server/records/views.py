"""`/checkins` for any client, and `/sync/<collection>/pull` and `/push` for devices that keep a copy."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from server.accounts import limits
from server.accounts.identity import current_account
from server.answers import json_answer
from server.extensions import limiter
from server.records import checkins, schemas
from server.schemas import page
from server.security import signed_in

blueprint = Blueprint("checkins", __name__, url_prefix="/api/v1/checkins", description="Mood tracking.")


@blueprint.get("")
@signed_in
@limiter.limit(limits.RECORDS, key_func=limits.by_account)
@blueprint.arguments(schemas.CheckInArgs, location="query")
@blueprint.response(200, schemas.CheckInList)
def listed(wanted: dict[str, Any]) -> Response:
    """Check-ins, the latest felt first. `from` and `to` take a time, or a date in the person's own time zone."""
    me = current_account()
    bounds = checkins.span(wanted["since"], wanted["until"], me.timezone)
    return json_answer(page(*checkins.listed(me.id, checkins.Wanted(**{**wanted, **bounds}))))


@blueprint.get("/<record_id>")
@signed_in
@limiter.limit(limits.RECORDS, key_func=limits.by_account)
@blueprint.response(200, schemas.CheckIn)
def one(record_id: str) -> Response:
    """One check-in."""
    return json_answer(checkins.get(current_account().id, record_id))


@blueprint.put("/<record_id>")
@signed_in
@limiter.limit(limits.RECORDS, key_func=limits.by_account)
@blueprint.arguments(schemas.CheckInBody)
@blueprint.response(200, schemas.CheckIn)
@blueprint.alt_response(201, schema=schemas.CheckIn, description="It is new")
@blueprint.alt_response(409, description="`rev` is not the stored one; `current` holds the stored document")
def put(state: dict[str, Any], record_id: str) -> ResponseReturnValue:
    """Make or change a check-in; the client makes its UUIDv7. With `rev`, only if nobody changed it since."""
    document, created = checkins.put(current_account().id, record_id, state)
    return json_answer(document, 201 if created else 200)


@blueprint.delete("/<record_id>")
@signed_in
@limiter.limit(limits.RECORDS, key_func=limits.by_account)
@blueprint.response(204)
def delete(record_id: str) -> None:
    """Delete a check-in. Its text is gone at once; that it was deleted is remembered for the other devices."""
    checkins.delete(current_account().id, record_id)
