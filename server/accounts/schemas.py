"""The form of what accounts send and receive."""

import base64
import binascii
import re
from typing import Any

import marshmallow as ma
from marshmallow import ValidationError, fields, validate

from server.accounts import names
from server.accounts.passkey_schemas import AssertionSchema
from server.schemas import MOST_KEY_VERSIONS, Instant, Schema, Sealed, Uuid7, ZoneName

LOCALE = validate.Regexp(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?\Z", error="Give a locale like en or en-GB.")


class Base64Url(fields.String):
    """Bytes of a fixed length as base64url without padding (RFC 4648, section 5)."""

    def __init__(self, length: int, **kwargs: Any) -> None:
        self.length = length
        kwargs.setdefault("metadata", {"description": f"{length} bytes, base64url without padding"})
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(r"[A-Za-z0-9_-]+", text) or self._size(text) != self.length:
            raise ValidationError(f"Give {self.length} bytes as base64url without padding.")
        return text

    @staticmethod
    def _size(text: str) -> int:
        try:
            return len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except binascii.Error:
            return -1


class WrappedKeysSchema(Schema):
    """The vault key, sealed once by each secret that can open it."""

    passphrase = Sealed()
    recovery = Sealed()


class OpenedKeysSchema(WrappedKeysSchema):
    """These, and the one that only this way of signing in opens."""

    passkey = Sealed(
        allow_none=True, metadata={"description": "As the passkey just used wraps it; null when it does not"}
    )
    join = Sealed(metadata={"description": "As the code just used wraps it; given this once"})


class AccountSchema(Schema):
    """A person's account, as they see it."""

    id = Uuid7()
    created_at = Instant()
    timezone = ZoneName()
    locale = fields.String()
    name = fields.String(allow_none=True)
    has_passphrase = fields.Boolean()
    expires_at = Instant(
        allow_none=True,
        metadata={"description": "Deleted then unless somebody comes by; null with a passphrase or a passkey"},
    )
    key_version = fields.Integer(metadata={"description": "Which vault key is in use, counted from 1"})
    wrapped_keys = fields.Nested(WrappedKeysSchema)


class RecoveryCodeSchema(Schema):
    recovery_code = fields.String(
        metadata={"description": "Shown this once; the server keeps only a hash", "example": "7ZK4-…"}
    )


class OpenedAccountSchema(AccountSchema, RecoveryCodeSchema):
    """The account just opened, with the new recovery code where there is one."""

    wrapped_keys = fields.Nested(OpenedKeysSchema)
    passkey_id = Uuid7(metadata={"description": "Which passkey it was, after signing in with one", "format": "uuid"})


class NewAccountSchema(Schema):
    timezone = ZoneName(required=True)
    locale = fields.String(required=True, validate=LOCALE)


class AccountChangesSchema(Schema):
    timezone = ZoneName()
    locale = fields.String(validate=LOCALE)


class KdfSchema(Schema):
    """How the device derives the key from the passphrase."""

    v = fields.Integer(required=True, strict=True, validate=validate.Equal(1))
    algorithm = fields.String(required=True, validate=validate.Equal(names.ALGORITHM))
    rounds = fields.Integer(required=True, strict=True, validate=validate.Range(names.ROUNDS, names.MOST_ROUNDS))
    salt = Base64Url(names.SALT_BYTES, required=True)


class LoginSchema(Schema):
    """A name, and what the device made of the passphrase."""

    name = fields.String(required=True, validate=validate.Length(max=200))
    auth_key = Base64Url(32, required=True)
    kdf = fields.Nested(KdfSchema, required=True)
    wrapped_key = Sealed(required=True)


class RecoveryKeySchema(Schema):
    wrapped_key = Sealed(required=True)


class PasskeyKeysSchema(fields.Dict):
    """Passkey id → the vault key as that passkey wraps it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(keys=Uuid7(), values=Sealed(), validate=validate.Length(max=20), **kwargs)


class AllWrappedKeysSchema(Schema):
    """Every copy of a new vault key; a way in that is left out has none from now on."""

    passphrase = Sealed()
    recovery = Sealed()
    passkeys = PasskeyKeysSchema()


class NewKeySchema(Schema):
    """A new vault key, as its copies."""

    key_version = fields.Integer(required=True, strict=True, validate=validate.Range(2, MOST_KEY_VERSIONS))
    wrapped_keys = fields.Nested(AllWrappedKeysSchema, required=True)

    @ma.validates_schema
    def _of_this_version(self, data: dict[str, Any], **kwargs: Any) -> None:
        given = dict(data["wrapped_keys"])
        envelopes = [*given.pop("passkeys", {}).values(), *given.values()]
        if any(each.get("k") != data["key_version"] for each in envelopes):
            raise ValidationError("Give each envelope `k`, the new version.", "wrapped_keys")


SIGN_INS = ({"name", "auth_key"}, {"recovery_code"}, {"recovery_code", "attempt"}, {"passkey"}, {"join_token"})


class SignInSchema(Schema):
    """A name with its key, a recovery code, a passkey, or the token of a code shown on another device."""

    name = fields.String(validate=validate.Length(max=200))
    auth_key = Base64Url(32)
    recovery_code = fields.String(validate=validate.Length(max=100))
    attempt = Uuid7(
        metadata={"description": "With a recovery code: repeat it to get a lost answer again", "format": "uuid"}
    )
    passkey = fields.Nested(AssertionSchema)
    join_token = Base64Url(32)

    @ma.validates_schema
    def _one_way(self, data: dict[str, Any], **kwargs: Any) -> None:
        if set(data) not in SIGN_INS:
            ways = "`name` and `auth_key`, `recovery_code` with or without `attempt`, `passkey`, or `join_token`"
            raise ValidationError(f"Give one of these: {ways}.")


class SessionSchema(Schema):
    """A signed-in device."""

    id = Uuid7()
    device = fields.String(metadata={"example": "Firefox on Android"})
    created_at = Instant()
    last_seen_at = Instant(metadata={"description": "To the day"})
    current = fields.Boolean(metadata={"description": "Whether it is the one asking"})


class SessionListSchema(Schema):
    items = fields.List(fields.Nested(SessionSchema))
    after = fields.String(allow_none=True)


class ExportArgs(Schema):
    format = fields.String(load_default="json", validate=validate.OneOf(["json", "csv"]))


class NewJoinSchema(Schema):
    """A code for a second device, as what the two devices derive from it."""

    token_hash = Base64Url(32, required=True, metadata={"description": "SHA-256 of the 32 bytes of the token"})
    wrapped_key = Sealed(required=True)


class JoinSchema(Schema):
    """A code that waits for a second device, or has been used."""

    id = Uuid7()
    expires_at = Instant()
    joined_at = Instant(allow_none=True)
    device = fields.String(allow_none=True, metadata={"example": "Firefox on Android"})
