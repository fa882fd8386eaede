"""DELETE /accounts/me"""

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from server.database import db
from tests.accounts.cast import API, is_signed_in, key, new_account
from tests.accounts.ways_in import join, sign_in_with
from tests.support.whole_life import PASSPHRASE, live


def rows_that_mention(text: str) -> dict[str, int]:
    """How many rows of each table hold the text in any column."""
    found = {}
    with db.engine.connect() as connection:
        for name, table in db.metadata.tables.items():
            rows = connection.execute(sa.select(table)).all()
            found[name] = sum(any(text in str(value) for value in row) for row in rows)
    return found


def files_that_mention(folder: Path, *texts: bytes) -> list[str]:
    """The files of the instance that hold any of the texts, journals included."""
    return [path.name for path in folder.iterdir() if any(text in path.read_bytes() for text in texts)]


def test_deleting_leaves_no_row_of_the_person_anywhere(any_database_app: Flask) -> None:
    life, other = live(any_database_app), live(any_database_app, "hazel")
    about_people = {name for name, table in db.metadata.tables.items() if "account_id" in table.columns}
    with any_database_app.app_context():
        before = rows_that_mention(life.account_id)
        assert {name for name, count in before.items() if count} == {"account", *about_people}
    assert life.device.delete(f"{API}/accounts/me").status_code == 204
    with any_database_app.app_context():
        for mine in (life.account_id, "juniper", *life.ids.values()):
            assert not any(rows_that_mention(mine).values()), mine
        after = rows_that_mention(other.account_id)
        assert {name for name, count in after.items() if count} == {"account", *about_people}
    assert not is_signed_in(life.device)
    assert len(other.device.get(f"{API}/sync/letters/pull").get_json()["documents"]) == 1


def test_nothing_opens_a_deleted_account(app: Flask) -> None:
    life = live(app)
    life.device.delete(f"{API}/accounts/me")
    by_name = {"name": life.name, "auth_key": key(PASSPHRASE)}
    assert app.test_client().post(f"{API}/sessions", json=by_name).status_code == 401
    by_code = {"recovery_code": life.recovery_code}
    assert app.test_client().post(f"{API}/sessions", json=by_code).status_code == 401
    assert sign_in_with(app.test_client(), life.passkey).status_code == 401
    assert join(app.test_client(), life.join_token).status_code == 401


def test_deleting_leaves_nothing_of_the_person_in_any_file(app: Flask, tmp_path: Path) -> None:
    life, instance = live(app), tmp_path / "instance"
    letter = life.device.get(f"{API}/sync/letters/pull").get_json()["documents"][0]
    mine = [life.account_id.encode(), b"juniper", letter["sealed_text"]["ct"].encode(), letter["id"].encode()]
    assert files_that_mention(instance, *mine)
    assert life.device.delete(f"{API}/accounts/me").status_code == 204
    assert files_that_mention(instance, *mine) == []


def test_what_a_reader_held_up_is_gone_after_housekeeping(app: Flask, tmp_path: Path) -> None:
    life, instance = live(app), tmp_path / "instance"
    reader = sqlite3.connect(instance / "heartwood.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM account").fetchone()
    assert life.device.delete(f"{API}/accounts/me").status_code == 204
    assert files_that_mention(instance, life.account_id.encode())
    reader.close()
    assert app.test_cli_runner().invoke(args=["housekeeping"]).exit_code == 0
    assert files_that_mention(instance, life.account_id.encode()) == []


def test_every_table_that_knows_accounts_goes_with_them(app: Flask) -> None:
    for table in db.metadata.tables.values():
        for refers in table.foreign_keys:
            if refers.column.table.name == "account":
                assert refers.ondelete == "CASCADE", table.name


def test_a_deleted_account_can_make_a_new_one(app: Flask) -> None:
    client = app.test_client()
    first = new_account(client).get_json()
    client.delete(f"{API}/accounts/me")
    again = new_account(client)
    assert again.status_code == 201
    assert again.get_json()["id"] != first["id"]
