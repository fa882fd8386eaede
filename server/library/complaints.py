"""What marshmallow says about a content file, in words for the person who writes it."""

from difflib import get_close_matches
from typing import Any

import marshmallow as ma
from marshmallow import fields

from server.library.files import SCHEMAS
from server.library.source import Place

_SAID = {
    "Missing data for required field.": "is missing",
    "Field may not be null.": "is empty",
    "Not a valid string.": "must be text: put it in quotes",
    "Not a valid list.": "must be a list",
    "Not a valid boolean.": "must be true or false",
    "Invalid input type.": "must have named fields",
}


def complaints(messages: Any) -> list[tuple[Place, str]]:
    """marshmallow's nested messages as flat pairs of a place and a sentence about it."""
    flat: list[tuple[Place, str]] = []
    _flatten(messages, (), flat)
    return flat


def _flatten(messages: Any, place: Place, flat: list[Any]) -> None:
    if isinstance(messages, dict):
        for key, inside in messages.items():
            _flatten(inside, place if key == "_schema" else (*place, key), flat)
        return
    flat.extend((place, _sentence(place, message)) for message in messages)


def _sentence(place: Place, message: str) -> str:
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    if message == "Unknown field.":
        close = get_close_matches(str(place[-1]), _NAMES, n=1)
        return f"{name}: there is no such field" + (f"; did you mean {close[0]}?" if close else "")
    return f"{name}: {_SAID.get(message, message)}".removeprefix(": ")


def _names(schema: ma.Schema) -> set[str]:
    found: set[str] = set()
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        found.add(field.data_key or name)
        if isinstance(inner, fields.Nested):
            found |= _names(inner.schema)
    return found


_NAMES = sorted(set().union(*(_names(schema) for schema in SCHEMAS.values())))
