"""One town hall for all tests of a module: each makes the people and places it speaks of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.townhall import TownHall, town_hall


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TownHall]:
    with town_hall(Path(tmp_path_factory.mktemp("hall"))) as made:
        yield made
