"""What push services demand of a sender, as strictly as the strictest: RFC 8030, 8188, 8291 and 8292."""

import base64
import hmac
import re
from collections.abc import Mapping

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.clock import now

LARGEST = 4096
DAY = 86_400


class Refused(Exception):
    """The message breaks a rule; `status` is what a push service answers."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def unpadded(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url, padded or not."""
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def check_message(headers: Mapping[str, str], body: bytes, host: str, key: str) -> None:
    """Raises Refused unless the message may be sent to a subscription made with `key` at `host`."""
    check_vapid(headers.get("Authorization", ""), f"https://{host}", key)
    if not re.fullmatch(r"\d{1,9}", headers.get("TTL", "")):
        raise Refused(400, "TTL is missing or no number")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", headers.get("Topic", "x")):
        raise Refused(400, "Topic must be up to 32 characters of base64url")
    if headers.get("Urgency", "normal") not in {"very-low", "low", "normal", "high"}:
        raise Refused(400, "Urgency is unknown")
    if len(body) > LARGEST:
        raise Refused(413, f"{len(body)} bytes are too many")
    if headers.get("Content-Encoding") != "aes128gcm":
        raise Refused(400, "Content-Encoding must be aes128gcm")


def check_vapid(authorization: str, audience: str, key: str) -> None:
    """Raises Refused unless the header is signed by `key` for `audience` and valid for at most a day."""
    parts = re.fullmatch(r"vapid t=([\w.-]+), ?k=([\w-]+)", authorization)
    if parts is None:
        raise Refused(401, "no VAPID authorization")
    if decoded(parts[2]) != decoded(key):
        raise Refused(403, "the key is not the one of the subscription")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(parts[2]))
    try:
        claims = jwt.decode(
            parts[1], public, algorithms=["ES256"], audience=audience, options={"require": ["exp", "aud", "sub"]}
        )
    except jwt.InvalidTokenError as error:
        raise Refused(401, f"bad token: {error}") from error
    if claims["exp"] > now().timestamp() + DAY:
        raise Refused(401, "exp is more than 24 hours ahead")
    if not str(claims["sub"]).startswith(("mailto:", "https:")):
        raise Refused(401, "sub must be mailto: or https:")


def decrypt(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """What a browser reads in an aes128gcm message (RFC 8188, RFC 8291). Raises InvalidTag for a broken one."""
    salt, key_length = body[:16], body[20]
    theirs, sealed = body[21 : 21 + key_length], body[21 + key_length :]
    ours = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    ikm = _hkdf(auth, shared, b"WebPush: info\0" + ours + theirs, 32)
    key = _hkdf(salt, ikm, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, ikm, b"Content-Encoding: nonce\0", 12)
    padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
    if padded[-1:] != b"\2":
        raise ValueError("the last record must end in 2")
    return padded[:-1]


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA-256 of up to one block (RFC 5869)."""
    return hmac.digest(hmac.digest(salt, secret, "sha256"), info + b"\1", "sha256")[:length]
