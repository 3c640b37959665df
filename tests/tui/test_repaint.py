"""The screens in a real terminal: little is written, and a garbled screen is painted anew."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.nodes import federation
from tests.builders.shelter import shelter
from tests.builders.terminal import Terminal, terminal
from tests.builders.trust import WAJIMA

pytestmark = pytest.mark.processes
COMMAND = Path(sys.executable).with_name("moyai")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Terminal]:
    """The reception of a gymnasium."""
    with federation(tmp_path, WAJIMA) as made:
        desk = shelter(made)
        place, folder = desk.place.hex(), tmp_path / "kawai"
    command = [str(COMMAND), "desk", "--place", place, "--node", str(folder), "--operator", "tanaka", "--lang", "ja"]
    with terminal(command, {"PYTHONUTF8": "1", "PYTHONPATH": f"{Path(__file__).parents[2]}"}) as opened:
        opened.until_shown("F10ほか")
        opened.until_quiet(1.0)
        yield opened


def test_a_household_is_checked_in_with_little_written_and_a_garbled_screen_is_mended(screen: Terminal) -> None:
    before = screen.written
    for key in (b"y", b"a", b"m", b"\r", b"\r"):
        screen.type(key)
        screen.until_quiet(0.7)
    screen.until_shown("在所4人")
    assert screen.written - before < 6_000  # five seconds of a line of 9.6 kbit/s
    whole = screen.shown
    screen.garble()
    assert screen.shown != whole
    screen.type(b"\x12")
    screen.until_quiet(0.7)
    assert screen.shown == whole
