"""Has the figures of a node given while it runs, where that is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from node.installation import Installation
from node.metrics.figures import figures, searches
from node.metrics.tallies import Tallies

_log = structlog.get_logger(__name__)


@contextmanager
def metered(node: Installation, asked: str) -> Iterator[Tallies]:
    """While the block runs; yields what is to be told of every conversation.

    Raises:
        MetricsNotLoopback, MetricsListenFailed: the address may not be used, or can't.
    """
    from node.metrics.giving import address_for, given, registry_of  # noqa: PLC0415 -- seldom asked for

    tallies = Tallies()
    address = address_for(node.config, asked)
    if not address:
        yield tallies
        return
    with given(address, registry_of(lambda: figures(node, tallies), lambda: searches(node))) as port:
        _log.info("metrics", port=port)
        yield tallies
