"""Sealed records as reception desks write them, and a million ids with the clocks they were written at."""

import random
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from moyai.v1 import exchange_pb2, facets_pb2 as wire
from node.records import kinds
from node.records.record import body_bytes
from sync.envelope import ID_BYTES, Parcel, SealedRecord
from tests.benchmarks.population import NOW_MS, PLACES, SEED, TOWNS, Person, population, resident, stay

START_S = NOW_MS // 1000
DAYS_S = 10 * 86_400
"""Ten days of a disaster: the million records of a view are spread over them."""
RECENT_S = 600
"""What is recent was written in the last ten minutes."""
NODES = 12
"""Desks that write."""

Ids = NDArray[np.uint8]
"""Rows of 32 bytes, ascending."""


def ids_of_many(count: int, seed: int = SEED) -> Ids:
    """Ids of records that both sides have: a record's id is as good as random."""
    drawn = np.random.default_rng(seed).integers(0, 256, size=(count, ID_BYTES), dtype=np.uint8)
    return drawn[np.argsort(drawn[:, :8].copy().view(">u8").ravel(), kind="stable")]


def clocks_of_many(count: int, seed: int = SEED) -> NDArray[np.int64]:
    """When each was written, in seconds, in the order of the ids; nothing in the last ten minutes."""
    return np.random.default_rng(seed + 1).integers(START_S, START_S + DAYS_S - RECENT_S, size=count)


def clocks_of_differing(count: int, *, recent: bool, together: int = 1, seed: int = SEED) -> list[int]:
    """When the records that one side lacks were written, in seconds; so many of them at a time."""
    begin, length = (START_S + DAYS_S - RECENT_S, RECENT_S) if recent else (START_S, DAYS_S)
    moments = np.random.default_rng(seed + 2).integers(begin, begin + length, size=-(-count // together))
    return [int(moment) for moment in moments for _ in range(together)][:count]


def statements(people: int, seed: int = SEED) -> Iterator[SealedRecord]:
    """Five records for each person: who, where from, telephone, where now, what care. Signatures are random bytes,
    which nobody can compress either."""
    chance = random.Random(seed)
    desks = [chance.randbytes(16) for _ in range(NODES)]
    places = chance.sample(PLACES, 30)
    clock = NOW_MS << 16
    counters = [1_000] * NODES
    for person in population(people, seed):
        subject, desk = chance.randbytes(16), chance.randrange(NODES)
        clock += chance.randrange(60_000) << 16
        for facet, slot, content in _said_of(person, chance, places):
            counters[desk] += 1
            clock += 1
            body = body_bytes(
                subject=subject,
                subject_kind=1,
                facet=facet,
                slot=slot,
                version=((desks[desk], counters[desk]),),
                clock=clock,
                author=desks[desk],
                organisation=TOWNS[0],
                operator=f"op-{desk + 1}",
                content=content,
            )
            yield SealedRecord(body, chance.randbytes(64))


def _said_of(person: Person, chance: random.Random, places: list[bytes]) -> Iterator[tuple[int, bytes, bytes]]:
    row = resident(person)
    identity = wire.Identity(
        family_name=row.family_name,
        given_name=row.given_name,
        family_kana=row.family_kana,
        given_kana=row.given_kana,
        birth=row.birth,
    )
    residence = wire.Residence(municipality=person.town, address=row.address)
    care = wire.Care(codes=chance.sample(["elderly", "wheelchair", "infant", "dialysis", "hearing"], k=1))
    yield kinds.IDENTITY, b"", identity.SerializeToString()
    yield kinds.RESIDENCE, b"", residence.SerializeToString()
    yield kinds.CONTACT, b"", wire.Contact(phone=row.phone).SerializeToString()
    yield kinds.STAY, chance.randbytes(16), stay(chance.choice(places)).SerializeToString()
    yield kinds.CARE, b"", care.SerializeToString()


def within(record: SealedRecord) -> Parcel:
    """As it goes to another node of the same organisation."""
    return Parcel(record, exchange_pb2.BASIS_INTERNAL, b"")
