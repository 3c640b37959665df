"""Processes on an older copy of their ledger, two from one copy, and with clocks that go back: all by themselves."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.processes import ProcessNode, Towns, free_port

pytestmark = pytest.mark.processes

LEDGER, LOGS = "ledger.db", ("ledger.db-wal", "ledger.db-shm")
YEAR_MS = 365 * 24 * 3600 * 1000


@pytest.fixture
def towns(founded: Towns, tmp_path: Path) -> Iterator[Towns]:
    """The home node runs; the laptop has met it."""
    made = founded.copy(tmp_path)
    made.wajima.serve()
    settled(made.laptop)
    try:
        yield made
    finally:
        for node in made.nodes:
            node.kill()


def settled(node: ProcessNode) -> None:
    """It has exchanged with its home node, and nothing is owed either way."""
    (spoken,) = node.does("sync")["peers"]
    assert spoken["reason"] == "DONE"


def written(node: ProcessNode, count: int, *clock: int) -> list[str]:
    """Ids of people written down by the command's own code."""
    return [subject for subject, *_ in node.clerk_said("register", count, *clock)]


def killed_while_writing(node: ProcessNode) -> list[str]:
    """The same, but the power fails: what the write-ahead log holds is not folded into the file."""
    clerk = node.clerk("register", 1_000)
    assert clerk.stdout is not None
    with clerk.stdout as lines:
        said = [lines.readline().split()[0].decode() for _ in range(8)]
        clerk.kill()
        assert clerk.wait() == -signal.SIGKILL
        return said + [line.split()[0].decode() for line in lines if line.endswith(b"\n")]


def holds(node: ProcessNode, subjects: list[str]) -> bool:
    """Whether all of them are there, in a sound file with an unbroken log."""
    with node.opened() as opened:
        opened.ledger.verify_audit()
        there = [opened.ledger.person(bytes.fromhex(subject)) is not None for subject in subjects]
    assert node.is_whole()
    return all(there)


def numbers(node: ProcessNode) -> tuple[int, int]:
    """Its newest counter, and the high water of its clock."""
    with node.opened() as opened:
        return opened.ledger.counter(), opened.ledger.clock()


def given_twice(author: ProcessNode, *holders: ProcessNode) -> int:
    """How many counters of one node stand on two different records, whoever holds them."""
    records = set()
    with author.opened() as opened:
        node = opened.key.node
    for holder in holders:
        with holder.opened() as opened:
            _, subjects = opened.ledger.subjects_changed_since(0)
            held = [held.record for some in opened.ledger.about_many(subjects).values() for held in some]
            records |= {(record.counter, record.id) for record in held if record.author == node}
    return len(records) - len({counter for counter, _ in records})


def test_an_old_database_copied_over_the_live_one_is_noticed_and_what_was_lost_comes_back(
    towns: Towns, tmp_path: Path
) -> None:
    laptop, backup = towns.laptop, tmp_path / "backup.db"
    shutil.copyfile(laptop.ledger, backup)
    lost = written(laptop, 5)
    settled(laptop)
    before = numbers(laptop)
    shutil.copyfile(backup, laptop.ledger)
    assert laptop.does("status")["restored"] == "FILE_OLDER"
    assert numbers(laptop) > before
    assert not holds(laptop, lost)
    since = written(laptop, 2)
    settled(laptop)
    for node in (laptop, towns.wajima):
        assert holds(node, lost + since)
    assert given_twice(laptop, laptop, towns.wajima) == 0
    assert laptop.does("status")["twin_seen_ms"] is None


def test_an_old_database_copied_beside_the_log_of_a_crash_is_not_mixed_with_it(towns: Towns, tmp_path: Path) -> None:
    laptop, backup = towns.laptop, tmp_path / "backup.db"
    shutil.copyfile(laptop.ledger, backup)
    lost = written(laptop, 30)
    settled(laptop)
    killed_while_writing(laptop)
    shutil.copyfile(backup, laptop.ledger)
    assert laptop.does("status")["restored"] == "FILE_OLDER"
    since = written(laptop, 2)
    settled(laptop)
    for node in (laptop, towns.wajima):
        assert holds(node, lost + since)
    assert given_twice(laptop, laptop, towns.wajima) == 0


def test_a_home_node_put_back_gets_back_from_its_laptop_what_it_lost(towns: Towns, tmp_path: Path) -> None:
    home, backup = towns.wajima, tmp_path / "backup.db"
    assert home.stop() == 0
    shutil.copyfile(home.ledger, backup)
    of_home = written(home, 3)
    home.serve()
    of_laptop = written(towns.laptop, 3)
    settled(towns.laptop)
    home.kill()
    for name in LOGS:
        (home.folder / name).unlink()
    shutil.copyfile(backup, home.ledger)
    home.serve()
    settled(towns.laptop)
    assert holds(home, of_home + of_laptop)
    assert home.does("status")["restored"] == "FILE_OLDER"
    assert given_twice(home, home, towns.laptop) == 0


def test_two_nodes_from_one_backup_lose_nothing_and_say_so(towns: Towns, tmp_path: Path) -> None:
    laptop, twin = towns.laptop, ProcessNode(tmp_path / "twin", free_port(), free_port())
    shutil.copytree(laptop.folder, twin.folder)
    everybody = []
    for _ in range(2):
        for node in (laptop, twin):
            everybody += written(node, 2)
            settled(node)
    settled(laptop)
    for node in (laptop, twin, towns.wajima):
        assert holds(node, everybody)
    assert any(node.does("status")["twin_seen_ms"] for node in (laptop, twin))


def test_a_replaced_file_is_not_written_into_by_a_daemon_that_still_runs(towns: Towns, tmp_path: Path) -> None:
    home, backup = towns.wajima, tmp_path / "backup.db"
    assert home.stop() == 0
    shutil.copyfile(home.ledger, backup)
    home.serve()
    backup.rename(home.ledger)
    subjects = written(towns.laptop, 1)
    assert towns.laptop.does("sync", code=4)["peers"][0]["reason"] != "DONE"
    home.kill()
    for name in LOGS:
        (home.folder / name).unlink(missing_ok=True)
    home.serve()
    settled(towns.laptop)
    assert holds(home, subjects)


def test_a_clock_that_went_back_a_year_across_a_restart_changes_no_outcome(towns: Towns) -> None:
    laptop, off_ms = towns.laptop, -YEAR_MS
    first = written(laptop, 2)
    counter, clock = numbers(laptop)
    second = written(laptop, 2, off_ms)
    assert numbers(laptop) > (counter, clock)
    assert numbers(laptop)[1] > clock
    assert ["DONE"] in laptop.clerk_said("sync", off_ms)
    third = written(laptop, 2)
    settled(laptop)
    for node in (laptop, towns.wajima):
        assert holds(node, first + second + third)
        assert node.does("status")["conflicts"] == 0
        assert node.does("status")["quarantined"] == 0
    assert laptop.does("status")["twin_seen_ms"] is None
