"""Vectors of whole conversations, frame by frame, and of packed records."""

from collections.abc import Iterator, Sequence
from random import Random

import zstandard

from moyai.v1 import exchange_pb2, record_pb2
from sync.envelope import SealedRecord
from sync.frames import CONTROL, DATA, Check, Frame, Goodbye, Hello, More, Records, Want
from sync.limits import PARCELS_PER_FRAME_MAX, UNPACKED_BYTES_MAX
from sync.mapping import cells_of
from sync.packing import DICTIONARY, pack
from sync.ports import Peer
from sync.portside import Portside
from sync.reasons import Reason
from sync.reconcile import Salted, as_symbols, prefix_of
from sync.session import Session
from sync.sketch import encode
from sync.wire import frame_of, greeting_of, message_of
from tests.builders.couriers import Side
from tests.builders.towns import Town, record
from tests.protocol.form import Named, Vector, accepted, refused, vector

SALTS = Random(1).randbytes(64)
Said = list[tuple[str, Frame]]
Holding = dict[str, object]


def session_vectors() -> Iterator[Named]:
    yield from _whole_conversations()
    yield from _broken_conversations()
    yield from _packed()


def side_of(holding: Holding, *, dialled: bool) -> Side:
    """A node that holds what a vector says, about to converse. Its greeting is that of a made-up town."""
    town = Town("wajima" if dialled else "nanao")
    for name, view in (("control", CONTROL), ("data", DATA)):
        bodies = holding[name]
        assert isinstance(bodies, list)
        for body in bodies:
            sealed = SealedRecord(bytes.fromhex(body), bytes(64))
            town.shelves[view].held[sealed.id] = sealed
            if holding["passed"]:
                town.shelves[view].arrived.add(sealed.id)
    drawn = iter(SALTS)

    def entropy(count: int) -> bytes:
        return bytes(next(drawn) for _ in range(count))

    session = Session(greeting_of(town.greeting()), dialled=dialled, entropy=entropy)
    return Side(session, Portside(town, Peer(b"", "000000")))


def frame_hex(frame: Frame) -> str:
    return message_of(frame).SerializeToString().hex()


def read(frame: str) -> Frame:
    return frame_of(exchange_pb2.Frame.FromString(bytes.fromhex(frame)))


def holding(data: Sequence[int], control: Sequence[int] = (900,), *, passed: bool = False) -> Holding:
    def bodies(numbers: Sequence[int]) -> list[str]:
        return [record(number).body.hex() for number in numbers]

    return {"control": bodies(control), "data": bodies(data), "passed": passed}


def _recorded(dialler: Side, called: Side) -> Said:
    """A conversation to its end."""
    said: Said = []
    while not (dialler.stuck and called.stuck):
        name, side, other = ("A", called, dialler) if dialler.stuck else ("D", dialler, called)
        before = len(side.sent)
        side.step(other)
        said += [(name, frame) for frame in side.sent[before:]]
    return said


def _listed(said: Said) -> list[dict[str, str]]:
    return [{"said_by": name, "frame": frame_hex(frame)} for name, frame in said]


def _whole_conversations() -> Iterator[Named]:
    def whole(description: str, ours: Holding, theirs: Holding) -> Vector:
        said = _recorded(side_of(ours, dialled=True), side_of(theirs, dialled=False))
        return vector(
            "session", description, accepted(reason="DONE"), dialler=ours, called=theirs, conversation=_listed(said)
        )

    both = holding(range(20), passed=True)
    yield "accept/session-in-sync", whole("Both have the same.", both, both)
    yield (
        "accept/session-called-ahead",
        whole("The called side has everything, the dialler nothing.", holding((), ()), holding(range(5))),
    )
    yield (
        "accept/session-scattered",
        whole("Each has some that the other lacks.", holding(range(40)), holding([*range(3, 40), 100, 101])),
    )
    yield (
        "accept/session-control-first",
        whole("The control views differ as well.", holding([1], [900, 901]), holding([2], [900, 902])),
    )
    yield "accept/session-salted", _salted()


def _salted() -> Vector:
    """The called side's symbols contradict themselves, but for the salted ones."""
    ours, theirs = holding([1, 2], passed=True), [1, 2, 3]
    dialler, called = side_of(ours, dialled=True), side_of(holding(theirs), dialled=False)
    said: Said = []
    dialler.hear()
    said += [("D", frame) for frame in dialler.said()]
    called.hear()
    said += [("A", frame) for frame in called.said()]

    def heard(*frames: Frame) -> None:
        said.extend(("A", frame) for frame in frames)
        dialler.hear(*frames)
        said.extend(("D", frame) for frame in dialler.said())

    dialler.hear(said[-1][1])
    said += [("D", frame) for frame in dialler.said()]
    heard(_contradiction([1, 2]))
    hello = said[-1][1]
    assert isinstance(hello, Hello)
    whole = b"".join(sorted(record(number).id for number in theirs))
    salted = Salted.of(whole, hello.salt)
    cells = encode(salted.names, 32, key=salted.key)
    heard(_sketch(2, 3, cells.to_bytes(), cells.counts_bytes()))
    answering = Town("nanao")
    answering.hold(DATA, *theirs)
    parcel = next(answering.outbox(Peer(b"", "")).parcels(DATA, [record(3).id[:8]]))
    root = answering.outbox(Peer(b"", "")).standing(DATA).root
    heard(Records(DATA, (parcel,), last=True, root=root))
    assert isinstance(said[-1][1], Check)
    heard(read(frame_hex(_equal())))
    heard(Goodbye(Reason.DONE))
    return vector(
        "session",
        "Symbols that contradict each other: the next hello draws a salt.",
        accepted(reason="DONE"),
        dialler=ours,
        called=None,
        conversation=_listed(said),
    )


def _equal() -> Frame:
    return frame_of(exchange_pb2.Frame(equal=exchange_pb2.Equal()))


def _sketch(snapshot: int, count: int, symbols: bytes, counts: bytes) -> Frame:
    sketch = exchange_pb2.Sketch(snapshot=snapshot, count=count, symbols=symbols, counts=counts, last=True)
    sketch.view = exchange_pb2.VIEW_DATA
    return frame_of(exchange_pb2.Frame(sketch=sketch))


def _contradiction(numbers: Sequence[int]) -> Frame:
    """The sketch of these, with one symbol more in a cell that is not its own."""
    cells = encode(as_symbols(b"".join(record(number).id for number in numbers), 32), 32)
    alien = next(one.id for one in map(record, range(50, 99)) if 1 not in cells_of(prefix_of(one.id), 32))
    lone = encode(as_symbols(alien, 32), 1)
    cells.sums[1] ^= lone.sums[0]
    cells.checks[1] ^= lone.checks[0]
    return _sketch(1, len(numbers) + 1, cells.to_bytes(), cells.counts_bytes())


def _broken_conversations() -> Iterator[Named]:
    ours, theirs = holding(range(6), passed=True), holding([*range(3, 6), 100], passed=True)
    honest = _recorded(side_of(ours, dialled=True), side_of(theirs, dialled=False))
    opening = [(name, frame) for name, frame in honest if not isinstance(frame, Records | Want | Check | Goodbye)][:4]

    def broken(description: str, reason: str, lie: Frame) -> Vector:
        said = [*_listed(opening), {"said_by": "D", "frame": frame_hex(lie)}]
        return vector("session", description, refused(reason), dialler=None, called=theirs, conversation=said)

    yield (
        "refuse/session-more-elsewhere",
        broken("More of a sketch, but not what comes next.", "PROTOCOL_BROKEN", More(DATA, 1, 40, 64)),
    )
    yield (
        "refuse/session-endless-more",
        broken("More symbols than a sketch has.", "LIMIT_PASSED", More(DATA, 1, 32, 2_000_000)),
    )
    yield (
        "refuse/session-check-within",
        broken("A check within a comparison.", "PROTOCOL_BROKEN", Check(bytes(16))),
    )


def _packed() -> Iterator[Named]:
    def records(description: str, expected: dict[str, object], packed: bytes, dictionary: int = 0) -> Vector:
        return vector("records", description, expected, packed=packed, dictionary=dictionary)

    parcels = exchange_pb2.Parcels(
        parcels=[
            exchange_pb2.Parcel(
                record=record_pb2.SealedRecord(body=record(number).body, signature=bytes(64)),
                basis=exchange_pb2.BASIS_CONSENT,
                basis_record=record(9).id,
            )
            for number in range(3)
        ]
    )
    raw, ids = parcels.SerializeToString(), [record(number).id.hex() for number in range(3)]
    shipped, number = pack(parcels)
    plain = zstandard.ZstdCompressor(3).compress
    silent = zstandard.ZstdCompressor(3, write_content_size=False).compress
    yield "accept/records", records("Three records, without a dictionary.", accepted(ids=ids), plain(raw))
    yield "accept/records-dictionary", records("With the shipped dictionary.", accepted(ids=ids), shipped, number)
    broken = refused("PROTOCOL_BROKEN")
    yield "refuse/records-no-size", records("It does not say its size.", broken, silent(raw))
    yield "refuse/records-trailing", records("Something follows.", broken, plain(raw) + b"more")
    yield "refuse/records-cut", records("It is cut off.", broken, plain(raw)[:-3])
    yield "refuse/records-garbage", records("No parcels in it.", broken, plain(b"\xff\xff garbage"))
    yield (
        "refuse/records-dictionary-unknown",
        records(
            "A dictionary there is not.", refused("PROTOCOL_BROKEN", got=DICTIONARY + 98), shipped, DICTIONARY + 98
        ),
    )
    bomb = refused("LIMIT_PASSED", limit="UNPACKED_BYTES_MAX", got=UNPACKED_BYTES_MAX + 1)
    yield (
        "refuse/records-bomb",
        records("Larger unpacked than anything may be.", bomb, plain(bytes(UNPACKED_BYTES_MAX + 1))),
    )
    many = refused("LIMIT_PASSED", limit="PARCELS_PER_FRAME_MAX", got=PARCELS_PER_FRAME_MAX + 1)
    yield (
        "refuse/records-many",
        records("One parcel too many, each of two bytes.", many, plain(b"\x0a\x00" * (PARCELS_PER_FRAME_MAX + 1))),
    )
