"""Serves the built app (pwa/dist): compressed files, long caching for hashed names, one page for all its routes.

A first visit gets that page with its words already in it (server/firstpage.py).
"""

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.datastructures import Headers
from whitenoise import WhiteNoise

from server.firstpage import FirstPages
from server.security import add_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: Names that Vite gives to built files carry a content hash.
HASHED = re.compile(r"^/assets/.+-[\w-]{6}\.\w+$")
#: The places of the app (pwa/src/App.svelte); each is answered with its one page.
PLACES = re.compile(r"^/(join|read|rings|write|help|settings|welcome|gallery)(/[\w./-]*)?$")
INDEX = "/"


class Frontend:
    """WSGI layer in front of Flask: files of the app first, everything else goes through."""

    def __init__(self, app: Flask) -> None:
        settings = app.config["SETTINGS"]
        self._https = settings.https
        self._first_pages = FirstPages(app, settings.pwa_path)
        self._files = WhiteNoise(
            app.wsgi_app,
            root=settings.pwa_path if settings.pwa_path.is_dir() else None,
            index_file=True,
            max_age=0,
            autorefresh=settings.dev,
            add_headers_function=self._headers,
            immutable_file_test=lambda _path, url: bool(HASHED.match(url)),
            mimetypes={".webmanifest": "application/manifest+json"},
        )

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if first := self._first_pages.answer(environ):
            add_headers(first.headers, self._https)
            return first(environ, start_response)
        if PLACES.match(environ["PATH_INFO"]):
            environ["PATH_INFO"] = INDEX
        return self._files(environ, start_response)  # type: ignore[no-any-return]  # untyped library

    def _headers(self, headers: Headers, path: str, url: str) -> None:
        add_headers(headers, self._https)
        if not HASHED.match(url):
            headers["Cache-Control"] = "no-cache"
            headers["ETag"] = etag_of(Path(path))


def etag_of(file: Path) -> str:
    """Made from what is in the file: size and time can be those of the version before, and no phone would update."""
    return f'"{sha256(file.read_bytes()).hexdigest()[:32]}"'


def init_app(app: Flask) -> None:
    """Put the built app in front of the API."""
    app.wsgi_app = Frontend(app)  # type: ignore[method-assign]
