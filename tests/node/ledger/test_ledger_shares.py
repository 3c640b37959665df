"""What passed to whom, what was set aside, what is unfinished, and what peers witnessed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.ledger import Direction, Draft, Ledger, ViewRow
from node.records import kinds
from sync.envelope import SealedRecord
from tests.builders.ledger import NOW_MS, Author, arrival, new_ledger, subject_of

TARO, HANAKO = subject_of(1), subject_of(2)
PEER, OTHER = b"p" * 16, b"q" * 16


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path) as made:
        yield made


def test_what_passed_is_known_by_peer_and_by_subject(ledger: Ledger) -> None:
    author = Author()
    of_taro, of_hanako = author.says(TARO), author.says(HANAKO)
    with ledger.write() as writing:
        writing.keep_many([arrival(of_taro), arrival(of_hanako)])
        writing.mark_passed(PEER, [of_taro.id, b"\0" * 32], Direction.OUT)
        writing.mark_passed(PEER, [of_hanako.id], Direction.IN)
        writing.mark_passed(PEER, [of_taro.id], Direction.IN)
    assert ledger.passed(PEER) == {of_taro.id, of_hanako.id}
    assert ledger.passed(PEER, TARO) == {of_taro.id}
    assert ledger.passed(OTHER) == set()
    assert ledger.passed_directions(PEER, TARO) == {of_taro.id: Direction.IN | Direction.OUT}
    assert ledger.subjects_held_by(PEER) == {TARO, HANAKO}


def test_a_peer_that_was_told_to_erase_is_still_a_holder_until_it_confirms(ledger: Ledger) -> None:
    record = Author().says(TARO)
    with ledger.write() as writing:
        writing.keep_many([arrival(record)])
        writing.mark_passed(PEER, [record.id], Direction.OUT)
        writing.forget_passed(PEER, [record.id])
    assert ledger.passed(PEER) == set()
    assert ledger.holders(TARO) == {PEER}
    with ledger.write() as writing:
        writing.forget_holder(PEER, TARO)
    assert ledger.holders(TARO) == set()


def test_holders_outlive_our_own_erasure(ledger: Ledger) -> None:
    record = Author().says(TARO)
    with ledger.write() as writing:
        writing.keep_many([arrival(record)])
        writing.mark_passed(PEER, [record.id], Direction.OUT)
        writing.erase(TARO, None, keep_control=False)
    assert ledger.passed(PEER) == set()
    assert ledger.holders(TARO) == {PEER}


def test_a_view_is_replaced_whole_or_for_some_subjects(ledger: Ledger) -> None:
    author = Author()
    one, two, stay = author.says(TARO), author.says(HANAKO), author.says(TARO, kinds.STAY, slot=b"1")
    rows = [ViewRow(each.id, 2, 2, b"c" * 32, urgency) for each, urgency in ((one, 2), (two, 1))]
    with ledger.write() as writing:
        writing.keep_many(map(arrival, (one, two, stay)))
        writing.replace_view(PEER, rows, as_of=2)
    assert ledger.view_ids(PEER, 2) == sorted([one.id, two.id])
    assert ledger.view_rows(PEER) == [rows[1], rows[0]]
    assert (ledger.view_as_of(PEER), ledger.view_as_of(OTHER)) == (2, 0)
    with ledger.write() as writing:
        writing.replace_view(PEER, [ViewRow(stay.id, 2, 2, b"", 1)], as_of=3, subjects=[TARO])
    assert ledger.view_ids(PEER, 2) == sorted([two.id, stay.id])
    assert [row.record for row in ledger.view_rows(PEER, [stay.id])] == [stay.id]
    with ledger.write() as writing:
        writing.erase(TARO, None, keep_control=False)
    assert ledger.view_ids(PEER, 2) == [two.id]


def test_what_was_set_aside_keeps_its_reason_and_comes_up_when_due(ledger: Ledger) -> None:
    early = Author().says(TARO).sealed
    shapeless = SealedRecord(b"\xff", b"")
    with ledger.write() as writing:
        writing.quarantine(early, "CLOCK_AHEAD", came_from_node=PEER, at_ms=NOW_MS, retry_at_ms=NOW_MS + 10)
        writing.quarantine(shapeless, "RECORD_MALFORMED", came_from_node=PEER, at_ms=NOW_MS + 1)
    assert [each.subject for each in ledger.quarantined()] == [None, TARO]
    assert [each.sealed for each in ledger.quarantined(reason="CLOCK_AHEAD")] == [early]
    assert ledger.quarantine_due(NOW_MS + 9) == []
    assert [each.sealed for each in ledger.quarantine_due(NOW_MS + 10)] == [early]
    assert ledger.quarantine_counts() == {(PEER, "CLOCK_AHEAD"): 1, (PEER, "RECORD_MALFORMED"): 1}
    with ledger.write() as writing:
        assert writing.drop_quarantine(early.id)
        assert not writing.drop_quarantine(early.id)
    assert len(ledger.quarantined()) == 1


def test_setting_the_same_record_aside_again_changes_its_reason_only(ledger: Ledger) -> None:
    sealed = Author().says(TARO).sealed
    with ledger.write() as writing:
        writing.quarantine(sealed, "CLOCK_AHEAD", came_from_node=PEER, at_ms=NOW_MS, retry_at_ms=NOW_MS + 10)
        writing.quarantine(sealed, "SIGNER_UNKNOWN", came_from_node=PEER, at_ms=NOW_MS + 5)
    (only,) = ledger.quarantined()
    assert (only.reason, only.at_ms, only.retry_at_ms) == ("SIGNER_UNKNOWN", NOW_MS, None)


def test_a_draft_is_its_operators_until_it_is_dropped(ledger: Ledger) -> None:
    draft = Draft(b"d" * 16, "op-1", TARO, NOW_MS, b"half a form")
    with ledger.write() as writing:
        writing.save_draft(draft)
    assert (ledger.drafts("op-1"), ledger.drafts("op-2")) == ([draft], [])
    with ledger.write() as writing:
        writing.drop_draft(draft.id)
    assert ledger.drafts("op-1") == []


def test_a_contact_remembers_when_both_sides_were_last_settled(ledger: Ledger) -> None:
    with ledger.write() as writing:
        writing.contact(PEER, organisation="172022", reason="DONE", at_ms=NOW_MS)
        writing.contact(PEER, organisation="172022", reason="PEER_UNREACHABLE", at_ms=NOW_MS + 1)
    (contact,) = ledger.peers()
    assert (contact.at_ms, contact.reason, contact.settled_ms) == (NOW_MS + 1, "PEER_UNREACHABLE", NOW_MS)
    assert ledger.peer(PEER) == contact
    assert ledger.peer(OTHER) is None


def test_a_peers_log_that_became_shorter_or_another_is_kept_as_evidence(ledger: Ledger) -> None:
    with ledger.write() as writing:
        assert writing.witnessed(PEER, length=5, head=b"5" * 32, at_ms=NOW_MS)
        assert writing.witnessed(PEER, length=7, head=b"7" * 32, at_ms=NOW_MS + 1)
        assert not writing.witnessed(PEER, length=6, head=b"6" * 32, at_ms=NOW_MS + 2)
        assert not writing.witnessed(PEER, length=7, head=b"x" * 32, at_ms=NOW_MS + 3)
    witness = ledger.witness(PEER)
    assert witness is not None
    assert (witness.length, witness.head) == (7, b"7" * 32)
    assert [(each.length, each.head) for each in ledger.broken_witnesses()] == [(6, b"6" * 32), (7, b"x" * 32)]
