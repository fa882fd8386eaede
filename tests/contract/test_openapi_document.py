"""The API keeps to its own description, for signed-in people and for strangers: no 5xx, no undocumented answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import dispose, make_app, person, settings_for

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
METHODS = ("get", "put", "post", "patch", "delete")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One server for all cases: what they leave behind must not break it either."""
    app = make_app(settings_for(tmp_path_factory.mktemp("api")))
    yield app
    dispose(app)


def operations() -> list[tuple[str, str]]:
    """Method and path of every documented call."""

    document = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
    return [(m.upper(), path) for path, item in document["paths"].items() for m in item if m in METHODS]


def session_cookie(client: FlaskClient) -> dict[str, str]:
    cookie = client.get_cookie("heartwood")
    assert cookie is not None
    return {"heartwood": cookie.value}


@pytest.mark.parametrize("who", ["signed in", "stranger"])
@pytest.mark.parametrize(("method", "path"), operations())
def test_every_call_answers_as_the_document_says(api: Flask, method: str, path: str, who: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", api)
    operation = schema[path][method]
    cookies = session_cookie(person(api)) if who == "signed in" else {}

    @settings(
        max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def run(case: "schemathesis.Case[Any]") -> None:
        # The in-process client does not unpack compressed answers.
        case.call_and_validate(cookies=cookies, headers={"Accept-Encoding": "identity"}, checks=CHECKS)

    run()
