"""Recovery codes: made here, written down by the person, kept by the server only as a hash.

A code is 140 bits in Crockford's base 32 (crockford.com/base32.html), seven groups of four:
128 random bits (the secret), then 12 check bits, the first 12 bits of SHA-256("heartwood/recovery/check" + secret),
so that a slip of the pen is told apart from a wrong code (1 in 4,096 passes by chance).

Two derivations of the 16 secret bytes, with different labels, so that neither gives the other away:
- signing in: SHA-256("heartwood/recovery/sign-in" + secret), hex. The server stores this and nothing else.
  A plain hash is enough: 128 random bits cannot be guessed, and need no slow hash.
- wrapping the vault key, on the device only: HKDF-SHA-256 (RFC 5869), info "heartwood/recovery/wrap".

The next code after a sign-in whose answer may get lost follows from the old one: see `next_secrets`.
"""

import hashlib
import secrets

from server import signing

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_BYTES = 16
CHECK_BITS = 12
LENGTH = (SECRET_BYTES * 8 + CHECK_BITS) // 5
GROUP = 4
#: Letters that people read for digits, as Crockford's base 32 decodes them.
LOOKALIKES = str.maketrans("OIL", "011")


class MistypedCode(Exception):
    """The text is no recovery code: a character is missing, too many or wrong."""


def new_secret() -> bytes:
    """128 random bits."""
    return secrets.token_bytes(SECRET_BYTES)


def next_secrets(secret: bytes, attempt: str) -> list[bytes]:
    """What follows a secret in one attempt to sign in: the same each time, so that a lost answer can be repeated.

    One for each of the server's secrets in force: the first is for use, the others are what it may have been before
    the server's secret was changed. Who has the old code needs the server's secret and the attempt as well.
    """
    found = signing.signatures("heartwood/recovery/next", attempt.encode() + secret)
    return [each[:SECRET_BYTES] for each in found]


def repeat_hash(secret: bytes, attempt: str) -> str:
    """What the server keeps to know a repeated attempt by: 64 hex digits."""
    return hashlib.sha256(b"heartwood/recovery/repeat" + secret + attempt.encode()).hexdigest()


def to_code(secret: bytes) -> str:
    """The code to write down: seven groups of four characters, joined by hyphens."""
    number = int.from_bytes(secret, "big") << CHECK_BITS | _check(secret)
    digits = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(digits[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def to_secret(code: str) -> bytes:
    """The 16 secret bytes of a code, however it is spaced, hyphenated and cased. Raises MistypedCode."""
    digits = "".join(code.upper().translate(LOOKALIKES).replace("-", "").split())
    if len(digits) != LENGTH or any(digit not in ALPHABET for digit in digits):
        raise MistypedCode
    number = 0
    for digit in digits:
        number = number << 5 | ALPHABET.index(digit)
    secret = (number >> CHECK_BITS).to_bytes(SECRET_BYTES, "big")
    if number & (1 << CHECK_BITS) - 1 != _check(secret):
        raise MistypedCode
    return secret


def fingerprint(secret: bytes) -> str:
    """What the server stores and looks accounts up by: 64 hex digits."""
    return hashlib.sha256(b"heartwood/recovery/sign-in" + secret).hexdigest()


def _check(secret: bytes) -> int:
    digest = hashlib.sha256(b"heartwood/recovery/check" + secret).digest()
    return int.from_bytes(digest[:2], "big") >> 16 - CHECK_BITS
