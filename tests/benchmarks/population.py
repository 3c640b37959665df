"""Made-up people, with surnames as frequent as they are in Japan; the same ones for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from moyai.v1 import exchange_pb2, facets_pb2 as wire
from node.ledger import Arrival
from node.records import kinds
from node.records.record import Record, body_bytes, open_record
from node.reference.shipped import rows
from sync.envelope import SealedRecord

SEED = 20240101
NOW_MS = 1_704_067_200_000
TOWNS = ["172049", "172022", "174637", "172057", "172014"] + [f"{code}" for code in range(202_011, 202_066)]
"""The first is "this municipality"; about one in twenty lives in each of the first five, the rest elsewhere."""
PLACES = [number.to_bytes(16) for number in range(1, 301)]
STREETS = [
    "河井町",
    "鳳至町",
    "町野町",
    "門前町",
    "三井町",
    "山岸町",
    "稲舟町",
    "宅田町",
    "釜屋谷町",
    "杉平町",
    "本町",
    "中央",
    "緑が丘",
]


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person."""

    family: str
    family_kana: str
    given: str
    given_kana: str
    birth: str
    town: str
    address: str
    phone: str


def population(count: int, seed: int = SEED) -> Iterator[Person]:
    """So many people."""
    chance = random.Random(seed)
    surnames = [(name, reading, int(bearers)) for name, reading, bearers in rows("surnames.tsv")]
    weights = [bearers for _, _, bearers in surnames]
    tables = ("given_names_men.tsv", "given_names_women.tsv")
    common = [(name, kana) for table in tables for kana, _, names in rows(table) for name in names.split(",")[:2]]
    town_weights = [5] * 5 + [75 / (len(TOWNS) - 5)] * (len(TOWNS) - 5)
    while count > 0:
        batch = min(count, 10_000)
        families = chance.choices(surnames, weights, k=batch)
        givens = chance.choices(common, k=batch)
        towns = chance.choices(TOWNS, town_weights, k=batch)
        for (family, family_kana, _), (name, kana), town in zip(families, givens, towns, strict=True):
            yield Person(
                family,
                family_kana,
                name,
                kana,
                f"{chance.randint(1930, 2023)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
                town,
                f"{chance.choice(STREETS)}{chance.randint(1, 9)}丁目{chance.randint(1, 60)}番地{chance.randint(1, 30)}",
                f"0{chance.choice(('768', '90', '80'))}{chance.randint(10_000_000, 99_999_999)}",
            )
        count -= batch


def resident(person: Person) -> wire.Resident:
    """As a row of the resident register."""
    return wire.Resident(
        family_name=person.family,
        given_name=person.given,
        family_kana=person.family_kana,
        given_kana=person.given_kana,
        birth=wire.BirthDate(date=person.birth),
        address=person.address,
        phone=person.phone,
    )


def stay(place: bytes) -> wire.Stay:
    """A stay at a place of this municipality."""
    return wire.Stay(place=place, municipality=TOWNS[0], state=wire.STAY_STATE_PRESENT, confirmed_at_ms=NOW_MS)


def body(
    subject: int, facet: int, content: bytes, counter: int, *, slot: bytes = b"", organisation: str = TOWNS[0]
) -> bytes:
    """The body of a first statement."""
    author = organisation.encode().ljust(16, b"n")
    return body_bytes(
        subject=subject.to_bytes(16),
        subject_kind=1,
        facet=facet,
        slot=slot,
        version=((author, counter),),
        clock=(NOW_MS << 16) + counter,
        author=author,
        organisation=organisation,
        operator="op-1",
        content=content,
    )


def unsigned(sealed_body: bytes) -> Record:
    """A record for a ledger that checks no signatures."""
    return open_record(SealedRecord(sealed_body, bytes(64)))


def arrival(record: Record) -> Arrival:
    """As if written here."""
    return Arrival(record, record.organisation, record.author, exchange_pb2.BASIS_INTERNAL)


def arrivals(count: int, *, staying_one_in: int = 0) -> Iterator[Arrival]:
    """One row of the register a person; some of them have a stay as well."""
    for number, person in enumerate(population(count), 1):
        content = resident(person).SerializeToString()
        yield arrival(unsigned(body(number, kinds.RESIDENT, content, 2 * number, organisation=person.town)))
        if staying_one_in and number % staying_one_in == 0:
            content = stay(PLACES[number // staying_one_in % len(PLACES)]).SerializeToString()
            yield arrival(unsigned(body(number, kinds.STAY, content, 2 * number + 1, slot=b"1")))
