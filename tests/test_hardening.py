"""What attackers try of any web server first: odd methods, hidden files, forged headers, misplaced parameters."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import create_app
from server.security import HEADERS, HEADERS_ON_HTTPS
from tests.accounts.cast import API, new_account
from tests.accounts.ways_in import join, new_token
from tests.conftest import ROOT, count_rows, dispose, make_app, settings_for
from tests.contract.test_route_access import access_of, routes
from tests.support.whole_life import live

#: One of each kind of answer; the last can be asked for again with its ETag.
PATHS = (
    "/", "/read", "/assets/index-12345678.js", "/healthz", "/readyz", "/metrics", "/api/docs", "/api/v1/openapi.json",
    "/nowhere", "/api/v1/accounts/me", "/api/v1/library",
)  # fmt: skip
HIDDEN = (
    "/.git/config", "/.git/HEAD", "/.env", "/instance/secret_key", "/heartwood.sqlite3", "/server/config.py",
    "/wsgi.py", "/requirements.txt", "/assets/", "/assets", "/../instance/secret_key", "/%2e%2e/instance/secret_key",
    "/..%2finstance", "/assets/../../instance/secret_key", "/assets/%2e%2e%2f%2e%2e%2finstance%2fsecret_key",
    "/read/../../instance/secret_key", "//etc/passwd", "/\\..\\instance", "/admin", "/phpinfo.php", "/server-status",
    "/console", "/debug",
)  # fmt: skip
UUID = "019373a5-2f3c-7c4b-8f3e-0a1b2c3d4e5f"


def filled(rule: str) -> str:
    """A path for a route's template."""
    return re.sub(r"<[^>]+>", UUID, rule)


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "DEBUG", "PATCH"])
def test_a_method_that_is_not_ours_is_refused_and_echoes_nothing(client: FlaskClient, method: str) -> None:
    answer = client.open("/api/v1/sessions", method=method, headers={"X-Secret": "kettle"}, data="kettle")
    assert answer.status_code in {405, 415}
    assert "kettle" not in answer.text


def test_reading_changes_nothing(app: Flask) -> None:
    device = live(app).device
    reading = [rule.rule for method, rule in routes(app) if method == "GET"]
    before = count_rows(app)
    for path in reading:
        device.get(filled(path), query_string={"since": 0})
        device.open(filled(path), method="HEAD")
        device.open(filled(path), method="OPTIONS")
    assert count_rows(app) == before
    assert len(reading) > 20


def test_other_origins_are_given_no_leave_to_read(client: FlaskClient) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for answer in (client.get("/api/v1/library", headers=asked), client.options("/api/v1/accounts", headers=asked)):
        assert not [name for name, _ in answer.headers if name.lower().startswith("access-control-")]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A built app with what should not lie there."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Heartwood</title>")
    (folder / "assets" / "index-12345678.js").write_text("1")
    return folder


@pytest.mark.parametrize("https", [False, True])
def test_every_kind_of_answer_carries_every_header(tmp_path: Path, built: Path, https: bool) -> None:
    url = "https://heartwood.example" if https else ""
    app = make_app(settings_for(tmp_path, public_url=url, pwa_path=built, rate_limits=True, metrics=True))
    client = app.test_client()
    answers = [client.get(path) for path in PATHS]
    answers.append(client.get("/api/v1/library", headers={"If-None-Match": answers[-1].headers["ETag"]}))
    answers.append(client.post("/api/v1/accounts", data=b" " * (2**20 + 1), content_type="application/json"))
    answers.append(client.post("/api/v1/accounts", data="x", content_type="text/plain"))
    answers.extend(join(client, new_token()) for _ in range(11))
    dispose(app)
    assert {200, 304, 401, 404, 413, 415, 429} <= {answer.status_code for answer in answers}
    for answer in answers:
        for name in HEADERS_ON_HTTPS if https else HEADERS:
            assert answer.headers.get(name), (answer.request.path, name)


def test_the_policy_names_what_it_forbids(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    said = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    for name in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert said[name] == "'none'"
    assert said["script-src"] == said["style-src"] == said["connect-src"] == "'self'"
    assert said["require-trusted-types-for"] == "'script'"


def test_strict_transport_counts_for_two_years_and_all_sub_domains() -> None:
    seconds, scope = HEADERS_ON_HTTPS["Strict-Transport-Security"].split("; ")
    assert int(seconds.removeprefix("max-age=")) >= 2 * 365 * 24 * 3600
    assert scope == "includeSubDomains"


@pytest.mark.parametrize("path", HIDDEN)
def test_hidden_files_folders_and_doors_of_others_are_not_there(tmp_path: Path, built: Path, path: str) -> None:
    app = make_app(settings_for(tmp_path, pwa_path=built))
    answer = app.test_client().get(path)
    dispose(app)
    assert answer.status_code in {404, 308} or answer.text.startswith("<!doctype html>")
    assert app.config["SECRET_KEY"] not in answer.text


def statuses(app: Flask, forwarded: Iterator[str]) -> list[int]:
    client = app.test_client()
    tries = []
    for address in forwarded:
        body = {"join_token": new_token()}
        headers = {"X-Forwarded-For": address, "X-Real-IP": address, "Forwarded": f"for={address}"}
        tries.append(client.post(f"{API}/sessions", json=body, headers=headers).status_code)
    return tries


def test_a_forged_address_wins_no_more_tries(tmp_path: Path) -> None:
    app = make_app(settings_for(tmp_path, rate_limits=True))
    found = statuses(app, (f"203.0.113.{turn}" for turn in range(11)))
    dispose(app)
    assert found == [401] * 10 + [429]


def test_behind_a_proxy_only_what_the_proxy_itself_adds_is_believed(tmp_path: Path) -> None:
    app = make_app(settings_for(tmp_path, rate_limits=True, trusted_proxies=1))
    found = statuses(app, (f"203.0.113.{turn}, 198.51.100.7" for turn in range(11)))
    others = statuses(app, iter(["198.51.100.8"]))
    dispose(app)
    assert found == [401] * 10 + [429]
    assert others == [401]


def test_what_belongs_into_the_body_is_not_taken_from_anywhere_else(app: Flask, client: FlaskClient) -> None:
    wanted = {"timezone": "Europe/Dublin", "locale": "en"}
    before = count_rows(app)
    assert client.post(f"{API}/accounts", query_string=wanted, json={}).status_code == 422
    assert client.post(f"{API}/accounts", data=wanted).status_code == 415
    client.set_cookie("timezone", "Europe/Dublin")
    client.set_cookie("locale", "en")
    assert client.post(f"{API}/accounts", json={}, headers=wanted).status_code == 422
    assert count_rows(app) == before


def test_a_field_that_is_not_the_persons_to_set_is_refused(app: Flask, signed_in: FlaskClient) -> None:
    before = signed_in.get(f"{API}/accounts/me").get_json()
    for field in ("id", "revision", "created_at", "name", "auth_hash", "recovery_hash", "key_version", "passkey_user"):
        assert signed_in.patch(f"{API}/accounts/me", json={field: before.get(field)}).status_code == 422, field
    assert signed_in.get(f"{API}/accounts/me").get_json() == before


def test_an_answer_about_an_account_holds_no_secret(app: Flask) -> None:
    life = live(app)
    seen = "".join(life.device.get(f"{API}/{path}").text for path in ("accounts/me", "sessions", "passkeys"))
    assert not re.search(r"hash|argon2|public_key|sign_count|passkey_user|token", seen)


def test_an_unforeseen_error_says_nothing_of_the_inside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = create_app(settings_for(tmp_path))

    @app.get("/api/v1/broken")
    def broken() -> str:
        raise RuntimeError("the password of the database is kettle")

    answer = app.test_client().get("/api/v1/broken", buffered=True)
    dispose(app)
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert not re.search(r"kettle|Traceback|RuntimeError|\.py", answer.text)
    assert "request.failed" in capsys.readouterr().err


def test_nobody_is_sent_elsewhere(app: Flask, client: FlaskClient) -> None:
    for method, rule in routes(app):
        if access_of(app, method, rule) is not None:
            given = {"next": "https://evil.example", "url": "//evil.example"}
            answer = client.open(filled(rule.rule), method=method, query_string=given)
            assert "Location" not in answer.headers


def test_there_is_no_account_but_those_that_people_made(app: Flask, client: FlaskClient) -> None:
    assert count_rows(app)["account"] == 0
    assert new_account(client).status_code == 201
    assert count_rows(app)["account"] == 1


def test_the_source_runs_no_text_as_code_or_command() -> None:
    """What is forbidden by ruff's S rules as well; here so that nobody can wave it through with a comment."""
    forbidden = re.compile(r"\b(eval|exec|pickle|marshal|shelve|os\.system|popen|yaml\.load)\b\s*\(|shell=True")
    sources = list((ROOT / "server").rglob("*.py"))
    assert [str(path) for path in sources if forbidden.search(path.read_text())] == []


def test_weak_hashes_are_used_for_nothing() -> None:
    weak = re.compile(r"\b(md5|sha1|des|rc4|ecb)\b", re.IGNORECASE)
    hits = [str(path) for path in (ROOT / "server").rglob("*.py") if weak.search(path.read_text())]
    assert hits == []
