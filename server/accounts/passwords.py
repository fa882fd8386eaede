"""Hashes of the keys that devices derive from passphrases: Argon2id (RFC 9106)."""

import secrets
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

#: OWASP's floor for Argon2id (Password Storage Cheat Sheet): 19 MiB, two passes. The key that arrives here has
#: already been through 600,000 rounds of PBKDF2 on the device; eight threads at once stay under 160 MiB.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


def hash_key(auth_key: str) -> str:
    """The Argon2id hash to store."""
    return HASHER.hash(auth_key)


def key_matches(stored: str | None, auth_key: str) -> bool:
    """Whether the key is the one behind `stored`. With None it does the same work and says no."""
    try:
        HASHER.verify(stored or _nobodys_hash(), auth_key)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether `stored` was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


@cache
def _nobodys_hash() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))
