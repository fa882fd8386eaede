"""Shared marshmallow building blocks: the strict base schema and the field types of the wire contract."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import available_timezones

import marshmallow as ma
import orjson
from marshmallow import ValidationError, fields, validate

SEALED_LIMIT = 64 * 1024
#: Wrapped together (docs/accounts.md, "Key versions") so many vault keys still fit an envelope.
MOST_KEY_VERSIONS = 1000
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


class Schema(ma.Schema):
    """Refuses unknown fields."""

    class Meta:
        unknown = ma.RAISE


class ProblemSchema(ma.Schema):
    """What every error answers (RFC 9457)."""

    type = fields.String(required=True, metadata={"description": "A URI that names the kind of problem"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "What happened and how to put it right"})
    code = fields.String(required=True, metadata={"description": "Stable, for programs"})
    errors = fields.Dict(metadata={"description": "Field name → what is wrong with it"})


class Uuid7(fields.String):
    """A UUIDv7 (RFC 9562, section 5.7) in canonical lower-case form."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"format": "uuid", "example": "019373a5-2f3c-7c4b-8f3e-0a1b2c3d4e5f"})
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_uuid7(text):
            raise ValidationError("Give a UUIDv7 in lower case, like 019373a5-2f3c-7c4b-8f3e-0a1b2c3d4e5f.")
        return text


def is_uuid7(text: str) -> bool:
    """True for a canonical UUIDv7 string."""
    return _UUID7.fullmatch(text) is not None


class Instant(fields.Field[datetime]):
    """A moment: RFC 3339 with an offset; an aware UTC datetime inside."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"example": "2026-11-24T20:14:00+01:00"})
        super().__init__(**kwargs)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            raise ValidationError("Give a time like 2026-11-24T20:14:00+01:00, with its offset.")
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValidationError("This time does not exist.") from error


class LocalTime(fields.Field[time]):
    """A wall-clock time without a date, `HH:MM`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "example": "20:30"})
        super().__init__(**kwargs)

    def _serialize(self, value: time | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.strftime("%H:%M")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> time:
        if not isinstance(value, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
            raise ValidationError("Give a time of day like 20:30.")
        return time(int(value[:2]), int(value[3:]))


class ZoneName(fields.String):
    """A time zone of the IANA database."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in available_timezones():
            raise ValidationError("Give a time zone of the IANA database, like Europe/Dublin.")
        return text


class SealedSchema(Schema):
    """Text sealed on the device: AES-256-GCM, readable only with the person's own key."""

    v = fields.Integer(required=True, strict=True, validate=validate.Range(1, 255))
    iv = fields.String(required=True, metadata={"description": "12 bytes, base64url without padding"})
    ct = fields.String(required=True, metadata={"description": "Ciphertext and tag, base64url without padding"})
    k = fields.Integer(
        strict=True,
        validate=validate.Range(1, MOST_KEY_VERSIONS),
        metadata={"description": "Which of the account's vault keys; 1 without it. See docs/accounts.md"},
    )

    @ma.validates("iv")
    def _iv(self, value: str, **kwargs: Any) -> None:
        if len(_base64url(value)) != 12:
            raise ValidationError("Give 12 bytes as base64url without padding.")

    @ma.validates("ct")
    def _ct(self, value: str, **kwargs: Any) -> None:
        if not 16 <= len(_base64url(value)) <= SEALED_LIMIT:
            raise ValidationError("Give 16 bytes to 64 KiB as base64url without padding.")


def _base64url(text: str) -> bytes:
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValidationError("Give base64url without padding.")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValidationError("Give base64url without padding.") from error


class Sealed(fields.Nested):
    """A sealed envelope `{v, iv, ct, k?}`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(SealedSchema, **kwargs)


class PageArgs(Schema):
    """How lists are paged."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


def page(items: list[Any] | orjson.Fragment, after: str | None) -> Mapping[str, Any]:
    """A page of a list; `after` is the cursor of the next page, None at the end."""
    return {"items": items, "after": after}
