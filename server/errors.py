"""The one tree of errors. Each becomes a problem document (RFC 9457) with a stable `code`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from flask import Flask, Response, json
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.exceptions import HTTPException

from server.logs import log


class HeartwoodError(Exception):
    """Something a caller can put right, or must know of.

    `detail` says what happened and how to put it right; `errors` maps a field to what is wrong with it;
    `headers` go onto the answer; `extra` are further members of the problem document.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong on the server"

    def __init__(
        self,
        detail: str,
        errors: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


class BadRequest(HeartwoodError):
    status = 400
    code = "bad_request"
    title = "The request could not be read"


class Unauthorised(HeartwoodError):
    status = 401
    code = "sign_in_required"
    title = "Sign in first"


class Forbidden(HeartwoodError):
    status = 403
    code = "forbidden"
    title = "This is not allowed"


class NotFound(HeartwoodError):
    status = 404
    code = "not_found"
    title = "There is nothing here"


class Conflict(HeartwoodError):
    status = 409
    code = "conflict"
    title = "It was changed in the meantime"


class Gone(HeartwoodError):
    status = 410
    code = "resync_required"
    title = "Start again from the beginning"


class TooLarge(HeartwoodError):
    status = 413
    code = "too_large"
    title = "The request is too large"


class UnsupportedMediaType(HeartwoodError):
    status = 415
    code = "json_only"
    title = "Only JSON is understood"


class Invalid(HeartwoodError):
    status = 422
    code = "invalid"
    title = "Something in the request is not right"


class TooManyRequests(HeartwoodError):
    status = 429
    code = "too_many_requests"
    title = "Too many requests"


class Unavailable(HeartwoodError):
    status = 503
    code = "unavailable"
    title = "The server cannot do this right now"


#: Codes for refusals that the framework itself raises, by HTTP status.
FRAMEWORK_CODES = {
    error.status: error
    for error in (
        BadRequest, Unauthorised, Forbidden, NotFound, Conflict, Gone, TooLarge, UnsupportedMediaType, Invalid,
        TooManyRequests, Unavailable,
    )
}  # fmt: skip


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Response:
    """An `application/problem+json` answer (RFC 9457)."""
    document: dict[str, Any] = {
        "type": f"urn:heartwood:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        document["errors"] = errors
    document.update(extra or {})
    answer = Response(json.dumps(document), status=status, content_type="application/problem+json")
    answer.headers.update(headers or {})
    return answer


def from_heartwood(error: HeartwoodError) -> Response:
    return problem(error.status, error.code, error.title, error.detail, error.errors, error.headers, error.extra)


def from_http_exception(error: HTTPException) -> Response:
    """A refusal raised by Flask, Werkzeug or webargs, in the same shape as ours."""
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]  # a redirect is an answer, not a problem
    known = FRAMEWORK_CODES.get(status)
    phrase = HTTPStatus(status).phrase
    data: Mapping[str, Any] = getattr(error, "data", None) or {}
    errors = _flatten(data.get("errors") or data.get("messages"))
    detail = "Look at `errors` for what to change." if errors else (error.description or phrase)
    return problem(
        status,
        known.code if known else phrase.lower().replace(" ", "_"),
        known.title if known else phrase,
        detail,
        errors,
        {**_headers_of(error), **dict(data.get("headers") or {})},
    )


def _headers_of(error: HTTPException) -> dict[str, str]:
    return {name: value for name, value in error.get_headers() if name.lower() != "content-type"}


def _flatten(messages: Any) -> Mapping[str, Any] | None:
    """webargs groups messages by place (`json`, `query`); callers care about the field."""
    if not isinstance(messages, Mapping):
        return None
    flat: dict[str, Any] = {}
    for place, value in messages.items():
        if place in {"json", "query", "path", "json_or_form"} and isinstance(value, Mapping):
            flat.update({str(field): said for field, said in value.items()})
        else:
            flat[str(place)] = value
    return flat


def from_database(error: OperationalError | PoolTimeout) -> Response:
    """A locked, full or unreachable database: nothing was written, so the caller may try again."""
    log.error("database.unavailable", error=type(error).__name__, reason=str(getattr(error, "orig", error)))
    return from_heartwood(
        Unavailable(
            "The database did not take this just now. Nothing was changed; try again shortly.",
            headers={"Retry-After": "5"},
        )
    )


def from_deletion(_error: ObjectDeletedError) -> Response:
    """What a request changed was deleted by another one before the answer was written."""
    return from_heartwood(Conflict("This was deleted by another device just now."))


def from_deep_nesting(_error: RecursionError) -> Response:
    """JSON nested a thousand levels deep: the parser gives up before any view runs."""
    return from_heartwood(BadRequest("The JSON is nested too deeply to be read."))


def init_app(app: Flask) -> None:
    """Answer every error of the tree, of the framework and of the database with a problem document."""
    app.register_error_handler(HeartwoodError, from_heartwood)
    app.register_error_handler(HTTPException, from_http_exception)
    app.register_error_handler(OperationalError, from_database)
    app.register_error_handler(PoolTimeout, from_database)
    app.register_error_handler(ObjectDeletedError, from_deletion)
    app.register_error_handler(RecursionError, from_deep_nesting)
