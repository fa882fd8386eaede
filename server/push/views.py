"""`/push`: the key to subscribe with, a device's subscription, and a message to try it."""

from typing import Any

from flask import current_app
from flask_smorest import Blueprint

from server.accounts.identity import current_account
from server.extensions import limiter
from server.library.service import library
from server.push import service
from server.push.models import PushSubscription
from server.push.payload import Notification
from server.push.schemas import EndpointSchema, KeySchema, NewSubscriptionSchema, SubscriptionSchema
from server.security import public, signed_in

blueprint = Blueprint("push", __name__, url_prefix="/api/v1/push", description="Devices that nudges are sent to.")


@blueprint.get("/key")
@public
@blueprint.response(200, KeySchema)
def key() -> dict[str, str]:
    """The public key that a browser subscribes with. When it differs from a subscription's own, subscribe again."""
    return {"key": service.public_key()}


@blueprint.put("/subscriptions")
@signed_in
@blueprint.arguments(NewSubscriptionSchema)
@blueprint.response(200, SubscriptionSchema)
def subscribe(wanted: dict[str, Any]) -> PushSubscription:
    """Store this device's subscription, or renew it: send what `PushSubscription.toJSON()` gives."""
    return service.subscribe(current_account().id, wanted)


@blueprint.delete("/subscriptions")
@signed_in
@blueprint.arguments(EndpointSchema)
@blueprint.response(204)
def unsubscribe(wanted: dict[str, str]) -> None:
    """Forget a device. Its browser's subscription is for the app to end."""
    service.unsubscribe(current_account().id, wanted["endpoint"])


@blueprint.post("/test")
@signed_in
@limiter.limit("10 per minute")
@blueprint.arguments(EndpointSchema)
@blueprint.response(202)
@blueprint.alt_response(409, description="The push service no longer knows the device (`subscription_gone`)")
@blueprint.alt_response(503, description="The push service did not take it (`push_unavailable`)")
def test(wanted: dict[str, str]) -> None:
    """Send a message to this device now. Answers once the push service has taken it."""
    account = current_account()
    service.send_test(account.id, wanted["endpoint"], _test_notification(account.locale))


def _test_notification(locale: str) -> Notification:
    said, origin = library(locale).push, current_app.config["SETTINGS"].origin
    return Notification(
        title=said.test.title,
        body=said.test.body,
        lang=said.lang,
        tag="test",
        navigate=f"{origin}/settings/nudges",
        data={"kind": "test", "opens": "/settings/nudges"},
    )
