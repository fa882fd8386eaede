"""The form of what browsers send of passkeys. They add members over the years, so unknown ones are passed over."""

from typing import Any

import marshmallow as ma
from marshmallow import ValidationError, fields, validate

from server.schemas import Instant, Schema, Sealed, Uuid7

#: Far over any real answer of an authenticator.
LONGEST = 64 * 1024
_BYTES = validate.Regexp(r"^[A-Za-z0-9_-]*={0,2}\Z", error="Give base64url.")


class Bytes(fields.String):
    """Bytes as base64url."""

    def __init__(self, longest: int = LONGEST, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"description": "base64url"})
        super().__init__(required=True, validate=[validate.Length(1, longest), _BYTES], **kwargs)


class FromBrowser(ma.Schema):
    """What a browser made of an authenticator's answer."""

    class Meta:
        unknown = ma.EXCLUDE


class CredentialSchema(FromBrowser):
    """What both answers have in common."""

    id = Bytes(1364)
    rawId = Bytes(1364)  # noqa: N815 - the names of WebAuthn
    type = fields.String(required=True, validate=validate.Equal("public-key"))
    clientExtensionResults = fields.Dict(  # noqa: N815
        load_only=True, metadata={"description": "May be left out. The results of `prf` never leave the device"}
    )

    @ma.validates("clientExtensionResults")
    def _no_secret(self, given: dict[str, Any], **kwargs: Any) -> None:
        prf = given.get("prf")
        if isinstance(prf, dict) and prf.get("results"):
            raise ValidationError("Leave out the results of `prf`: they are for the device alone.")

    @ma.post_load
    def _without_extensions(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        data.pop("clientExtensionResults", None)
        return data


class AttestationResponseSchema(FromBrowser):
    clientDataJSON = Bytes()  # noqa: N815
    attestationObject = Bytes()  # noqa: N815


class AttestationSchema(CredentialSchema):
    """`RegistrationResponseJSON` (W3C Web Authentication, Level 3, section 5.1)."""

    response = fields.Nested(AttestationResponseSchema, required=True)


class AssertionResponseSchema(FromBrowser):
    clientDataJSON = Bytes()  # noqa: N815
    authenticatorData = Bytes()  # noqa: N815
    signature = Bytes()
    userHandle = Bytes(100)  # noqa: N815


class AssertionSchema(CredentialSchema):
    """`AuthenticationResponseJSON` (W3C Web Authentication, Level 3, section 5.1)."""

    response = fields.Nested(AssertionResponseSchema, required=True)


class NewPasskeySchema(Schema):
    """A passkey just made, and the vault key as it wraps it where the browser could."""

    credential = fields.Nested(AttestationSchema, required=True)
    label = fields.String(
        validate=validate.Length(1, 60), load_default=None, allow_none=True,
        metadata={"description": "The kind of device; readable here. Without it, what the browser calls itself"},
    )  # fmt: skip
    wrapped_key = Sealed(load_default=None, allow_none=True)


class PasskeySchema(Schema):
    """A passkey of this account."""

    id = Uuid7()
    label = fields.String(metadata={"example": "iPhone"})
    created_at = Instant()
    last_used_at = Instant(allow_none=True)
    has_key = fields.Boolean(metadata={"description": "Whether it brings the vault key as well"})


class PasskeyListSchema(Schema):
    items = fields.List(fields.Nested(PasskeySchema))
    after = fields.String(allow_none=True)


class PasskeyKeySchema(Schema):
    wrapped_key = Sealed(required=True)
