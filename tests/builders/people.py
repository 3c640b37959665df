"""Made-up people: facets with sensible defaults, and the records that carry them."""

from dataclasses import dataclass, field

from node.people.facets import (
    BirthDate,
    Closure,
    ClosureKind,
    Consent,
    Contact,
    FacetModel,
    Giver,
    Household,
    Identity,
    Outside,
    Place,
    PlaceType,
    Protection,
    Residence,
    Resident,
    Sex,
    Stay,
    StayState,
    facet_of,
    to_content,
)
from node.records.record import Record
from sync.envelope import SealedRecord

WAJIMA = "172049"
NANAO = "172022"
KANAZAWA = "172014"
SUZU = "172057"
ISHIKAWA = "170003"
TOYAMA_CITY = "162019"

NIGHT_OF_NOTO_MS = 1_704_100_000_000
"""1 January 2024, 18:06 in Japan."""


def identity(family_name: str = "田中", given_name: str = "太郎", **others: object) -> Identity:
    """Someone with a name; `birth` may be an ISO text."""
    given: dict[str, object] = {
        "family_name": family_name,
        "given_name": given_name,
        "family_kana": "タナカ" if family_name == "田中" else "",
        "given_kana": "タロウ" if given_name == "太郎" else "",
        "birth": BirthDate(date="1948-05-03"),
        "sex": Sex.MALE,
    } | others
    if isinstance(given["birth"], str):
        given["birth"] = BirthDate(date=given["birth"])
    return Identity.model_validate(given)


def unknown_person(description: str = "70代くらいの女性、紺の上着", found_where: str = "河井町の路上") -> Identity:
    """Someone who can't say who they are."""
    return Identity(description=description, found_where=found_where)


def resident(municipal_key: str = "0001234567", **others: object) -> Resident:
    """A row of the resident register."""
    given: dict[str, object] = {
        "municipal_key": municipal_key,
        "family_name": "田中",
        "given_name": "太郎",
        "family_kana": "タナカ",
        "given_kana": "タロウ",
        "birth": BirthDate(date="1948-05-03"),
        "sex": Sex.MALE,
        "address": "石川県輪島市河井町2部3番地",
        "postcode": "9280001",
        "household_key": "H000123",
        "relation": "世帯主",
        "phone": "0768-22-0001",
    } | others
    return Resident.model_validate(given)


def residence(
    municipality: str = WAJIMA, address: str = "輪島市河井町2丁目3番", postcode: str = "9280001"
) -> Residence:
    """A home."""
    return Residence(municipality=municipality, address=address, postcode=postcode)


def contact(phone: str = "090-1234-5678") -> Contact:
    """A telephone."""
    return Contact(phone=phone)


def household(household_id: bytes = b"household-0000-1", relation: str = "世帯主") -> Household:
    """A household of sixteen bytes."""
    return Household(household=household_id, relation=relation)


def stay(place: bytes = b"place-0000-00001", municipality: str = WAJIMA, **others: object) -> Stay:
    """Someone who is at a place; pass `place=b""` and `outside` for somebody who is not."""
    given: dict[str, object] = {
        "place": place,
        "municipality": municipality,
        "state": StayState.PRESENT,
        "since_ms": NIGHT_OF_NOTO_MS,
        "confirmed_at_ms": NIGHT_OF_NOTO_MS,
        "confirmed_by": "staff-1",
    } | others
    return Stay.model_validate(given)


def stay_in_car(municipality: str = WAJIMA) -> Stay:
    """Someone who sleeps in a car."""
    return stay(place=b"", municipality=municipality, outside=Outside.CAR)


def left(place: bytes = b"place-0000-00001", municipality: str = WAJIMA, **others: object) -> Stay:
    """A stay that is over."""
    return stay(place, municipality, **({"state": StayState.LEFT, "until_ms": NIGHT_OF_NOTO_MS + 86_400_000} | others))


def consent(*organisations: str, facets: tuple[int, ...] = (2, 6), **others: object) -> Consent:
    """Consent given by the person; to all local governments where no organisation is named."""
    given: dict[str, object] = {
        "organisations": organisations,
        "all_local_governments": not organisations,
        "facets": facets,
        "purpose": "避難者の支援",
        "from_ms": NIGHT_OF_NOTO_MS,
        "given_by": Giver.SELF,
        "wording": "share-1/ja",
    } | others
    return Consent.model_validate(given)


def protection(active: bool = True, recipients: tuple[str, ...] = ()) -> Protection:
    """Protection from someone who looks for the person."""
    return Protection(active=active, ground="abuse", decided_by="staff-1", recipients=recipients)


def closure(kind: ClosureKind = ClosureKind.RETURNED, **others: object) -> Closure:
    """The end of a case."""
    return Closure.model_validate({"kind": kind, "at_ms": NIGHT_OF_NOTO_MS} | others)


def place(name: str = "輪島市立鳳至小学校", municipality: str = WAJIMA, **others: object) -> Place:
    """A shelter."""
    given: dict[str, object] = {"name": name, "municipality": municipality, "type": PlaceType.DESIGNATED_SHELTER}
    return Place.model_validate(given | others)


@dataclass
class Person:
    """Writes opened records about one subject by one author, unsigned: for rules that come after the seal."""

    subject: bytes = b"subject-00000001"
    author: bytes = b"author-000000001"
    organisation: str = WAJIMA
    operator: str = "staff-1"
    counter: int = 0
    records: list[Record] = field(default_factory=list)

    def says(self, content: FacetModel, slot: bytes = b"", *, clock: int | None = None) -> Record:
        """One more record, later than those before unless `clock` says otherwise."""
        return self.says_bytes(facet_of(content), to_content(content), slot, clock=clock)

    def says_bytes(self, facet: int, content: bytes, slot: bytes = b"", *, clock: int | None = None) -> Record:
        """The same from bytes."""
        self.counter += 1
        record = Record(
            sealed=SealedRecord(body=self.subject + self.author + self.counter.to_bytes(8, "big"), signature=bytes(64)),
            subject=self.subject,
            subject_kind=1,
            facet=facet,
            slot=slot,
            version=((self.author, self.counter),),
            clock=((NIGHT_OF_NOTO_MS << 16) + self.counter) if clock is None else clock,
            author=self.author,
            organisation=self.organisation,
            operator=self.operator,
            content=content,
        )
        self.records.append(record)
        return record
