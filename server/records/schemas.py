"""The form of records on the wire, one schema a collection, and of the sync and check-in calls."""

from typing import Any

import marshmallow as ma
from marshmallow import ValidationError, fields, validate

from server.records.fields import (
    MOST_IDS,
    MOST_REVISIONS,
    REF,
    AsRead,
    Choice,
    Choices,
    Day,
    Flag,
    Fraction,
    Ids,
    PastDay,
    PastDays,
    PastInstant,
    Revision,
    SealedText,
    Whole,
)
from server.schemas import Instant, PageArgs, Schema, Uuid7

MOST_ROWS = 200


class Document(Schema):
    """What every document has. Of a tombstone only this is kept; its other fields may be there and are dropped."""

    id = Uuid7(required=True)
    rev = Revision(allow_none=True, load_default=None)
    deleted = Flag(data_key="_deleted", load_default=False, allow_none=True)

    def load(self, data: Any, **kwargs: Any) -> Any:
        """Like marshmallow's, but null stands for an optional field's default, and a tombstone needs no content."""
        if not isinstance(data, dict):
            return super().load(data, **kwargs)
        if data.get("_deleted") is True:
            content = self.load_fields.keys() - {"id", "rev", "deleted"}
            kept = {name: value for name, value in data.items() if name not in content}
            return super().load(kept, **{**kwargs, "partial": tuple(content)})
        said = {name: value for name, value in data.items() if value is not None or self._is_required(name)}
        return self._quick(said) or super().load(said, **kwargs)

    def _quick(self, said: dict[str, Any]) -> dict[str, Any] | None:
        """What marshmallow would make of a good document, in half the time; None leaves it to marshmallow.

        The fields judge as ever; left out are hooks, which documents have none of, and the collecting of errors.
        """
        loaded: dict[str, Any] = {}
        found = 0
        try:
            for name, field in self.load_fields.items():
                value = said.get(field.data_key or name, ma.missing)
                found += value is not ma.missing
                value = _read(field, name, value, said)
                if value is not ma.missing:
                    loaded[name] = value
        except ValidationError:
            return None
        return loaded if found == len(said) else None

    def _is_required(self, name: str) -> bool:
        field = self.load_fields.get(name)
        return field is None or field.required


def _read(field: fields.Field[Any], name: str, value: Any, said: dict[str, Any]) -> Any:
    """`Field.deserialize`, without its way through the checks of a field that has none beyond its own form."""
    if value is ma.missing or value is None or field.validators:
        return field.deserialize(value, name, said)
    return field._deserialize(value, name, said)


class CheckIn(Document):
    """How somebody felt at a moment."""

    felt_at = PastInstant(required=True)
    mood = Whole(1, 5, required=True, metadata={"description": "heavy, low, steady, lighter, bright"})
    feelings = Ids(load_default=list, allow_none=True)
    contexts = Ids(load_default=list, allow_none=True)
    sealed_note = SealedText(load_default=None, allow_none=True)


class Urge(Document):
    """A wave of wanting to text, and how it ended."""

    started_at = PastInstant(required=True)
    ended_at = PastInstant(load_default=None, allow_none=True)
    outcome = Choice("passed", "texted", load_default=None, allow_none=True)
    strength = Whole(1, 5, load_default=None, allow_none=True)
    helped = Choices(
        Choice("wave", "breathing", "reasons", "letter", "called", "other"), load_default=list, allow_none=True
    )


class Letter(Document):
    """Something written, sealed on the device."""

    kind = Choice("journal", "letter", "reason", "answer", required=True)
    written_at = PastInstant(required=True)
    prompt = fields.String(validate=[validate.Length(max=100), REF], load_default=None, allow_none=True)
    sealed_title = SealedText(load_default=None, allow_none=True)
    sealed_text = SealedText(required=True)
    opens_on = Day(load_default=None, allow_none=True)


class Mark(Document):
    """How far somebody is with one item of the library."""

    item = fields.String(validate=[validate.Length(max=100), REF], required=True)
    progress = Fraction(load_default=0.0, allow_none=True)
    read_at = PastInstant(load_default=None, allow_none=True)
    done_at = PastInstant(load_default=None, allow_none=True)
    times_done = Whole(0, 1_000_000, load_default=0, allow_none=True)
    saved = Flag(load_default=False, allow_none=True)
    helped = Choice("yes", "a_little", "no", load_default=None, allow_none=True)
    place = Fraction(load_default=0.0, allow_none=True)


class SpecialDaySchema(Schema):
    """A day that may be hard. Its name is sealed in the journey's `sealed_words`, under this id."""

    id = fields.String(required=True, validate=validate.Regexp(r"^[a-z0-9][a-z0-9_-]{0,39}\Z"))
    date = Day(required=True)
    yearly = Flag(required=True)
    kind = Choice("anniversary", "birthday", "holiday", "other", required=True)


class SpecialDays(fields.List[Any]):
    """Special days, each id once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.Nested(SpecialDaySchema), validate=validate.Length(max=MOST_IDS), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        days: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        if len({day["id"] for day in days}) != len(days):
            raise ValidationError("Name each one once.")
        return [{**day, "date": day["date"].isoformat()} for day in days]


class Journey(Document):
    """The one record of what somebody said about their way."""

    ended_on = PastDay(load_default=None, allow_none=True)
    contact = Choice("none", "needed", "off", load_default="none", allow_none=True)
    stays_in_touch = Choices(Choice("children", "work", "home", "other"), load_default=list, allow_none=True)
    hard_hours = Choices(Whole(0, 23), load_default=list, allow_none=True)
    region = fields.String(
        validate=validate.Regexp(r"^[A-Z]{2}\Z", error="Give a country like GB (ISO 3166-1 alpha-2)."),
        load_default=None,
        allow_none=True,
    )
    space_since = PastDay(load_default=None, allow_none=True)
    slips = PastDays(load_default=list, allow_none=True)
    special_days = SpecialDays(load_default=list, allow_none=True)
    pace = Whole(1, 7, load_default=1, allow_none=True, metadata={"description": "Days for one reading"})
    hidden_feelings = Ids(load_default=list, allow_none=True)
    hidden_contexts = Ids(load_default=list, allow_none=True)
    sealed_words = SealedText(load_default=None, allow_none=True)


class CheckInBody(CheckIn):
    """A check-in to store. The id may be left to the path."""

    id = Uuid7()


class CheckInList(Schema):
    items = fields.List(fields.Nested(CheckIn))
    after = fields.String(allow_none=True, metadata={"description": "Send it back as `after` for the next page"})


class DayOrInstant(fields.Field[Any]):
    """A moment, or a whole day of the person's own time zone."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"type": "string", "example": "2026-11-24"})
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        kind = Day() if isinstance(value, str) and len(value) == len("2026-11-24") else Instant()
        return kind.deserialize(value, attr, data)


class CheckInArgs(PageArgs):
    """Which check-ins: `from` is included, `to` is not unless it is a date, whose whole day is."""

    since = DayOrInstant(data_key="from", load_default=None)
    until = DayOrInstant(data_key="to", load_default=None)


class PullArgs(Schema):
    since = fields.Integer(
        load_default=0,
        validate=validate.Range(-MOST_REVISIONS, MOST_REVISIONS),
        metadata={"description": "`checkpoint.rev` of the answer before; 0 for everything"},
    )
    limit = fields.Integer(load_default=200, validate=validate.Range(1, 200))


class CheckpointSchema(Schema):
    rev = fields.Integer(metadata={"description": "Opaque: send it back as `since`"})


def pull_schema(document: type[Document]) -> type[ma.Schema]:
    """The answer of a pull of this collection; a tombstone among the documents has no content."""
    pulled = type(f"Pulled{document.__name__}", (document,), {"__doc__": document.__doc__})
    documents = fields.List(fields.Nested(pulled(partial=True)))
    return Schema.from_dict(
        {"documents": documents, "checkpoint": fields.Nested(CheckpointSchema)}, name=f"{document.__name__}Pull"
    )


class PushRows(Schema):
    """The rows of a push. `assumedMasterState` may hold anything that was once read."""

    assumed = AsRead(data_key="assumedMasterState", load_default=None, allow_none=True)

    @ma.pre_load(pass_collection=True)
    def _not_too_many(self, rows: Any, **kwargs: Any) -> Any:
        if isinstance(rows, list) and len(rows) > MOST_ROWS:
            raise ValidationError(f"Send at most {MOST_ROWS} rows at once.")
        return rows


def rows_schema(document: type[Document]) -> ma.Schema:
    """The body of a push of this collection: a list of rows."""
    new = fields.Nested(document, required=True, data_key="newDocumentState")
    row: type[PushRows] = type(f"{document.__name__}PushRow", (PushRows,), {"new": new, "__doc__": PushRows.__doc__})
    return row(many=True)
