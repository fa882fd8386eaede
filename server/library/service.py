"""The one door to the library for the rest of the server."""

import threading
import time
from pathlib import Path

from flask import Flask, current_app

from server.errors import NotFound
from server.library import build, integrity, loader
from server.library.documents import Document, Shelf, publish
from server.library.model import Library
from server.library.search import search
from server.library.source import ContentError
from server.logs import log

#: When content may change under us, how often we look, in seconds.
LOOK_EVERY = 0.5
EXTENSION = "heartwood_library"

Shelves = dict[str, Shelf]
Signature = tuple[tuple[str, int, int], ...]

_loaded: dict[Path, tuple[Signature, Shelves]] = {}
_lock = threading.Lock()


def load(root: Path) -> Shelves:
    """Every locale under the content folder `root`. Reads again only what is not as it was when last loaded.

    Raises ContentError with one `file:line: message` a line when anything is missing, broken or dangling.
    """
    with _lock:
        now = signature(root)
        if root not in _loaded or _loaded[root][0] != now:
            _loaded[root] = (now, _load(root))
        return _loaded[root][1]


def _load(root: Path) -> Shelves:
    content = loader.read(root)
    if findings := integrity.broken(content):
        raise ContentError(findings)
    return {locale: publish(build.build(content, locale)) for locale in content.locales}


def signature(root: Path) -> Signature:
    """Names, sizes and times of change of all files under `root`; equal as long as nothing has changed."""
    stats = ((path, path.stat()) for path in sorted(root.rglob("*")) if path.is_file())
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


class Shelving:
    """The shelves of one application; with `watch` they are loaded again when a file changes."""

    def __init__(self, root: Path, watch: bool) -> None:
        self._root = root
        self._watch = watch
        self._shelves = load(root)
        self._seen = signature(root)
        self._looked = time.monotonic()

    def shelf(self, locale: str) -> Shelf:
        """The shelf nearest to `locale`: its own, else that of its language, else English."""
        if self._watch:
            self._look()
        language = locale.split("-")[0].lower()
        return self._shelves.get(locale) or self._shelves.get(language) or self._shelves[loader.FALLBACK]

    def _look(self) -> None:
        """A text that is half written is a line in the log; the last good library stays."""
        if time.monotonic() - self._looked < LOOK_EVERY:
            return
        self._looked = time.monotonic()
        now = signature(self._root)
        if now == self._seen:
            return
        self._seen = now
        try:
            self._shelves = load(self._root)
            log.info("content.reloaded")
        except ContentError as error:
            log.warning("content.broken", findings=[str(finding) for finding in error.findings])


def init_app(app: Flask) -> None:
    """Load all content. Raises ContentError, which stops the start, when it cannot be served."""
    settings = app.config["SETTINGS"]
    app.extensions[EXTENSION] = Shelving(settings.content_path, watch=settings.dev)


def shelf(locale: str) -> Shelf:
    """The library of `locale` and its finished answers."""
    shelving: Shelving = current_app.extensions[EXTENSION]
    return shelving.shelf(locale)


def library(locale: str = loader.FALLBACK) -> Library:
    """The content for `locale` (a BCP 47 tag such as an account's), in English where it is not translated."""
    return shelf(locale).library


def document(locale: str, name: str) -> Document:
    """The finished answer called `name`. Raises NotFound when there is no such item."""
    found = shelf(locale).documents.get(name)
    if found is None:
        raise NotFound("There is no such text in the library. GET /api/v1/library lists them all.")
    return found


def find(locale: str, query: str, limit: int) -> list[dict[str, str | int]]:
    """The best items for `query`, best first: ref, title, summary and score."""
    found = library(locale)
    shown = {f"books/{book.slug}": (book.title, book.good_for) for book in found.books}
    shown |= {item.ref: (item.title, item.summary) for item in found.by_ref.values()}
    return [
        {"ref": hit.ref, "title": shown[hit.ref][0], "summary": shown[hit.ref][1], "score": hit.score}
        for hit in search(found.index, query, limit)
    ]
