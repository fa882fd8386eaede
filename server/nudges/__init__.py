"""Nudges: when (`schedule`), what (`chooser`), and getting them there (`claims`, `delivery`, `engine`)."""

from flask import Flask

from server.accounts import export
from server.accounts.signals import timezone_changed
from server.extensions import api
from server.nudges import activity, cli, engine, service, views
from server.nudges.models import NudgeDelivery, NudgePlan

#: What a person's export holds of their plan and of the nudges they were sent.
PLAN = (
    "enabled", "timezone", "times", "days", "per_week", "quiet_from", "quiet_to", "kinds", "lock_screen", "hard_hour",
    "special_days", "paused", "paused_until",
)  # fmt: skip
NUDGE = ("id", "due_at", "sent_at", "kind", "title", "body", "opens", "outcome", "outcome_at", "reason")


def init_app(app: Flask) -> None:
    """Serve the endpoints, follow people to other zones, and be ready to run the engine."""
    api.register_blueprint(views.blueprint)
    app.cli.add_command(cli.group)
    activity.init_app(app)
    timezone_changed.connect(service.timezone_changed)
    export.add_table("nudge_plan", NudgePlan.__table__, *PLAN)
    export.add_table("nudges", NudgeDelivery.__table__, *NUDGE)
    engine.init_app(app)
