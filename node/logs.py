"""Structured lines on standard error: events, ids, codes and counts, never a person's data."""

import sys
from typing import Any

import structlog


def log_to_stderr(*, quiet: bool = False) -> None:
    """One JSON object a line. To be called once, by a command that runs for long or that ends in a fault.

    `quiet` leaves out what only tells that things go well.
    """
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("warning" if quiet else "info"),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def logger() -> Any:
    """What to log with.

    In a command that has asked for no log only warnings are told, and on a terminal not even these: they would lie
    across what is shown there, and `moyai status` and the screens say the same in words.
    """
    if not structlog.is_configured():
        log_to_stderr(quiet=True)
        if sys.stderr.isatty():
            structlog.configure(processors=[_dropped])
    return structlog.get_logger()


def _dropped(_logger: Any, _name: str, _event: Any) -> Any:
    raise structlog.DropEvent
