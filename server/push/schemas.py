"""The form of push subscriptions on the wire: `PushSubscription.toJSON()` as browsers give it."""

import base64
import binascii
from typing import Any

import marshmallow as ma
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from flask import current_app
from marshmallow import ValidationError, fields, validate

from server.push.endpoints import EndpointRefused, check_endpoint
from server.schemas import Instant, Schema, Uuid7

#: Milliseconds since 1970 that still are a date.
_LATEST = 253_402_300_799_000


class KeySchema(Schema):
    key = fields.String(
        required=True, metadata={"description": "VAPID public key, base64url of the uncompressed point"}
    )


class SubscriptionKeysSchema(Schema):
    p256dh = fields.String(required=True, metadata={"description": "P-256 point, 65 bytes, base64url"})
    auth = fields.String(required=True, metadata={"description": "16 bytes, base64url"})

    @ma.validates("p256dh")
    def _p256dh(self, value: str, **kwargs: Any) -> None:
        try:
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(value, 65))
        except (ValueError, UnsupportedAlgorithm) as error:
            raise ValidationError("Give an uncompressed P-256 point as base64url.") from error

    @ma.validates("auth")
    def _auth(self, value: str, **kwargs: Any) -> None:
        _bytes(value, 16)


def _bytes(text: str, length: int) -> bytes:
    try:
        found = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValidationError("Give base64url.") from error
    if len(found) != length:
        raise ValidationError(f"Give {length} bytes as base64url.")
    return found


class EndpointSchema(Schema):
    endpoint = fields.Url(required=True, schemes={"https"}, validate=validate.Length(max=2048))

    @ma.validates("endpoint")
    def _endpoint(self, value: str, **kwargs: Any) -> None:
        try:
            check_endpoint(value, current_app.config["SETTINGS"].push_hosts)
        except EndpointRefused as error:
            raise ValidationError(str(error)) from error


class NewSubscriptionSchema(EndpointSchema):
    expirationTime = fields.Float(  # noqa: N815  # the browser's own spelling
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, _LATEST),
        metadata={"description": "Milliseconds since 1970, as browsers give it"},
    )
    keys = fields.Nested(SubscriptionKeysSchema, required=True)
    device = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 60))


class SubscriptionSchema(Schema):
    id = Uuid7(required=True)
    endpoint = fields.String(required=True)
    device = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)
