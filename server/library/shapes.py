"""What the fields of content files are made of: lines, names, choices, numbers and lists, each with its complaint."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
ITEM_REF = r"^(readings|guides|practices)/[a-z0-9]+(-[a-z0-9]+)*$"


class FileSchema(ma.Schema):
    """Base of the file schemas: a field that is not described is refused."""

    class Meta:
        unknown = ma.RAISE


def line(most: int, **kwargs: Any) -> fields.String:
    """A required line of plain text of 1 to `most` characters."""
    said = f"is longer than {most} characters"
    kwargs.setdefault("required", True)
    lengths = [validate.Length(min=1, error="is empty"), validate.Length(max=most, error=said)]
    return fields.String(validate=lengths, **kwargs)


def choice(options: tuple[str, ...], **kwargs: Any) -> fields.String:
    """A required word out of `options`."""
    said = "must be one of " + ", ".join(options)
    return fields.String(required=True, validate=validate.OneOf(options, error=said), **kwargs)


def pattern(regex: str, said: str, **kwargs: Any) -> fields.String:
    """A required text that matches `regex`; `said` is the complaint when it does not."""
    kwargs.setdefault("required", True)
    return fields.String(validate=validate.Regexp(regex, error=said), **kwargs)


def slug() -> fields.String:
    """A name of small letters, digits and hyphens."""
    return pattern(SLUG, "must be small letters, digits and hyphens")


def chapter() -> fields.String:
    """The id of a chapter; ids use `_`, as everywhere on the wire."""
    return pattern(r"^[a-z]+(_[a-z]+)*$", "must be a chapter's id: small letters and _")


def reference(**kwargs: Any) -> fields.String:
    """The name of another item, like `readings/boundaries`."""
    return pattern(ITEM_REF, "must name an item, like readings/boundaries", **kwargs)


def whole(low: int, high: int, **kwargs: Any) -> fields.Integer:
    """A whole number from `low` to `high`."""
    said = f"must be a whole number from {low} to {high}"
    kwargs.setdefault("required", True)
    limits = validate.Range(low, high, error=said)
    return fields.Integer(strict=True, validate=limits, error_messages={"invalid": said}, **kwargs)


def some(inner: fields.Field[Any], low: int, high: int, **kwargs: Any) -> fields.List[Any]:
    """A list of `low` to `high` things."""
    said = f"must have {low} to {high} entries"
    kwargs.setdefault("required", True)
    return fields.List(inner, validate=validate.Length(low, high, error=said), **kwargs)


class Day(fields.Date):
    """A date; YAML has already made one of `2026-11-24`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(str(value), attr, data, **kwargs)


def told(*names: str) -> fields.String:
    """A required line in which each of `names` stands in braces once, and nothing else does."""
    each = "".join(rf"(?=.*\{{{name}\}})" for name in names)
    filled = rf"(\{{\w+\}}[^{{}}]*){{{len(names)}}}" if names else ""
    said = " and ".join(f"{{{{{name}}}}}" for name in names) or "nothing"
    return pattern(rf"^{each}[^{{}}]*{filled}$", f"must have {said} in braces, once, and nothing else")
