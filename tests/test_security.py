"""What every request must look like, and what every answer carries."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import count_rows

ACCOUNT = {"timezone": "Europe/Dublin", "locale": "en"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_write_from_another_site_is_refused_and_changes_nothing(
    app: Flask, client: FlaskClient, headers: dict[str, str]
) -> None:
    before = count_rows(app)
    answer = client.post("/api/v1/accounts", json=ACCOUNT, headers=headers)
    assert answer.status_code == 403
    assert answer.get_json()["code"] == "forbidden"
    assert count_rows(app) == before


def test_a_write_from_our_own_page_is_let_through(client: FlaskClient) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/v1/accounts", json=ACCOUNT, headers=headers).status_code == 201


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_anything_but_json_is_refused(client: FlaskClient, content_type: str) -> None:
    answer = client.post("/api/v1/accounts", data="{}", content_type=content_type)
    assert answer.status_code == 415
    assert answer.get_json()["code"] == "json_only"


@pytest.mark.parametrize("body", ["{", "", "nul", '{"timezone": ', "\x00", "[" * 100_000])
def test_malformed_json_is_refused_with_a_problem_document(client: FlaskClient, body: str) -> None:
    answer = client.post("/api/v1/accounts", data=body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"


def test_a_body_over_one_mebibyte_is_refused(client: FlaskClient) -> None:
    answer = client.post("/api/v1/accounts", data=b" " * (2**20 + 1), content_type="application/json")
    assert answer.status_code == 413
    assert answer.get_json()["code"] == "too_large"


def test_a_streamed_body_over_one_mebibyte_is_refused(app: Flask, client: FlaskClient) -> None:
    import io

    answer = client.post(
        "/api/v1/accounts",
        input_stream=io.BytesIO(b'{"timezone": "' + b"x" * (2**20 + 10) + b'"}'),
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413
    assert answer.get_json()["code"] == "too_large"


def test_an_unknown_address_answers_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nowhere")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.get_json()["code"] == "not_found"


def test_a_wrong_method_answers_a_problem_document_that_says_which_are_allowed(client: FlaskClient) -> None:
    answer = client.put("/api/v1/accounts", json={})
    assert answer.status_code == 405
    assert answer.get_json()["code"] == "method_not_allowed"
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/openapi.json", "/api/v1/nowhere", "/api/v1/accounts/me"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Strict-Transport-Security" not in headers


def test_a_server_whose_connections_are_all_busy_answers_503_and_says_when_to_try_again(app: Flask) -> None:
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    @app.get("/busy")
    def busy() -> str:
        raise PoolTimeout("QueuePool limit reached")

    answer = app.test_client().get("/busy")
    assert answer.status_code == 503
    assert answer.get_json()["code"] == "unavailable"
    assert answer.headers["Retry-After"] == "5"
