"""Who may call what, what a request must look like, and the headers every answer carries."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from flask_login import current_user
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge

from server.errors import Forbidden, TooLarge, Unauthorised, UnsupportedMediaType

P = ParamSpec("P")
R = TypeVar("R")

BODY_LIMIT = 1 << 20
TOO_LARGE = "Send at most 1 MiB at once."
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
ACCESS_ATTRIBUTE = "heartwood_access"

#: No inline script or style, no other origin, and HTML only through the app's own Trusted Types policy
#: (W3C CSP Level 3; W3C Trusted Types).
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types svelte-trusted-html heartwood",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
}
HEADERS_ON_HTTPS = {**HEADERS, "Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view as open to everybody."""
    setattr(view, ACCESS_ATTRIBUTE, "public")
    return view


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Let only a signed-in person call the view; anybody else gets 401 `sign_in_required`."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_user.is_authenticated:
            raise Unauthorised("This needs an account. Sign in, or make one with POST /api/v1/accounts.")
        return view(*args, **kwargs)

    setattr(guarded, ACCESS_ATTRIBUTE, "signed_in")
    return guarded


def refuse_foreign_and_odd_requests() -> None:
    """Guard of the API: writes come from our own pages, as JSON, and are not too large.

    Cookies are SameSite=Lax; Origin and Sec-Fetch-Site are the second wall (OWASP CSRF cheat sheet,
    "Fetch Metadata"). Clients that are no browsers send neither and are let through.
    """
    if not request.path.startswith("/api/") or request.method not in WRITING:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden("Another site may not send this.")
    origin = request.headers.get("Origin")
    if origin is not None and origin not in _own_origins():
        raise Forbidden("Another site may not send this.")
    if _body_of_request() and not request.is_json:
        raise UnsupportedMediaType("Send JSON with Content-Type: application/json.")


def _body_of_request() -> bytes:
    """The whole body, read here so that a streamed one is bounded too; Flask keeps it for the view."""
    try:
        body = request.get_data()
    except RequestEntityTooLarge as error:
        raise TooLarge(TOO_LARGE) from error
    if request.content_length is None and len(body) >= BODY_LIMIT:
        # Werkzeug cuts a stream of unknown length at the limit without a word.
        raise TooLarge(TOO_LARGE)
    return body


def _own_origins() -> set[str]:
    own = {request.host_url.rstrip("/")}
    public_url = current_app.config["SETTINGS"].public_url
    if public_url:
        parts = urlsplit(public_url)
        own.add(f"{parts.scheme}://{parts.netloc}")
    return own


def add_headers(headers: Headers, https: bool) -> None:
    """Put the headers of every answer on `headers` where a view has not set its own."""
    given = {name.lower() for name, _ in headers.items()}
    for name, value in (HEADERS_ON_HTTPS if https else HEADERS).items():
        if name.lower() not in given:
            headers.add_header(name, value)


def init_app(app: Flask) -> None:
    """Install the request guards and the answer headers."""
    https = app.config["SETTINGS"].https
    app.before_request(refuse_foreign_and_odd_requests)

    @app.after_request
    def finish(response: Response) -> Response:
        add_headers(response.headers, https)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
