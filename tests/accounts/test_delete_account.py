"""DELETE /accounts/me"""

import sqlalchemy as sa
from flask import Flask

from server.database import db, uuid7
from tests.accounts.cast import API, is_signed_in, login, new_account
from tests.conftest import person
from tests.records.samples import SAMPLES


def rows_that_mention(text: str) -> dict[str, int]:
    """How many rows of each table hold the text in any column."""
    found = {}
    with db.engine.connect() as connection:
        for name, table in db.metadata.tables.items():
            rows = connection.execute(sa.select(table)).all()
            found[name] = sum(any(text in str(value) for value in row) for row in rows)
    return found


def test_deleting_leaves_no_row_of_the_person_anywhere(any_database_app: Flask) -> None:
    client, other = any_database_app.test_client(), person(any_database_app)
    account = new_account(client).get_json()
    client.put(f"{API}/accounts/me/login", json=login())
    for collection, sample in SAMPLES.items():
        rows = [{"newDocumentState": {**sample, "id": uuid7()}}]
        assert client.post(f"{API}/sync/{collection}/push", json=rows).get_json() == []
        assert other.post(f"{API}/sync/{collection}/push", json=rows).get_json() == []
    with any_database_app.app_context():
        before = rows_that_mention(account["id"])
        assert {name for name, count in before.items() if count} >= {"account", "auth_session", "record_letter"}
    assert client.delete(f"{API}/accounts/me").status_code == 204
    with any_database_app.app_context():
        assert not any(rows_that_mention(account["id"]).values())
    assert not is_signed_in(client)
    assert len(other.get(f"{API}/sync/letters/pull").get_json()["documents"]) == 1


def test_every_table_that_knows_accounts_goes_with_them(app: Flask) -> None:
    for table in db.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table.name == "account":
                assert key.ondelete == "CASCADE", table.name


def test_a_deleted_account_can_make_a_new_one(app: Flask) -> None:
    client = app.test_client()
    first = new_account(client).get_json()
    client.delete(f"{API}/accounts/me")
    again = new_account(client)
    assert again.status_code == 201
    assert again.get_json()["id"] != first["id"]
