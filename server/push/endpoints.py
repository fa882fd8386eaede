"""Which push endpoints are sent to. They are URLs that a browser hands us, so they are not trusted. Pure."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from server.http import PLAIN_NAME

LIMIT = 2048
_VISIBLE = re.compile(r"[!-~]+")


class EndpointRefused(ValueError):
    """The URL is no push endpoint that we send to; the message says why."""


def check_endpoint(url: str, hosts: Iterable[str]) -> str:
    """The URL, unchanged. Raises EndpointRefused unless it is https on port 443 at one of `hosts`.

    In `hosts`, `*.push.apple.com` stands for any sub-domain of `push.apple.com`.
    """
    if len(url) > LIMIT or not _VISIBLE.fullmatch(url) or "\\" in url:
        raise EndpointRefused(f"Give a URL of at most {LIMIT} plain characters.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise EndpointRefused("This is not a URL.") from error
    if parts.scheme != "https" or port not in (None, 443):
        raise EndpointRefused("Only https on port 443 is sent to.")
    if "@" in parts.netloc or parts.fragment:
        raise EndpointRefused("A push endpoint has no user name and no fragment.")
    if not PLAIN_NAME.fullmatch(host) or not any(_matches(host, allowed) for allowed in hosts):
        raise EndpointRefused("This is not a push service that this server sends to.")
    return url


def host_of(url: str) -> str:
    """The host of a checked endpoint."""
    return urlsplit(url).hostname or ""


def _matches(host: str, allowed: str) -> bool:
    if allowed.startswith("*."):
        return host.endswith(allowed[1:]) and len(host) > len(allowed) - 1
    return host == allowed
