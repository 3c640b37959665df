"""An inbox that looks at one batch while it keeps another comes to the same as one that takes record by record."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from moyai.v1 import exchange_pb2, facets_pb2 as wire, record_pb2
from node.inbox import ROWS_AT_ONCE_MAX, NodeInbox
from node.ledger import Writing
from node.records import kinds
from node.records.record import Record, body_bytes, open_record
from node.records.subjects import mint_person
from node.records.version import successor
from node.registrar import Registrar
from node.trust.keys import NodeKey
from node.trust.seal import seal
from node.vetting import Candidate
from sync.envelope import Parcel, SealedRecord
from tests.builders.nodes import Federation, take
from tests.builders.trust import KANAZAWA, NOW_MS, WAJIMA

DATA, CONTROL = int(exchange_pb2.VIEW_DATA), int(exchange_pb2.VIEW_CONTROL)
AS_A_HOST, HOLDER = int(exchange_pb2.BASIS_TEMPORARY_STAY), int(exchange_pb2.BASIS_HOLDER)
NOT_PERSONAL = int(exchange_pb2.BASIS_NOT_PERSONAL)
PEOPLE = 40


@contextmanager
def two_towns(folder: Path) -> Iterator[Federation]:
    """The same two towns each time, to the last key."""
    folder.mkdir(exist_ok=True)
    made = Federation(folder)
    made.add_home(WAJIMA)
    made.add_home(KANAZAWA)
    made.install(WAJIMA, KANAZAWA)
    assert made.meet(WAJIMA, KANAZAWA)
    yield made
    for node in made.nodes.values():
        node.close()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Federation]:
    with two_towns(tmp_path) as made:
        yield made


def inbox(federation: Federation) -> NodeInbox:
    found = federation[KANAZAWA].book().inbox(federation.peer(WAJIMA))
    assert isinstance(found, NodeInbox)
    return found


class Writer:
    """Wajima's node, as it could write to anybody."""

    def __init__(self, federation: Federation, key: NodeKey | None = None) -> None:
        self._key = key or federation[WAJIMA].key
        self._counter = 1 << 50

    def says(
        self, subject: bytes, facet: int, content: bytes, *, slot: bytes = b"", over: tuple[Record, ...] = ()
    ) -> Record:
        self._counter += 1
        body = body_bytes(
            subject=subject,
            subject_kind=1,
            facet=facet,
            slot=slot,
            version=successor((each.version for each in over), self._key.node, self._counter),
            clock=(NOW_MS << 16) + self._counter % (1 << 16),
            author=self._key.node,
            organisation=WAJIMA,
            operator="op-1",
            content=content,
        )
        return open_record(seal(body, self._key))


def of_everything(federation: Federation) -> list[Parcel]:
    """People with all sorts of records: some contradict each other, some protect, erase, link, or can't be taken."""
    writer, chance = Writer(federation), Random(7)
    subjects = [mint_person(WAJIMA, chance.randbytes) for _ in range(PEOPLE)]
    foreign = [mint_person("172022", chance.randbytes) for _ in range(5)]
    parcels: list[Parcel] = []

    def add(record: Record, basis: int = AS_A_HOST) -> Record:
        parcels.append(Parcel(record.sealed, basis, b""))
        return record

    for number, subject in enumerate([*subjects, *foreign]):
        first = add(writer.says(subject, kinds.IDENTITY, wire.Identity(family_name="佐藤").SerializeToString()))
        add(writer.says(subject, kinds.RESIDENCE, wire.Residence(municipality=WAJIMA).SerializeToString()))
        stay = wire.Stay(municipality=KANAZAWA, outside=wire.OUTSIDE_HOME, state=wire.STAY_STATE_PRESENT)
        stay.since_ms = NOW_MS
        add(writer.says(subject, kinds.STAY, stay.SerializeToString(), slot=bytes(16)))
        if number % 2:
            add(writer.says(subject, kinds.IDENTITY, wire.Identity(family_name="他中").SerializeToString()))
        if number % 3 == 0:
            newer = wire.Identity(family_name="輪島").SerializeToString()
            add(writer.says(subject, kinds.IDENTITY, newer, over=(first,)))
        if number % 5 == 0:
            protection = wire.Protection(active=True, recipients=[KANAZAWA]).SerializeToString()
            add(writer.says(subject, kinds.PROTECTION, protection), HOLDER)
        if number % 7 == 0:
            link = wire.Link(other=subjects[number % PEOPLE - 1], relation=wire.Link.RELATION_SAME)
            add(writer.says(subject, kinds.LINK, link.SerializeToString(), slot=subjects[number % PEOPLE - 1]))
        if number % 11 == 0:
            add(writer.says(subject, kinds.CONTACT, b"\xff\xff"))
            add(writer.says(subject, kinds.RESIDENT, wire.Resident(family_name="佐藤").SerializeToString()))
        if number % 12 == 0:
            forged = writer.says(subject, kinds.CARE, wire.Care(codes=["elderly"]).SerializeToString()).sealed
            parcels.append(Parcel(SealedRecord(forged.body, bytes(64)), AS_A_HOST, b""))
        if number % 13 == 0:
            erasure = wire.Erasure(ground=wire.Erasure.GROUND_REQUEST)
            erasure.facets.append(record_pb2.FACET_CONTACT)
            add(writer.says(subject, kinds.ERASURE, erasure.SerializeToString()), HOLDER)
    chance.shuffle(parcels)
    return parcels


def state(federation: Federation) -> dict[str, object]:
    """What the receiver holds, judged how, and what it turned away and why."""
    connection = federation[KANAZAWA].ledger._connection()

    def rows(sql: str) -> list[tuple[object, ...]]:
        return sorted(connection.execute(sql).fetchall())

    return {
        "records": rows("SELECT id, is_head, counts, came_from, basis FROM records WHERE facet < 32"),
        "turned": rows("SELECT record, view, reason, basis FROM turned"),
        "quarantine": rows("SELECT id, reason FROM quarantine"),
        "contested": rows("SELECT s.subject, c.facet, c.slot FROM contested c JOIN subjects s ON s.number = c.subject"),
        "holders": rows("SELECT s.subject FROM holders h JOIN subjects s ON s.number = h.subject"),
        "people": rows("SELECT s.subject, p.shown FROM people p JOIN subjects s ON s.number = p.number"),
        "suppressions": rows("SELECT subject, facet FROM suppressions"),
    }


class OneByOne(NodeInbox):
    """Judges nobody's records together."""

    def _split(
        self, writing: Writing, candidates: Sequence[Candidate], here: str
    ) -> tuple[list[Candidate], list[Candidate], list[Candidate]]:
        plain, _, _ = super()._split(writing, candidates, here)
        return plain, [one for one in candidates if one not in plain], []


def one_by_one(federation: Federation) -> NodeInbox:
    node, peer = federation[KANAZAWA], federation.peer(WAJIMA)
    return OneByOne(node.ledger, node.room, peer, node=node.key.node, holdings=node.holdings, now_ms=node.now_ms)


def test_judged_together_comes_to_the_same_as_one_by_one(tmp_path: Path) -> None:
    came_to = []
    for name, receives in (("together", inbox), ("alone", one_by_one)):
        with two_towns(tmp_path / name) as federation:
            parcels = of_everything(federation)
            tallies = [take(receives(federation), DATA, parcels[start::3]) for start in range(3)]
            while federation[KANAZAWA].ledger.catch_up():
                pass
            came_to.append((tallies, state(federation)))
    together, alone = came_to
    assert together == alone
    reasons = {reason for _, _, reason, _ in together[1]["turned"]}  # type: ignore[attr-defined]
    assert len(reasons) >= 3, reasons


def test_looked_at_beforehand_comes_to_the_same_as_one_after_the_other(tmp_path: Path) -> None:
    came_to = []
    for ahead in (True, False):
        with two_towns(tmp_path / str(ahead)) as federation:
            parcels, receiver = of_everything(federation), inbox(federation)
            batches = [parcels[start::4] + parcels[start : start + 10] for start in range(4)]
            if ahead:
                prepared = [receiver.prepare(DATA, batch) for batch in batches]
                tallies = [receiver.commit(one) for one in prepared]
            else:
                tallies = [take(receiver, DATA, batch) for batch in batches]
            while federation[KANAZAWA].ledger.catch_up():
                pass
            came_to.append((tallies, state(federation)))
    assert came_to[0] == came_to[1]


def test_what_was_looked_at_before_a_revocation_came_is_looked_at_again(two: Federation) -> None:
    laptop = two.add_field("laptop", WAJIMA)
    assert two.meet(WAJIMA, KANAZAWA)
    subject = mint_person(WAJIMA, Random(1).randbytes)
    record = Writer(two, laptop.key).says(
        subject, kinds.IDENTITY, wire.Identity(family_name="佐藤").SerializeToString()
    )
    receiver = inbox(two)
    prepared = receiver.prepare(DATA, [Parcel(record.sealed, AS_A_HOST, b"")])
    assert prepared.vetted.candidates
    Registrar(two[WAJIMA], lambda: two.key(WAJIMA)).revoke(laptop.key.node, reason="stolen", operator="mayor")
    revocations = [held.record.sealed for held in two[WAJIMA].ledger.heads_of_facet(kinds.REVOCATION)]
    assert take(inbox(two), CONTROL, [Parcel(sealed, NOT_PERSONAL, b"") for sealed in revocations]).new == 1
    tally = receiver.commit(prepared)
    assert (tally.new, tally.quarantined) == (0, 1)
    assert not two[KANAZAWA].ledger.about(subject)


def test_what_was_unknown_when_it_was_looked_at_is_taken_where_it_is_known_by_then(two: Federation) -> None:
    laptop = two.add_field("laptop", WAJIMA)
    subject = mint_person(WAJIMA, Random(1).randbytes)
    record = Writer(two, laptop.key).says(
        subject, kinds.IDENTITY, wire.Identity(family_name="佐藤").SerializeToString()
    )
    receiver = inbox(two)
    prepared = receiver.prepare(DATA, [Parcel(record.sealed, AS_A_HOST, b"")])
    assert [turned.reason for turned in prepared.vetted.turned] == ["AUTHOR_UNKNOWN"]
    enrolments = [held.record.sealed for held in two[WAJIMA].ledger.heads_of_facet(kinds.ENROLMENT)]
    take(inbox(two), CONTROL, [Parcel(sealed, NOT_PERSONAL, b"") for sealed in enrolments])
    assert receiver.commit(prepared).new == 1


def test_a_large_batch_is_found_a_moment_later_and_a_small_one_at_once(two: Federation) -> None:
    writer, chance, receiver = Writer(two), Random(1), inbox(two)
    who = wire.Identity(family_name="佐藤").SerializeToString()
    people = [writer.says(mint_person(WAJIMA, chance.randbytes), kinds.IDENTITY, who) for _ in range(300)]
    parcels = [Parcel(record.sealed, AS_A_HOST, b"") for record in people]
    take(receiver, DATA, parcels[:ROWS_AT_ONCE_MAX])
    assert two[KANAZAWA].ledger.rows_due() == 0
    take(receiver, DATA, parcels[ROWS_AT_ONCE_MAX:])
    assert two[KANAZAWA].ledger.rows_due() == len(people) - ROWS_AT_ONCE_MAX
    two[KANAZAWA].book().contact(two.peer(WAJIMA), "DONE")
    assert two[KANAZAWA].ledger.rows_due() == 0


def test_what_is_known_and_what_was_refused_for_good_changes_nothing_when_it_comes_again(two: Federation) -> None:
    parcels, receiver = of_everything(two), inbox(two)
    while take(receiver, DATA, parcels).new:  # some may be taken once others are known
        pass
    before = state(two)
    assert take(receiver, DATA, parcels).new == 0
    assert state(two) == before
