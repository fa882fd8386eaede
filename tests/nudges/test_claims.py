"""Claims, leases and fences, on SQLite and on PostgreSQL, with many tickers and senders at once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from server.clock import now
from server.database import db, transaction
from server.nudges import claims
from server.nudges.chooser import Silence
from server.nudges.models import DROPPED, PENDING, NudgeDelivery, NudgePlan
from server.nudges.settle import Outcome, settle
from tests.support.nudge_cast import due_people

LEASE = timedelta(seconds=60)


def at_once(app: Flask, workers: int, work: Callable[[], object]) -> None:
    """Run `work` in so many threads, each with a context of its own; raises what any of them raised."""
    errors: list[BaseException] = []
    start = threading.Barrier(workers)

    def run() -> None:
        try:
            with app.app_context():
                start.wait()
                work()
        except BaseException as error:  # noqa: BLE001  # it is raised again below
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def rows(app: Flask) -> list[NudgeDelivery]:
    with app.app_context():
        return list(db.session.query(NudgeDelivery))


def test_many_tickers_claim_each_slot_exactly_once(any_database_app: Flask) -> None:
    app = any_database_app
    due_people(app, 400)
    claimed: list[str] = []

    def tick() -> None:
        while (found := claims.claim(now(), LEASE, limit=25)).plans:
            claimed.extend(found.deliveries)

    at_once(app, 6, tick)
    assert len(claimed) == len(set(claimed)) == 400
    assert {each.id for each in rows(app)} == set(claimed)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).where(NudgePlan.next_due_at <= now())) == 0


def test_a_message_that_comes_many_times_is_taken_once(any_database_app: Flask) -> None:
    app = any_database_app
    due_people(app, 50)
    with app.app_context():
        ids = claims.claim(now(), LEASE).deliveries
    taken: list[str] = []
    at_once(app, 6, lambda: taken.extend(each.id for each in claims.take(ids, 0, now(), LEASE)))
    assert sorted(taken) == sorted(ids)


def test_a_slot_that_was_used_before_is_not_sent_again(any_database_app: Flask) -> None:
    app = any_database_app
    due_people(app, 1)
    with app.app_context():
        first = claims.claim(now(), LEASE)
        _due_again()
        assert claims.claim(now(), LEASE).deliveries == []
    assert len(first.deliveries) == len(rows(app)) == 1


def test_what_a_dead_worker_left_is_swept_up_once_its_lease_is_over(any_database_app: Flask) -> None:
    app = any_database_app
    due_people(app, 10)
    with app.app_context():
        ids = claims.claim(now(), LEASE).deliveries
        claims.take(ids[:5], 0, now(), LEASE)
        assert claims.sweep(now(), LEASE) == {}
        later = now() + LEASE
        found = claims.sweep(later, LEASE)
        assert sorted(found) == [0, 1]
        assert sorted(found[1]) == sorted(ids[:5])
        assert claims.sweep(later, LEASE) == {}


def test_many_sweepers_hand_out_each_delivery_once(any_database_app: Flask) -> None:
    app = any_database_app
    due_people(app, 100)
    with app.app_context():
        claims.claim(now(), timedelta(0))
    swept: list[str] = []
    at_once(app, 6, lambda: swept.extend(one for ids in claims.sweep(now(), LEASE, 30).values() for one in ids))
    assert len(swept) == len(set(swept))


def test_a_sender_that_was_too_slow_writes_nothing(any_database_app: Flask) -> None:
    app = any_database_app
    due_people(app, 1)
    with app.app_context():
        ids = claims.claim(now(), LEASE).deliveries
        (slow,) = claims.take(ids, 0, now(), LEASE)
        (quick,) = claims.take(ids, 1, now(), LEASE)
        settle([Outcome(slow, silence=Silence("quiet", "quiet"))], now())
        assert rows(app)[0].state == PENDING
        settle([Outcome(quick, silence=Silence("paused", "paused"))], now())
    assert (rows(app)[0].state, rows(app)[0].dropped) == (DROPPED, "paused")


def test_what_outlived_its_window_is_swept_away_unsent(any_database_app: Flask) -> None:
    app = any_database_app
    due_people(app, 3)
    with app.app_context():
        ids = claims.claim(now(), LEASE).deliveries
        after = now() + timedelta(hours=4)
        assert claims.take(ids, 0, after, LEASE) == []
        assert claims.sweep(after, LEASE) == {}
    assert {(each.state, each.dropped) for each in rows(app)} == {(DROPPED, "late")}


def test_a_deleted_account_takes_its_nudges_along(any_database_app: Flask) -> None:
    app = any_database_app
    due_people(app, 2)
    with app.app_context():
        claims.claim(now(), LEASE)
        with transaction() as session:
            session.execute(sa.text("DELETE FROM account"))
    assert rows(app) == []


def _due_again() -> None:
    with transaction() as session:
        plan = session.query(NudgePlan).one()
        plan.next_slot, plan.next_due_at, plan.last_slot = plan.last_slot, now(), None
