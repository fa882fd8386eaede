"""Traces for OpenTelemetry when OTEL_EXPORTER_OTLP_ENDPOINT is set: a span a request, and in it one a statement.

A span holds the route's template and the statement with its placeholders; no path, no address, no value of anybody.
The packages are in requirements-otel.txt and are not needed otherwise.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, Response, g, request, request_finished, request_started, request_tearing_down

from server import reads
from server.config import Settings, StartRefused
from server.database import db
from server.observe import route_of_request

MISSING = "OTEL_EXPORTER_OTLP_ENDPOINT needs more packages: pip install -r requirements-otel.txt"


class Tracing:
    """Follows the requests and statements of one application."""

    def __init__(self, settings: Settings) -> None:
        try:
            from opentelemetry import context, propagate, trace
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as error:
            raise StartRefused(MISSING) from error
        self._context, self._trace, self._propagate = context, trace, propagate
        self.provider = TracerProvider(resource=Resource.create({"service.name": "heartwood"}))
        exporter = OTLPSpanExporter(f"{settings.otel_endpoint}/v1/traces")
        self.provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self.provider.get_tracer("heartwood")

    def begin(self, _app: Flask, **_: Any) -> None:
        """A request has come in; it goes on with the trace of whoever sent it."""
        route = route_of_request()
        span = self._tracer.start_span(
            f"{request.method} {route}",
            context=self._propagate.extract({name.lower(): value for name, value in request.headers}),
            kind=self._trace.SpanKind.SERVER,
            attributes={"http.request.method": request.method, "http.route": route},
        )
        structlog.contextvars.bind_contextvars(trace=f"{span.get_span_context().trace_id:032x}")
        g.heartwood_span = span, self._context.attach(self._trace.set_span_in_context(span))

    def answered(self, _app: Flask, response: Response, **_: Any) -> None:
        """The answer is known."""
        span, _token = g.heartwood_span
        span.set_attribute("http.response.status_code", response.status_code)
        if response.status_code >= 500:
            span.set_status(self._trace.StatusCode.ERROR)

    def end(self, _app: Flask, **_: Any) -> None:
        """The request is over."""
        span, token = g.pop("heartwood_span", (None, None))
        if span is not None:
            self._context.detach(token)
            span.end()

    def statement_begins(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """A statement is about to run. Values are apart from it, in parameters, and stay there."""
        connection.info["heartwood_span"] = self._statement(connection.dialect.name, statement)

    def statement_ends(self, connection: Any, *_: Any) -> None:
        """It has run."""
        connection.info.pop("heartwood_span").end()

    @contextmanager
    def around(self, dialect: str, statement: str) -> Iterator[None]:
        """The same for a statement that goes to the driver by `server.reads`."""
        span = self._statement(dialect, statement)
        try:
            yield
        finally:
            span.end()

    def _statement(self, dialect: str, statement: str) -> Any:
        attributes = {"db.system.name": dialect, "db.query.text": statement}
        return self._tracer.start_span(statement.split(None, 1)[0].upper(), attributes=attributes)


def init_app(app: Flask) -> None:
    """Trace when the settings want it. Raises StartRefused when the packages are missing."""
    settings: Settings = app.config["SETTINGS"]
    if not settings.otel_endpoint:
        return
    tracing = app.extensions["heartwood_tracing"] = Tracing(settings)
    request_started.connect(tracing.begin, app)
    request_finished.connect(tracing.answered, app)
    request_tearing_down.connect(tracing.end, app)
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", tracing.statement_begins)
        sa.event.listen(db.engine, "after_cursor_execute", tracing.statement_ends)
        reads.reader().watch = partial(tracing.around, db.engine.dialect.name)
