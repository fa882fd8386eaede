"""`flask accounts`: who there is, and whose account goes."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from server.accounts.months import months_before
from server.database import db
from tests.accounts.cast import login
from tests.conftest import count_rows, person
from tests.operations.test_backup import run
from tests.records.samples import API, SAMPLES, document, row

START = datetime(2025, 1, 31, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 8, 31, 12, 0, tzinfo=UTC)


@pytest.fixture
def settled(any_database_app: Flask) -> Flask:
    """Three people of long ago: one who only checked in, one with a passphrase, one who came back in between."""
    with time_machine.travel(START, tick=False) as clock:
        quiet, named, faithful = (person(any_database_app) for _ in range(3))
        for collection in SAMPLES:
            pushed = quiet.post(f"{API}/sync/{collection}/push", json=[row(document(collection))])
            assert pushed.get_json() == [], pushed.text
        named.put(f"{API}/accounts/me/login", json=login())
        for visit in (START + timedelta(days=360), LATER - timedelta(days=20)):
            clock.move_to(visit)
            assert faithful.get(f"{API}/accounts/me").status_code == 200
    return any_database_app


@time_machine.travel(LATER, tick=False)
def test_counting_tells_who_there_is_and_who_would_go(settled: Flask) -> None:
    lines = run(settled, "accounts", "count").output.splitlines()
    assert [line.split()[-1 if "idle" not in line else 1] for line in lines] == ["3", "1", "1", "1"]


@time_machine.travel(LATER, tick=False)
def test_pruning_deletes_the_idle_device_account_with_all_that_is_its_own_and_nobody_elses(settled: Flask) -> None:
    assert run(settled, "accounts", "prune").output == "1 accounts deleted\n"
    rows = count_rows(settled)
    assert rows["account"] == 2
    assert {name: count for name, count in rows.items() if name.startswith("record_") and count} == {}
    assert run(settled, "accounts", "prune").output == "0 accounts deleted\n"


@time_machine.travel(LATER, tick=False)
def test_a_dry_run_deletes_nothing(settled: Flask) -> None:
    before = count_rows(settled)
    assert run(settled, "accounts", "prune", "--dry-run").output == "1 accounts would be deleted\n"
    assert count_rows(settled) == before


@time_machine.travel(LATER, tick=False)
def test_the_months_can_be_chosen(settled: Flask) -> None:
    assert run(settled, "accounts", "prune", "--months", "24").output == "0 accounts deleted\n"


@time_machine.travel(LATER, tick=False)
def test_housekeeping_does_all_that_is_to_be_done_daily(settled: Flask) -> None:
    result = run(settled, "housekeeping")
    assert result.exit_code == 0, result.output
    assert "      1 idle accounts, deleted" in result.output


def test_an_account_is_deleted_by_its_name(settled: Flask) -> None:
    assert run(settled, "accounts", "delete", "Juniper", "--yes").output == "Juniper deleted\n"
    assert count_rows(settled)["account"] == 2


def test_an_account_is_deleted_by_its_id_after_asking(settled: Flask) -> None:
    with settled.app_context():
        account_id = db.session.execute(sa.text("SELECT id FROM account ORDER BY created_at")).scalars().first()
    asked = settled.test_cli_runner().invoke(args=["accounts", "delete", str(account_id)], input="n\n")
    assert asked.exit_code == 1
    assert count_rows(settled)["account"] == 3
    settled.test_cli_runner().invoke(args=["accounts", "delete", str(account_id)], input="y\n")
    assert count_rows(settled)["account"] == 2


def test_somebody_can_be_signed_out_everywhere(settled: Flask) -> None:
    assert run(settled, "accounts", "sign-out", "Juniper").output == "1 devices signed out\n"
    rows = count_rows(settled)
    assert (rows["account"], rows["auth_session"]) == (3, 2)
    assert run(settled, "accounts", "sign-out", "nobody").output == "Error: there is no account nobody\n"


def test_everybody_can_be_signed_out(settled: Flask) -> None:
    assert run(settled, "accounts", "sign-out").exit_code == 2
    assert run(settled, "accounts", "sign-out", "Juniper", "--all").exit_code == 2
    assert run(settled, "accounts", "sign-out", "--all").output == "3 devices signed out\n"
    assert count_rows(settled)["auth_session"] == 0


def test_a_name_that_nobody_has_is_said_so(settled: Flask) -> None:
    result = run(settled, "accounts", "delete", "nobody", "--yes")
    assert (result.exit_code, result.output) == (1, "Error: there is no account nobody\n")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-08-31", 18, "2025-02-28"), ("2026-03-15", 3, "2025-12-15"), ("2026-12-01", 12, "2025-12-01")],
)
def test_months_end_where_the_month_ends(day: str, months: int, expected: str) -> None:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert months_before(moment, months).date().isoformat() == expected
