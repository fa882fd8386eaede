"""JSON Schema (draft 2020-12) of the content files, made of the marshmallow schemas and the words of fields.yml."""

import json
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, validate

from server.library.files import SCHEMAS
from server.library.source import parse_yaml, read_text

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: tuple[tuple[type[Any], dict[str, Any]], ...] = (
    (fields.Date, {"type": "string", "format": "date"}),
    (fields.Integer, {"type": "integer"}),
    (fields.Boolean, {"type": "boolean"}),
    (fields.String, {"type": "string"}),
)

#: Where a field is, e.g. `reading.sources.doi` → what it is for.
Words = dict[str, str]


def files(root: Path) -> dict[str, str]:
    """Name → text of every schema file."""
    words = descriptions(root)
    return {f"{kind}.json": json.dumps(schema(kind, words), indent=2, ensure_ascii=False) + "\n" for kind in SCHEMAS}


def descriptions(root: Path) -> Words:
    """What `content/en/fields.yml` says about each field of each kind of file. Raises ContentError."""
    path = root / "en" / "fields.yml"
    entries = parse_yaml(read_text(path, path.name), path.name).data
    return {f"{where}.{entry['name']}": entry["means"] for entry in entries for where in entry["in"]}


def schema(kind: str, words: Words) -> dict[str, Any]:
    """The JSON Schema of a kind of file; of Markdown files it describes the front matter."""
    found = SCHEMAS[kind]
    inside = _object(found, kind, words)
    return {"$schema": DIALECT, "title": kind, **({"type": "array", "items": inside} if found.many else inside)}


def places(kind: str) -> list[str]:
    """The name of every field of a kind of file, such as `reading.sources.doi`."""
    return _places(SCHEMAS[kind], kind)


def _places(found: Schema, where: str) -> list[str]:
    names: list[str] = []
    for name, field in found.fields.items():
        place = f"{where}.{field.data_key or name}"
        inner = field.inner if isinstance(field, fields.List) else field
        names += [place, *(_places(inner.schema, place) if isinstance(inner, fields.Nested) else [])]
    return names


def _object(found: Schema, where: str, words: Words) -> dict[str, Any]:
    properties = {field.data_key or name: field for name, field in found.fields.items()}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, field in properties.items() if field.required],
        "properties": {
            name: {"description": words[f"{where}.{name}"], **_field(field, f"{where}.{name}", words)}
            for name, field in properties.items()
        },
    }


def _field(field: Any, where: str, words: Words) -> dict[str, Any]:
    if isinstance(field, fields.Nested):
        found = _object(field.schema, where, words)
    elif isinstance(field, fields.List):
        found = {"type": "array", "items": _field(field.inner, where, words)}
    else:
        found = dict(next(shape for kind, shape in _TYPES if isinstance(field, kind)))
    for validator in field.validators:
        found.update(_limits(validator, "Items" if isinstance(field, fields.List) else "Length"))
    if field.allow_none:
        found["type"] = [found["type"], "null"]
    return found


def _limits(validator: Any, counted: str) -> dict[str, Any]:
    """What a validator says in JSON Schema's words; `counted` is what a length counts."""
    limits: dict[str, Any]
    if isinstance(validator, validate.Length):
        limits = {f"min{counted}": validator.min, f"max{counted}": validator.max}
    elif isinstance(validator, validate.Range):
        limits = {"minimum": validator.min, "maximum": validator.max}
    elif isinstance(validator, validate.OneOf):
        limits = {"enum": list(validator.choices)}
    else:
        limits = {"pattern": validator.regex.pattern}
    return {name: value for name, value in limits.items() if value is not None}
