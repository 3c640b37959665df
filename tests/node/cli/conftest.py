"""A node made by its own commands, once a module; each test types into it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.builders.shell import PLACES, RESIDENTS, Shell


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    shell = Shell(Path(tmp_path_factory.mktemp("shell")))
    shell.found()
    assert shell("import", "residents", shell.file("residents.csv", RESIDENTS)).code == 0
    assert shell("import", "places", shell.file("places.csv", PLACES)).code == 0
    return shell


@pytest.fixture
def sh(founded: Shell, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(founded.folder, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type,return-value]


@pytest.fixture
def fresh(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A folder without a node."""
    return Shell(tmp_path, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type,return-value]


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """What a command sets up of logging ends with the test."""
    yield
    structlog.reset_defaults()
