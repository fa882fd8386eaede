"""Push subscriptions of people's devices, and this process's transport. Owns the transactions."""

import threading
from collections import defaultdict
from collections.abc import Collection, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app

from server.clock import now
from server.config import Settings
from server.database import db, transaction
from server.errors import Conflict, NotFound, Unavailable
from server.http import Loopback, Outside
from server.logs import log
from server.push import keys
from server.push.models import PushSubscription
from server.push.payload import Notification, build
from server.push.transport import Fate, Message, Result, Transport

#: Seconds a test message may take to reach the device.
TEST_TTL = 60
#: A person has a handful of devices; more are leftovers, of which the oldest go.
MOST_DEVICES = 20


class SubscriptionGone(Conflict):
    code = "subscription_gone"
    title = "This device has to subscribe again"


class PushUnavailable(Unavailable):
    code = "push_unavailable"
    title = "The push service did not take it"


class Sender:
    """The keys of this instance, and the transport that a process makes when it first sends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._transport: Transport | None = None
        self.keys = keys.load(settings.instance_path)

    def transport(self) -> Transport:
        """The one transport of this process; made late, so that no thread is made before a process forks."""
        with self._lock:
            if self._transport is None:
                outside = Outside(Loopback.parse(self._settings.push_loopback))
                self._transport = Transport(self.keys, self._settings.push_contact, outside)
            return self._transport

    def close(self) -> None:
        """Close the connections, if there are any."""
        with self._lock:
            if self._transport is not None:
                self._transport.close()
                self._transport = None


def sender() -> Sender:
    """The sender of the current application."""
    found: Sender = current_app.extensions["heartwood_push"]
    return found


def public_key() -> str:
    """The VAPID public key that browsers subscribe with."""
    return sender().keys.application_server_key


def subscribe(account_id: str, wanted: dict[str, Any]) -> PushSubscription:
    """Store a device's subscription, or renew it. An endpoint belongs to whoever brought it last."""
    expires = wanted["expirationTime"]
    changes = {
        "account_id": account_id,
        "p256dh": wanted["keys"]["p256dh"].rstrip("="),
        "auth": wanted["keys"]["auth"].rstrip("="),
        "device": wanted["device"],
        "application_server_key": public_key(),
        "expires_at": datetime.fromtimestamp(expires / 1000, UTC) if expires is not None else None,
    }
    with transaction() as session:
        found = session.scalar(_by_endpoint(wanted["endpoint"]).with_for_update())
        if found is None:
            found = PushSubscription(endpoint=wanted["endpoint"])
            session.add(found)
        for name, value in changes.items():
            setattr(found, name, value)
        session.flush()
        _drop_leftovers(session, account_id)
    return found


def unsubscribe(account_id: str, endpoint: str) -> None:
    """Forget one device. Raises NotFound when the person has no such subscription."""
    with transaction() as session:
        found = session.scalar(_by_endpoint(endpoint).where(PushSubscription.account_id == account_id))
        if found is None:
            raise NotFound("You have no such subscription.")
        session.delete(found)


def of_accounts(account_ids: Collection[str]) -> dict[str, list[PushSubscription]]:
    """The subscriptions that can be sent to, by account."""
    query = sa.select(PushSubscription).where(
        PushSubscription.account_id.in_(account_ids),
        PushSubscription.application_server_key == public_key(),
        sa.or_(PushSubscription.expires_at.is_(None), PushSubscription.expires_at > now()),
    )
    found: defaultdict[str, list[PushSubscription]] = defaultdict(list)
    for subscription in db.session.scalars(query.order_by(PushSubscription.id)):
        found[subscription.account_id].append(subscription)
    return found


def bound_to_other_keys() -> int:
    """How many subscriptions take messages of other keys than ours only, and so get none until renewed."""
    others = PushSubscription.application_server_key != public_key()
    return db.session.scalar(sa.select(sa.func.count()).select_from(PushSubscription).where(others)) or 0


def forget(session: sa.orm.Session, subscription_ids: Collection[str]) -> None:
    """Delete subscriptions that have ended, inside the caller's transaction."""
    if subscription_ids:
        session.execute(sa.delete(PushSubscription).where(PushSubscription.id.in_(subscription_ids)))


def send(subscription: PushSubscription, payload: bytes, ttl: int, topic: str, urgency: str) -> Future[Result]:
    """Send a payload to one device; the future never raises."""
    message = Message(subscription.endpoint, subscription.p256dh, subscription.auth, payload, ttl, topic, urgency)
    return sender().transport().send(message)


def send_test(account_id: str, endpoint: str, notification: Notification) -> None:
    """Send one message to the person's own device now, and wait for the push service's word.

    Raises NotFound, SubscriptionGone, PushUnavailable.
    """
    mine = of_accounts([account_id])[account_id]
    found = next((each for each in mine if each.endpoint == endpoint), None)
    if found is None:
        raise NotFound("You have no such subscription.")
    result = send(found, build(notification), TEST_TTL, "test", "high").result()
    if result.fate is Fate.GONE:
        with transaction() as session:
            forget(session, [found.id])
        raise SubscriptionGone("The push service no longer knows this device. Switch nudges off and on again on it.")
    if result.fate is not Fate.SENT:
        log.warning("push.test_failed", status=result.status, detail=result.detail)
        raise PushUnavailable("The push service did not take the message. Try again in a while.")


def _by_endpoint(endpoint: str) -> sa.Select[PushSubscription]:
    return sa.select(PushSubscription).where(PushSubscription.endpoint == endpoint)


def _drop_leftovers(session: sa.orm.Session, account_id: str) -> None:
    query = sa.select(PushSubscription.id).where(PushSubscription.account_id == account_id)
    kept: Sequence[str] = session.scalars(query.order_by(PushSubscription.id.desc())).all()
    forget(session, kept[MOST_DEVICES:])


def init_app(app: Flask) -> None:
    """Make or read the keys."""
    app.extensions["heartwood_push"] = Sender(app.config["SETTINGS"])
