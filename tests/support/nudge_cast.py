"""People and moments that tests of nudges share."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from server.accounts.models import Account
from server.clock import now
from server.database import db, transaction, uuid7
from server.nudges import engine
from server.nudges.models import NudgeDelivery, NudgePlan
from server.nudges.zones import RULES
from server.push.models import PushSubscription
from tests.support.push_service import HOSTS, Browser, PushService

#: A Tuesday morning in Dublin, before anybody's nine o'clock.
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
#: When a plan with 09:00 in Dublin is due that day.
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def subscribed(client: FlaskClient, service: PushService, host: str = HOSTS[0]) -> Browser:
    """A device of the person that has subscribed."""
    browser = service.subscribe(client.get("/api/v1/push/key").get_json()["key"], host)
    answer = client.put("/api/v1/push/subscriptions", json=browser.to_json())
    assert answer.status_code == 200, answer.text
    return browser


def planned(client: FlaskClient, **changes: object) -> dict[str, object]:
    """Switch nudges on: every day at nine unless told otherwise."""
    answer = client.put("/api/v1/nudges/plan", json={"times": ["09:00"], "per_week": 7, **changes})
    assert answer.status_code == 200, answer.text
    plan: dict[str, object] = answer.get_json()
    return plan


def tick(app: Flask) -> None:
    """One look for due nudges, waiting until they are sent."""
    engine.run_ticker(app, once=True)


def deliveries(app: Flask) -> list[NudgeDelivery]:
    """All deliveries, by slot."""
    with app.app_context():
        return list(db.session.query(NudgeDelivery).order_by(NudgeDelivery.slot, NudgeDelivery.id))


def plan_of(app: Flask) -> NudgePlan:
    """The only plan."""
    with app.app_context():
        return db.session.query(NudgePlan).one()


def day(number: int) -> date:
    """The n-th day from the morning's."""
    return MORNING.date() + timedelta(days=number)


def due_people(app: Flask, count: int, subscription: dict[str, str] | None = None) -> list[str]:
    """So many people whose nudge is due now, straight into the database; each with the subscription, if given.

    The subscription's endpoint gets the person's number at its end.
    """
    moment = now()
    local = moment.replace(tzinfo=None).isoformat(timespec="minutes")
    ids = [uuid7() for _ in range(count)]
    accounts = [{"id": each, "timezone": "UTC", "locale": "en", "recovery_hash": each} for each in ids]
    plan = {
        "enabled": True, "timezone": "UTC", "tz_rules": RULES, "per_week": 14, "quiet_from": "00:00",
        "quiet_to": "00:00", "next_due_at": moment - timedelta(seconds=1), "next_slot": local,
    }  # fmt: skip
    with app.app_context(), transaction() as session:
        session.execute(sa.insert(Account), accounts)
        session.execute(sa.insert(NudgePlan), [{"account_id": each, **plan} for each in ids])
        if subscription is not None:
            session.execute(
                sa.insert(PushSubscription),
                [
                    {**subscription, "account_id": each, "endpoint": f"{subscription['endpoint']}{number}"}
                    for number, each in enumerate(ids)
                ],
            )
    return ids


def check_in(client: FlaskClient, mood: int) -> None:
    """A check-in from some device, now."""
    document = {"felt_at": now().isoformat(), "mood": mood}
    assert client.put(f"/api/v1/checkins/{uuid7()}", json=document).status_code == 201
