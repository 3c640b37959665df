"""Shares the tests among processes: a file stays in one, and what needs the container engine takes turns."""

from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.scheduler.protocol import Scheduling

ONE_ENGINE: Final = "tests/containers"
"""One engine, one image of a name, one machine's memory: two of these at once would wait for each other."""


class Turns(LoadFileScheduling):  # type: ignore[misc] -- it has no types
    """What is of one scope runs in one process, in order."""

    def _split_scope(self, nodeid: str) -> str:
        return ONE_ENGINE if nodeid.startswith(ONE_ENGINE) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """How the tests are shared."""
    return Turns(config, log)
