"""`POST /push/test`: a message to this device now."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import count_rows, person
from tests.support.nudge_cast import subscribed
from tests.support.push_service import Mishap, PushService

URL = "/api/v1/push/test"


def test_the_device_gets_it_and_can_read_it(signed_in: FlaskClient, push_service: PushService) -> None:
    browser = subscribed(signed_in, push_service)
    assert signed_in.post(URL, json={"endpoint": browser.endpoint}).status_code == 202
    received = push_service.wait_for(1)[0]
    assert received.payload is not None
    assert received.payload["web_push"] == 8030
    assert received.payload["notification"]["title"] == "It works"
    assert (received.ttl, received.urgency, received.topic) == (60, "high", "test")


def test_a_device_that_is_gone_is_told_so_and_forgotten(
    app: Flask, signed_in: FlaskClient, push_service: PushService
) -> None:
    browser = subscribed(signed_in, push_service)
    push_service.end_subscription(browser)
    answer = signed_in.post(URL, json={"endpoint": browser.endpoint})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "subscription_gone")
    assert count_rows(app)["push_subscription"] == 0


@pytest.mark.parametrize("mishap", [Mishap(status=500), Mishap(status=429), Mishap(status=400), Mishap(reset=True)])
def test_a_push_service_in_trouble_answers_503_and_the_device_stays(
    app: Flask, signed_in: FlaskClient, push_service: PushService, mishap: Mishap
) -> None:
    browser = subscribed(signed_in, push_service)
    push_service.fail_next(mishap)
    answer = signed_in.post(URL, json={"endpoint": browser.endpoint})
    assert (answer.status_code, answer.get_json()["code"]) == (503, "push_unavailable")
    assert count_rows(app)["push_subscription"] == 1


def test_somebody_elses_device_cannot_be_tried(app: Flask, push_service: PushService) -> None:
    browser = subscribed(person(app), push_service)
    assert person(app).post(URL, json={"endpoint": browser.endpoint}).status_code == 404
    assert not push_service.requests
