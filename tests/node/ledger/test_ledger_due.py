"""Rows that follow their records: late by a moment, never lost, and never for what protects or erases somebody."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from moyai.v1 import facets_pb2 as wire
from node.ledger import Ledger
from node.ledger.due import AT_ONCE
from node.people.asking import parse_query
from node.records import kinds
from node.records.record import Record
from tests.builders.ledger import KEY, WAJIMA, Author, arrival, new_ledger, subject_of

HERE = b"h" * 16


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path) as made:
        yield made


def says_who(author: Author, number: int, name: str = "佐藤") -> Record:
    content = wire.Identity(family_name=name, given_name="太郎").SerializeToString()
    return author.says(subject_of(number), kinds.IDENTITY, content)


def says_where(author: Author, number: int) -> Record:
    stay = wire.Stay(place=HERE, municipality=WAJIMA, state=wire.STAY_STATE_PRESENT)
    return author.says(subject_of(number), kinds.STAY, stay.SerializeToString(), slot=b"s" * 16)


def keep_in_bulk(ledger: Ledger, records: Sequence[Record]) -> None:
    with ledger.write() as writing:
        writing.put_off_rows()
        writing.keep_many([arrival(record) for record in records])


def found(ledger: Ledger, text: str) -> set[bytes]:
    hits = ledger.search(parse_query(text, date(2024, 1, 1)), here=None, municipality=WAJIMA, limit=200)
    return {hit.person.subject for hit in hits}


def test_who_came_in_bulk_is_found_by_the_next_search_where_they_are_few(ledger: Ledger) -> None:
    author = Author()
    keep_in_bulk(ledger, [says_who(author, number) for number in range(1, 4)])
    assert ledger.rows_due() == 3
    assert found(ledger, "佐藤") == {subject_of(number) for number in range(1, 4)}
    assert ledger.rows_due() == 0


def test_a_question_does_not_wait_for_a_bulk_load_and_the_counts_say_so(ledger: Ledger) -> None:
    author, many = Author(), AT_ONCE + 1
    keep_in_bulk(ledger, [says_where(author, number) for number in range(1, many + 1)])
    counts = ledger.counts(HERE)
    assert (counts.present, counts.behind) == (0, many)
    assert ledger.catch_up()
    assert not ledger.catch_up()
    counts = ledger.counts(HERE)
    assert (counts.present, counts.behind) == (many, 0)


def test_one_person_is_never_behind_their_records(ledger: Ledger) -> None:
    author = Author()
    keep_in_bulk(ledger, [says_who(author, number) for number in range(1, AT_ONCE + 10)])
    row = ledger.person(subject_of(7))
    assert row is not None
    assert row.family_name == "佐藤"
    assert ledger.rows_due() == AT_ONCE + 8


def test_what_is_written_here_meanwhile_is_found_at_once(ledger: Ledger) -> None:
    author = Author()
    keep_in_bulk(ledger, [says_who(author, number) for number in range(1, AT_ONCE + 10)])
    with ledger.write() as writing:
        writing.keep_many([arrival(says_who(author, 5, "輪島"))])
    assert found(ledger, "輪島") == {subject_of(5)}
    assert not ledger.is_row_due(subject_of(5))


@pytest.mark.parametrize("facet", sorted(kinds.PERSON_CONTROL))
def test_what_protects_closes_or_erases_is_never_put_off(ledger: Ledger, facet: int) -> None:
    author = Author()
    keep_in_bulk(ledger, [says_who(author, number) for number in range(1, AT_ONCE + 10)])
    content = wire.Protection(active=True).SerializeToString() if facet == kinds.PROTECTION else b""
    keep_in_bulk(ledger, [author.says(subject_of(3), facet, content), says_who(author, 4)])
    assert not ledger.is_row_due(subject_of(3))
    assert ledger.is_row_due(subject_of(4))
    row = ledger.person(subject_of(3))
    assert row is not None
    assert row.protected == (facet == kinds.PROTECTION)


def test_who_is_erased_while_their_row_is_due_leaves_none(ledger: Ledger) -> None:
    author = Author()
    keep_in_bulk(ledger, [says_who(author, number) for number in (1, 2)])
    with ledger.write() as writing:
        writing.erase(subject_of(1))
    assert not ledger.is_row_due(subject_of(1))
    assert ledger.person(subject_of(1)) is None
    assert found(ledger, "佐藤") == {subject_of(2)}


def test_what_is_erased_in_the_middle_of_a_bulk_load_leaves_its_row_at_once(ledger: Ledger) -> None:
    author = Author()
    who, where = says_who(author, 1), says_where(author, 1)
    keep_in_bulk(ledger, [who, where])
    ledger.catch_up()
    with ledger.write() as writing:
        writing.put_off_rows()
        writing.erase_records([where.id])
        writing.keep_many([arrival(says_who(author, number)) for number in range(2, AT_ONCE + 10)])
    assert not ledger.is_row_due(subject_of(1))
    assert ledger.counts(HERE).present == 0


def test_rows_that_follow_are_the_rows_that_would_have_been_written_at_once(tmp_path: Path) -> None:
    shown = []
    for bulk in (True, False):
        folder = tmp_path / str(bulk)
        folder.mkdir()
        author = Author()
        with new_ledger(folder) as ledger:
            for records in (
                [
                    record
                    for number in range(1, 30)
                    for record in (says_who(author, number), says_where(author, number))
                ],
                [says_who(author, number, "他中") for number in range(1, 10)],
            ):
                with ledger.write() as writing:
                    if bulk:
                        writing.put_off_rows()
                    writing.keep_many([arrival(record) for record in records])
            while ledger.catch_up():
                pass
            rows = ledger._connection().execute("SELECT * FROM people ORDER BY number").fetchall()
            stays = ledger._connection().execute("SELECT * FROM stays ORDER BY number").fetchall()
            shown.append((rows, stays, found(ledger, "佐藤"), found(ledger, "他中"), ledger.conflicts()))
    assert shown[0] == shown[1]


WRITER = """
import sys
from pathlib import Path
from node.ledger import Ledger
from tests.builders.ledger import KEY, Author
from tests.node.ledger.test_ledger_due import AT_ONCE, keep_in_bulk, says_who

ledger, author = Ledger.open(Path(sys.argv[1]), KEY), Author()
keep_in_bulk(ledger, [says_who(author, number) for number in range(1, AT_ONCE + 50)])
if sys.argv[2] == "half":
    ledger.catch_up()
print("kept", flush=True)
sys.stdin.read()
"""


@pytest.mark.processes
@pytest.mark.parametrize("how_far", ["none", "half"])
def test_a_node_killed_before_its_rows_followed_finds_everybody_after_it_is_opened_again(
    tmp_path: Path, how_far: str
) -> None:
    new_ledger(tmp_path).close()
    path = tmp_path / "ledger.db"
    command = [sys.executable, "-c", WRITER, str(path), how_far]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "kept\n"
        process.kill()
    everybody = {subject_of(number) for number in range(1, AT_ONCE + 50)}
    with Ledger.open(path, KEY) as ledger:
        left = len(everybody) if how_far == "none" else len(everybody) - AT_ONCE
        assert ledger.rows_due() == left
        while ledger.catch_up():
            pass
        assert ledger._connection().execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert ledger.census().evacuees == len(everybody)
        assert len(found(ledger, "佐藤")) == 200
        assert found(ledger, "佐藤") <= everybody
