"""The nudge engine of one process: a ticker that looks for what is due, and threads that send it."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask, current_app

from server import clock, health, memory
from server.config import Settings
from server.logs import log
from server.metrics import serve_status
from server.nudges import claims, delivery, metrics, service

#: Deliveries in one message: what a killed worker may send twice.
CHUNK = 50
SENDERS = 4
#: Batches that may wait for a sender thread; the ticker claims no more before they are done.
WAITING = 8
#: Seconds that what is in flight gets when the process is asked to stop.
GRACE = 15.0

#: Hands ids and their attempt to whoever sends them.
Dispatch = Callable[[Sequence[str], int], None]


class LocalSenders:
    """Sends in threads of this process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(SENDERS, "nudges-send")
        self._room = threading.Semaphore(SENDERS + WAITING)
        self._stopping = False

    def __call__(self, ids: Sequence[str], attempt: int) -> None:
        self._room.acquire()
        if not self._stopping:
            self._pool.submit(self._send, ids, attempt)

    def close(self) -> None:
        """Finish what is in flight and start nothing new: what was only claimed is sent by the next process."""
        self._stopping = True
        self._pool.shutdown(wait=True)
        delivery.STRAGGLERS.wait(GRACE)

    def _send(self, ids: Sequence[str], attempt: int) -> None:
        try:
            if not self._stopping:
                with self._app.app_context():
                    delivery.deliver(ids, attempt)
        except Exception:  # noqa: BLE001  # a batch that fails is swept up later; the thread must live
            log.exception("nudges.batch_failed")
        finally:
            self._room.release()


def celery_dispatch(ids: Sequence[str], attempt: int) -> None:
    """Send by way of the broker. A message that does not get there is made good by the sweep."""
    from server.nudges.celery_app import deliver_task

    deliver_task.delay(list(ids), attempt)


def tick(dispatch: Dispatch) -> int:
    """Claim and hand out all that is due, and what must be tried again; answers how many were handed out."""
    settings: Settings = current_app.config["SETTINGS"]
    lease = timedelta(seconds=settings.nudge_lease_seconds)
    handed = 0
    while True:
        claimed = claims.claim(clock.now(), lease)
        metrics.CLAIMED.inc(claimed.plans)
        handed += _hand_out(dispatch, {0: claimed.deliveries})
        if claimed.plans < claims.BATCH:
            break
    while True:
        overdue = claims.sweep(clock.now(), lease)
        found = _hand_out(dispatch, overdue)
        metrics.SWEPT.inc(found)
        handed += found
        if found < claims.BATCH:
            return handed


def _hand_out(dispatch: Dispatch, by_attempt: dict[int, list[str]]) -> int:
    for attempt, ids in by_attempt.items():
        for start in range(0, len(ids), CHUNK):
            dispatch(ids[start : start + CHUNK], attempt)
    return sum(map(len, by_attempt.values()))


class Ticker:
    """Calls `tick` every so many seconds, until told to stop."""

    def __init__(self, app: Flask, dispatch: Dispatch) -> None:
        self._app = app
        self._dispatch = dispatch
        self._pause: int = app.config["SETTINGS"].nudge_tick_seconds
        self._stop = threading.Event()
        self._beat = time.monotonic()

    def run(self) -> None:
        """Tick until `stop`; an error of the database is logged and the next tick tries again."""
        with self._app.app_context():
            self._guarded(_refresh_rules)
        while not self._stop.is_set():
            with self._app.app_context():
                self._guarded(lambda: tick(self._dispatch))
            self._stop.wait(self._pause)

    def stop(self) -> None:
        """End after the tick that is running."""
        self._stop.set()

    def late(self) -> str | None:
        """None while it beats, else what is wrong, for `/readyz`."""
        silent = time.monotonic() - self._beat
        return None if silent < 3 * self._pause + 30 else f"no tick for {silent:.0f} s"

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
            self._beat = time.monotonic()
        except Exception:  # noqa: BLE001  # a database or a broker that is away: a later tick makes it good
            log.exception("nudges.tick_failed")


def _refresh_rules() -> None:
    while service.refresh_rules():
        pass


class Engine:
    """Ticker and senders inside the web process; started once by the process that serves."""

    def __init__(self, app: Flask) -> None:
        self._senders = LocalSenders(app)
        self._ticker = Ticker(app, self._senders)
        self._thread = threading.Thread(target=self._ticker.run, name="nudges-tick", daemon=True)
        health.add_check(app, "nudges", self._ticker.late)
        self._thread.start()

    def stop(self) -> None:
        """Start nothing new, finish what is in flight."""
        self._ticker.stop()
        self._senders.close()
        self._thread.join(GRACE)


def start(app: Flask) -> Engine | None:
    """Start the engine of this process if the settings want it here and it does not run yet."""
    if app.config["SETTINGS"].nudge_engine != "embedded":
        return None
    if "heartwood_nudges" not in app.extensions:
        app.extensions["heartwood_nudges"] = Engine(app)
    engine: Engine = app.extensions["heartwood_nudges"]
    return engine


def run_ticker(app: Flask, once: bool) -> None:
    """What `flask nudges tick` does: tick in the foreground, until SIGTERM or SIGINT."""
    settings: Settings = app.config["SETTINGS"]
    senders = None if settings.nudge_engine == "celery" else LocalSenders(app)
    ticker = Ticker(app, senders or celery_dispatch)
    if once:
        with app.app_context():
            tick(senders or celery_dispatch)
    else:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ticker.stop())
        health.add_check(app, "nudges", ticker.late)
        serve_status(app)
        memory.keep_for_good()
        ticker.run()
    if senders is not None:
        senders.close()


def init_app(app: Flask) -> None:
    """Nothing runs until the serving process calls `start`."""
