"""A node on a disk that is full: it says so, loses nothing it said was saved, and goes on when there is room."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.words import LANGUAGES
from tests.builders.processes import COMMAND, ProcessNode, Towns

pytestmark = pytest.mark.processes

DISK_BYTES = 8 << 20
LITTLE_BYTES = 200_000
"""Room to open the ledger, and for the first part of what the home node has."""
SOME = 40
"""People whose records need more room than there is."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, which becomes the laptop's folder; what its commands say goes beside it."""
    where = tmp_path / "disk"
    where.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=0700", "tmpfs", str(where)]
    try:
        mounted = subprocess.run(mounting, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here: the disk that is full needs one")
    if mounted.returncode != 0:
        pytest.skip(f"a small disk needs the right to mount one, as root has: {mounted.stderr.strip()}")
    try:
        yield where
    finally:
        subprocess.run(["umount", "--lazy", str(where)], check=True)


@pytest.fixture
def laptop(founded: Towns, disk: Path) -> ProcessNode:
    """The laptop on the small disk."""
    shutil.copytree(founded.laptop.folder, disk, dirs_exist_ok=True)
    return ProcessNode(disk)


@pytest.fixture
def home(founded: Towns, tmp_path: Path) -> Iterator[ProcessNode]:
    """Its home node, running, with people in it that the laptop lacks."""
    node = founded.copy(tmp_path).wajima
    node.clerk_said("register", SOME)
    node.serve()
    yield node
    node.kill()


def filled(disk: Path) -> Path:
    """Take what room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1_024))
        except OSError:
            return filler


def complaint(node: ProcessNode, *words: str, language: str) -> str:
    """What a command that can't be done says to whoever typed it."""
    done = subprocess.run(
        [str(COMMAND), *words, "--node", str(node.folder), "--operator", "op-1", "--lang", language],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stdout) == (3, "")
    return done.stderr


def present(node: ProcessNode, subjects: list[str]) -> None:
    with node.opened() as opened:
        assert [subject for subject in subjects if opened.ledger.person(bytes.fromhex(subject)) is None] == []
        opened.ledger.verify_audit()
    assert node.is_whole()


def test_a_full_disk_is_said_and_what_was_saved_stays(laptop: ProcessNode, home: ProcessNode, disk: Path) -> None:
    saved = laptop.does("register", "--family", "門前")["subjects"]
    filler = filled(disk)
    assert laptop.does("register", "--family", "珠洲", code=3)["reason"] == "LEDGER_FULL"
    said = {language: complaint(laptop, "register", "--family", "珠洲", language=language) for language in LANGUAGES}
    assert "ディスクがいっぱい" in said["ja"]
    assert "disk is full" in said["en"]
    assert "Traceback" not in said["ja"] + said["en"]
    assert laptop.does("sync", code=3)["reason"] == "LEDGER_FULL"
    os.truncate(filler, filler.stat().st_size - LITTLE_BYTES)
    assert laptop.does("sync", code=4)["peers"][0]["reason"] == "LEDGER_FULL"
    present(laptop, saved)
    filler.unlink()
    present(laptop, saved)
    saved += laptop.does("register", "--family", "七尾")["subjects"]
    done = laptop.does("sync")["peers"][0]
    assert (done["reason"], done["received"] > SOME) == ("DONE", True)
    present(laptop, saved)
    present(home, saved)


def test_a_full_stick_is_said_and_nothing_half_written_stays_on_it(founded: Towns, disk: Path, tmp_path: Path) -> None:
    home = founded.copy(tmp_path / "copied").wajima
    home.clerk_said("register", SOME)
    with founded.laptop.opened() as opened:
        laptop = f"{opened.config.organisation}/{opened.config.label}"
    filler = filled(disk)
    os.truncate(filler, filler.stat().st_size - 8_192)
    words = ("bundle", "write", "--to", laptop, str(disk / "for-laptop.moyai"))
    assert home.does(*words, code=1)["reason"] == "STICK_FULL"
    assert list(disk.iterdir()) == [filler]
    filler.unlink()
    assert home.does(*words)["records"] > SOME
