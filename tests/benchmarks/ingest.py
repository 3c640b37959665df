"""How many signed records a second are checked and durable, beside how many signatures the machine can check at all."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from nacl.bindings import crypto_sign_BYTES, crypto_sign_keypair, crypto_sign_open
from nacl.signing import SigningKey

from moyai.v1 import facets_pb2 as wire
from node.ledger import Ledger
from node.records import kinds
from node.records.record import open_record
from sync.envelope import SealedRecord
from tests.benchmarks.population import PLACES, TOWNS, arrival, body, population, resident, stay
from tests.benchmarks.report import Line

PEOPLE = 40_000
PEOPLE_QUICK = 400
RECORDS_A_PERSON = 5
BATCH = 1_024
THREADS = 2
LABEL = b"moyai.v1 record\n"
GOAL = 0.6


def measure(*, quick: bool) -> Iterator[Line]:
    """Sealed records of made-up people into a fresh ledger, in transactions of 1,024, each durable before the next."""
    people = PEOPLE_QUICK if quick else PEOPLE
    public, secret = crypto_sign_keypair()
    sealed = list(_sealed(people, SigningKey(secret[:32])))
    limit = _rate(len(sealed), lambda: _verify_all(sealed, public))
    with TemporaryDirectory() as folder, Ledger.create(Path(folder) / "ledger.db", bytes(32)) as ledger:
        keep_only = _rate(len(sealed), lambda: _keep_all(ledger, sealed))
    with TemporaryDirectory() as folder, Ledger.create(Path(folder) / "ledger.db", bytes(32)) as ledger:
        both = _rate(len(sealed), lambda: _ingest(ledger, sealed, public))
        known = _rate(len(sealed), lambda: _keep_all(ledger, sealed))
    against = f"signatures alone, {THREADS} threads: {limit:,.0f}/s"
    yield Line(
        "ingest: checked and durable",
        both,
        "/s",
        f">= {GOAL:.0%} of the limit",
        both >= GOAL * limit or quick,
        both / limit,
        against,
    )
    yield Line(
        "ingest: kept, not checked",
        keep_only,
        "/s",
        ">= 10,000 /s",
        keep_only >= 10_000 or quick,
        keep_only / limit,
        against,
    )
    yield Line("ingest: known already", known, "/s", "", True, known / limit, against)


def _sealed(people: int, key: SigningKey) -> Iterator[SealedRecord]:
    counter = 0
    for number, person in enumerate(population(people), 1):
        row = resident(person)
        contents = (
            (
                kinds.IDENTITY,
                wire.Identity(
                    family_name=row.family_name,
                    given_name=row.given_name,
                    family_kana=row.family_kana,
                    given_kana=row.given_kana,
                    birth=row.birth,
                ),
            ),
            (kinds.RESIDENCE, wire.Residence(municipality=person.town, address=row.address)),
            (kinds.CONTACT, wire.Contact(phone=row.phone)),
            (kinds.STAY, stay(PLACES[number % len(PLACES)])),
            (kinds.CARE, wire.Care(codes=["elderly"])),
        )
        for facet, content in contents:
            counter += 1
            slot = b"1" if facet == kinds.STAY else b""
            bytes_ = body(number, facet, content.SerializeToString(), counter, slot=slot, organisation=TOWNS[0])
            yield SealedRecord(bytes_, key.sign(LABEL + bytes_).signature)


def _batches(sealed: list[SealedRecord]) -> Iterator[list[SealedRecord]]:
    for start in range(0, len(sealed), BATCH):
        yield sealed[start : start + BATCH]


def _verify(batch: list[SealedRecord], public: bytes) -> list[SealedRecord]:
    for record in batch:
        opened = crypto_sign_open(record.signature + LABEL + record.body, public)
        if len(opened) != len(LABEL) + len(record.body) or crypto_sign_BYTES != 64:
            raise AssertionError
    return batch


def _verify_all(sealed: list[SealedRecord], public: bytes) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda batch: _verify(batch, public), _batches(sealed)))


def _keep(ledger: Ledger, batch: list[SealedRecord]) -> None:
    with ledger.write() as writing:
        writing.keep_many(arrival(open_record(SealedRecord(each.body, each.signature))) for each in batch)


def _keep_all(ledger: Ledger, sealed: list[SealedRecord]) -> None:
    for batch in _batches(sealed):
        _keep(ledger, batch)


def _ingest(ledger: Ledger, sealed: list[SealedRecord], public: bytes) -> None:
    """As the inbox does: two threads check, one writes."""
    with ThreadPoolExecutor(THREADS) as pool:
        for batch in pool.map(lambda batch: _verify(batch, public), _batches(sealed)):
            _keep(ledger, batch)


def _rate(count: int, act: object) -> float:
    began = time.perf_counter()
    act()  # type: ignore[operator]
    return count / (time.perf_counter() - began)
