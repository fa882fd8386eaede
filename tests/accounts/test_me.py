"""GET and PATCH /accounts/me"""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from server.accounts.signals import timezone_changed
from tests.accounts.cast import API, new_account


def test_without_an_account_there_is_a_problem_document(client: FlaskClient) -> None:
    answer = client.get(f"{API}/accounts/me")
    assert answer.status_code == 401
    assert answer.get_json()["code"] == "sign_in_required"


def test_a_cookie_that_was_tampered_with_opens_nothing(client: FlaskClient, signed_in: FlaskClient) -> None:
    cookie = signed_in.get_cookie("heartwood")
    assert cookie is not None
    client.set_cookie("heartwood", cookie.value[:-3] + "AAA")
    assert client.get(f"{API}/accounts/me").status_code == 401


def test_another_browser_version_or_address_does_not_sign_anybody_out(signed_in: FlaskClient) -> None:
    elsewhere = {"headers": {"User-Agent": "Other/2"}, "environ_base": {"REMOTE_ADDR": "192.0.2.9"}}
    assert signed_in.get(f"{API}/accounts/me", **elsewhere).status_code == 200
    assert signed_in.get(f"{API}/accounts/me").status_code == 200


def test_an_account_that_did_not_change_is_not_sent_again(signed_in: FlaskClient) -> None:
    first = signed_in.get(f"{API}/accounts/me")
    assert first.headers["ETag"].startswith("W/")
    again = signed_in.get(f"{API}/accounts/me", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_time_zone_and_locale_can_be_changed(signed_in: FlaskClient) -> None:
    answer = signed_in.patch(f"{API}/accounts/me", json={"timezone": "America/St_Johns", "locale": "en-CA"})
    assert answer.status_code == 200
    assert answer.get_json()["timezone"] == "America/St_Johns"
    assert signed_in.get(f"{API}/accounts/me").get_json()["locale"] == "en-CA"


@pytest.mark.parametrize(
    "body", [{"timezone": "Mars/Olympus"}, {"locale": ""}, {"name": "x"}, {"id": "x"}, {"revision": 9}]
)
def test_a_wrong_or_unknown_field_changes_nothing(signed_in: FlaskClient, body: dict[str, object]) -> None:
    before = signed_in.get(f"{API}/accounts/me").get_json()
    assert signed_in.patch(f"{API}/accounts/me", json=body).status_code == 422
    assert signed_in.get(f"{API}/accounts/me").get_json() == before


def test_other_features_hear_of_a_new_time_zone_inside_the_transaction(app: Flask) -> None:
    heard: list[tuple[str, str, bool]] = []

    def listen(account_id: str, session: Session, timezone: str) -> None:
        heard.append((account_id, timezone, session.in_transaction()))

    client = app.test_client()
    account = new_account(client).get_json()
    with timezone_changed.connected_to(listen):
        client.patch(f"{API}/accounts/me", json={"locale": "fr"})
        client.patch(f"{API}/accounts/me", json={"timezone": "Asia/Tokyo"})
        client.patch(f"{API}/accounts/me", json={"timezone": "Asia/Tokyo"})
    assert heard == [(account["id"], "Asia/Tokyo", True)]
