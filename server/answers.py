"""How JSON is written. Answers to reads carry a weak ETag and shrink to 304 when the caller has them already."""

from typing import Any

import orjson
from flask import Flask, Response, current_app, request
from flask.json.provider import DefaultJSONProvider


class JsonProvider(DefaultJSONProvider):
    """Flask's JSON, written by orjson, which is several times quicker."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        try:
            return orjson.dumps(obj, default=self.default).decode()
        except TypeError:
            # Numbers as keys, halves of surrogate pairs: rare, in what tells a caller of their mistake.
            return super().dumps(obj, **kwargs)


def json_answer(document: Any, status: int = 200) -> Response:
    """The document as JSON. A GET that sends a matching `If-None-Match` gets 304 (RFC 9110, section 13.1.2)."""
    answer = Response(current_app.json.dumps(document), status, content_type="application/json")
    if request.method == "GET" and status == 200:
        answer.add_etag(weak=True)
        # Kept by the browser, asked about each time: what is private is never served stale.
        answer.headers["Cache-Control"] = "private, no-cache"
        if "If-None-Match" in request.headers:
            answer.make_conditional(request)
    return answer


def init_app(app: Flask) -> None:
    """Let everything that the application answers be written this way."""
    app.json = JsonProvider(app)
