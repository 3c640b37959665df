"""Ledgers and arrivals for tests: a made-up author whose signatures nobody checks."""

from dataclasses import dataclass, field
from pathlib import Path

from moyai.v1 import exchange_pb2, facets_pb2 as wire
from node.ledger import Arrival, Ledger, migrations
from node.ledger.store import APPLICATION_ID, Connection, _connect
from node.records import kinds
from node.records.record import Record, body_bytes, open_record
from node.records.version import VersionVector, successor
from sync.envelope import SealedRecord

KEY = bytes(range(32))
NOW_MS = 1_704_067_200_000
WAJIMA = "172049"
NANAO = "172022"


def new_ledger(folder: Path) -> Ledger:
    """A fresh ledger in this folder."""
    return Ledger.create(folder / "ledger.db", KEY)


def subject_of(number: int) -> bytes:
    """The number-th made-up subject."""
    return number.to_bytes(16)


@dataclass
class Author:
    """Someone who writes records one after the other."""

    node: bytes = b"n" * 16
    organisation: str = WAJIMA
    counter: int = field(default=0)

    def says(
        self,
        subject: bytes,
        facet: int = kinds.IDENTITY,
        content: bytes = b"",
        *,
        slot: bytes = b"",
        over: tuple[Record, ...] = (),
        kind: int = 1,
        clock: int | None = None,
    ) -> Record:
        """A record that knew of those it is `over`."""
        self.counter += 1
        version: VersionVector = successor((each.version for each in over), self.node, self.counter)
        body = body_bytes(
            subject=subject,
            subject_kind=kind,
            facet=facet,
            slot=slot,
            version=version,
            clock=clock or (NOW_MS << 16) + self.counter,
            author=self.node,
            organisation=self.organisation,
            operator="op-1",
            content=content,
        )
        return open_record(SealedRecord(body, b"\0" * 64))


def arrival(record: Record, *, counts: bool = True) -> Arrival:
    """As if written here."""
    return Arrival(record, record.organisation, record.author, exchange_pb2.BASIS_INTERNAL, counts=counts)


@dataclass
class Town:
    """Made-up people of one town, written into a ledger one statement at a time."""

    ledger: Ledger
    author: Author = field(default_factory=Author)
    people: int = field(default=0)

    def keep(self, *records: Record) -> None:
        """Keep these as if they were written here."""
        with self.ledger.write() as writing:
            writing.keep_many(map(arrival, records))

    def person(
        self,
        family: str = "",
        given: str = "",
        kana: tuple[str, str] = ("", ""),
        *,
        birth: str = "",
        municipality: str = "",
        address: str = "",
        phone: str = "",
        place: bytes | None = None,
    ) -> bytes:
        """Someone new; returns the subject."""
        self.people += 1
        subject = subject_of(self.people)
        identity = wire.Identity(family_name=family, given_name=given, family_kana=kana[0], given_kana=kana[1])
        if birth:
            identity.birth.date = birth
        records = [self.author.says(subject, kinds.IDENTITY, identity.SerializeToString())]
        if municipality or address:
            residence = wire.Residence(municipality=municipality, address=address)
            records.append(self.author.says(subject, kinds.RESIDENCE, residence.SerializeToString()))
        if phone:
            records.append(self.author.says(subject, kinds.CONTACT, wire.Contact(phone=phone).SerializeToString()))
        self.keep(*records)
        if place is not None:
            self.stay(subject, place)
        return subject

    def stay(self, subject: bytes, place: bytes, state: int = 1, *, slot: bytes = b"1", **said: object) -> Record:
        """A stay at a place, newer than what was said of that slot before."""
        stay = wire.Stay(place=place, municipality=WAJIMA, state=wire.StayState.ValueType(state), since_ms=NOW_MS)
        stay.confirmed_at_ms = NOW_MS
        for name, value in said.items():
            if isinstance(value, wire.Destination):
                stay.destination.CopyFrom(value)
            else:
                setattr(stay, name, value)
        before = tuple(held.record for held in self.ledger.heads(subject, kinds.STAY, slot))
        record = self.author.says(subject, kinds.STAY, stay.SerializeToString(), slot=slot, over=before)
        self.keep(record)
        return record

    def resident(self, family: str, given: str, *, key: str = "", household_key: str = "", **said: str) -> bytes:
        """A row of the resident register."""
        self.people += 1
        subject = subject_of(self.people)
        row = wire.Resident(
            municipal_key=key, family_name=family, given_name=given, household_key=household_key, **said
        )
        self.keep(self.author.says(subject, kinds.RESIDENT, row.SerializeToString()))
        return subject

    def place(self, name: str, *, subject: bytes, **said: object) -> bytes:
        """A place."""
        place = wire.Place(name=name, municipality=WAJIMA)
        for key, value in said.items():
            setattr(place, key, value)
        self.keep(self.author.says(subject, kinds.PLACE, place.SerializeToString(), kind=2))
        return subject


def file_before(path: Path, step: str) -> Connection:
    """A ledger's file as a program left it that did not know this step of the schema yet, open to be filled."""
    steps = migrations.STEPS._migrations
    path.touch(mode=0o600)
    writer = _connect(path, KEY, 1_024)
    writer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database = migrations._database(writer)
    database["_sqlite_migrations"].create({"migration_set": str, "name": str, "applied_at": str})
    for each in steps[: [one.name for one in steps].index(step)]:
        each.fn(database)
        writer.execute("INSERT INTO _sqlite_migrations VALUES ('ledger', ?, '')", (each.name,))
    return writer
