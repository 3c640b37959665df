"""The start of the screens in a real terminal: it says so, nothing typed meanwhile is lost or shown, little loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders.nodes import federation
from tests.builders.shelter import shelter
from tests.builders.terminal import terminal
from tests.builders.trust import WAJIMA

TOP = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("moyai")

SLOW_TO_LOAD = {
    "grpc",
    "cryptography.x509",
    "numpy",
    "structlog",
    "zstandard",
    "aiohttp",
    "fpdf",
    "segno",
    "sqlite_utils",
}
"""What only commands need that speak, print or set up."""

FIRST_SCREEN = """
import sys
from pathlib import Path
from node.cli import main, screens
from node.chance import entropy, wall_clock_ms
from node.installation import open_node
from tui.desk_app import DeskApp

node = open_node(Path(sys.argv[1]), passphrase=lambda: "", now_ms=wall_clock_ms, entropy=entropy)
app = DeskApp(node.desk("tanaka"), language="ja")
app.node.standing()
print(*sys.modules)
node.close()
"""


@pytest.fixture
def gymnasium(tmp_path: Path) -> tuple[Path, str]:
    """The folder of a shelter's laptop, and the id of the place it stands at."""
    with federation(tmp_path, WAJIMA) as made:
        return tmp_path / "kawai", shelter(made).place.hex()


@pytest.mark.processes
def test_what_is_typed_while_it_starts_waits_for_the_first_screen_unseen(gymnasium: tuple[Path, str]) -> None:
    folder, place = gymnasium
    command = [str(COMMAND), "desk", "--place", place, "--node", str(folder), "--operator", "tanaka", "--lang", "ja"]
    with terminal(command, {"PYTHONUTF8": "1", "PYTHONPATH": str(TOP)}) as screen:
        screen.until_shown("はじめています")
        screen.type(b"yamx\x7fa")
        screen.read(0.3)
        assert "ya" not in screen.shown
        screen.until_shown("F10ほか")
        screen.until_shown("yama")


@pytest.mark.processes
def test_once_the_screens_are_left_nothing_says_that_they_start(gymnasium: tuple[Path, str]) -> None:
    folder, place = gymnasium
    command = [str(COMMAND), "desk", "--place", place, "--node", str(folder), "--operator", "tanaka", "--lang", "ja"]
    with terminal(command, {"PYTHONUTF8": "1", "PYTHONPATH": str(TOP)}) as screen:
        screen.until_shown("はじめています")
        screen.until_shown("F10ほか")
        screen.type(b"\x11")
        screen.process.wait(timeout=30)
        while screen.read(0.3):
            pass
        _, left, after = screen.tail.rpartition(b"\x1b[?1049l")
        assert left
        assert b"\x1b[A\r\x1b[K" in after


def test_the_first_screen_and_how_things_stand_need_nothing_that_is_slow_to_load(
    gymnasium: tuple[Path, str],
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_SCREEN, str(gymnasium[0])],
        cwd=TOP,
        env={"PYTHONPATH": f"{TOP}:{TOP / 'protocol'}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert SLOW_TO_LOAD & set(done.stdout.split()) == set()


def test_help_loads_nothing_of_a_node() -> None:
    program = "import sys; from node.cli.main import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], cwd=TOP, capture_output=True, check=True, text=True)
    loaded = set(done.stderr.split())
    assert (SLOW_TO_LOAD | {"node.ledger", "google.protobuf", "textual"}) & loaded == set()
