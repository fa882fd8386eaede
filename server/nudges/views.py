"""`/nudges`: what a person chose, a pause, and what was sent."""

from typing import Any

from flask_smorest import Blueprint

from server.accounts.identity import current_account
from server.nudges import service
from server.nudges.schemas import NewPauseSchema, NudgesSchema, OutcomeSchema, PlanSchema
from server.schemas import PageArgs, page
from server.security import signed_in

blueprint = Blueprint("nudges", __name__, url_prefix="/api/v1/nudges", description="A few kind words a week.")


@blueprint.get("/plan")
@signed_in
@blueprint.response(200, PlanSchema)
def plan() -> dict[str, Any]:
    """When and how this person wants to be nudged. The answer can be sent back unchanged."""
    return service.get_plan(current_account().id, current_account().timezone)


@blueprint.put("/plan")
@signed_in
@blueprint.arguments(PlanSchema)
@blueprint.response(200, PlanSchema)
def save_plan(changes: dict[str, Any]) -> dict[str, Any]:
    """Change the plan; what is left out keeps its value. A first plan is on unless it says `enabled: false`."""
    return service.save_plan(current_account().id, current_account().timezone, changes)


@blueprint.post("/pause")
@signed_in
@blueprint.arguments(NewPauseSchema)
@blueprint.response(200, PlanSchema)
def pause(wanted: dict[str, str]) -> dict[str, Any]:
    """Send nothing for a day, a week, or until resumed. Answers the plan."""
    return service.pause(current_account().id, current_account().timezone, wanted["length"])


@blueprint.delete("/pause")
@signed_in
@blueprint.response(200, PlanSchema)
def resume() -> dict[str, Any]:
    """End the pause. Answers the plan."""
    return service.resume(current_account().id, current_account().timezone)


@blueprint.get("")
@signed_in
@blueprint.arguments(PageArgs, location="query")
@blueprint.response(200, NudgesSchema)
def history(wanted: dict[str, Any]) -> Any:
    """Nudges that were sent, newest first, each with why it was chosen."""
    return page(*service.history(current_account().id, wanted["limit"], wanted["after"]))


@blueprint.post("/<nudge_id>/outcome")
@signed_in
@blueprint.arguments(OutcomeSchema)
@blueprint.response(204)
def outcome(wanted: dict[str, str], nudge_id: str) -> None:
    """What the person did with a nudge: it decides how often the next ones come."""
    service.record_outcome(current_account().id, nudge_id, wanted["outcome"])
