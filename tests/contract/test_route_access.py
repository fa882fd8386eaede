"""Every route declares who may call it, and keeps to it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from server import create_app
from server.security import ACCESS_ATTRIBUTE
from tests.conftest import settings_for

UUID = "019373a5-2f3c-7c4b-8f3e-0a1b2c3d4e5f"


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """All routes with a method each, but the ones Flask answers by itself."""
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def access_of(app: Flask, method: str, rule: Rule) -> str | None:
    """What the view of a route declares; flask-smorest makes one view class for several methods of a path."""
    view = app.view_functions[rule.endpoint]
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        view = getattr(view_class, method.lower())
    return getattr(view, ACCESS_ATTRIBUTE, None)


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    silent = [f"{method} {rule.rule}" for method, rule in routes(app) if access_of(app, method, rule) is None]
    assert silent == []


def test_a_route_for_signed_in_people_answers_401_to_everybody_else(app: Flask, client: FlaskClient) -> None:
    closed = [(method, rule) for method, rule in routes(app) if access_of(app, method, rule) == "signed_in"]
    assert closed
    for method, rule in closed:
        path = rule.rule
        for argument in rule.arguments:
            path = path.replace(f"<{argument}>", UUID).replace(f"<string:{argument}>", UUID)
        answer = client.open(path, method=method, json={} if method != "GET" else None)
        assert answer.status_code == 401, f"{method} {path}: {answer.status_code}"
        assert answer.get_json()["code"] == "sign_in_required"


#: The routes that need no account. A new one is added here on purpose, not by accident.
OPEN = {
    "GET /healthz",
    "GET /readyz",
    "GET /api/docs",
    "GET /api/v1/openapi.json",
    "GET /api/v1/library",
    "GET /api/v1/library/readings/<slug>",
    "GET /api/v1/library/guides/<slug>",
    "GET /api/v1/library/practices/<slug>",
    "GET /api/v1/library/helplines",
    "GET /api/v1/library/bundle",
    "GET /api/v1/library/search",
    "GET /api/v1/push/key",
    "POST /api/v1/accounts",
    "POST /api/v1/sessions",
    "POST /api/v1/passkeys/authentication",
    "GET /api/v1/logins/<name>/kdf",
}


def test_only_the_listed_routes_are_open_to_everybody(app: Flask) -> None:
    found = {f"{method} {rule.rule}" for method, rule in routes(app) if access_of(app, method, rule) == "public"}
    assert found == OPEN


@pytest.fixture
def https_app(tmp_path: object) -> Flask:
    return create_app(settings_for(tmp_path, public_url="https://heartwood.example"))  # type: ignore[arg-type]


def test_over_https_the_cookie_is_bound_to_the_host_and_transport_is_strict(https_app: Flask) -> None:
    assert https_app.config["SESSION_COOKIE_NAME"] == "__Host-heartwood"
    assert https_app.config["SESSION_COOKIE_SECURE"] is True
    answer = https_app.test_client().get("/healthz")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
