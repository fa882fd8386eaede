"""`PUT` and `DELETE /push/subscriptions`: a device signs up for nudges and off again."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.database import db
from server.push.models import PushSubscription
from tests.conftest import count_rows, person
from tests.support.nudge_cast import subscribed
from tests.support.push_service import PushService

URL = "/api/v1/push/subscriptions"


def wanted(client: FlaskClient, service: PushService, **changes: Any) -> dict[str, Any]:
    """What a browser would send, with changes."""
    key = client.get("/api/v1/push/key").get_json()["key"]
    return {**service.subscribe(key).to_json(), **changes}


def test_a_device_signs_up(signed_in: FlaskClient, push_service: PushService) -> None:
    sent = wanted(signed_in, push_service, device="Kitchen tablet")
    answer = signed_in.put(URL, json=sent)
    assert answer.status_code == 200
    shown = answer.get_json()
    assert (shown["endpoint"], shown["device"]) == (sent["endpoint"], "Kitchen tablet")
    assert "keys" not in shown


def test_signing_up_again_renews_the_same_subscription(
    app: Flask, signed_in: FlaskClient, push_service: PushService
) -> None:
    sent = wanted(signed_in, push_service)
    first = signed_in.put(URL, json=sent).get_json()
    fresh = {**sent, "keys": wanted(signed_in, push_service)["keys"]}
    assert signed_in.put(URL, json=fresh).get_json()["id"] == first["id"]
    with app.app_context():
        assert db.session.query(PushSubscription).one().p256dh == fresh["keys"]["p256dh"]


def test_a_shared_device_belongs_to_who_signed_up_last(app: Flask, push_service: PushService) -> None:
    before, after = person(app), person(app)
    sent = wanted(before, push_service)
    assert before.put(URL, json=sent).status_code == 200
    assert after.put(URL, json=sent).status_code == 200
    assert before.delete(URL, json={"endpoint": sent["endpoint"]}).status_code == 404
    assert after.delete(URL, json={"endpoint": sent["endpoint"]}).status_code == 204


def test_a_device_signs_off(app: Flask, signed_in: FlaskClient, push_service: PushService) -> None:
    browser = subscribed(signed_in, push_service)
    assert signed_in.delete(URL, json={"endpoint": browser.endpoint}).status_code == 204
    assert signed_in.delete(URL, json={"endpoint": browser.endpoint}).status_code == 404
    assert count_rows(app)["push_subscription"] == 0


def test_somebody_elses_device_cannot_be_signed_off(app: Flask, push_service: PushService) -> None:
    browser = subscribed(person(app), push_service)
    assert person(app).delete(URL, json={"endpoint": browser.endpoint}).status_code == 404
    assert count_rows(app)["push_subscription"] == 1


def test_of_more_than_twenty_devices_the_oldest_go(
    app: Flask, signed_in: FlaskClient, push_service: PushService
) -> None:
    browsers = [subscribed(signed_in, push_service) for _ in range(22)]
    assert count_rows(app)["push_subscription"] == 20
    assert signed_in.delete(URL, json={"endpoint": browsers[0].endpoint}).status_code == 404
    assert signed_in.delete(URL, json={"endpoint": browsers[-1].endpoint}).status_code == 204


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/x",
        "https://fcm.googleapis.com:8443/fcm/send/x",
        "https://user@fcm.googleapis.com/fcm/send/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "https://push.services.mozilla.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/#x",
        "https://fcm.googleapis.com/" + "x" * 2048,
        "ftp://fcm.googleapis.com/x",
        "",
        7,
        None,
    ],
)
def test_an_endpoint_that_is_no_known_push_service_is_refused_and_nothing_changes(
    app: Flask, signed_in: FlaskClient, push_service: PushService, endpoint: Any
) -> None:
    answer = signed_in.put(URL, json=wanted(signed_in, push_service, endpoint=endpoint))
    assert answer.status_code == 422
    assert "endpoint" in answer.get_json()["errors"]
    assert count_rows(app)["push_subscription"] == 0


@pytest.mark.parametrize("endpoint", ["https://web.push.apple.com/x", "https://fcm.googleapis.com:443/x"])
def test_an_endpoint_of_a_known_service_is_taken(
    signed_in: FlaskClient, push_service: PushService, endpoint: str
) -> None:
    assert signed_in.put(URL, json=wanted(signed_in, push_service, endpoint=endpoint)).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"keys": {"p256dh": "AAAA", "auth": "BBBBBBBBBBBBBBBBBBBBBA"}},
        {"keys": {"p256dh": "B" + "A" * 86, "auth": "BBBBBBBBBBBBBBBBBBBBBA"}},
        {"keys": {"auth": "BBBBBBBBBBBBBBBBBBBBBA"}},
        {"keys": None},
        {"expirationTime": "soon"},
        {"expirationTime": -1},
        {"expirationTime": 1e20},
        {"device": "x" * 61},
        {"device": ""},
        {"surprise": 1},
    ],
)
def test_a_subscription_that_cannot_work_is_refused_and_nothing_changes(
    app: Flask, signed_in: FlaskClient, push_service: PushService, changes: dict[str, Any]
) -> None:
    answer = signed_in.put(URL, json=wanted(signed_in, push_service, **changes))
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert count_rows(app)["push_subscription"] == 0


def test_it_needs_an_account(client: FlaskClient, push_service: PushService) -> None:
    assert client.put(URL, json=wanted(client, push_service)).status_code == 401
    assert client.delete(URL, json={"endpoint": "https://fcm.googleapis.com/x"}).status_code == 401
