"""Names to sign in with, and the key derivation parameters that a device asks for by name."""

import base64
import re
import unicodedata
from typing import Any

from server import signing

SHORTEST, LONGEST = 3, 40
#: OWASP's figure for PBKDF2-HMAC-SHA-256 (Password Storage Cheat Sheet).
ROUNDS = 600_000
MOST_ROUNDS = 10_000_000
ALGORITHM = "pbkdf2_sha256"
SALT_BYTES = 16


def fold(name: str) -> str:
    """The form that names are compared and kept in: NFKC, case folded, trimmed."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()


def is_allowed(folded: str) -> bool:
    """3 to 40 letters or digits of any script, with `.`, `_` and `-` between them."""
    return SHORTEST <= len(folded) <= LONGEST and bool(re.fullmatch(r"[^\W_](?:[\w.-]*[^\W_])?", folded))


def made_up_kdf(folded: str) -> dict[str, Any]:
    """Parameters for a name that nobody has: the same ones each time, and just like real ones.

    So asking for them tells nobody who has an account here.
    """
    digest = signing.lasting("heartwood/kdf/", folded.encode("utf-8", "surrogatepass"))
    salt = base64.urlsafe_b64encode(digest[:SALT_BYTES]).rstrip(b"=").decode()
    return {"v": 1, "algorithm": ALGORITHM, "rounds": ROUNDS, "salt": salt}
