"""Traces reach a collector by OTLP, join those of the proxy, and hold nothing of anybody."""

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from server import create_app
from server.config import StartRefused
from tests.conftest import dispose, make_app, person, settings_for
from tests.records.samples import API

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


class Collector:
    """Takes OTLP over HTTP on loopback."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # http.server's name
                sent = ExportTraceServiceRequest()
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sent.ParseFromString(_plain(body, self.headers.get("Content-Encoding")))
                for resource in sent.resource_spans:
                    collector.spans += [span for scope in resource.scope_spans for span in scope.spans]
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


def _plain(body: bytes, encoding: str | None) -> bytes:
    import gzip

    return gzip.decompress(body) if encoding == "gzip" else body


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.server.shutdown()


@pytest.fixture
def traced(tmp_path: Path, collector: Collector) -> Iterator[Flask]:
    app = make_app(settings_for(tmp_path, otel_endpoint=collector.url))
    yield app
    app.extensions["heartwood_tracing"].provider.shutdown()
    dispose(app)


def test_a_request_is_a_span_with_its_statements_in_it(traced: Flask, collector: Collector) -> None:
    client = person(traced)
    client.get(f"{API}/checkins?from=2026-11-01T00:00:00Z", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    traced.extensions["heartwood_tracing"].provider.force_flush()
    mine = [span for span in collector.spans if span.trace_id.hex() == TRACE]
    (request,) = [span for span in mine if span.name == "GET /api/v1/checkins"]
    assert request.parent_span_id.hex() == "00f067aa0ba902b7"
    statements = [span for span in mine if span is not request]
    assert statements
    assert {span.parent_span_id for span in statements} == {request.span_id}
    attributes = {each.key: each.value for each in request.attributes}
    assert attributes["http.response.status_code"].int_value == 200


def test_a_trace_holds_neither_ids_nor_queries_nor_what_was_written(traced: Flask, collector: Collector) -> None:
    client = person(traced, timezone="Europe/Dublin")
    account = client.get(f"{API}/accounts/me").get_json()["id"]
    client.get(f"{API}/library/search?q=kettle")
    client.get(f"{API}/checkins/{account}")
    traced.extensions["heartwood_tracing"].provider.force_flush()
    text = "".join(map(str, collector.spans))
    assert "/api/v1/checkins/" in text
    assert not any(secret in text for secret in (account, "kettle", "Dublin", "127.0.0.1"))


def test_without_its_packages_the_start_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(StartRefused, match=r"requirements-otel\.txt"):
        create_app(settings_for(tmp_path, otel_endpoint="http://127.0.0.1:4318"))
