"""The form of nudges on the wire."""

from typing import Any

import marshmallow as ma
from marshmallow import ValidationError, fields, validate

from server.nudges.models import KINDS
from server.records.fields import Flag
from server.schemas import Instant, LocalTime, Schema, Uuid7

OUTCOMES = ("opened", "dismissed", "checked_in", "paused")


def _unique(values: list[Any]) -> None:
    if len(set(values)) != len(values):
        raise ValidationError("Give each only once.")


class PauseSchema(Schema):
    until = Instant(required=True, allow_none=True, metadata={"description": "null: until resumed"})


class PlanSchema(Schema):
    """What a person chose, and what follows. What is left out keeps its value; read-only parts are ignored."""

    enabled = Flag()
    times = fields.List(LocalTime(), validate=[validate.Length(1, 4), _unique])
    days = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 7)),
        validate=[validate.Length(1, 7), _unique],
        metadata={"description": "ISO weekdays: 1 is Monday"},
    )
    per_week = fields.Integer(strict=True, validate=validate.Range(1, 14))
    quiet_from = LocalTime()
    quiet_to = LocalTime()
    kinds = fields.List(
        fields.String(validate=validate.OneOf(KINDS)), validate=[validate.Length(1, len(KINDS)), _unique]
    )
    lock_screen = fields.String(validate=validate.OneOf(("neutral", "full")))
    hard_hour = LocalTime(
        allow_none=True, metadata={"description": "Company at this time, though it is in the quiet hours"}
    )
    pause = fields.Nested(PauseSchema, allow_none=True, metadata={"readOnly": True})
    next_due_at = Instant(allow_none=True, metadata={"readOnly": True})
    timezone = fields.String(metadata={"readOnly": True})

    @ma.validates_schema
    def _says_something(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data:
            raise ValidationError("Say what to change.", "enabled")

    @ma.post_load
    def _keep_only_choices(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if name not in {"pause", "next_due_at", "timezone"}}


class NewPauseSchema(Schema):
    length = fields.String(
        required=True,
        data_key="for",
        validate=validate.OneOf(("day", "week", "until_resumed")),
    )


class NudgeSchema(Schema):
    """A nudge that was sent. `opens` is a path in the app; `reason` says why it was chosen."""

    id = Uuid7(required=True)
    due_at = Instant(required=True)
    sent_at = Instant(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    title = fields.String(required=True)
    body = fields.String(required=True)
    opens = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True, validate=validate.OneOf(OUTCOMES))
    reason = fields.String(required=True)


class NudgesSchema(Schema):
    items = fields.List(fields.Nested(NudgeSchema), required=True)
    after = fields.String(required=True, allow_none=True)


class OutcomeSchema(Schema):
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
