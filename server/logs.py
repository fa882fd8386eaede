"""Structured logs: one JSON line an event, with the request's id, never with what a person wrote."""

import logging
from typing import Any

import structlog

log: Any = structlog.get_logger()


def configure(level: str) -> None:
    """Log events at `level` (a standard level name) and above to standard output as JSON lines."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=False,
    )
