"""Sends claimed deliveries and writes down what became of them. The same function runs in a thread and in Celery.

Idempotent: a delivery is taken by a fenced update, so a message that comes twice finds nothing to take.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from flask import Flask, current_app

from server import clock
from server.database import db
from server.nudges import claims, settle
from server.nudges.compose import Draft, compose
from server.nudges.metrics import SENDING
from server.push import service as push
from server.push.transport import Result

#: Seconds that a batch waits for its slowest answers; what takes longer is settled when it comes.
PATIENCE = 2.0


@dataclass(slots=True)
class Flight:
    """A draft on its way: one future a device."""

    draft: Draft
    results: dict[str, Future[Result]] = field(default_factory=dict)

    @property
    def landed(self) -> bool:
        return all(future.done() for future in self.results.values())

    def outcome(self) -> settle.Outcome:
        """What became of it; only once it has landed."""
        results = {device: future.result() for device, future in self.results.items()}
        return settle.Outcome(self.draft.delivery, results, self.draft.silence, self.draft.stop)


class Stragglers:
    """Settles flights that outlast their batch, so that a slow push service holds up nobody else."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "nudges-late")
        self._open = 0
        self._changed = threading.Condition()

    def add(self, app: Flask, flights: Sequence[Flight]) -> None:
        """Settle each of the flights as soon as it lands."""
        for flight in flights:
            with self._changed:
                self._open += 1
            settle_it = partial(self._pool.submit, self._settle, app, flight)
            _when_all(list(flight.results.values()), settle_it)

    def wait(self, seconds: float) -> bool:
        """Wait until all have landed; False when some are still in the air after `seconds`."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, seconds)

    def _settle(self, app: Flask, flight: Flight) -> None:
        try:
            with app.app_context():
                settle.settle([flight.outcome()], clock.now())
        finally:
            with self._changed:
                self._open -= 1
                self._changed.notify_all()


STRAGGLERS = Stragglers()


def deliver(ids: Sequence[str], attempt: int) -> int:
    """Send the deliveries with these ids that still are at `attempt`; answers how many were taken."""
    lease = timedelta(seconds=current_app.config["SETTINGS"].nudge_lease_seconds)
    taken = claims.take(ids, attempt, clock.now(), lease)
    if not taken:
        return 0
    with SENDING.track_inprogress():
        flights = [_launch(draft, clock.now()) for draft in compose(taken, clock.now())]
        db.session.rollback()
        wait([future for flight in flights for future in flight.results.values()], PATIENCE)
        landed = [flight for flight in flights if flight.landed]
        settle.settle([flight.outcome() for flight in landed], clock.now())
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    STRAGGLERS.add(app, [flight for flight in flights if flight not in landed])
    return len(taken)


def _launch(draft: Draft, now: datetime) -> Flight:
    delivery = draft.delivery
    ttl = int((delivery.expires_at - now).total_seconds())
    urgency = "high" if delivery.hard else "normal"
    topic = delivery.id.replace("-", "")
    return Flight(
        draft,
        {device.id: push.send(device, draft.payload, max(ttl, 0), topic, urgency) for device in draft.devices},
    )


def _when_all(futures: Sequence[Future[Result]], call: Callable[[], object]) -> None:
    left = [len(futures)]
    lock = threading.Lock()

    def one_done(_: Future[Result]) -> None:
        with lock:
            left[0] -= 1
            last = left[0] == 0
        if last:
            call()

    for future in futures:
        future.add_done_callback(one_done)
