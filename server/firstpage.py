"""What a first visit reads before any script has come: the welcome, or the text that its address names.

The app's build draws these pages with the app's own parts and leaves places to fill, `%name%`
(pwa/src/first-pages.ts). A text is in its page twice: to be read, and as the data that the app starts from.
"""

import html
import json
import re
from base64 import b64encode
from hashlib import sha256
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response

from server.library import service
from server.library.answers import answer
from server.library.documents import Finished, Shelf
from server.security import CONTENT_SECURITY_POLICY

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

WELCOME = "/"
#: The texts that can be read without the app (pwa/src/screens/index.svelte.ts); practices need it.
TEXT = re.compile(r"^/read/((readings|guides)/[\w-]+)$")
PLACE_TO_FILL = re.compile(r"%(title|chapter|minutes|summary|html|arrived)%")
STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
#: The language of the words around a text.
LANGUAGE = "en"


class FirstPages:
    """The pages of the app built in `built`, each made when it is first asked for."""

    def __init__(self, app: Flask, built: Path) -> None:
        self._app = app
        self._built = built / "first"
        self._made: dict[tuple[str, str, int], Finished] = {}

    def answer(self, environ: "WSGIEnvironment") -> Response | None:
        """The page for a first visit; None where the app draws it all, and for whoever has been here before."""
        if not self._is_first_visit(environ):
            return None
        with self._app.request_context(environ):
            page = self._page(environ["PATH_INFO"])
            if page is None:
                return None
            response = answer(page)
        response.headers["Content-Security-Policy"] = _policy(page)
        response.vary.update(("Cookie", "If-None-Match", "Sec-Fetch-Mode"))
        return response

    def _is_first_visit(self, environ: "WSGIEnvironment") -> bool:
        """A navigation by a browser that has neither a session nor a page of ours in its cache.

        Where the app was before, its service worker answers. The page that it keeps for that has no words in it: it
        comes by `fetch` and not by navigating (W3C Fetch Metadata).
        """
        navigates = environ["REQUEST_METHOD"] == "GET" and environ.get("HTTP_SEC_FETCH_MODE") == "navigate"
        return navigates and "HTTP_IF_NONE_MATCH" not in environ and not self._has_session(environ)

    def _has_session(self, environ: "WSGIEnvironment") -> bool:
        return self._app.config["SESSION_COOKIE_NAME"] in SimpleCookie(environ.get("HTTP_COOKIE", ""))

    def _page(self, path: str) -> Finished | None:
        shelf = service.shelf(LANGUAGE)
        ref = _named(path, shelf)
        template = self._built / f"{(ref or 'welcome').split('/')[0]}.html"
        if ref is None or not template.is_file():
            return None
        key = (ref, shelf.library.version, template.stat().st_mtime_ns)
        if key not in self._made:
            self._made[key] = _filled(template.read_text(), _values(shelf, ref))
        return self._made[key]


def _policy(page: Finished) -> str:
    """That of every answer, which also lets the page's own style through, by its hash (W3C CSP Level 3, 6.7.3.3)."""
    style = STYLE.search(page.body)
    if style is None:
        return CONTENT_SECURITY_POLICY
    digest = b64encode(sha256(style[1]).digest()).decode()
    return CONTENT_SECURITY_POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{digest}'")


def _named(path: str, shelf: Shelf) -> str | None:
    """The ref of the text at `path`, "" for the welcome, None for anything else and for a text in another language."""
    if path == WELCOME:
        return ""
    text = TEXT.match(path)
    item = text and shelf.library.by_ref.get(text[1])
    return item.ref if item and item.lang.split("-")[0] == LANGUAGE else None


def _values(shelf: Shelf, ref: str) -> dict[str, str]:
    """What the places of a page stand for, as HTML."""
    if not ref:
        return {"arrived": ""}
    text: dict[str, Any] = json.loads(shelf.documents[ref].body)
    chapters = json.loads(shelf.documents[""].body)["chapters"]
    shown = {name: html.escape(str(text[name])) for name in ("title", "minutes", "summary")}
    chapter = next((each["title"] for each in chapters if each["id"] == text.get("chapter")), "")
    arrived = _data({"ref": ref, "text": text, "chapters": chapters})
    return {**shown, "chapter": html.escape(chapter), "html": text["html"], "arrived": arrived}


def _data(value: dict[str, Any]) -> str:
    """A block of data that no parser of HTML takes for anything else."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="arrived">{data}</script>'


def _filled(template: str, values: dict[str, str]) -> Finished:
    page = PLACE_TO_FILL.sub(lambda place: values[place[1]], template)
    return Finished(page.encode(), "text/html; charset=utf-8")
