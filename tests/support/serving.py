"""The application behind a real port, served from threads of the test's own process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class QuietHandler(WSGIRequestHandler):
    """Werkzeug's handler without a line for every request."""

    def log_request(self, *args: Any) -> None:
        pass


@contextmanager
def serving(app: Flask, port: int) -> Iterator[None]:
    """Serve `app` on loopback."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join()
