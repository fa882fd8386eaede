"""What a first visit reads before any script has come: a place of the app, or the text that its address names.

The app's build draws these pages with the app's own parts, as Jinja templates with brackets for marks
(pwa/src/first-pages.ts). What is filled in is in its page twice: to be read, and as the data that the app starts from.
"""

import json
import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from server.library import service
from server.library.answers import answer
from server.library.documents import Finished, Shelf
from server.security import CONTENT_SECURITY_POLICY

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: The places that are the same for everybody on a first visit, and their templates.
PLACES = {"/": "welcome", "/read": "read", "/rings": "rings", "/write": "write", "/help": "help"}
#: Of these, the ones that show something else where a query asks for it.
WITH_SHELVES = frozenset({"/read", "/write"})
#: The texts that can be read without the app (pwa/src/screens/index.svelte.ts); practices need it.
TEXT = re.compile(r"^/read/((readings|guides)/[\w-]+)$")
STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
#: What the path shows of a reading.
OUTLINE = ("slug", "title", "lang", "minutes", "order", "chapter")
#: The language of the words around a text.
LANGUAGE = "en"
#: Marks that are in no style and in no HTML of ours.
TEMPLATES = Environment(
    autoescape=True,
    undefined=StrictUndefined,
    variable_start_string="[[",
    variable_end_string="]]",
    block_start_string="[%",
    block_end_string="%]",
    comment_start_string="[#",
    comment_end_string="#]",
)


@dataclass(frozen=True, slots=True)
class FirstPage:
    """A finished page, and the policy that lets its own style through."""

    page: Finished
    policy: str


class FirstPages:
    """The pages of the app built in `built`, each made when it is first asked for."""

    def __init__(self, app: Flask, built: Path) -> None:
        self._app = app
        self._built = built / "first"
        self._made: dict[tuple[str, str, int], FirstPage] = {}

    def answer(self, environ: "WSGIEnvironment") -> Response | None:
        """The page for a first visit; None where the app draws it all, and for whoever has been here before."""
        if not self._is_first_visit(environ):
            return None
        with self._app.request_context(environ):
            first = self._page(environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
            if first is None:
                return None
            response = answer(first.page)
        response.headers["Content-Security-Policy"] = first.policy
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

    def _page(self, path: str, query: str) -> FirstPage | None:
        shelf = service.shelf(LANGUAGE)
        name, ref = _named(path, query, shelf)
        template = self._built / f"{name}.html"
        if name is None or not template.is_file():
            return None
        key = (ref or name, shelf.library.version, template.stat().st_mtime_ns)
        if key not in self._made:
            self._made[key] = _filled(template.read_text(), _values(shelf, name, ref))
        return self._made[key]


def _named(path: str, query: str, shelf: Shelf) -> tuple[str | None, str]:
    """The template for `path` and the ref of its text: (None, "") where there is none, or none in our language."""
    if path in PLACES:
        return (None if query and path in WITH_SHELVES else PLACES[path]), ""
    text = TEXT.match(path)
    item = text and shelf.library.by_ref.get(text[1])
    return (item.kind, item.ref) if item and item.lang.split("-")[0] == LANGUAGE else (None, "")


def _values(shelf: Shelf, name: str, ref: str) -> dict[str, Any]:
    """What the template speaks of."""
    library = json.loads(shelf.documents[""].body)
    if ref:
        return _of_text(json.loads(shelf.documents[ref].body), ref, library["chapters"])
    return _of_path(library) if name == "read" else {"arrived": ""}


def _of_text(text: dict[str, Any], ref: str, chapters: list[dict[str, str]]) -> dict[str, Any]:
    chapter = next((each["title"] for each in chapters if each["id"] == text.get("chapter")), "")
    arrived = _data({"ref": ref, "text": text, "chapters": chapters})
    return {"text": text, "chapter": chapter, "html": Markup(text["html"]), "arrived": arrived}  # noqa: S704  # cleaned


def _of_path(library: dict[str, Any]) -> dict[str, Any]:
    path = [{name: reading[name] for name in OUTLINE} for reading in library["readings"]]
    shown = {"chapters": library["chapters"], "takeaways": library["takeaways"]}
    chapters = [
        {**chapter, "readings": [reading for reading in path if reading["chapter"] == chapter["id"]]}
        for chapter in library["chapters"]
    ]
    return {**shown, "chapters": chapters, "arrived": _data({**shown, "path": path})}


def _data(value: dict[str, Any]) -> Markup:
    """A block of data that no parser of HTML takes for anything else."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(f'<script type="application/json" id="arrived">{data}</script>')  # noqa: S704  # no "<" is left in it


def _filled(template: str, values: dict[str, Any]) -> FirstPage:
    page = TEMPLATES.from_string(template).render(values).encode()
    return FirstPage(Finished(page, "text/html; charset=utf-8"), _policy(page))


def _policy(page: bytes) -> str:
    """That of every answer, which also lets the page's own style through, by its hash (W3C CSP Level 3, 6.7.3.3)."""
    style = STYLE.search(page)
    if style is None:
        return CONTENT_SECURITY_POLICY
    digest = b64encode(sha256(style[1]).digest()).decode()
    return CONTENT_SECURITY_POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{digest}'")
