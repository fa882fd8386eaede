"""fields.yml, the file schemas and content/schema/ say the same."""

import json

import pytest

from server.library import jsonschema
from server.library.files import SCHEMAS
from server.library.source import parse_yaml, read_text
from tests.conftest import ROOT

CONTENT = ROOT / "content"


def test_every_field_of_every_file_is_described_and_nothing_else_is() -> None:
    places = {place for kind in SCHEMAS for place in jsonschema.places(kind)}
    assert set(jsonschema.descriptions(CONTENT)) == places


def test_every_field_is_described_once() -> None:
    path = CONTENT / "en" / "fields.yml"
    entries = parse_yaml(read_text(path, path.name), path.name).data
    named = [f"{where}.{entry['name']}" for entry in entries for where in entry["in"]]
    assert len(named) == len(set(named))
    assert all(entry["means"].endswith(".") for entry in entries)


def test_the_committed_schema_files_are_those_that_the_command_writes() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in (CONTENT / "schema").glob("*.json")}
    assert committed == jsonschema.files(CONTENT), "run: flask --app wsgi content schema"


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_file_asks_for_what_the_server_asks_for(kind: str) -> None:
    schema = jsonschema.schema(kind, jsonschema.descriptions(CONTENT))
    fields = schema.get("items", schema)
    assert fields["additionalProperties"] is False
    assert set(fields["required"]) <= set(fields["properties"])
    assert json.loads(json.dumps(schema)) == schema


def test_limits_and_choices_reach_the_editor() -> None:
    schema = jsonschema.schema("practice", jsonschema.descriptions(CONTENT))["properties"]
    assert (schema["title"]["minLength"], schema["title"]["maxLength"]) == (1, 60)
    assert (schema["minutes"]["minimum"], schema["minutes"]["maximum"]) == (1, 15)
    assert (schema["steps"]["minItems"], schema["steps"]["maxItems"]) == (3, 8)
    assert "breathing" in schema["runner"]["enum"]
    assert schema["breathing"]["type"] == ["object", "null"]
    assert schema["steps"]["items"]["properties"]["seconds"]["type"] == ["integer", "null"]
