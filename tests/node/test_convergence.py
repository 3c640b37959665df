"""Whatever is written where, and in whatever order and pieces it arrives: the same records come to the same."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from moyai.v1 import exchange_pb2, facets_pb2 as wire, record_pb2
from node.desk.views import NewPerson
from node.installation import Installation
from node.people.facets import Care, Contact, Note
from node.records import kinds
from node.records.record import Record, body_bytes, open_record
from node.records.subjects import mint_person
from node.records.version import successor
from node.trust.seal import seal
from sync.envelope import Parcel
from tests.builders.nodes import VIEWS, Federation, take
from tests.builders.trust import KANAZAWA, NOW_MS, WAJIMA

CONTROL, DATA = VIEWS
AS_A_HOST, HOLDER = int(exchange_pb2.BASIS_TEMPORARY_STAY), int(exchange_pb2.BASIS_HOLDER)
LAPTOP: Final = "laptop"
ROUNDS_MAX: Final = 8

PERSON = st.integers(0, 2)
"""Which of three people."""
OVER = st.frozensets(st.integers(0, 5))
"""Which of what was said before in the same place, counted backwards, is known to who speaks."""

PATIENT = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # each example opens ledgers: to make one smaller takes minutes
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What Wajima says of somebody."""

    person: int
    facet: int
    says: int
    over: frozenset[int]


STATEMENTS: Final = st.lists(
    st.builds(
        Statement,
        person=PERSON,
        facet=st.sampled_from([
            kinds.IDENTITY, kinds.RESIDENCE, kinds.STAY, kinds.CONTACT, kinds.CONSENT, kinds.PROTECTION, kinds.ERASURE,
        ]),
        says=st.integers(0, 2),
        over=OVER,
    ),
    max_size=16,
)  # fmt: skip


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    """Two towns and a laptop that have met, every node closed. Only copies of it are written."""
    made = Federation(tmp_path_factory.mktemp("founded"))
    made.add_home(WAJIMA)
    made.add_home(KANAZAWA)
    made.install(WAJIMA, KANAZAWA)
    made.add_field(LAPTOP, WAJIMA)
    assert made.meet(WAJIMA, KANAZAWA)
    assert made.meet(LAPTOP, WAJIMA)
    for node in made.nodes.values():
        node.close()
    return made


_copies = count()


@contextmanager
def anew(founded: Federation, tmp_path: Path) -> Iterator[Federation]:
    """A copy of the federation as it was founded."""
    folder = tmp_path / f"{next(_copies)}"
    made = Federation(shutil.copytree(founded.folder, folder))
    try:
        for name in founded.nodes:
            made.open(name)
        yield made
    finally:
        for node in made.nodes.values():
            node.close()
        shutil.rmtree(folder)


class Speaker:
    """Wajima's node, which has said things before."""

    def __init__(self, node: Installation) -> None:
        self._key = node.key
        self._counter = 1 << 50
        self._said: dict[tuple[bytes, int], list[Record]] = {}

    def record(self, subject: bytes, statement: Statement) -> Record:
        before = self._said.setdefault((subject, statement.facet), [])
        over = [one for back, one in enumerate(reversed(before)) if back in statement.over]
        self._counter += 1
        body = body_bytes(
            subject=subject,
            subject_kind=record_pb2.SUBJECT_KIND_PERSON,
            facet=statement.facet,
            slot=bytes(16) if statement.facet in (kinds.STAY, kinds.CONSENT) else b"",
            version=successor((one.version for one in over), self._key.node, self._counter),
            clock=(NOW_MS << 16) + self._counter % (1 << 16),
            author=self._key.node,
            organisation=WAJIMA,
            operator="op-1",
            content=content(statement, over),
        )
        before.append(open_record(seal(body, self._key)))
        return before[-1]


def content(statement: Statement, over: Sequence[Record]) -> bytes:
    says = statement.says
    match statement.facet:
        case kinds.IDENTITY:
            return wire.Identity(family_name=("輪島", "珠洲", "能登")[says]).SerializeToString()
        case kinds.RESIDENCE:
            return wire.Residence(municipality=WAJIMA, address=f"河井町{says}").SerializeToString()
        case kinds.STAY:
            stay = wire.Stay(municipality=KANAZAWA, outside=wire.OUTSIDE_HOME, since_ms=NOW_MS)
            stay.state = wire.STAY_STATE_PRESENT
            stay.confirmed_at_ms = NOW_MS + says
            return stay.SerializeToString()
        case kinds.CONTACT:
            return wire.Contact(phone=f"090-{says}").SerializeToString()
        case kinds.CONSENT:
            given = wire.Consent(
                facets=[kinds.IDENTITY, kinds.CONTACT], organisations=[KANAZAWA], from_ms=1, given_by=1
            )
            if says == 0:
                given.withdrawn_at_ms = NOW_MS
            return given.SerializeToString()
        case kinds.PROTECTION:
            return wire.Protection(active=says > 0, recipients=[KANAZAWA][: says - 1]).SerializeToString()
        case _:
            erasure = wire.Erasure(ground=wire.Erasure.GROUND_REQUEST)
            erasure.facets.extend([record_pb2.FACET_CONTACT] if says else [])
            for record in over:
                erasure.up_to.extend(record_pb2.VersionEntry(author=who, counter=at) for who, at in record.version)
            return erasure.SerializeToString()


def spoken(towns: Federation, statements: Sequence[Statement]) -> list[Parcel]:
    """Three people who stay at Kanazawa, and what is said of them after that."""
    speaker, parcels = Speaker(towns[WAJIMA]), []
    people = [mint_person(WAJIMA, lambda size, number=number: bytes([number]) * size) for number in range(3)]
    basics = [
        Statement(person, facet, 1, frozenset())
        for person in range(3)
        for facet in (kinds.IDENTITY, kinds.RESIDENCE, kinds.STAY)
    ]
    for statement in (*basics, *statements):
        record = speaker.record(people[statement.person], statement)
        parcels.append(Parcel(record.sealed, HOLDER if record.facet in kinds.CONTROL else AS_A_HOST, b""))
    return parcels


def deliver(towns: Federation, batches: Sequence[Sequence[Parcel]]) -> None:
    """Kanazawa takes these, control before data as in every conversation."""
    receiver = towns[KANAZAWA].book().inbox(towns.peer(WAJIMA))
    for batch in batches:
        for view in VIEWS:
            some = [one for one in batch if (open_record(one.record).facet in kinds.CONTROL) == (view == CONTROL)]
            if some:
                take(receiver, view, some)
    towns[KANAZAWA].book().contact(towns.peer(WAJIMA), "DONE")


def offered_until_settled(towns: Federation, parcels: Sequence[Parcel]) -> None:
    """As the peer goes on doing it with what is neither held nor accounted for."""
    for _ in range(ROUNDS_MAX):
        before = held(towns, KANAZAWA)
        towns.time.later(minutes=11)
        deliver(towns, [parcels])
        if before == held(towns, KANAZAWA):
            return
    raise AssertionError("it never came to rest")


def held(towns: Federation, name: str) -> dict[str, object]:
    """What is held, what counts, and what is refused from now on."""
    connection = towns[name].ledger._connection()

    def rows(sql: str) -> list[tuple[object, ...]]:
        return sorted(connection.execute(sql).fetchall())

    return {
        "records": rows("SELECT id, is_head, counts FROM records WHERE facet < 32 AND facet != 20"),
        "people": rows("SELECT s.subject, p.shown FROM people p JOIN subjects s ON s.number = p.number"),
        "contested": rows("SELECT s.subject, c.facet, c.slot FROM contested c JOIN subjects s ON s.number = c.subject"),
        "suppressions": rows("SELECT subject, facet, up_to FROM suppressions"),
    }


def test_after_an_erasure_of_one_facet_the_rest_still_comes(founded: Federation, tmp_path: Path) -> None:
    """Each record was asked for its ground by itself, and a residence has none before the stay is known."""
    with anew(founded, tmp_path) as towns:
        erased = Statement(0, kinds.ERASURE, 1, frozenset())
        *basics, erasure = [one for one in spoken(towns, [erased]) if about(one) == about(spoken(towns, [])[0])]
        deliver(towns, [[erasure], basics])
        offered_until_settled(towns, [*basics, erasure])
        facets = {kinds.facet_name(one.record.facet) for one in towns[KANAZAWA].ledger.about(about(erasure))}
        assert {"identity", "residence", "stay"} <= facets


def about(parcel: Parcel) -> bytes:
    return open_record(parcel.record).subject


@PATIENT
@given(statements=STATEMENTS, data=st.data())
def test_order_and_cut_decide_nothing(
    founded: Federation, tmp_path_factory: pytest.TempPathFactory, statements: list[Statement], data: st.DataObject
) -> None:
    came_to = []
    with anew(founded, tmp_path_factory.mktemp("whole")) as towns:
        parcels = spoken(towns, statements)
        offered_until_settled(towns, parcels)
        came_to.append((held(towns, KANAZAWA), views(towns, KANAZAWA)))
    shuffled = data.draw(st.permutations(parcels))
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(parcels) - 1)), max_size=5)))
    batches = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]
    with anew(founded, tmp_path_factory.mktemp("pieces")) as towns:
        deliver(towns, batches)
        offered_until_settled(towns, parcels)
        came_to.append((held(towns, KANAZAWA), views(towns, KANAZAWA)))
    assert came_to[0] == came_to[1]


@PATIENT
@given(statements=STATEMENTS, data=st.data())
def test_taking_again_changes_nothing(
    founded: Federation, tmp_path_factory: pytest.TempPathFactory, statements: list[Statement], data: st.DataObject
) -> None:
    with anew(founded, tmp_path_factory.mktemp("again")) as towns:
        parcels = spoken(towns, statements)
        offered_until_settled(towns, parcels)
        before = held(towns, KANAZAWA), views(towns, KANAZAWA)
        some = data.draw(st.lists(st.sampled_from(parcels), min_size=1, max_size=10))
        deliver(towns, [some, some])
        assert before == (held(towns, KANAZAWA), views(towns, KANAZAWA))


def views(towns: Federation, name: str) -> list[set[bytes]]:
    """What of Wajima's records the node's views for Wajima hold."""
    said = {one for one, *_ in towns[name].ledger._connection().execute("SELECT id FROM records WHERE facet = 20")}
    return [set(towns.ids(name, WAJIMA, view)) - said for view in VIEWS]


Done = tuple[str, int, int]
"""Where, what, and of whom; or a meeting."""
DONE: Final = st.lists(
    st.tuples(st.sampled_from([WAJIMA, LAPTOP, KANAZAWA, "meet", "call"]), st.integers(0, 8), PERSON), max_size=14
)


@PATIENT
@given(done=DONE)
def test_whoever_writes_what_where_all_come_to_the_same_once_they_have_met(
    founded: Federation, tmp_path_factory: pytest.TempPathFactory, done: list[Done]
) -> None:
    with anew(founded, tmp_path_factory.mktemp("desks")) as towns:
        people = [registered(towns, number) for number in range(3)]
        meet(towns)
        for where, what, person in done:
            if where == "meet":
                towns.meet(WAJIMA, KANAZAWA)
            elif where == "call":
                towns.meet(LAPTOP, WAJIMA)
            else:
                act(towns, where, what, people[person])
        meet(towns)
        for one, other in ((WAJIMA, KANAZAWA), (LAPTOP, WAJIMA)):
            for view in VIEWS:
                assert towns.ids(one, other, view) == towns.ids(other, one, view)
        assert heads(towns, WAJIMA) == heads(towns, LAPTOP)


def registered(towns: Federation, number: int) -> bytes:
    name = ("輪島", "珠洲", "能登")[number]
    person = NewPerson(family_name=name, birth="1950-01-01", address="河井町1", phone=f"0768-{number}")
    return towns[WAJIMA].desk("op").register(person).subjects[0]


def meet(towns: Federation) -> None:
    for _ in range(ROUNDS_MAX):
        before = [heads(towns, name) for name in towns.nodes]
        towns.meet(WAJIMA, KANAZAWA)
        towns.meet(LAPTOP, WAJIMA)
        towns.time.later(minutes=11)
        if before == [heads(towns, name) for name in towns.nodes]:
            return
    raise AssertionError("they never came to rest")


def heads(towns: Federation, name: str) -> list[bytes]:
    sql = "SELECT id FROM records WHERE is_head ORDER BY id"
    return [row[0] for row in towns[name].ledger._connection().execute(sql)]


def act(towns: Federation, where: str, what: int, person: bytes) -> None:
    """What a clerk may do; of whom they know."""
    node, desk = towns[where], towns[where].desk("op")
    if node.ledger.person(person) is None:
        return
    says = (
        (kinds.CONTACT, Contact(phone=f"090-{where}-{towns.time()}"), b""),
        (kinds.CARE, Care(codes=("dialysis",)), b""),
        (kinds.NOTE, Note(text="夜は静か"), towns.entropy(16)),
    )
    towns.time.later(minutes=1)
    match what:
        case 0 | 1 | 2:
            with node.pen.sheet(operator="op", act="edit") as sheet:
                facet, facts, slot = says[what]
                sheet.put(person, facet, facts, slot=slot)
        case 3 | 4:
            desk.give_consent(person, facets=("identity", "contact"), organisations=[KANAZAWA])
        case 5:
            for one in desk.consents(person):
                desk.withdraw_consent(person, one.slot)
        case 6:
            desk.protect(person, ground="abuse", recipients=())
        case 7:
            desk.check_in([person], outside=1)
        case _:
            if where == WAJIMA:
                desk.erase(person)
