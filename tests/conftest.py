"""Shares the tests among processes: a file stays in one, and what needs the container engine takes turns."""

from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parent
ONE_ENGINE: Final = TESTS / "containers"
"""One engine, one image of a name, one machine's memory: two of these at once would wait for each other."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name the group of each test; what is of one group runs in one process, in order."""
    for item in items:
        alone = ONE_ENGINE in item.path.parents
        group = ONE_ENGINE.name if alone else item.path.relative_to(TESTS).as_posix()
        item.add_marker(pytest.mark.xdist_group(group))
