"""People and moments that tests of nudges share."""

from datetime import UTC, date, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from server.database import db
from server.nudges import engine
from server.nudges.models import NudgeDelivery, NudgePlan
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
