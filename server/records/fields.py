"""Field types of records. Strict, and quick: a push carries up to 200 documents."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields, validate

from server.clock import now
from server.schemas import MOST_KEY_VERSIONS, SEALED_LIMIT, Instant, Sealed

#: How far ahead of the server's clock a device's may run.
AHEAD = timedelta(days=1)
MOST_IDS = 40
MOST_DAYS = 2000
#: JavaScript holds whole numbers exactly up to here.
MOST_REVISIONS = 2**53 - 1

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_IV_LENGTH = 16
_SHORTEST_SEALED, _LONGEST_SEALED = 22, -(-SEALED_LIMIT * 4 // 3)

REF = validate.Regexp(
    r"^(readings|guides|practices)/[a-z0-9]+(-[a-z0-9]+)*\Z", error="Give an item like readings/why-it-is-powerful."
)


class Revision(fields.Integer):
    """The revision a document was read at. Sent back as it came; the server gives the next one itself."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(0, MOST_REVISIONS), **kwargs)


class AsRead(fields.Dict):
    """An object as some client once read it; nothing of it is refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[Any, Any]:
        if not isinstance(value, dict):
            raise ValidationError("Give an object.")
        return value


class Flag(fields.Boolean):
    """true or false, and nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Give true or false.")
        return value


class Whole(fields.Integer):
    """A whole number in a range."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(low, high), **kwargs)


class Fraction(fields.Float):
    """A number from 0 to 1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(0, 1), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValidationError("Give a number from 0 to 1.")
        number = super()._deserialize(value, attr, data, **kwargs)
        if number is None:
            raise ValidationError("Give a number from 0 to 1.")
        return number


class Choice(fields.String):
    """One of a few words."""

    def __init__(self, *options: str, **kwargs: Any) -> None:
        super().__init__(validate=validate.OneOf(options), **kwargs)


class PastInstant(Instant):
    """A moment that has been, by a clock that may run up to a day ahead."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        if moment > now() + AHEAD:
            raise ValidationError("This time is more than a day in the future.")
        return moment


class Day(fields.Date):
    """A date, `YYYY-MM-DD`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        return to_day(value)


class PastDay(Day):
    """A date that has come, wherever on Earth the person is."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        return _come(super()._deserialize(value, attr, data, **kwargs))


class PastDays(fields.List[Any]):
    """Dates that have come, each once, kept as ISO text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(PastDay(), validate=validate.Length(max=MOST_DAYS), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        days = [_come(to_day(one)).isoformat() for one in _listed(value)]
        return _once_each(days)


class Ids(fields.List[Any]):
    """Short ids of feelings, contexts and the like: each once, 40 at most."""

    def __init__(self, **kwargs: Any) -> None:
        pattern = validate.Regexp(f"^{_ID.pattern}$")
        super().__init__(fields.String(validate=pattern), validate=validate.Length(max=MOST_IDS), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        for one in _listed(value):
            if not isinstance(one, str) or not _ID.fullmatch(one):
                raise ValidationError("Give ids of up to 40 characters: a-z, 0-9, hyphen, underscore.")
        return _once_each(value)


class Choices(fields.List[Any]):
    """Some of a few values, each once."""

    def __init__(self, inner: fields.Field[Any], **kwargs: Any) -> None:
        super().__init__(inner, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        return _once_each(super()._deserialize(_listed(value), attr, data, **kwargs))


class SealedText(Sealed):
    """A sealed envelope, checked in one go: as strict as `SealedSchema`, which describes it, and much quicker."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, *args: Any, **kwargs: Any) -> Any:
        return value if _is_plain_envelope(value) else super()._deserialize(value, attr, data, *args, **kwargs)


def to_day(value: Any) -> date:
    """The date that an ISO text names. Raises ValidationError."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError("This date does not exist.") from error
    raise ValidationError("Give a date like 2026-11-24.")


def _come(day: date) -> date:
    if day > (now() + AHEAD).date():
        raise ValidationError("This date is more than a day in the future.")
    return day


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValidationError("Give a list.")
    return value


def _once_each(values: list[Any]) -> list[Any]:
    if len(set(values)) != len(values):
        raise ValidationError("Name each one once.")
    return values


def _is_plain_envelope(value: Any) -> bool:
    """True for the usual case; anything else goes through the schema, which says what is wrong with it."""
    if not isinstance(value, dict) or value.keys() - {"k"} != {"v", "iv", "ct"}:
        return False
    version, iv, ct, key_version = value["v"], value["iv"], value["ct"], value.get("k", 1)
    return (
        type(version) is int
        and 1 <= version <= 255
        and type(key_version) is int
        and 1 <= key_version <= MOST_KEY_VERSIONS
        and isinstance(iv, str)
        and isinstance(ct, str)
        and len(iv) == _IV_LENGTH
        and _SHORTEST_SEALED <= len(ct) <= _LONGEST_SEALED
        and len(ct) % 4 != 1
        and _BASE64URL.fullmatch(iv) is not None
        and _BASE64URL.fullmatch(ct) is not None
    )
