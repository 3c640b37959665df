"""What passed to whom, what was set aside, what is unfinished, and what peers witnessed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.ledger import Act, Direction, Ledger, Progress, ViewRow
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


def test_a_view_is_replaced_subject_by_subject(ledger: Ledger) -> None:
    author = Author()
    one, two, stay = author.says(TARO), author.says(HANAKO), author.says(TARO, kinds.STAY, slot=b"1")
    rows = [ViewRow(each.id, 2, 2, b"c" * 32, urgency) for each, urgency in ((one, 2), (two, 1))]
    with ledger.write() as writing:
        writing.keep_many(map(arrival, (one, two, stay)))
        writing.replace_rows(PEER, [TARO, HANAKO], rows)
        writing.set_progress(PEER, as_of=2, fingerprint=b"f")
    assert ledger.view_ids(PEER, 2) == sorted([one.id, two.id])
    assert ledger.view_rows(PEER) == [rows[1], rows[0]]
    assert (ledger.progress(PEER), ledger.progress(OTHER)) == (Progress(2, b"f"), Progress(0, b""))
    with ledger.write() as writing:
        writing.replace_rows(PEER, [TARO], [ViewRow(stay.id, 2, 2, b"", 1)])
    assert ledger.view_ids(PEER, 2) == sorted([two.id, stay.id])
    assert [row.record for row in ledger.view_rows(PEER, [stay.id])] == [stay.id]
    with ledger.write() as writing:
        writing.erase(TARO)
    assert ledger.view_ids(PEER, 2) == [two.id]


def test_a_subject_is_judged_again_when_its_time_has_come(ledger: Ledger) -> None:
    author = Author()
    with ledger.write() as writing:
        writing.keep_many(map(arrival, (author.says(TARO), author.says(HANAKO))))
        writing.replace_rechecks(PEER, {TARO: NOW_MS, HANAKO: NOW_MS + 10})
    assert ledger.rechecks_due(PEER, NOW_MS) == {TARO: NOW_MS}
    assert ledger.rechecks_due(OTHER, NOW_MS) == {}
    with ledger.write() as writing:
        writing.replace_rechecks(PEER, {TARO: None})
    assert ledger.rechecks_due(PEER, NOW_MS + 10) == {HANAKO: NOW_MS + 10}


def test_what_was_written_here_waits_until_some_peer_has_it(ledger: Ledger) -> None:
    author = Author()
    with ledger.write() as writing:
        for subject in (TARO, HANAKO):
            author.counter = writing.next_counter() - 1
            writing.keep_many([arrival(author.says(subject))])
        writing.keep_many([arrival(Author(node=b"m" * 16, counter=70).says(TARO, kinds.CARE))])
    (of_taro,) = ledger.heads(TARO, kinds.IDENTITY)
    assert (ledger.not_sent(), ledger.not_sent(entitled_only=True)) == (2, 0)
    with ledger.write() as writing:
        writing.replace_rows(PEER, [TARO], [ViewRow(of_taro.record.id, 2, 2, b"", 1)])
    assert ledger.not_sent(entitled_only=True) == 1
    assert [peer.waiting for peer in ledger.peers()] == [1]
    with ledger.write() as writing:
        writing.mark_passed(PEER, [of_taro.record.id], Direction.OUT)
    assert (ledger.not_sent(), ledger.not_sent(entitled_only=True)) == (1, 0)
    assert [peer.waiting for peer in ledger.peers()] == [0]


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
    with ledger.write() as writing:
        writing.save_draft("op-1", "register", {"family_name": "田"}, NOW_MS)
        writing.save_draft("op-1", "register", {"family_name": "田中"}, NOW_MS + 1)
    assert (ledger.draft("op-1", "register"), ledger.draft("op-2", "register")) == ({"family_name": "田中"}, None)
    assert ledger.drafts("op-1") == ["register"]
    with ledger.write() as writing:
        writing.drop_draft("op-1", "register")
    assert ledger.draft("op-1", "register") is None


def test_an_act_is_remembered_until_it_was_undone(ledger: Ledger) -> None:
    act = Act(b"t" * 16, "check-in", "op-1", NOW_MS, 1, ((b"1" * 32, b""), (b"2" * 32, b"3" * 32)))
    with ledger.write() as writing:
        writing.remember_act(act)
    assert ledger.act(act.token) == act
    assert ledger.acts("op-1", since_ms=NOW_MS) == [act]
    assert ledger.acts("op-1", since_ms=NOW_MS + 1) == ledger.acts("op-2", since_ms=0) == []
    with ledger.write() as writing:
        writing.forget_act(act.token)
    assert ledger.act(act.token) is None


def test_a_contact_remembers_when_it_last_went_well_and_since_when_not(ledger: Ledger) -> None:
    with ledger.write() as writing:
        writing.contact(PEER, organisation="172022", reason="DONE", at_ms=NOW_MS, endpoints=["127.0.0.1:7443"])
        writing.contact(PEER, organisation="172022", reason="PEER_UNREACHABLE", at_ms=NOW_MS + 1)
        writing.contact(PEER, organisation="172022", reason="PEER_UNREACHABLE", at_ms=NOW_MS + 2)
    (contact,) = ledger.peers()
    assert (contact.last_done_ms, contact.failing_since_ms, contact.last_try_ms) == (NOW_MS, NOW_MS + 1, NOW_MS + 2)
    assert (contact.last_reason, contact.endpoints) == ("PEER_UNREACHABLE", ("127.0.0.1:7443",))
    assert (ledger.peer(PEER), ledger.peer(OTHER)) == (contact, None)
    with ledger.write() as writing:
        writing.contact(PEER, organisation="172022", reason="GREETED", at_ms=NOW_MS + 3)
    (contact,) = ledger.peers()
    assert (contact.last_reason, contact.failing_since_ms) == ("GREETED", NOW_MS + 1)
    with ledger.write() as writing:
        writing.contact(PEER, organisation="172022", reason="OPEN", at_ms=NOW_MS + 4)
    (contact,) = ledger.contacts()
    assert (contact.last_done_ms, contact.failing_since_ms) == (NOW_MS + 4, None)
    with ledger.write() as writing:
        writing.contact(PEER, organisation="172022", reason="GREETED", at_ms=NOW_MS + 5)
    assert ledger.peers()[0].failing_since_ms is None


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


def test_what_an_equal_view_holds_has_passed_although_we_never_sent_it(ledger: Ledger) -> None:
    author = Author()
    with ledger.write() as writing:
        author.counter = writing.next_counter() - 1
        record = author.says(TARO)
        writing.keep_many([arrival(record)])
        writing.replace_rows(PEER, [TARO], [ViewRow(record.id, 2, 2, b"", 1)])
    with ledger.write() as writing:
        writing.mark_agreed(PEER, 2, ledger.view_standing(PEER, 2).root)
    assert ledger.passed_directions(PEER, TARO) == {record.id: Direction.IN}
    assert ledger.holders(TARO) == {PEER}
    assert ledger.not_sent() == 0
