"""How many signed records a second are checked and durable, beside how many signatures the machine can check at all.

The ledger holds a million records before it begins, which takes minutes to write. What is measured is verified and
durable; rows of people and the search index follow, and how fast they do is a line of its own.
"""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from google.protobuf.message import Message
from nacl.bindings import crypto_sign_open

from moyai.v1 import exchange_pb2, facets_pb2 as wire
from node.inbox import NodeInbox, Prepared
from node.ledger import Ledger
from node.records import kinds
from node.records.record import body_bytes, open_record
from node.records.subjects import mint_person
from node.trust.keys import NodeKey
from node.trust.labels import RECORD
from node.trust.seal import seal
from sync.envelope import Parcel, SealedRecord
from tests.benchmarks import couch
from tests.benchmarks.population import PLACES, Person, arrival, population, resident
from tests.benchmarks.report import Line
from tests.builders.nodes import Federation
from tests.builders.trust import KANAZAWA, NOW_MS, WAJIMA

HELD = 1_000_000
"""Records in the ledger beforehand."""
NEW = 100_000
QUICK = 2_000
TURNS = 5
BATCH = 1_024
THREADS = 2
GOAL = 0.6
KNOWN_GOAL = 100_000
COUCH_GOAL = 5
COUCH_RECORDS = 20_000
DATA = int(exchange_pb2.VIEW_DATA)
INTERNAL = int(exchange_pb2.BASIS_INTERNAL)
AS_A_HOST = int(exchange_pb2.BASIS_TEMPORARY_STAY)


def measure(*, quick: bool) -> Iterator[Line]:
    """Sealed records of made-up people, in transactions of 1,024, each durable before the next."""
    held, new = (QUICK, QUICK) if quick else (HELD, NEW)
    with TemporaryDirectory() as folder:
        federation = _federation(Path(folder))
        yield from measured(federation, held, new, quick=quick)
        for node in federation.nodes.values():
            node.close()


def measured(federation: Federation, held: int, new: int, *, quick: bool) -> Iterator[Line]:
    """The figures, for a ledger of so many records and so many that come."""
    ledger, key = federation[KANAZAWA].ledger, federation[WAJIMA].key
    inbox = federation[KANAZAWA].book().inbox(federation.peer(WAJIMA))
    assert isinstance(inbox, NodeInbox)
    _fill(ledger, held)
    ours, theirs, bare = (list(_sealed(key, new, part)) for part in (1, 2, 3))
    gc.freeze()  # what is sealed here beforehand would be no part of a node, nor is going through it again and again
    timed = _in_turns(
        {
            "limit": lambda turn: _verify_all(_part(ours, turn), key.public_key),
            "durable": lambda turn: _ingest(ledger, _part(ours, turn), key.public_key),
            "inbox": lambda turn: _take_all(inbox, _part(theirs, turn)),
            "bare": lambda turn: _keep_all(ledger, _part(bare, turn)),
        }
    )
    limit = new / timed["limit"].clock
    against = f"signatures alone, {THREADS} threads: {limit:,.0f}/s"
    goal = f">= {GOAL:.0%} of the limit"

    def line(name: str, seconds: float, goal: str = "", *, count: int = new, least: float = 0) -> Line:
        rate = count / seconds
        return Line(f"ingest: {name}", rate, "/s", goal, rate >= least or quick, rate / limit, against)

    yield line("checked and durable", timed["durable"].clock, goal, least=GOAL * limit)
    yield line("through the inbox", timed["inbox"].clock, goal, least=GOAL * limit)
    yield _beside_couch(new / timed["inbox"].clock, theirs[:COUCH_RECORDS], quick=quick)
    yield line("kept, not checked", timed["bare"].clock)
    for name, what in (("durable", "checked and durable"), ("inbox", "through the inbox")):
        each, least = timed[name].processor / new, timed["limit"].processor / new
        alone = f"a signature: {least * 1e6:,.0f} us"
        yield Line(f"ingest: {what}, processor", each * 1e6, "us", "", met=True, ratio=least / each, against=alone)
    follows = _seconds(lambda: _catch_up(ledger))
    yield line("rows and search index follow", follows, count=3 * new)
    yield line("checked, durable and found", timed["durable"].clock + follows / 3)
    known = _seconds(lambda: _known_all(ledger, ours))
    yield line("known already", known, f">= {KNOWN_GOAL:,} /s", least=KNOWN_GOAL)
    yield line("through the inbox, known already", _seconds(lambda: _take_all(inbox, theirs)))


@dataclass(slots=True)
class Spent:
    """Seconds by the clock, and of the processor: on a machine with much else to do the second says more."""

    clock: float = 0
    processor: float = 0


def _beside_couch(ours: float, records: Sequence[SealedRecord], *, quick: bool) -> Line:
    """The same records replicated between two PouchDB databases on this disk, in this run."""
    theirs = None if quick else couch.moved(records)
    if theirs is None:
        return Line("ingest: beside the CouchDB protocol", ours, "/s", "", True, None, couch.NOT_INSTALLED)
    goal, ratio = f">= {COUCH_GOAL}x", ours / theirs.rate
    against = f"PouchDB to PouchDB: {theirs.rate:,.0f}/s, {theirs.processor * 1e6:,.0f} us"
    return Line("ingest: beside the CouchDB protocol", ours, "/s", goal, ratio >= COUCH_GOAL, ratio, against)


def _in_turns(acts: Mapping[str, Callable[[int], None]]) -> dict[str, Spent]:
    """What each costs, done in turns: what else the machine does falls on all alike."""
    spent = {name: Spent() for name in acts}
    for turn in range(TURNS):
        for name, act in acts.items():
            before = time.process_time()
            spent[name].clock += _seconds(partial(act, turn))
            spent[name].processor += time.process_time() - before
    return spent


def _part(sealed: Sequence[SealedRecord], turn: int) -> Sequence[SealedRecord]:
    size = -(-len(sealed) // TURNS)
    return sealed[turn * size : (turn + 1) * size]


def _federation(folder: Path) -> Federation:
    """A town, and the city where its people stay and whose ledger is filled."""
    made = Federation(folder)
    made.add_home(WAJIMA)
    made.add_home(KANAZAWA)
    made.install(WAJIMA, KANAZAWA)
    if not made.meet(WAJIMA, KANAZAWA):
        raise AssertionError
    return made


def _contents(person: Person, number: int) -> Iterator[tuple[int, bytes, Message]]:
    """Five records: who, from where, how to be reached, where they stay, what they need."""
    row = resident(person)
    yield (
        kinds.IDENTITY,
        b"",
        wire.Identity(
            family_name=row.family_name,
            given_name=row.given_name,
            family_kana=row.family_kana,
            given_kana=row.given_kana,
            birth=row.birth,
        ),
    )
    yield kinds.RESIDENCE, b"", wire.Residence(municipality=WAJIMA, address=row.address)
    yield kinds.CONTACT, b"", wire.Contact(phone=row.phone)
    stay = wire.Stay(
        place=PLACES[number % len(PLACES)],
        municipality=KANAZAWA,
        state=wire.STAY_STATE_PRESENT,
        since_ms=NOW_MS,
        confirmed_at_ms=NOW_MS,
    )
    yield kinds.STAY, bytes(16), stay
    yield kinds.CARE, b"", wire.Care(codes=["elderly"])


def _bodies(node: bytes, count: int, part: int) -> Iterator[bytes]:
    chance, counter = Random(part), part << 32
    for number, person in enumerate(population(-(-count // 5), seed=part)):
        subject = mint_person(WAJIMA, chance.randbytes)
        for facet, slot, content in _contents(person, number):
            counter += 1
            yield body_bytes(
                subject=subject,
                subject_kind=1,
                facet=facet,
                slot=slot,
                version=((node, counter),),
                clock=(NOW_MS << 16) + counter % (1 << 16),
                author=node,
                organisation=WAJIMA,
                operator="op-1",
                content=content.SerializeToString(),
            )


def _sealed(key: NodeKey, count: int, part: int) -> Iterator[SealedRecord]:
    return (seal(body, key) for body in islice(_bodies(key.node, count, part), count))


def _fill(ledger: Ledger, count: int) -> None:
    """The same ledger as if all had come one after the other; nobody checks these signatures."""
    bodies = islice(_bodies(bytes(16), count, 0), count)
    while part := [SealedRecord(body, bytes(64)) for body in islice(bodies, 20 * BATCH)]:
        _keep(ledger, part)
    _catch_up(ledger)


def _batches(sealed: Sequence[SealedRecord]) -> Iterator[Sequence[SealedRecord]]:
    for start in range(0, len(sealed), BATCH):
        yield sealed[start : start + BATCH]


def _arrived(batch: Sequence[SealedRecord]) -> list[SealedRecord]:
    """As they come off the line: the id is worked out here."""
    return [SealedRecord(each.body, each.signature) for each in batch]


def _verify(batch: Sequence[SealedRecord], public: bytes) -> Sequence[SealedRecord]:
    for record in batch:
        crypto_sign_open(record.signature + RECORD + record.body, public)
    return batch


def _verify_all(sealed: Sequence[SealedRecord], public: bytes) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda batch: _verify(batch, public), _batches(sealed)))


def _keep(ledger: Ledger, batch: Sequence[SealedRecord]) -> None:
    with ledger.write() as writing:
        writing.put_off_rows()
        writing.keep_many([arrival(open_record(each)) for each in batch])


def _keep_all(ledger: Ledger, sealed: Sequence[SealedRecord]) -> None:
    for batch in _batches(sealed):
        _keep(ledger, _arrived(batch))


def _ingest(ledger: Ledger, sealed: Sequence[SealedRecord], public: bytes) -> None:
    """Two threads check, one writes what has been checked."""
    with ThreadPoolExecutor(THREADS) as pool:
        for batch in pool.map(lambda batch: _verify(batch, public), _batches(sealed)):
            _keep(ledger, _arrived(batch))


def _known_all(ledger: Ledger, sealed: Sequence[SealedRecord]) -> None:
    for batch in _batches(sealed):
        if len(ledger.has([each.id for each in _arrived(batch)])) != len(batch):
            raise AssertionError


def _take_all(inbox: NodeInbox, sealed: Sequence[SealedRecord]) -> None:
    """What is next is looked at while what is at hand is kept."""

    def prepared(batch: Sequence[SealedRecord]) -> Prepared:
        return inbox.prepare(DATA, [Parcel(each, AS_A_HOST, b"") for each in _arrived(batch)])

    with ThreadPoolExecutor(1) as beside:
        batches = _batches(sealed)
        under_way = beside.submit(prepared, next(batches))
        for batch in batches:
            following = beside.submit(prepared, batch)
            inbox.commit(under_way.result())
            under_way = following
        inbox.commit(under_way.result())


def _catch_up(ledger: Ledger) -> None:
    while ledger.catch_up():
        pass


def _seconds(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
