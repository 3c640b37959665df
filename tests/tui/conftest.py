"""Two coordinating offices, new for each test that changes them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.office import Offices, offices


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Offices]:
    with offices(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offices]:
    """The same for tests that only look."""
    with offices(Path(tmp_path_factory.mktemp("offices"))) as made:
        yield made
