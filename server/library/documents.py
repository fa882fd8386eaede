"""What is served, as finished bytes: made once a start, so that an answer is a look-up."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import brotli

from server.library.model import HelpLines, Library
from server.library.schemas import ITEM_SCHEMAS, BundleSchema, HelpLinesSchema, LibrarySchema

#: Below one TCP segment nothing is won by compressing.
WORTH_COMPRESSING = 1400


class Finished:
    """The bytes of an answer with their ETag and their compressed forms, which are made when first asked for."""

    def __init__(self, body: bytes, content_type: str) -> None:
        self.body = body
        self.content_type = content_type
        self.etag = hashlib.sha256(self.body).hexdigest()[:24]

    @cached_property
    def brotli(self) -> bytes:
        compressed: bytes = brotli.compress(self.body, mode=brotli.MODE_TEXT, quality=9)
        return compressed

    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.body, 6, mtime=0)

    def encoded(self, encoding: str | None) -> bytes:
        """The bytes for a Content-Encoding: `br`, `gzip` or None."""
        return {"br": lambda: self.brotli, "gzip": lambda: self.gzip}.get(encoding or "", lambda: self.body)()


class Document(Finished):
    """A finished JSON answer."""

    def __init__(self, data: Any) -> None:
        super().__init__(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), "application/json")


@dataclass(frozen=True, slots=True)
class Shelf:
    """One locale, ready to be served: the library and its answers by path below `/library`."""

    library: Library
    documents: Mapping[str, Document]

    def helplines(self, region: str | None) -> Document:
        """The answer for `region`, that for everywhere where there is none."""
        return self.documents.get(f"helplines/{(region or '').upper()}") or self.documents["helplines"]


def publish(library: Library) -> Shelf:
    """`library` with its version, and every answer about it."""
    bundle = _bundle(library)
    version = hashlib.sha256(json.dumps(bundle, sort_keys=True).encode()).hexdigest()[:16]
    library = replace(library, version=version)
    documents = {
        "": Document(LibrarySchema().dump(library)),
        "bundle": Document({**bundle, "version": version}),
        "helplines": Document(HelpLinesSchema().dump(library.international)),
    }
    for item in library.by_ref.values():
        documents[item.ref] = Document(ITEM_SCHEMAS[item.kind].dump(item))
    for region, lines in library.regions.items():
        documents[f"helplines/{region}"] = Document(HelpLinesSchema().dump(lines))
    return Shelf(library, documents)


def _bundle(library: Library) -> dict[str, Any]:
    lines: list[HelpLines] = [library.international, *library.regions.values()]
    bundle: dict[str, Any] = BundleSchema(exclude=("helplines", "search")).dump(library)
    return {**bundle, "helplines": HelpLinesSchema(many=True).dump(lines), "search": library.index}
