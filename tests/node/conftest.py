"""Towns that run as processes, founded once: setting them up by commands takes longer than most of what is tried."""

import pytest

from tests.builders.processes import Towns


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Towns:
    """Two towns and a laptop as they were founded. Take a copy, and let nothing run in this one."""
    return Towns.found(tmp_path_factory.mktemp("founded"))
