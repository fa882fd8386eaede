"""`/metrics` for Prometheus: requests counted here, the figures of features from their own `metrics.py`.

With PROMETHEUS_MULTIPROC_DIR all processes of a machine add up in one folder and any of them answers for all.
"""

import hmac
import ipaddress
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from werkzeug.serving import WSGIRequestHandler, make_server

from server import observe
from server.config import Settings
from server.errors import Forbidden, Unauthorised
from server.extensions import limiter
from server.security import public

REQUESTS = Counter("heartwood_http_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "heartwood_http_request_seconds",
    "Seconds from the first byte of a request to the last of its answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

#: What a process that serves nobody answers on STATUS_PORT.
STATUS_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})

Figures = Callable[[], Iterable[Metric]]

blueprint = Blueprint("metrics", __name__)
limiter.exempt(blueprint)


@blueprint.get("/metrics")
@public
def show() -> Response:
    """Everything counted, in Prometheus's text format or OpenMetrics."""
    _refuse_strangers()
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(_registry()), content_type=content_type)


def add_figures(app: Flask, figures: Figures) -> None:
    """Add figures that are read anew for each scrape, such as those of the database. Called in an app context."""
    _figures(app).append(figures)


def serve_status(app: Flask) -> Callable[[], None] | None:
    """Answer STATUS_PATHS on STATUS_PORT in a thread, if the settings want it; a function that ends it."""
    settings: Settings = app.config["SETTINGS"]
    if not settings.status_port:
        return None
    server = make_server(settings.host, settings.status_port, _only_status(app), True, request_handler=_Silent)
    threading.Thread(target=server.serve_forever, name="status", daemon=True).start()
    return server.shutdown


def process_ended(settings: Settings, pid: int) -> None:
    """Take what a dead process was doing out of the sum; what it had counted stays."""
    if settings.metrics_folder:
        mark_process_dead(pid, settings.metrics_folder)  # type: ignore[no-untyped-call]


def _refuse_strangers() -> None:
    settings: Settings = current_app.config["SETTINGS"]
    if settings.metrics_token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), settings.metrics_token.encode()):
            raise Unauthorised("Send Authorization: Bearer with METRICS_TOKEN.", headers={"WWW-Authenticate": "Bearer"})
    elif not _from_this_machine():
        raise Forbidden("Only this machine may ask. Set METRICS_TOKEN to ask from another.")


def _from_this_machine() -> bool:
    """A reverse proxy on this machine passes strangers on, but says so in a header."""
    passed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    address = ipaddress.ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104  # nobody's address, not a binding
    return address.is_loopback and not passed_on


class _AtScrape(Collector):
    """Passes on metrics that are made at the moment of the scrape."""

    def __init__(self, collect: Figures) -> None:
        self._collect = collect

    def collect(self) -> Iterator[Metric]:
        yield from self._collect()


def _registry() -> CollectorRegistry:
    settings: Settings = current_app.config["SETTINGS"]
    registry = CollectorRegistry()
    if settings.metrics_folder:
        registry.register(_AtScrape(partial(_of_all_processes, Path(settings.metrics_folder))))
    else:
        registry.register(_AtScrape(REGISTRY.collect))
    for figures in _figures(current_app):
        registry.register(_AtScrape(figures))
    return registry


def _of_all_processes(folder: Path) -> Iterable[Metric]:
    """What the processes of this machine have counted.

    A process makes its file before the file has a size, and one that is killed just then leaves it so for ever. The
    collector of the library stumbles over such a file, so it gets the others.
    """
    files = [str(file) for file in folder.glob("*.db") if _size(file) > 0]
    merged: Iterable[Metric] = MultiProcessCollector.merge(files, accumulate=True)  # type: ignore[no-untyped-call]
    return merged


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        # The file of a process that has just ended.
        return 0


def _figures(app: Flask) -> list[Figures]:
    found: list[Figures] = app.extensions.setdefault("heartwood_figures", [])
    return found


def _count(finished: observe.Finished) -> None:
    REQUESTS.labels(finished.method, finished.route, str(finished.status)).inc()
    SECONDS.labels(finished.route).observe(finished.seconds)


def _only_status(app: Flask) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] not in STATUS_PATHS:
            return Response(status=404)(environ, start_response)
        return app.wsgi_app(environ, start_response)

    return answer


class _Silent(WSGIRequestHandler):
    """The requests are in our own log."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def init_app(app: Flask) -> None:
    """Count requests and serve the page when METRICS is on."""
    if app.config["SETTINGS"].metrics:
        app.register_blueprint(blueprint)
        observe.add_listener(app, _count)
