"""Figures for Prometheus that are read at the scrape: what waits in the database, the disk, the newest backup."""

import shutil
from collections.abc import Iterator

from flask import current_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy.exc import SQLAlchemyError

from server import clock
from server.accounts import service as accounts
from server.config import Settings
from server.database import db
from server.nudges import status
from server.operations.backup import all_in


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
    yield from _of_files(current_app.config["SETTINGS"])


def _of_files(settings: Settings) -> Iterator[Metric]:
    free = shutil.disk_usage(settings.instance_path).free
    yield GaugeMetricFamily("heartwood_disk_free_bytes", "Room left for the instance folder", value=free)
    if found := all_in(settings.backups):
        age = clock.now().timestamp() - found[-1].stat().st_mtime
        yield GaugeMetricFamily("heartwood_backup_age_seconds", "Age of the newest backup on this machine", value=age)


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
