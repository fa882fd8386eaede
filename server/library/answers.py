"""HTTP answers out of finished documents: weak ETags, 304, and the compression that the client understands."""

from flask import Response, request

from server.library.documents import WORTH_COMPRESSING, Finished

ASK_EACH_TIME = "public, no-cache"
KEEP_FOR_EVER = "public, max-age=31536000, immutable"


def answer(document: Finished, cache: str = ASK_EACH_TIME) -> Response:
    """`document`, or 304 without a body when the client has it already (RFC 9110, section 13.1.2)."""
    if request.if_none_match.contains_weak(document.etag):
        response = Response(status=304)
    else:
        encoding = _encoding(document)
        response = Response(document.encoded(encoding), content_type=document.content_type)
        if encoding:
            response.headers["Content-Encoding"] = encoding
    response.set_etag(document.etag, weak=True)
    response.headers["Cache-Control"] = cache
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _encoding(document: Finished) -> str | None:
    if len(document.body) < WORTH_COMPRESSING or not request.accept_encodings:
        return None
    best = request.accept_encodings.best_match(["br", "gzip", "identity"])
    return None if best == "identity" else best
