"""The two passkey ceremonies (W3C Web Authentication, Level 3): what a browser is asked, and what its answer proves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from flask import current_app, request
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from server.accounts import challenges

RP_NAME = "Heartwood"
#: A passkey picker shows it, also to who looks over the shoulder.
USER_NAME = "Heartwood"
_TIMEOUT = int(challenges.LIFETIME.total_seconds() * 1000)


class NotProven(Exception):
    """The browser's answer does not verify."""


@dataclass(frozen=True, slots=True)
class NewCredential:
    """What is kept of a passkey; ids and keys in base64url."""

    credential_id: str
    public_key: str
    sign_count: int
    challenge: bytes


@dataclass(frozen=True, slots=True)
class Assertion:
    """A proven sign-in."""

    sign_count: int
    challenge: bytes


def creation_options(account_id: str, user: str, known: Iterable[str]) -> dict[str, Any]:
    """`PublicKeyCredentialCreationOptionsJSON`; `user` and `known` credential ids are base64url."""
    options = webauthn.generate_registration_options(
        rp_id=_rp_id(),
        rp_name=RP_NAME,
        user_id=base64url_to_bytes(user),
        user_name=USER_NAME,
        challenge=challenges.new("registration", account_id),
        timeout=_TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known],
    )
    return options_to_json_dict(options)


def request_options() -> dict[str, Any]:
    """`PublicKeyCredentialRequestOptionsJSON` for whichever passkey the person picks."""
    options = webauthn.generate_authentication_options(
        rp_id=_rp_id(),
        challenge=challenges.new("authentication"),
        timeout=_TIMEOUT,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    document = options_to_json_dict(options)
    del document["allowCredentials"]
    return document


def verify_registration(account_id: str, credential: dict[str, Any]) -> NewCredential:
    """What a `RegistrationResponseJSON` proves. Raises NotProven. The challenge is yet to be spent."""
    try:
        challenge = _challenge(credential)
        challenges.check(challenge, "registration", account_id)
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_rp_id(),
            expected_origin=_origins(),
            require_user_verification=True,
        )
    except Exception as error:  # CBOR, ASN.1 and X.509 parsers see hostile bytes, and each has errors of its own
        raise NotProven from error
    return NewCredential(
        bytes_to_base64url(verified.credential_id),
        bytes_to_base64url(verified.credential_public_key),
        verified.sign_count,
        challenge,
    )


def verify_assertion(credential: dict[str, Any], public_key: str, sign_count: int) -> Assertion:
    """What an `AuthenticationResponseJSON` proves of the passkey it names. Raises NotProven.

    A counter that does not grow is refused, unless it is 0 on both sides (WebAuthn, section 6.1.1).
    """
    try:
        challenge = _challenge(credential)
        challenges.check(challenge, "authentication")
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_rp_id(),
            expected_origin=_origins(),
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception as error:  # as above
        raise NotProven from error
    return Assertion(verified.new_sign_count, challenge)


def _challenge(credential: dict[str, Any]) -> bytes:
    return parse_client_data_json(base64url_to_bytes(credential["response"]["clientDataJSON"])).challenge


def _rp_id() -> str:
    """The host that passkeys are bound to; browsers allow no address of numbers, so `localhost` in development."""
    return urlsplit(current_app.config["SETTINGS"].public_url).hostname or "localhost"


def _origins() -> list[str]:
    """Where a ceremony may take place. In development on any port: a browser gives `localhost` to nobody else."""
    public_url = str(current_app.config["SETTINGS"].public_url)
    return [public_url] if public_url else [request.host_url.rstrip("/")]
