"""What is erased is gone, and stays gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.ledger import Kept, Ledger
from node.records import kinds
from tests.builders.ledger import NOW_MS, Author, arrival, new_ledger, subject_of

TARO, HANAKO = subject_of(1), subject_of(2)
BECAUSE = b"e" * 32


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path) as made:
        yield made


def test_an_erasure_takes_history_drafts_and_quarantine_and_spares_the_others(ledger: Ledger) -> None:
    author = Author()
    first = author.says(TARO, content=b"1")
    second = author.says(TARO, content=b"2", over=(first,))
    consent, erasure = author.says(TARO, kinds.CONSENT, slot=b"1"), author.says(TARO, kinds.ERASURE)
    other, aside = author.says(HANAKO), author.says(TARO, kinds.CARE)
    with ledger.write() as writing:
        writing.keep_many(map(arrival, (first, second, consent, erasure, other)))
        writing.save_draft("op-1", "care", {"text": "half a form"}, NOW_MS, subject=TARO)
        writing.quarantine(aside.sealed, "CLOCK_AHEAD", came_from_node=b"p" * 16, at_ms=NOW_MS)
        before = writing.newest_seq()
    with ledger.write() as writing:
        erased = writing.erase(TARO, None, keep_control=False)
    assert set(erased) == {first.id, second.id, consent.id}
    assert [held.record.id for held in ledger.about(TARO)] == [erasure.id]
    assert [held.record.id for held in ledger.about(HANAKO)] == [other.id]
    assert (ledger.drafts("op-1"), ledger.quarantined()) == ([], [])
    assert TARO in ledger.subjects_changed_since(before)[1]


def test_control_records_can_be_spared(ledger: Ledger) -> None:
    author = Author()
    identity, consent = author.says(TARO), author.says(TARO, kinds.CONSENT, slot=b"1")
    with ledger.write() as writing:
        writing.keep_many(map(arrival, (identity, consent)))
        assert writing.erase(TARO, None, keep_control=True) == [identity.id]
    assert [held.record.id for held in ledger.heads(TARO)] == [consent.id]


def test_only_the_facets_named_are_erased(ledger: Ledger) -> None:
    author = Author()
    identity, care = author.says(TARO), author.says(TARO, kinds.CARE)
    with ledger.write() as writing:
        writing.keep_many(map(arrival, (identity, care)))
        assert writing.erase(TARO, {kinds.CARE}, keep_control=True) == [care.id]
    assert [held.record.id for held in ledger.heads(TARO)] == [identity.id]


def test_when_a_head_is_erased_what_it_had_ended_is_head_again(ledger: Ledger) -> None:
    author = Author()
    first = author.says(TARO, content=b"1")
    second = author.says(TARO, content=b"2", over=(first,))
    with ledger.write() as writing:
        writing.keep_many(map(arrival, (first, second)))
        assert writing.erase_records([second.id, b"\0" * 32]) == [second.id]
    assert [held.record.id for held in ledger.heads(TARO)] == [first.id]


def test_a_conflict_ends_with_one_of_its_sides(ledger: Ledger) -> None:
    ours, theirs = Author().says(TARO, content=b"1"), Author(node=b"m" * 16).says(TARO, content=b"2")
    with ledger.write() as writing:
        writing.keep_many(map(arrival, (ours, theirs)))
        assert len(writing.conflicts()) == 1
        writing.erase_records([theirs.id])
    assert ledger.conflicts() == []


def test_an_old_copy_of_an_erased_subject_is_refused_for_good(ledger: Ledger) -> None:
    author = Author()
    old, new = author.says(TARO), author.says(TARO, kinds.STAY, slot=b"1")
    receipt, erasure = author.says(TARO, kinds.RECEIPT, slot=b"1"), author.says(TARO, kinds.ERASURE)
    with ledger.write() as writing:
        writing.suppress(TARO, None, (), BECAUSE)
        outcome = writing.keep_many(map(arrival, (old, new, erasure, receipt)))
    assert outcome == [Kept.SUPPRESSED, Kept.SUPPRESSED, Kept.NEW_HEAD, Kept.NEW_HEAD]
    assert (ledger.is_suppressed(old), ledger.is_suppressed(erasure)) == (True, False)


def test_of_an_erased_facet_only_newer_versions_are_taken(ledger: Ledger) -> None:
    here, there = Author(), Author(node=b"m" * 16)
    old = here.says(TARO, kinds.CARE, b"1")
    beside = there.says(TARO, kinds.CARE, b"2")
    newer = here.says(TARO, kinds.CARE, b"3", over=(old,))
    identity = here.says(TARO)
    with ledger.write() as writing:
        writing.keep_many([arrival(old)])
        writing.erase(TARO, {kinds.CARE}, keep_control=True)
        writing.suppress(TARO, {kinds.CARE}, old.version, BECAUSE)
        outcome = writing.keep_many(map(arrival, (old, beside, newer, identity)))
    assert outcome == [Kept.SUPPRESSED, Kept.SUPPRESSED, Kept.NEW_HEAD, Kept.NEW_HEAD]


def test_a_second_suppression_adds_to_the_first(ledger: Ledger) -> None:
    here, there = Author(), Author(node=b"m" * 16)
    ours, theirs = here.says(TARO, kinds.CARE, b"1"), there.says(TARO, kinds.CARE, b"2")
    with ledger.write() as writing:
        writing.suppress(TARO, {kinds.CARE}, ours.version, BECAUSE)
        writing.suppress(TARO, {kinds.CARE}, theirs.version, BECAUSE)
        later = here.says(TARO, kinds.CARE, b"3", over=(ours,))
        assert writing.keep_many([arrival(ours), arrival(later)]) == [Kept.SUPPRESSED, Kept.SUPPRESSED]
        settled = here.says(TARO, kinds.CARE, b"4", over=(ours, theirs))
        assert writing.keep_many([arrival(settled)]) == [Kept.NEW_HEAD]
