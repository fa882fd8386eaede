"""JSON answers; those to reads carry a weak ETag and shrink to 304 when the caller has them already."""

from typing import Any

from flask import Response, jsonify, request


def json_answer(document: Any, status: int = 200) -> Response:
    """The document as JSON. A GET that sends a matching `If-None-Match` gets 304 (RFC 9110, section 13.1.2)."""
    answer = jsonify(document)
    answer.status_code = status
    if request.method == "GET" and status == 200:
        answer.add_etag(weak=True)
        # Kept by the browser, asked about each time: what is private is never served stale.
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.make_conditional(request)
    return answer
