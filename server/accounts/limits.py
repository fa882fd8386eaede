"""How often things may be tried. Counted per network address, per account, and per name that is tried."""

from flask import request
from flask_limiter.util import get_remote_address

from server.accounts import names
from server.extensions import caller

NEW_ACCOUNTS = "30 per hour"
#: A person mistypes a few times; a list of stolen passwords is long.
SIGN_INS = "10 per minute; 60 per hour"
SIGN_INS_PER_NAME = "10 per 15 minutes"
KDF_LOOKUPS = "30 per minute"
CREDENTIAL_CHANGES = "20 per hour"
#: A page that offers passkeys asks each time it is opened; asking costs an HMAC.
CHALLENGES = "60 per minute"
JOINS = "30 per hour"
EXPORTS = "20 per hour"
#: A device syncs five collections after each change; a first copy of years takes some hundred calls.
RECORDS = "1200 per minute"

#: The account that calls, else the address.
by_account = caller


def by_name() -> str:
    """The name that somebody tries to sign in with, from wherever; the address for anything else.

    The name is folded first, so that variants of one name share their tries, and keyed, so that a shared store
    of limits holds no names.
    """
    body = request.get_json(silent=True)
    name = body.get("name") if isinstance(body, dict) else None
    if not isinstance(name, str):
        return get_remote_address()
    return "name:" + str(names.made_up_kdf(names.fold(name))["salt"])
