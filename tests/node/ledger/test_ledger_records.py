"""What the ledger keeps: heads, history, and what is known already."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.ledger import Kept, Ledger
from node.records import kinds
from tests.builders.ledger import Author, arrival, new_ledger, subject_of

TARO = subject_of(1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path) as made:
        yield made


def keep(ledger: Ledger, *records: object, counts: bool = True) -> list[Kept]:
    with ledger.write() as writing:
        return writing.keep_many(arrival(record, counts=counts) for record in records)  # type: ignore[arg-type]


def test_a_record_reads_back_byte_for_byte_with_how_it_came(ledger: Ledger) -> None:
    record = Author().says(TARO, content=b"what was said")
    assert keep(ledger, record) == [Kept.NEW_HEAD]
    held = ledger.record(record.id)
    assert held is not None
    assert held.record.sealed == record.sealed
    assert (held.is_head, held.counts, held.came_from, held.came_from_node) == (True, True, "172049", b"n" * 16)


def test_a_known_record_changes_nothing(ledger: Ledger) -> None:
    record = Author().says(TARO)
    keep(ledger, record)
    before = ledger.subjects_changed_since(0)
    assert keep(ledger, record) == [Kept.KNOWN]
    assert ledger.subjects_changed_since(0) == before


def test_a_later_version_is_the_head_and_the_earlier_one_is_history(ledger: Ledger) -> None:
    author = Author()
    first = author.says(TARO, content=b"1")
    second = author.says(TARO, content=b"2", over=(first,))
    assert keep(ledger, first, second) == [Kept.NEW_HEAD, Kept.NEW_HEAD]
    assert [held.record.id for held in ledger.heads(TARO)] == [second.id]
    assert [(held.record.id, held.is_head) for held in ledger.about(TARO)] == [(second.id, True), (first.id, False)]


def test_an_earlier_version_that_arrives_later_is_history(ledger: Ledger) -> None:
    author = Author()
    first = author.says(TARO, content=b"1")
    second = author.says(TARO, content=b"2", over=(first,))
    assert keep(ledger, second, first) == [Kept.NEW_HEAD, Kept.NEW_HISTORY]
    assert [held.record.id for held in ledger.heads(TARO)] == [second.id]


def test_version_three_ends_version_one_although_version_two_never_came(ledger: Ledger) -> None:
    author = Author()
    first = author.says(TARO, content=b"1")
    second = author.says(TARO, content=b"2", over=(first,))
    third = author.says(TARO, content=b"3", over=(second,))
    keep(ledger, first)
    keep(ledger, third)
    assert [held.record.id for held in ledger.heads(TARO)] == [third.id]


def test_two_that_did_not_know_of_each_other_are_a_conflict_until_a_third_settles_it(ledger: Ledger) -> None:
    here, there = Author(), Author(node=b"m" * 16, organisation="172022")
    ours, theirs = here.says(TARO, content=b"ours"), there.says(TARO, content=b"theirs")
    keep(ledger, ours)
    keep(ledger, theirs)
    assert {held.record.id for held in ledger.heads(TARO)} == {ours.id, theirs.id}
    assert ledger.conflicts() == [(TARO, kinds.IDENTITY, b"")]
    settled = here.says(TARO, content=b"theirs", over=(ours, theirs))
    keep(ledger, settled)
    assert [held.record.id for held in ledger.heads(TARO)] == [settled.id]
    assert ledger.conflicts() == []


def test_two_heads_that_say_the_same_are_no_conflict(ledger: Ledger) -> None:
    keep(ledger, Author().says(TARO, content=b"same"), Author(node=b"m" * 16).says(TARO, content=b"same"))
    assert len(ledger.heads(TARO)) == 2
    assert ledger.conflicts() == []


def test_equal_vectors_under_different_ids_are_a_conflict(ledger: Ledger) -> None:
    keep(ledger, Author().says(TARO, content=b"from one backup"), Author().says(TARO, content=b"from its twin"))
    assert ledger.conflicts() == [(TARO, kinds.IDENTITY, b"")]


def test_slots_stand_beside_each_other(ledger: Ledger) -> None:
    author = Author()
    night = author.says(TARO, kinds.STAY, b"night", slot=b"1")
    day = author.says(TARO, kinds.STAY, b"day", slot=b"2")
    keep(ledger, night, day)
    assert [held.record.id for held in ledger.heads(TARO, kinds.STAY)] == [day.id, night.id]
    assert [held.record.id for held in ledger.heads(TARO, kinds.STAY, b"1")] == [night.id]


def test_what_does_not_count_is_shown_but_ends_nothing_that_counts(ledger: Ledger) -> None:
    author = Author()
    protected = author.says(TARO, kinds.PROTECTION, b"protected")
    lifted = Author(node=b"m" * 16, organisation="999999").says(TARO, kinds.PROTECTION, b"lifted", over=(protected,))
    keep(ledger, protected)
    assert keep(ledger, lifted, counts=False) == [Kept.NEW_HEAD]
    assert [(held.record.id, held.counts) for held in ledger.heads(TARO)] == [(protected.id, True), (lifted.id, False)]
    assert [held.record.id for held in ledger.heads_of_facet(kinds.PROTECTION)] == [protected.id]
    assert ledger.conflicts() == []


def test_a_record_that_comes_to_count_ends_what_it_knew_of(ledger: Ledger) -> None:
    first = Author().says(TARO, kinds.CONSENT, b"1")
    second = Author(node=b"m" * 16).says(TARO, kinds.CONSENT, b"2", over=(first,))
    keep(ledger, first)
    keep(ledger, second, counts=False)
    with ledger.write() as writing:
        assert writing.set_counts(second.id, True)
    assert [held.record.id for held in ledger.heads(TARO)] == [second.id]
    with ledger.write() as writing:
        writing.set_counts(second.id, False)
    assert [held.record.id for held in ledger.heads(TARO)] == [first.id, second.id]


def test_the_origin_of_a_subject_is_the_organisation_heard_first(ledger: Ledger) -> None:
    keep(ledger, Author(organisation="172022").says(TARO))
    keep(ledger, Author(node=b"m" * 16, organisation="172049").says(TARO, kinds.CARE))
    assert ledger.subject_origin(TARO) == "172022"
    assert ledger.subject_origin(subject_of(2)) is None


def test_changes_are_told_since_a_sequence_number(ledger: Ledger) -> None:
    author = Author()
    keep(ledger, author.says(TARO), author.says(subject_of(2)))
    seq, subjects = ledger.subjects_changed_since(0)
    assert subjects == [TARO, subject_of(2)]
    keep(ledger, author.says(TARO, kinds.CARE))
    later, subjects = ledger.subjects_changed_since(seq)
    assert (later > seq, subjects) == (True, [TARO])
    assert ledger.subjects_changed_since(later) == (later, [])


def test_records_are_found_by_the_beginning_of_their_id(ledger: Ledger) -> None:
    author = Author()
    one, other = author.says(TARO), author.says(TARO, kinds.CARE)
    keep(ledger, one, other)
    found = ledger.by_prefix([other.id[:8], b"\xff" * 8, one.id[:8]])
    assert [held.record.id for held in found] == [other.id, one.id]
    assert ledger.has([one.id, b"\0" * 32]) == {one.id}


def test_an_exception_takes_everything_back_the_numbers_too(ledger: Ledger) -> None:
    record = Author().says(TARO)

    def fails() -> None:
        with ledger.write() as writing:
            writing.next_counter()
            writing.keep_many([arrival(record)])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fails()
    assert ledger.record(record.id) is None
    assert (ledger.counter(), ledger.newest_seq(), ledger.data_version()) == (0, 0, 0)


def test_a_transaction_reads_what_it_has_written(ledger: Ledger) -> None:
    record = Author().says(TARO)
    with ledger.write() as writing:
        writing.keep_many([arrival(record)])
        assert [held.record.id for held in writing.heads(TARO)] == [record.id]
        assert ledger.heads(TARO) == []
    assert [held.record.id for held in ledger.heads(TARO)] == [record.id]
