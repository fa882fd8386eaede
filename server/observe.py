"""Every request gets an id and, at its end, is told of: to the log as one line, and to whoever else asked.

What is told is the route's template, never the path, the query, the address or the account.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import structlog
from flask import Flask, request, request_started
from werkzeug.wsgi import ClosingIterator

from server.logs import log

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-Id"
ROUTE = "heartwood.route"
#: Routes of files of the app, which never reach Flask, and of paths that there are not.
FILES, UNKNOWN = "files", "unknown"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: Asked every few seconds by machines: only worth a line when something is wrong.
QUIET = frozenset({"/healthz", "/readyz", "/metrics", FILES})
_GIVEN_ID = re.compile(r"[\w.-]{8,64}")


@dataclass(frozen=True, slots=True)
class Finished:
    """A request that has been answered. `route` is a template such as `/api/v1/checkins/<id>`; `seconds` includes
    the sending of the answer."""

    method: str
    route: str
    status: int
    seconds: float


Listener = Callable[[Finished], None]


class Requests:
    """The outermost WSGI layer."""

    def __init__(self, inner: "WSGIApplication", trust_given_id: bool, listeners: list[Listener]) -> None:
        self._inner = inner
        self._trust = trust_given_id
        self._listeners = listeners

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        started, status = time.perf_counter(), [500]
        request_id = self._id(environ)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        done = partial(self._done, environ, status, started)

        def answer(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            status[0] = int(line[:3])
            return start_response(line, [*headers, (HEADER, request_id)], *rest)

        try:
            body: Any = self._inner(environ, answer)
        except BaseException:
            done()
            raise
        if isinstance(body, environ.get("wsgi.file_wrapper", ())):
            done()  # left as it is, so that the web server can hand the file to the kernel
            return cast("Iterable[bytes]", body)
        return cast("Iterable[bytes]", ClosingIterator(body, done))

    def _id(self, environ: "WSGIEnvironment") -> str:
        given = str(environ.get("HTTP_X_REQUEST_ID", ""))
        return given if self._trust and _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)

    def _done(self, environ: "WSGIEnvironment", status: list[int], started: float) -> None:
        method = environ["REQUEST_METHOD"]
        finished = Finished(
            method if method in METHODS else "OTHER",
            environ.get(ROUTE, FILES),
            status[0],
            time.perf_counter() - started,
        )
        for listener in self._listeners:
            listener(finished)


def log_line(finished: Finished) -> None:
    """The access line."""
    write = log.debug if finished.route in QUIET and finished.status < 500 else log.info
    milliseconds = round(finished.seconds * 1000, 1)
    write("request", method=finished.method, route=finished.route, status=finished.status, ms=milliseconds)


def add_listener(app: Flask, listener: Listener) -> None:
    """Call `listener` at the end of every request, in the thread that served it."""
    _listeners(app).append(listener)


def _listeners(app: Flask) -> list[Listener]:
    found: list[Listener] = app.extensions.setdefault("heartwood_listeners", [log_line])
    return found


def route_of_request() -> str:
    """The template of the route that the request at hand matched."""
    return request.url_rule.rule if request.url_rule else UNKNOWN


def _note_route(_app: Flask, **_: Any) -> None:
    request.environ[ROUTE] = route_of_request()


def _log_exception(exc_info: Any) -> None:
    """In place of Flask's line, which holds the path and so ids."""
    log.exception("request.failed", route=request.environ.get(ROUTE, UNKNOWN))


def init_app(app: Flask) -> None:
    """Wrap the whole application. Called last, so that files of the app are seen too."""
    request_started.connect(_note_route, app)
    app.log_exception = _log_exception  # type: ignore[method-assign]  # one function fewer than a subclass
    trust = app.config["SETTINGS"].trusted_proxies > 0
    app.wsgi_app = Requests(app.wsgi_app, trust, _listeners(app))  # type: ignore[method-assign]
