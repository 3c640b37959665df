"""Nodes killed with SIGKILL at seeded moments of check-ins and exchanges: what was said to be saved is there."""

import signal
from pathlib import Path
from random import Random

import pytest

from tests.builders.processes import Process, ProcessNode, Towns, until

pytestmark = pytest.mark.processes

TURNS_MOST = 24
"""Tries to kill an exchange before it is over: three must be cut short."""
KILLS = 4


def said(clerk: Process) -> list[bytes]:
    """Whom the clerk said were saved; a line cut off was not said."""
    assert clerk.stdout is not None
    with clerk.stdout as lines:
        return [bytes.fromhex(line.split()[0].decode()) for line in lines if line.endswith(b"\n")]


def killed(process: Process) -> int:
    """Kill it where it stands; its exit code, which tells whether it was faster."""
    process.kill()
    return process.wait()


def killed_after(steps: int, process: Process, node: ProcessNode, *, busy: Process | None = None) -> int:
    """Kill it once its write-ahead log has been seen to change so often, or whoever keeps it busy is done."""
    seen = {node.written}
    until(
        lambda: len(seen) > steps or process.poll() is not None or (busy or process).poll() is not None,
        "a write",
        every_s=0.0005,
        look=lambda: seen.add(node.written),
    )
    return killed(process)


def holds_all(node: ProcessNode, subjects: list[bytes]) -> None:
    """Everybody is there, the file is sound, and so is the log of who looked."""
    with node.opened() as opened:
        assert [subject.hex() for subject in subjects if opened.ledger.person(subject) is None] == []
        opened.ledger.verify_audit()
        assert opened.ledger.life().began_ms > 0  # of the copied folder; a crash begins no new life
    assert node.is_whole()


def acknowledged(sender: ProcessNode, receiver: ProcessNode) -> None:
    """What the sender takes to have passed is at the receiver."""
    with sender.opened() as here, receiver.opened() as there:
        passed = list(here.ledger.passed(there.key.node))
        assert there.ledger.has(passed) == set(passed)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_clerk_killed_at_any_write_step_has_lost_nobody_they_said_was_saved(towns: Towns, seed: int) -> None:
    chance, saved = Random(seed), list[bytes]()
    with towns.laptop.opened() as opened:
        life = opened.ledger.life()
    for _ in range(KILLS):
        clerk = towns.laptop.clerk("register", 10_000)
        assert killed_after(chance.randrange(1, 60), clerk, towns.laptop) == -signal.SIGKILL
        saved += said(clerk)
        holds_all(towns.laptop, saved)
    assert saved
    with towns.laptop.opened() as opened:
        assert opened.ledger.life() == life


def test_an_exchange_killed_at_either_end_loses_nothing_and_settles_in_the_end(towns: Towns) -> None:
    chance, saved, cut_short = Random(3), list[bytes](), 0
    towns.wajima.serve()
    for turn in range(TURNS_MOST):
        if turn >= KILLS and cut_short >= 3:
            break
        saved += [bytes.fromhex(subject) for subject, *_ in towns.laptop.clerk_said("register", 60)]
        exchange = towns.laptop.start("sync")
        node = (towns.laptop, towns.wajima)[turn % 2]
        process = exchange if node is towns.laptop else towns.wajima.daemon
        assert process is not None
        killed_after(chance.randrange(1, 20), process, node, busy=exchange)
        cut_short += killed(exchange) != 0
        if node is towns.wajima:
            towns.wajima.serve()
        acknowledged(towns.laptop, towns.wajima)
        acknowledged(towns.wajima, towns.laptop)
    assert cut_short >= 3
    assert towns.laptop.does("sync")["peers"][0]["reason"] == "DONE"
    for node in (towns.laptop, towns.wajima):
        holds_all(node, saved)
    again = towns.laptop.does("sync")["peers"][0]
    assert (again["reason"], again["sent"], again["received"]) == ("DONE", 0, 0)


def test_a_bundle_read_and_killed_is_read_again_and_nobody_is_missing(towns: Towns, tmp_path: Path) -> None:
    chance, cut_short = Random(5), 0
    saved = [bytes.fromhex(subject) for subject, *_ in towns.wajima.clerk_said("register", 600)]
    assert towns.laptop.does("sync", code=4)["peers"][0]["reason"] == "PEER_UNREACHABLE"
    stick = tmp_path / "stick.moyai"
    laptop = _named(towns)
    towns.wajima.does("bundle", "write", "--to", laptop, str(stick))
    whole = stick.read_bytes()
    for _ in range(TURNS_MOST):
        if cut_short >= 3:
            break
        reading = towns.laptop.start("bundle", "read", str(stick))
        cut_short += killed_after(chance.randrange(1, 12), reading, towns.laptop) == -signal.SIGKILL
        assert towns.laptop.is_whole()
        assert stick.read_bytes() == whole
    assert cut_short >= 3
    code = towns.laptop.start("bundle", "read", str(stick)).wait()
    assert code in {0, 1}  # 1: the last one killed had already taken it to the end, and it is told as read before
    holds_all(towns.laptop, saved)


def test_a_bundle_whose_writer_was_killed_is_not_on_the_stick(towns: Towns, tmp_path: Path) -> None:
    towns.wajima.clerk_said("register", 600)
    stick = tmp_path / "stick"
    stick.mkdir()
    writing = towns.wajima.start("bundle", "write", "--to", _named(towns), str(stick))
    until(lambda: any(stick.iterdir()) or writing.poll() is not None, "a file", every_s=0.0005)
    assert killed(writing) == -signal.SIGKILL
    assert [file.name for file in stick.iterdir() if not file.name.startswith(".")] == []
    towns.wajima.does("bundle", "write", "--to", _named(towns), str(stick))
    assert len([file for file in stick.iterdir() if file.suffix == ".moyai"]) == 1


def _named(towns: Towns) -> str:
    """The laptop as `moyai bundle write --to` is told it."""
    with towns.laptop.opened() as opened:
        return f"{opened.config.organisation}/{opened.config.label}"
