"""Every route that takes an id, given the id of something of somebody else's: it is not there, and stays as it was."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from server.database import db
from tests.accounts.cast import API, SEALED
from tests.contract.test_route_access import access_of, routes
from tests.records.samples import document, row
from tests.support.whole_life import Life, live

#: Route → the id of the other person's that it is tried with, and a body that the owner could send.
TRIED: dict[str, tuple[str, Any]] = {
    "GET /api/v1/checkins/<record_id>": ("checkins", None),
    "DELETE /api/v1/checkins/<record_id>": ("checkins", None),
    "POST /api/v1/nudges/<nudge_id>/outcome": ("nudges", {"outcome": "opened"}),
    "DELETE /api/v1/sessions/<session_id>": ("sessions", None),
    "DELETE /api/v1/passkeys/<passkey_id>": ("passkeys", None),
    "PUT /api/v1/passkeys/<passkey_id>/key": ("passkeys", {"wrapped_key": {**SEALED, "ct": "E" * 64}}),
    "GET /api/v1/joins/<join_id>": ("joins", None),
    "DELETE /api/v1/joins/<join_id>": ("joins", None),
}
#: Ids are made by devices, so the same one may be used by two people: each has a check-in of their own then.
OWN_COPY = {"PUT /api/v1/checkins/<record_id>"}


@pytest.fixture
def stranger(app: Flask) -> Life:
    return live(app, "hazel")


@pytest.fixture
def owner(app: Flask) -> Life:
    return live(app, "juniper")


@pytest.fixture
def unchanged(app: Flask, owner: Life) -> Iterator[Callable[[], None]]:
    """Says whether every row of the owner's is as it was."""
    before = _rows(app, owner.account_id)

    def look() -> None:
        assert _rows(app, owner.account_id) == before

    yield look
    look()


def _rows(app: Flask, account_id: str) -> dict[str, list[Any]]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(sa.select(table).where(table.c.account_id == account_id))))
            for name, table in db.metadata.tables.items()
            if "account_id" in table.c
        }


def test_every_route_with_an_id_is_tried_here(app: Flask) -> None:
    with_id = {
        f"{method} {rule.rule}"
        for method, rule in routes(app)
        if rule.arguments and access_of(app, method, rule) == "signed_in"
    }
    assert with_id == TRIED.keys() | OWN_COPY


@pytest.mark.parametrize("route", TRIED)
def test_what_is_somebody_elses_is_not_found_and_not_changed(
    owner: Life, stranger: Life, unchanged: Callable[[], None], route: str
) -> None:
    method, path = route.split()
    whose, body = TRIED[route]
    path = f"{path.partition('<')[0]}{owner.ids[whose]}{path.partition('>')[2]}"
    answer = stranger.device.open(path, method=method, json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


def test_a_check_in_of_the_same_id_is_ones_own(owner: Life, stranger: Life, unchanged: Callable[[], None]) -> None:
    path = f"{API}/checkins/{owner.ids['checkins']}"
    body = {"felt_at": "2024-11-20T20:14:00.000Z", "mood": 5}
    assert stranger.device.put(path, json=body).status_code == 201
    assert stranger.device.get(path).get_json()["mood"] == 5
    assert owner.device.get(path).get_json()["mood"] == 2


@pytest.mark.parametrize("collection", ["checkins", "urges", "letters", "marks", "journey"])
def test_a_pushed_document_of_the_same_id_is_ones_own(
    owner: Life, stranger: Life, unchanged: Callable[[], None], collection: str
) -> None:
    mine = document(collection, id=owner.ids[collection], _deleted=True)
    assert stranger.device.post(f"{API}/sync/{collection}/push", json=[row(mine)]).status_code == 200
    [theirs] = owner.device.get(f"{API}/sync/{collection}/pull").get_json()["documents"]
    assert theirs["_deleted"] is False


def test_what_names_things_in_its_body_reaches_nothing_of_somebody_elses(
    owner: Life, stranger: Life, unchanged: Callable[[], None]
) -> None:
    endpoint = {"endpoint": f"https://fcm.googleapis.com/fcm/send/{owner.account_id}"}
    assert stranger.device.delete(f"{API}/push/subscriptions", json=endpoint).status_code == 404
    assert stranger.device.post(f"{API}/push/test", json=endpoint).status_code == 404
    keys = {"passkeys": {owner.ids["passkeys"]: {**SEALED, "k": 2}}}
    answer = stranger.device.put(f"{API}/accounts/me/keys", json={"key_version": 2, "wrapped_keys": keys})
    assert answer.status_code == 422


def test_lists_and_exports_hold_only_ones_own(owner: Life, stranger: Life) -> None:
    for path in ("checkins", "sessions", "passkeys", "nudges", "accounts/me/export", "sync/letters/pull"):
        seen = stranger.device.get(f"{API}/{path}").get_data(as_text=True)
        assert not [each for each in (owner.account_id, *owner.ids.values()) if each in seen], path
