"""The mark beside the ledger: never ahead of it, and ahead of every older copy that is put in its place."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from node.errors import LedgerReplaced
from node.ledger import AuditEntry, Ledger, Why
from node.ledger.mark import Mark, MarkFile
from node.ledger.numbers import INCARNATION_BITS
from tests.builders.ledger import KEY, NOW_MS, new_ledger

TOP = Path(__file__).parents[3]
FILE = "ledger.db"
READ = AuditEntry(NOW_MS, "read", "op-1", b"n" * 16, "172049", "aid")


def grow(folder: Path, records: int = 1, entries: int = 0) -> None:
    """Open the ledger, give counters, log."""
    with Ledger.open(folder / FILE, KEY) as ledger, ledger.write() as writing:
        for _ in range(records):
            writing.next_counter()
            writing.next_clock(NOW_MS)
        for _ in range(entries):
            writing.log(READ)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_ledger(tmp_path).close()
    grow(tmp_path, records=3)
    return tmp_path


def opened_as(folder: Path) -> Why | None:
    with Ledger.open(folder / FILE, KEY) as ledger:
        return ledger.earlier_life()


def test_a_ledger_that_goes_on_has_one_life(folder: Path) -> None:
    for _ in range(3):
        grow(folder)
        assert opened_as(folder) is None


@pytest.mark.parametrize("more", [{"records": 1}, {"records": 0, "entries": 1}], ids=["records", "log"])
def test_an_older_copy_in_its_place_is_found_out(folder: Path, more: dict[str, int]) -> None:
    backup = (folder / FILE).read_bytes()
    grow(folder, **more)
    (folder / FILE).write_bytes(backup)
    assert opened_as(folder) is Why.FILE_OLDER


def test_a_copy_of_the_whole_folder_is_found_out(folder: Path) -> None:
    copy = folder / "copy"
    shutil.copytree(folder, copy)
    assert opened_as(copy) is Why.FILE_COPIED
    assert opened_as(folder) is None


def test_a_copy_that_got_the_number_of_the_deleted_file_is_found_out_as_well(folder: Path) -> None:
    backup, inode = (folder / FILE).read_bytes(), (folder / FILE).stat().st_ino
    (folder / FILE).write_bytes(backup)
    assert (folder / FILE).stat().st_ino == inode
    assert opened_as(folder) is Why.FILE_COPIED


def test_a_crash_begins_no_other_life(folder: Path) -> None:
    program = f"""
import os
from pathlib import Path
from node.ledger import Ledger
ledger = Ledger.open(Path({str(folder / FILE)!r}), {KEY!r})
for number in range(3):
    with ledger.write() as writing:
        writing.next_counter()
    ledger.compact()
with ledger.write() as writing:
    writing.next_counter()
os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", program], cwd=TOP, check=False).returncode == 9
    with Ledger.open(folder / FILE, KEY) as ledger:
        assert (ledger.earlier_life(), ledger.counter()) == (None, 7)


def test_once_it_counts_on_from_above_all_is_well(folder: Path) -> None:
    backup = (folder / FILE).read_bytes()
    grow(folder, records=5)
    (folder / FILE).write_bytes(backup)
    with Ledger.open(folder / FILE, KEY) as ledger:
        with ledger.write() as writing:
            clock = ledger.marked.clock
            incarnation = writing.begin_life(Why.FILE_OLDER, now_ms=NOW_MS - 9_000, above=8, clock=clock)
            assert writing.next_counter() == (incarnation << INCARNATION_BITS) + 1
            assert writing.next_clock(0) == clock + 1
        ledger.settle_mark()
        assert ledger.life().why is Why.FILE_OLDER
    assert opened_as(folder) is None
    grow(folder)
    assert opened_as(folder) is None


def test_what_was_rolled_back_is_not_marked(folder: Path) -> None:
    with Ledger.open(folder / FILE, KEY) as ledger:
        with pytest.raises(ZeroDivisionError), ledger.write() as writing:
            writing.next_counter() // 0
        assert (MarkFile(folder / FILE, KEY).read() or Mark()).counter == ledger.counter() == 3


def test_a_lost_mark_and_one_that_was_tampered_with_say_nothing(folder: Path) -> None:
    mark = folder / "ledger.mark"
    for content in (b"", mark.read_bytes()[:-1] + b"\0", bytes(64)):
        mark.write_bytes(content)
        assert opened_as(folder) is None
    mark.unlink()
    assert opened_as(folder) is None


def test_a_mark_that_cant_be_written_stops_nobody(folder: Path) -> None:
    (folder / "ledger.mark").unlink()
    (folder / "ledger.mark").mkdir()
    grow(folder)
    with Ledger.open(folder / FILE, KEY) as ledger:
        assert ledger.counter() == 4


def test_a_new_ledger_has_nothing_of_one_before(folder: Path) -> None:
    (folder / FILE).unlink()
    new_ledger(folder).close()
    assert opened_as(folder) is None


@pytest.mark.parametrize("take_away", [lambda path: path.unlink(), lambda path: path.rename(path.with_suffix(".old"))])
def test_nothing_is_written_into_a_file_that_was_taken_away(folder: Path, take_away: Callable[[Path], None]) -> None:
    backup = (folder / FILE).read_bytes()
    with Ledger.open(folder / FILE, KEY) as ledger:
        take_away(folder / FILE)
        with pytest.raises(LedgerReplaced), ledger.write() as writing:
            writing.next_counter()
        (folder / FILE).write_bytes(backup)
        with pytest.raises(LedgerReplaced), ledger.write() as writing:
            writing.next_counter()


# --- a log that a crash has left


def crashed(folder: Path, into: Path) -> None:
    """What a crash would leave of the ledger in `folder` after some more writing: the file and its log as they are."""
    with Ledger.open(folder / FILE, KEY) as ledger:
        with ledger.write() as writing:
            for _ in range(300):
                writing.log(READ)
        into.mkdir()
        for name in (FILE, "ledger.db-wal", "ledger.mark"):
            shutil.copyfile(folder / name, into / name)


def length(folder: Path) -> int:
    with Ledger.open(folder / FILE, KEY) as ledger:
        assert ledger.verify_audit() == ledger.audit_head()[0]
        return ledger.audit_head()[0]


def test_a_log_left_by_a_crash_is_folded_into_its_own_file(folder: Path, tmp_path: Path) -> None:
    left = tmp_path / "left"
    crashed(folder, left)
    assert length(left) == 300
    assert not (left / "ledger.db-wal.aside").exists()


def test_a_log_left_by_a_crash_that_fits_the_copy_makes_it_as_new_as_the_original(folder: Path, tmp_path: Path) -> None:
    backup = (folder / FILE).read_bytes()
    left = tmp_path / "left"
    crashed(folder, left)
    (left / FILE).write_bytes(backup)
    assert length(left) == 300


def test_a_log_left_by_a_crash_is_not_folded_into_an_older_copy(folder: Path, tmp_path: Path) -> None:
    backup = (folder / FILE).read_bytes()
    grow(folder, entries=300)
    left = tmp_path / "left"
    crashed(folder, left)
    (left / FILE).write_bytes(backup)
    assert length(left) == 0
    assert opened_as(left) is Why.FILE_OLDER
    assert (left / "ledger.db-wal.aside").stat().st_size > 0
