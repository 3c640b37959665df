"""A node that is killed in the middle of writing has everything it acknowledged, and nothing by halves."""

import subprocess
import sys
from pathlib import Path

import pytest

from node.ledger import Ledger
from tests.builders.ledger import KEY, new_ledger, subject_of

RECORDS_A_PERSON = 3

WRITER = """
import sys
from itertools import count
from pathlib import Path
from node.ledger import AuditEntry, Ledger
from node.records import kinds
from tests.builders.ledger import KEY, NOW_MS, Author, arrival, subject_of

ledger, author = Ledger.open(Path(sys.argv[1]), KEY), Author()
for number in count(1):
    with ledger.write() as writing:
        author.counter = writing.next_counter() - 1
        for facet in (kinds.IDENTITY, kinds.CONTACT, kinds.CARE):
            writing.keep_many([arrival(author.says(subject_of(number), facet, b""))])
        entry = AuditEntry(NOW_MS, "write", "op-1", b"n" * 16, "172049", "check-in", subject_of(number))
        writing.log(entry)
    print(number, flush=True)
    if number == int(sys.argv[2]):
        with ledger.write() as writing:
            writing.keep_many([arrival(author.says(subject_of(number + 1)))])
            print("half", flush=True)
            sys.stdin.read()
"""


def killed_writer(path: Path, *, after: int, half_way: bool) -> int:
    """Let a process write, and kill it; returns the last number it acknowledged."""
    stop_at = after if half_way else 1_000_000
    command = [sys.executable, "-c", WRITER, str(path), str(stop_at)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        last = 0
        while last < after:
            last = int(process.stdout.readline())
        if half_way:
            assert process.stdout.readline() == "half\n"
        process.kill()
        rest = process.stdout.read().split()
    return int(rest[-1]) if rest else last


@pytest.mark.processes
@pytest.mark.parametrize(("after", "half_way"), [(1, True), (40, True), (1, False), (60, False)])
def test_what_was_acknowledged_is_there_whole_and_nothing_by_halves(tmp_path: Path, after: int, half_way: bool) -> None:
    new_ledger(tmp_path).close()
    acknowledged = killed_writer(tmp_path / "ledger.db", after=after, half_way=half_way)
    with Ledger.open(tmp_path / "ledger.db", KEY) as ledger:
        assert ledger._connection().execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        entries = ledger.verify_audit()
        assert entries in (acknowledged, acknowledged + 1)
        for number in range(1, entries + 1):
            assert len(ledger.about(subject_of(number))) == RECORDS_A_PERSON
            assert ledger.person(subject_of(number)) is not None
        assert ledger.about(subject_of(entries + 1)) == []
        assert ledger.counter() == entries
