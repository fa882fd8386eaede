"""The API keeps to its own description, for signed-in people and for strangers: no 5xx, no undocumented answer."""

import json
from collections import Counter
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
WHO = ("signed in", "stranger")
#: All in all. A call that takes nothing has one case, so the others have the more.
FEWEST_CASES = 5000
#: Cases of a call. A stranger is turned away before what they sent is read; pushes take up to 200 documents.
MOST, OF_A_STRANGER, OF_A_PUSH = 100, 40, 40


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One server for all cases: what they leave behind must not break it either."""
    app = make_app(settings_for(tmp_path_factory.mktemp("api")))
    yield app
    dispose(app)


@pytest.fixture(scope="module")
def schema(api: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", api)


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[tuple[str, str, str]]]:
    """How many cases each call has had; enough in all, when all calls have run."""
    counted: Counter[tuple[str, str, str]] = Counter()
    yield counted
    if len(counted) == len(operations()) * len(WHO):
        assert counted.total() >= FEWEST_CASES


def operations() -> list[tuple[str, str]]:
    """Method and path of every documented call."""
    document = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
    return [(m.upper(), path) for path, item in document["paths"].items() for m in item if m in METHODS]


def session_cookie(client: FlaskClient) -> dict[str, str]:
    cookie = client.get_cookie("heartwood")
    assert cookie is not None
    return {"heartwood": cookie.value}


def budget(path: str, who: str) -> int:
    """How many cases a call gets."""
    if path.endswith("/push"):
        return OF_A_PUSH if who == "signed in" else OF_A_STRANGER // 3
    return MOST if who == "signed in" else OF_A_STRANGER


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("method", "path"), operations())
def test_every_call_answers_as_the_document_says(
    api: Flask, schema: Any, tally: Counter[tuple[str, str, str]], method: str, path: str, who: str
) -> None:
    operation = schema[path][method]
    cookies = session_cookie(person(api)) if who == "signed in" else {}

    @settings(
        max_examples=budget(path, who), deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def run(case: "schemathesis.Case[Any]") -> None:
        tally[method, path, who] += 1
        # The in-process client does not unpack compressed answers.
        case.call_and_validate(cookies=cookies, headers={"Accept-Encoding": "identity"}, checks=CHECKS)

    run()
