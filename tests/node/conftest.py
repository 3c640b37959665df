"""Towns that run as processes, founded once: setting them up by commands takes longer than most of what is tried."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.processes import Towns


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Towns:
    """Two towns and a laptop as they were founded. Take a copy, and let nothing run in this one."""
    return Towns.found(tmp_path_factory.mktemp("founded"))


@pytest.fixture
def towns(founded: Towns, tmp_path: Path) -> Iterator[Towns]:
    """The founded towns afresh; at the end nothing of them runs any more."""
    made = founded.copy(tmp_path)
    try:
        yield made
    finally:
        for node in made.nodes:
            node.kill()
