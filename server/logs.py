"""Structured logs: one JSON line an event, with the request's id, never with what a person wrote or who they are."""

import logging
import sys
from typing import Any

import structlog

log: Any = structlog.get_logger()

_HANDLER = "heartwood"
_COMMON: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(level: str) -> None:
    """Log events at `level` (a standard level name) and above to standard error as JSON lines.

    Lines of libraries, which use the standard `logging`, take the same form from WARNING up.
    """
    structlog.configure(
        processors=[*_COMMON, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _take_over_standard_logging()


def _take_over_standard_logging() -> None:
    root = logging.getLogger()
    if any(handler.name == _HANDLER for handler in root.handlers):
        return
    handler = _StandardError()
    handler.name = _HANDLER
    handler.setLevel(logging.WARNING)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_COMMON, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root.addHandler(handler)


class _StandardError(logging.StreamHandler[Any]):
    """Writes to what standard error is now: it may be replaced after the handler was made."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)
