"""Figures of the database for Prometheus: what waits, how many people come. Every process says the same."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy.exc import SQLAlchemyError

from server import clock
from server.accounts import service as accounts
from server.database import db
from server.nudges import status


def read() -> Iterator[Metric]:
    """The figures now; of a database that does not answer only that."""
    try:
        figures = list(_of_database())
        up = 1
    except SQLAlchemyError:
        figures, up = [], 0
    finally:
        db.session.rollback()
    yield GaugeMetricFamily("heartwood_database_up", "1 when the database answers", value=up)
    yield from figures


def _of_database() -> Iterator[Metric]:
    queue = status.queue(clock.now())
    figures = {
        "heartwood_nudges_due": ("Plans that wait for a ticker", queue.due),
        "heartwood_nudges_late": ("Plans that have waited for a ticker too long", queue.late),
        "heartwood_nudges_in_flight": ("Deliveries that wait for a sender or a retry", queue.in_flight),
        "heartwood_nudges_retrying": ("Deliveries that have failed and will be tried again", queue.retrying),
        "heartwood_nudges_lag_seconds": ("How long the plan that waits longest has been due", queue.lag),
        "heartwood_accounts_seen_week": ("Accounts seen in the last seven days", accounts.seen_since(days=7)),
    }
    for name, (text, value) in figures.items():
        yield GaugeMetricFamily(name, text, value=value)
