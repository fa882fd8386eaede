"""HMACs under the server's secret. There may be several secrets: the newest signs, older ones are still understood."""

import hashlib
import hmac
from collections.abc import Iterator

from flask import current_app


def sign(label: str, message: bytes) -> bytes:
    """HMAC-SHA-256 (RFC 2104) of the message under the newest secret: 32 bytes. Each use has a label of its own."""
    return next(signatures(label, message))


def signatures(label: str, message: bytes) -> Iterator[bytes]:
    """The HMAC under each secret, the newest first: what `sign` says now, and what it said before a rotation."""
    for secret in secrets_in_force():
        yield hmac.digest(secret.encode(), label.encode() + message, hashlib.sha256)


def is_signed(label: str, message: bytes, signature: bytes) -> bool:
    """Whether the signature was made by `sign`, under whichever secret that is still in force."""
    return any(hmac.compare_digest(signature, known) for known in signatures(label, message))


def lasting(label: str, message: bytes) -> bytes:
    """The HMAC under the oldest secret: for answers that have to stay the same while secrets come and go."""
    return list(signatures(label, message))[-1]


def secrets_in_force() -> list[str]:
    """The server's secrets, the newest first; never empty."""
    return [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]
