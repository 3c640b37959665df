"""Every record is found by its id, in whichever level the id is, and an id that is gone is in neither."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from node.ledger import Direction, Ledger
from node.ledger.ids import EVERY, SLICES
from node.records import kinds
from node.records.record import Record
from tests.builders.ledger import KEY, Author, arrival, file_before, new_ledger, subject_of


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path) as made:
        yield made


def levels(ledger: Ledger) -> dict[int, int]:
    """How many ids are in each."""
    sql = "SELECT level, count(*) FROM ids GROUP BY level"
    return dict(ledger._store.reader().execute(sql).fetchall())


def write(ledger: Ledger, author: Author, count: int) -> list[bytes]:
    records = [author.says(subject_of(author.counter + 1)) for _ in range(count)]
    with ledger.write() as writing:
        writing.keep_many([arrival(record) for record in records])
    return [record.id for record in records]


def file_of_before(path: Path, records: Iterable[tuple[bytes, Record]]) -> None:
    """A file in which ids had an index of their own, with these records under these ids."""
    with closing(file_before(path, "ids_in_two_levels")) as writer:
        writer.execute("INSERT INTO subjects VALUES (1, ?, 1, '172049', 1)", (subject_of(1),))
        seq = 0
        for seq, (id_, record) in enumerate(records, 1):
            writer.execute(
                "INSERT INTO records VALUES (?, ?, 1, ?, ?, 1, 1, '172049', x'', 1, x'', ?, ?)",
                (seq, id_, record.facet, record.slot, record.sealed.signature, record.sealed.body),
            )
        writer.execute("INSERT INTO numbers VALUES ('subject', 1), ('seq', ?)", (seq,))


def touch(ledger: Ledger, times: int) -> None:
    """Let the sequence go on without a record."""
    with ledger.write() as writing:
        for _ in range(times):
            writing._next_seq()


def test_each_is_found_in_either_level_and_each_is_in_one(ledger: Ledger) -> None:
    author, held = Author(), set[bytes]()
    for _ in range(6):
        held |= set(write(ledger, author, EVERY))
        assert sum(levels(ledger).values()) == len(held)
        assert ledger.has(list(held)) == held
    assert set(levels(ledger)) == {0, 1}
    assert {one.record.id for one in ledger.records(list(held))} == held
    some = sorted(held)[:: len(held) // 40]
    assert [one.record.id for one in ledger.by_prefix([id_[:8] for id_ in some])] == some
    assert all(ledger.record(id_) for id_ in some)


def test_after_a_whole_turn_all_are_in_the_large_level(ledger: Ledger) -> None:
    held = write(ledger, Author(), 300)
    assert levels(ledger) == {0: 300}
    for _ in range(SLICES):
        touch(ledger, EVERY)
    assert levels(ledger) == {1: 300}
    touch(ledger, 3 * SLICES * EVERY)
    assert ledger.has(held) == set(held)


def test_one_long_transaction_moves_each_slice_once(ledger: Ledger) -> None:
    write(ledger, Author(), 300)
    touch(ledger, SLICES * EVERY)
    assert levels(ledger) == {1: 300}


def test_what_is_erased_is_in_neither(ledger: Ledger) -> None:
    author = Author()
    held = write(ledger, author, 4 * EVERY)
    assert set(levels(ledger)) == {0, 1}
    with ledger.write() as writing:
        writing.erase_records(held)
    assert levels(ledger) == {}
    assert ledger.has(held) == set()


def test_ids_that_begin_alike_are_told_apart(tmp_path: Path) -> None:
    """Nobody makes two bodies whose hashes begin alike in a test, so the file says so."""
    path, ids = tmp_path / "ledger.db", [b"likelike" + bytes([at]) * 24 for at in range(3)]
    file_of_before(path, [(id_, Author().says(subject_of(1))) for id_ in ids])
    with Ledger.open(path, KEY) as ledger:
        assert ledger.has([ids[1]]) == {ids[1]}
        assert ledger.has([b"likelike" + b"x" * 24]) == set()
        found = ledger.record(ids[2])
        assert found is not None
        assert found.seq == 3


def test_a_file_of_before_is_brought_over_with_all_its_records(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    records = [Author(node=bytes([at + 1]) * 16).says(subject_of(1), slot=bytes([at])) for at in range(50)]
    file_of_before(path, [(record.id, record) for record in records])
    with Ledger.open(path, KEY) as ledger:
        assert levels(ledger) == {1: 50}
        found = sorted(ledger.records([one.id for one in records]), key=lambda one: one.seq)
        assert [held.record for held in found] == records
        assert {held.record.id for held in ledger.heads(subject_of(1))} == {one.id for one in records}
        assert ledger.compaction_due()
        assert ledger._store.reader().execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        with ledger.write() as writing:
            kept = writing.keep_many([arrival(records[0]), arrival(Author().says(subject_of(2)))])
        assert [one.value for one in kept] == ["known", "new-head"]


def test_a_new_file_has_nothing_to_be_written_anew(ledger: Ledger) -> None:
    assert not ledger.compaction_due()


def test_nobody_hides_a_person_as_a_place_in_the_same_breath(ledger: Ledger) -> None:
    """The claim and the person come in one transaction, and in one look-up or in two."""
    author = Author()
    for number, apart in ((1, False), (2, True)):
        claim = author.says(subject_of(number), kinds.STATUS, kind=2)
        person = author.says(subject_of(number), kinds.IDENTITY)
        with ledger.write() as writing:
            for part in ([claim], [person]) if apart else ([claim, person],):
                writing.keep_many([arrival(record) for record in part])
            writing.mark_passed(b"p" * 16, [claim.id, person.id], Direction.IN)
        assert ledger.person(subject_of(number)) is not None
        assert ledger.holders(subject_of(number)) == {b"p" * 16}


def test_who_sent_what_came_to_count_or_went_in_one_transaction_is_no_less_a_holder(ledger: Ledger) -> None:
    author = Author()
    kept, erased = author.says(subject_of(1)), author.says(subject_of(2))
    with ledger.write() as writing:
        writing.keep_many([arrival(kept, counts=False), arrival(erased)])
        writing.set_counts(kept.id, True)
        writing.erase_records([erased.id])
        writing.mark_passed(b"p" * 16, [kept.id, erased.id], Direction.IN)
    assert ledger.holders(subject_of(1)) == {b"p" * 16}
    assert ledger.holders(subject_of(2)) == set()
    assert ledger.passed(b"p" * 16) == {kept.id}
