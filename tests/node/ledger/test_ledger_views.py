"""Views kept by addition: after whatever is written, what is kept is what the rows say."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from node.inside import HEADS
from node.ledger import Direction, Ledger, TurnedAway, ViewRow
from node.records import kinds
from node.records.record import Record
from sync.roots import root
from sync.sketch import KEPT_CELLS, encode
from tests.builders.ledger import KEY, NOW_MS, Author, arrival, file_before, new_ledger, subject_of

PEER, OTHER = b"p" * 16, b"q" * 16
PEERS = (PEER, OTHER)
CONTROL, DATA = 1, 2
PEOPLE = [subject_of(number) for number in range(1, 5)]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path) as made:
        yield made


def view_of(ledger: Ledger, peer: bytes, view: int) -> set[bytes]:
    """The ids of a view, from the rows alone."""
    rows = {row.record for row in ledger.view_rows(peer) if row.view == view}
    return rows | set(ledger.turned_away(peer, view))


def check(ledger: Ledger, peer: bytes, view: int) -> None:
    """What is kept of a view is what its rows say, and every question about it is answered by them."""
    ids = view_of(ledger, peer, view)
    symbols = np.sort(np.array([int.from_bytes(id_[:8], "big") for id_ in ids], dtype=np.uint64))
    snapshot, cells = ledger.view_snapshot(peer, view), encode(symbols, KEPT_CELLS)
    assert (snapshot.count, snapshot.root) == (len(ids), root(ids))
    assert (snapshot.cells.to_bytes(), snapshot.cells.counts_bytes()) == (cells.to_bytes(), cells.counts_bytes())
    assert ledger.view_ids(peer, view) == sorted(ids)
    assert ledger.view_symbols(peer, view).tolist() == symbols.tolist()
    passed = ledger.passed(peer)
    missing = {row.record for row in ledger.view_rows(peer) if row.view == view} - passed
    waiting = ledger.view_waiting(peer, view, len(missing))
    assert waiting is not None
    assert waiting.prefixes.tolist() == sorted(int.from_bytes(id_[:8], "big") for id_ in missing)
    assert waiting.root == root(ids - missing)
    assert ledger.view_waiting(peer, view, len(missing) - 1) is None if missing else True


class Writers(RuleBasedStateMachine):
    """Whoever may change a view does so in any order, several in one transaction."""

    folder: Path

    @initialize()
    def found(self) -> None:
        for old in self.folder.iterdir():
            old.unlink()
        self.ledger = new_ledger(self.folder)
        self.author = Author()
        self.records: list[Record] = []

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            self.ledger.close()

    def held(self, chosen: set[int]) -> list[bytes]:
        return [record.id for at, record in enumerate(self.records) if at in chosen]

    @rule(person=st.sampled_from(PEOPLE), facet=st.sampled_from([kinds.IDENTITY, kinds.CONSENT]), over=st.booleans())
    def keep(self, person: bytes, facet: int, over: bool) -> None:
        before = tuple(one for one in self.records if over and (one.subject, one.facet) == (person, facet))
        record = self.author.says(person, facet, over=before)
        self.records.append(record)
        with self.ledger.write() as writing:
            writing.keep_many([arrival(record)])
            writing.forget_turned([record.id])

    @rule(people=st.sets(st.sampled_from(PEOPLE)), peer=st.sampled_from(PEERS))
    def heads(self, people: set[bytes], peer: bytes) -> None:
        with self.ledger.write() as writing:
            writing.view_heads(peer, sorted(people), HEADS)

    @rule(people=st.sets(st.sampled_from(PEOPLE)), some=st.sets(st.integers(0, 20)), basis=st.integers(1, 3))
    def replace(self, people: set[bytes], some: set[int], basis: int) -> None:
        chosen = [one for at, one in enumerate(self.records) if at in some and one.subject in people]
        rows = [ViewRow(one.id, CONTROL if one.facet == kinds.CONSENT else DATA, basis, b"", 1) for one in chosen]
        with self.ledger.write() as writing:
            writing.replace_rows(PEER, sorted(people), rows)

    @rule(person=st.sampled_from(PEOPLE))
    def erase(self, person: bytes) -> None:
        with self.ledger.write() as writing:
            writing.erase(person)

    @rule(some=st.sets(st.integers(0, 20)), again=st.booleans())
    def erase_and_keep_again(self, some: set[int], again: bool) -> None:
        chosen = [one for at, one in enumerate(self.records) if at in some]
        with self.ledger.write() as writing:
            gone = writing.erase_records([one.id for one in chosen])
            if again:
                writing.keep_many([arrival(one) for one in chosen if one.id in gone])
                writing.view_heads(OTHER, PEOPLE, HEADS)

    @rule(some=st.sets(st.integers(0, 25)), peer=st.sampled_from(PEERS), view=st.sampled_from([CONTROL, DATA]))
    def turn_away(self, some: set[int], peer: bytes, view: int) -> None:
        ids = self.held(some) + [bytes([at]) * 32 for at in some]
        with self.ledger.write() as writing:
            writing.turn_away(peer, [TurnedAway(id_, view, PEOPLE[0], f"R{id_[0] % 2}") for id_ in ids])

    @rule(some=st.sets(st.integers(0, 25)), how=st.sampled_from(["ids", "prefixes", "subject", "all"]))
    def forget_turned(self, some: set[int], how: str) -> None:
        ids = self.held(some) + [bytes([at]) * 32 for at in some]
        with self.ledger.write() as writing:
            if how == "ids":
                writing.forget_turned(ids)
            elif how == "prefixes":
                writing.forget_turned_prefixes(PEER, [id_[:8] for id_ in ids])
            elif how == "subject":
                writing.reconsider(PEOPLE, ["R0"])
            else:
                writing.reconsider_all(["R1"])

    @rule(some=st.sets(st.integers(0, 20)), peer=st.sampled_from(PEERS), forget=st.booleans())
    def passed(self, some: set[int], peer: bytes, forget: bool) -> None:
        with self.ledger.write() as writing:
            writing.mark_passed(peer, self.held(some), Direction.OUT)
            if forget:
                writing.forget_passed(peer, self.held({at for at in some if at % 2}))

    @rule(view=st.sampled_from([CONTROL, DATA]))
    def agreed(self, view: int) -> None:
        with self.ledger.write() as writing:
            root_now = self.ledger.view_standing(PEER, view).root
            assert writing.mark_agreed(PEER, view, root_now) is not None
            assert writing.mark_agreed(PEER, view, root_now) == 0

    @rule()
    def fail(self) -> None:
        with suppress(ZeroDivisionError), self.ledger.write() as writing:
            writing.view_heads(PEER, PEOPLE, HEADS)
            writing.erase(PEOPLE[0])
            raise ZeroDivisionError

    @invariant()
    def all_is_as_the_rows_say(self) -> None:
        if not hasattr(self, "ledger"):
            return
        for peer in PEERS:
            for view in (CONTROL, DATA):
                check(self.ledger, peer, view)
        assert self.ledger.check_waiting()[1] == 0


def test_whatever_is_written_in_any_order_what_is_kept_is_what_the_rows_say(tmp_path: Path) -> None:
    from hypothesis.stateful import run_state_machine_as_test  # noqa: PLC0415

    machine = type("WritersHere", (Writers,), {"folder": tmp_path})
    run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))


def test_a_view_of_nothing_has_a_root_and_no_row(ledger: Ledger) -> None:
    assert (ledger.view_standing(PEER, DATA).count, ledger.view_standing(PEER, DATA).root) == (0, root([]))
    assert ledger.view_ids(PEER, DATA) == []
    assert ledger.view_among(PEER, DATA, np.array([1], dtype=np.uint64)).tolist() == [False]


def some_people(ledger: Ledger, count: int) -> list[Record]:
    """People in the view of a peer."""
    author = Author()
    records = [author.says(subject_of(number)) for number in range(1, count + 1)]
    with ledger.write() as writing:
        writing.keep_many(map(arrival, records))
        writing.view_heads(PEER, [record.subject for record in records], HEADS)
    return records


def test_rows_that_stay_as_they_are_cost_no_writing(ledger: Ledger) -> None:
    records = some_people(ledger, 20)
    version = ledger.data_version()
    with ledger.write() as writing:
        writing.view_heads(PEER, [record.subject for record in records], HEADS)
        writing.replace_rows(PEER, [record.subject for record in records], ledger.view_rows(PEER))
    assert ledger.data_version() == version


@pytest.mark.parametrize("wanted", [3, 100], ids=["look-ups", "scan"])
def test_prefixes_are_told_by_look_up_and_by_scan(ledger: Ledger, wanted: int) -> None:
    ids = [record.id for record in some_people(ledger, 100)]
    strange = [b"\xff" * 8, b"\0" * 8]
    with ledger.write() as writing:
        writing.turn_away(PEER, [TurnedAway(b"\xff" * 32, DATA, b"", "R")])
    prefixes = [id_[:8] for id_ in ids[:wanted]] + strange
    symbols = np.array([int.from_bytes(prefix, "big") for prefix in prefixes], dtype=np.uint64)
    assert ledger.view_among(PEER, DATA, symbols).tolist() == [True] * wanted + [True, False]
    assert not ledger.view_among(PEER, CONTROL, symbols).any()


def test_what_waits_has_a_size(ledger: Ledger) -> None:
    records = some_people(ledger, 3)
    with ledger.write() as writing:
        writing.mark_passed(PEER, [records[0].id], Direction.OUT)
    assert ledger.waiting_bytes(PEER) == (2, sum(len(one.sealed.body) + 64 for one in records[1:]))
    assert ledger.waiting_bytes(OTHER) == (0, 0)


def test_an_equal_view_has_passed_unless_it_has_changed_since(ledger: Ledger) -> None:
    some_people(ledger, 3)
    with ledger.write() as writing:
        assert writing.mark_agreed(PEER, DATA, b"another" * 2) is None
    assert ledger.waiting_bytes(PEER)[0] == 3
    with ledger.write() as writing:
        assert writing.mark_agreed(PEER, DATA, ledger.view_standing(PEER, DATA).root) == 3
    assert ledger.waiting_bytes(PEER)[0] == 0


def test_a_line_measured_is_remembered(ledger: Ledger) -> None:
    with ledger.write() as writing:
        writing.measured(PEER, 1_200)
    (contact,) = ledger.peers()
    assert contact.bytes_per_second == 1_200


def test_nothing_that_one_row_needs_goes_through_all_rows_of_a_peer(ledger: Ledger) -> None:
    """Without statistics the planner likes the primary key, of which it then uses only the peer."""
    connection = ledger._store._writer
    for statement in (
        "INSERT INTO passed (peer, record, direction) VALUES (1, 1, 1)",
        "DELETE FROM passed WHERE peer = 1 AND record = 1",
        "INSERT INTO views (peer, view, record, prefix, waiting, urgency, basis, basis_record) "
        "VALUES (1, 1, 1, 1, 1, 1, 1, x'')",
        "INSERT INTO turned (peer, record, view, subject, reason, basis, basis_record) "
        "VALUES (1, x'', 1, x'', '', 1, x'')",
    ):
        plan = [str(step[-1]) for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()]
        assert not [step for step in plan if "PRIMARY KEY (peer=?)" in step or step.startswith("SCAN")]


def test_a_file_of_before_has_its_views_counted_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    writer = file_before(path, "views_by_addition")
    writer.execute("INSERT INTO peers (number, node, organisation) VALUES (1, ?, '172022')", (PEER,))
    writer.execute("INSERT INTO subjects VALUES (1, ?, 1, '172049', 1)", (PEOPLE[0],))
    ids = [bytes([255 - at]) * 32 for at in range(3)]
    for seq, id_ in enumerate(ids, 1):
        values = (seq, id_, Author().says(PEOPLE[0]).sealed.body)
        writer.execute(
            "INSERT INTO records VALUES (?, ?, 1, 1, x'', 1, 1, '172049', x'', 1, x'', zeroblob(64), ?)", values
        )
        writer.execute("INSERT INTO views VALUES (1, ?, ?, 1, x'', 2)", (seq, DATA))
    writer.execute("INSERT INTO passed VALUES (1, 2, 2)")
    writer.execute("INSERT INTO turned VALUES (1, ?, ?, x'', 'R', 1, x'')", (b"t" * 32, DATA))
    writer.close()
    with Ledger.open(path, KEY) as ledger:
        check(ledger, PEER, DATA)
        check(ledger, PEER, CONTROL)
        assert ledger.view_ids(PEER, DATA) == sorted([*ids, b"t" * 32])
        assert ledger.waiting_bytes(PEER)[0] == 2


def test_what_is_audited_is_remembered_with_the_view(ledger: Ledger) -> None:
    assert ledger.audited_ms(PEER, CONTROL) is None
    with ledger.write() as writing:
        writing.audited(PEER, CONTROL, NOW_MS)
    some_people(ledger, 2)
    assert (ledger.audited_ms(PEER, CONTROL), ledger.audited_ms(PEER, DATA)) == (NOW_MS, None)
    assert ledger.view_standing(PEER, CONTROL).root == root([])


def test_a_view_that_never_had_an_id_is_agreed_like_any_other(ledger: Ledger) -> None:
    with ledger.write() as writing:
        assert writing.mark_agreed(PEER, DATA, root([])) == 0
        assert writing.mark_agreed(PEER, DATA, bytes(16)) is None


def test_ids_that_begin_alike_are_in_their_order_too(ledger: Ledger) -> None:
    ids = [bytes([first]) * 8 + bytes([last]) * 24 for first in (9, 3, 200) for last in (255, 0, 7)]
    with ledger.write() as writing:
        writing.turn_away(PEER, [TurnedAway(id_, DATA, b"", "R") for id_ in ids])
    assert ledger.view_ids(PEER, DATA) == sorted(ids)
    assert ledger.view_ids_joined(PEER, DATA) == b"".join(sorted(ids))
    assert ledger.view_ids_joined(PEER, CONTROL) == b""
