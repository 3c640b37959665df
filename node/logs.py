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
    """What to log with."""
    return structlog.get_logger()
