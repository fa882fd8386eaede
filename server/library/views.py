"""Read-only calls; open to everybody, since the app works before any account."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from server.library import service
from server.library.answers import ASK_EACH_TIME, KEEP_FOR_EVER, answer
from server.library.documents import Document
from server.library.schemas import (
    BundleArgs,
    BundleSchema,
    GuideSchema,
    HelpLinesArgs,
    HelpLinesSchema,
    HitsSchema,
    LibrarySchema,
    LocaleArgs,
    PracticeSchema,
    ReadingSchema,
    SearchArgs,
)
from server.schemas import page
from server.security import public

blueprint = Blueprint(
    "library", __name__, url_prefix="/api/v1/library", description="Readings, guides, practices and help lines."
)


@blueprint.get("")
@blueprint.arguments(LocaleArgs, location="query")
@blueprint.response(200, LibrarySchema)
@public
def contents(args: dict[str, Any]) -> Response:
    """The table of contents: chapters, takeaways, and a summary of every reading, guide, practice and book."""
    return answer(service.document(args["locale"], ""))


@blueprint.get("/readings/<slug>")
@blueprint.arguments(LocaleArgs, location="query")
@blueprint.response(200, ReadingSchema)
@public
def reading(args: dict[str, Any], slug: str) -> Response:
    """One reading of the core path, with its text as clean HTML."""
    return answer(service.document(args["locale"], f"readings/{slug}"))


@blueprint.get("/guides/<slug>")
@blueprint.arguments(LocaleArgs, location="query")
@blueprint.response(200, GuideSchema)
@public
def guide(args: dict[str, Any], slug: str) -> Response:
    """One guide for a certain moment, with its text as clean HTML."""
    return answer(service.document(args["locale"], f"guides/{slug}"))


@blueprint.get("/practices/<slug>")
@blueprint.arguments(LocaleArgs, location="query")
@blueprint.response(200, PracticeSchema)
@public
def practice(args: dict[str, Any], slug: str) -> Response:
    """One practice with its steps, why it may help, and how sure that is."""
    return answer(service.document(args["locale"], f"practices/{slug}"))


@blueprint.get("/helplines")
@blueprint.arguments(HelpLinesArgs, location="query")
@blueprint.response(200, HelpLinesSchema)
@public
def helplines(args: dict[str, Any]) -> Response:
    """The help lines of a region; the international ones, marked `fallback`, where there are none."""
    return answer(service.shelf(args["locale"]).helplines(args["region"]))


@blueprint.get("/bundle")
@blueprint.arguments(BundleArgs, location="query")
@blueprint.response(200, BundleSchema)
@public
def bundle(args: dict[str, Any]) -> Response:
    """Everything in one answer for offline use, search index included; immutable under its own `?v=<version>`."""
    shelf = service.shelf(args["locale"])
    current = args["v"] == shelf.library.version
    return answer(shelf.documents["bundle"], KEEP_FOR_EVER if current else ASK_EACH_TIME)


@blueprint.get("/search")
@blueprint.arguments(SearchArgs, location="query")
@blueprint.response(200, HitsSchema)
@public
def search(args: dict[str, Any]) -> Response:
    """The items that fit the words best, best first; titles and summaries weigh more than the text."""
    return answer(Document(page(service.find(args["locale"], args["q"], args["limit"]), None)))
