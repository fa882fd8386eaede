"""Many machines: `celery -A server.nudges.celery_app worker`. The same function as in the web process, in a task.

The database is the truth; a message carries ids and may be lost or come twice.
"""

import os
from collections.abc import Sequence
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init, worker_process_shutdown
from flask import Flask

from server import memory
from server.config import Settings
from server.metrics import process_ended, serve_status
from server.nudges import delivery

celery = Celery("heartwood", broker=Settings.from_environment().redis_url)
celery.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_soft_time_limit=120,
    task_time_limit=150,
    task_publish_retry=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 600},
    worker_hijack_root_logger=False,
    worker_soft_shutdown_timeout=20,
    task_serializer="json",
    accept_content=["json"],
)
_process: dict[str, Flask] = {}


@worker_process_init.connect  # type: ignore[untyped-decorator]  # celery ships no types
def start(**_: Any) -> None:
    """Each worker process has an application, and so connections, of its own."""
    from server import create_app

    _process["app"] = create_app()
    memory.keep_for_good()


@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def stop(**_: Any) -> None:
    """Let what is in the air land."""
    delivery.STRAGGLERS.wait(15.0)
    process_ended(_process["app"].config["SETTINGS"], os.getpid())


@worker_init.connect  # type: ignore[untyped-decorator]
def answer_for_all(**_: Any) -> None:
    """The parent, which sends nothing itself, says how the worker is and adds up what its processes counted."""
    from server import create_app

    if Settings.from_environment().status_port:
        serve_status(create_app())


@celery.task(name="nudges.deliver", ignore_result=True)  # type: ignore[untyped-decorator]
def deliver_task(ids: Sequence[str], attempt: int) -> None:
    """Send the deliveries that still are at `attempt`."""
    with _process["app"].app_context():
        delivery.deliver(ids, attempt)
