"""The `webpush` package's VAPID, signing once per push service instead of once per message."""

import threading
from typing import cast

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import AnyHttpUrl
from webpush.vapid import VAPID

from server import clock
from server.push.keys import Keys

#: Seconds a token is valid; RFC 8292 allows at most 24 h.
LIFETIME = 12 * 3600
#: A token is replaced so many seconds before it expires.
MARGIN = 3600
_NONE = (0.0, 0.0, "")


class CachedVapid(VAPID):  # type: ignore[misc]  # the package ships no types
    """Keeps the signed header of every origin until shortly before it expires, and the port in `aud`.

    `contact` is the `mailto:` or `https:` address for `sub` (RFC 8292, section 2.1).
    """

    def __init__(self, keys: Keys, contact: str) -> None:
        super().__init__(keys.private_pem, keys.public_pem)
        self._signing_key = cast("EllipticCurvePrivateKey", load_pem_private_key(keys.private_pem, None))
        self._key_text = keys.application_server_key
        self._contact = contact
        #: Origin → (from when, until when, header), in seconds since 1970.
        self._headers: dict[str, tuple[float, float, str]] = {}
        self._lock = threading.Lock()

    def get_authorization_header(self, endpoint: AnyHttpUrl, subscriber: str = "", expiration: int = LIFETIME) -> str:
        """The header for the endpoint's origin; the call's own `subscriber` and `expiration` are not used."""
        return self.header(_origin(endpoint))

    def header(self, origin: str) -> str:
        """The Authorization header for messages to `origin` (`https://host`, with the port if it is not 443)."""
        now = clock.seconds()
        begin, end, header = self._headers.get(origin, _NONE)
        return header if begin <= now < end else self._renewed(origin, int(now))

    def _renewed(self, origin: str, now: int) -> str:
        """Sign anew. Used from `now` on only: one from before the clock was set back would be valid for too long."""
        with self._lock:
            header = f"vapid t={self._signed(origin, now + LIFETIME)}, k={self._key_text}"
            self._headers[origin] = (now, now + LIFETIME - MARGIN, header)
        return header

    def _signed(self, origin: str, expires: int) -> str:
        claims = {"aud": origin, "exp": expires, "sub": self._contact}
        return jwt.encode(claims, self._signing_key, algorithm="ES256")


def _origin(endpoint: AnyHttpUrl) -> str:
    default = {"https": 443, "http": 80}.get(endpoint.scheme)
    port = "" if endpoint.port in (None, default) else f":{endpoint.port}"
    return f"{endpoint.scheme}://{endpoint.host}{port}"
