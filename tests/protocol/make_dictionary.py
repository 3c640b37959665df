"""Makes the dictionary that is shipped for packing records: `python -m tests.protocol.make_dictionary NUMBER`.

Trained on made-up people of Ishikawa; a dictionary that has been released is never changed, a better one gets the next
number.
"""

import random
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import zstandard

from moyai.v1 import exchange_pb2, facets_pb2 as wire, record_pb2
from node.records import kinds
from node.records.record import body_bytes
from tests.benchmarks.population import NOW_MS, TOWNS, Person, population, resident

FOLDER = Path(__file__).parents[2] / "protocol/moyai/v1"
BYTES = 16_384
PEOPLE = 1_200
CODES = [
    "elderly",
    "care-level",
    "dementia",
    "disability-physical",
    "pregnant",
    "infant",
    "allergy",
    "dialysis",
    "illness",
]


def samples(people: int = PEOPLE, seed: int = 7) -> Iterator[bytes]:
    """One `Parcels` message a record, as a record that travels alone is packed."""
    chance = random.Random(seed)
    for number, person in enumerate(population(people, seed)):
        town = chance.choice(TOWNS[:5])
        author = sha256(b"node %d" % chance.randrange(40)).digest()[:16]
        subject = chance.randbytes(16)
        for facet, slot, content in _facets(person, town, chance):
            body = body_bytes(
                subject=subject,
                subject_kind=1,
                facet=facet,
                slot=slot,
                version=((author, chance.randrange(1, 200_000)),),
                clock=(NOW_MS + chance.randrange(10**9) << 16) + number % 4,
                author=author,
                organisation=town,
                operator=chance.choice(["desk", "u1", "s01", "moyai"]),
                content=content,
            )
            parcel = exchange_pb2.Parcel(
                record=record_pb2.SealedRecord(body=body, signature=chance.randbytes(64)),
                basis=chance.choice([exchange_pb2.BASIS_INTERNAL, exchange_pb2.BASIS_TEMPORARY_STAY]),
            )
            yield exchange_pb2.Parcels(parcels=[parcel]).SerializeToString()


def _facets(person: Person, town: str, chance: random.Random) -> Iterator[tuple[int, bytes, bytes]]:
    row = resident(person)
    moment = NOW_MS + chance.randrange(10**9)
    stay = wire.Stay(
        place=chance.randbytes(16),
        municipality=town,
        state=wire.STAY_STATE_PRESENT,
        since_ms=moment,
        confirmed_at_ms=moment,
        confirmed_by="desk",
    )
    identity = wire.Identity(
        family_name=row.family_name,
        given_name=row.given_name,
        family_kana=row.family_kana,
        given_kana=row.given_kana,
        birth=row.birth,
        sex=wire.Identity.DESCRIPTOR.fields_by_name["sex"].enum_type.values[chance.choice((1, 2))].number,
    )
    yield kinds.IDENTITY, b"", identity.SerializeToString()
    yield kinds.STAY, chance.randbytes(16), stay.SerializeToString()
    yield kinds.RESIDENCE, b"", wire.Residence(municipality=town, address=row.address).SerializeToString()
    yield kinds.CONTACT, b"", wire.Contact(phone=row.phone).SerializeToString()
    if chance.random() < 0.3:
        yield kinds.CARE, b"", wire.Care(codes=chance.sample(CODES, 1)).SerializeToString()


def main(number: str) -> None:
    """Write the dictionary of this number."""
    trained = zstandard.train_dictionary(BYTES, list(samples()), level=3)
    (FOLDER / f"records-{number}.zdict").write_bytes(trained.as_bytes())


if __name__ == "__main__":
    main(sys.argv[1])
