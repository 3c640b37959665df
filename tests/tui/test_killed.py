"""A machine whose power goes in the middle of a form: what was typed is there when the screens are opened again."""

import signal
import sys
from pathlib import Path

import pytest

from tests.builders.nodes import federation
from tests.builders.shelter import shelter
from tests.builders.terminal import Terminal, terminal
from tests.builders.trust import WAJIMA

TOP = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("moyai")
F5, F6 = b"\x1b[15~", b"\x1b[17~"


@pytest.mark.processes
def test_a_half_typed_form_survives_kill_9(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA) as made:
        place = shelter(made).place.hex()
    command = [str(COMMAND), "desk", "--place", place, "--node", str(tmp_path / "kawai")]
    command += ["--operator", "tanaka", "--lang", "ja"]
    surroundings = {"PYTHONUTF8": "1", "PYTHONPATH": str(TOP)}
    with terminal(command, surroundings) as screen:
        screen.until_shown("F10ほか")
        screen.type(F5)
        screen.until_shown("F5]登録")
        screen.type("海老名沢\r".encode())
        screen.until_shown("海老名沢")
        screen.type("ハナ".encode())
        screen.until_shown("ハナ")
        screen.until_quiet(1.0)
        screen.process.kill()
        assert screen.process.wait() == -signal.SIGKILL
    with terminal(command, surroundings) as screen:
        screen.until_shown("書きかけの登録があります:海老名沢ハナ")
        screen.type(b"\r")
        screen.until_shown("F5]登録")
        assert "海老名沢" in screen.shown.replace(" ", "")
        assert "ハナ" in screen.shown.replace(" ", "")


@pytest.mark.processes
def test_a_half_typed_correction_survives_kill_9(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA) as made:
        desk = shelter(made)
        desk.check_in([desk.find("オオヤチ")[0].subject])
        place = desk.place.hex()
    command = [str(COMMAND), "desk", "--place", place, "--node", str(tmp_path / "kawai")]
    command += ["--operator", "tanaka", "--lang", "ja"]
    surroundings = {"PYTHONUTF8": "1", "PYTHONPATH": str(TOP)}
    with terminal(command, surroundings) as screen:
        open_person(screen)
        screen.type(b"w")
        screen.until_shown("F5]訂正")
        screen.type("子".encode())
        screen.until_shown("大谷内子")
        screen.until_quiet(1.0)
        screen.process.kill()
        assert screen.process.wait() == -signal.SIGKILL
    with terminal(command, surroundings) as screen:
        open_person(screen)
        screen.type(b"w")
        screen.until_shown("訂正が途中です")
        screen.type(b"\r")
        screen.until_shown("大谷内子")


def open_person(screen: Terminal) -> None:
    """Finds her and opens the page on her."""
    screen.until_shown("F10ほか")
    screen.type(b"ooy")
    screen.until_shown("大谷内")
    screen.type(F6)
    screen.until_shown("W]訂正")
