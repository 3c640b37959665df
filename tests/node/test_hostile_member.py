"""What a member with a valid certificate and changed software gets, and what it can undo: nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from moyai.v1 import exchange_pb2, facets_pb2 as said, trust_pb2
from node.errors import PeerIsAnother
from node.ledger import Arrival, TurnedAway
from node.pen import ORGANISATION, PLACE as A_PLACE
from node.people.facets import (
    Assistance,
    BirthDate,
    Closure,
    Consent,
    Contact,
    Erasure,
    Identity,
    Link,
    Note,
    Place,
    Protection,
    Receipt,
    Residence,
    Resident,
    Stay,
)
from node.people.facets.content import FACETS, to_content
from node.people.facets.fields import FacetModel
from node.records import kinds
from node.records.record import Record
from node.records.subjects import mint_person, organisation_subject
from node.trust.agreements import apply, decide
from node.trust.certificate import certify
from node.trust.emergencies import activate
from node.trust.keys import BoxKey
from node.trust.revocation import revoke
from sync.envelope import Parcel, SealedRecord
from sync.limits import RECORDS_PER_SUBJECT_MAX, SET_ASIDE_PER_PEER_MAX, TURNED_AWAY_PER_PEER_MAX, VERSION_ENTRIES_MAX
from tests.builders.attacker import (
    CONTROL,
    DATA,
    HOLDER,
    NOT_PERSONAL,
    RETURN,
    STAY_BASIS,
    Attacker,
    plain_bytes,
    reasons,
)
from tests.builders.nodes import Federation, federation, take
from tests.builders.trust import DAY_MS, ISHIKAWA, KANAZAWA, WAJIMA, seed

YEAR_MS = 365 * DAY_MS
PAIRS = ((WAJIMA, KANAZAWA), (KANAZAWA, ISHIKAWA), (WAJIMA, ISHIKAWA))
DISASTER = 4
LOCAL = {"all_local_governments": True}
SECRETS = ("舳倉島乃", "ヘグラジマ", "0768-99-1234", "dialysis", "河井町一本松")
"""Of the one person: name, reading, telephone, need, address. No two tables hold them in other letters."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Three towns that have met; somebody registered and checked in at Wajima; Kanazawa's node taken over."""

    towns: Federation
    person: bytes
    attacker: Attacker

    def rounds(self, times: int = 2) -> None:
        """Everybody meets everybody."""
        for _ in range(times):
            for pair in PAIRS:
                self.towns.meet(*pair)

    def weighs(self, name: str, subject: bytes) -> set[bytes]:
        """Ids of what a node holds of somebody and goes by."""
        return {held.record.id for held in self.towns[name].ledger.heads(subject) if held.counts}

    def facets(self, name: str, subject: bytes) -> set[str]:
        """The facets a node holds of somebody, whether they count or not."""
        return {kinds.facet_name(held.record.facet) for held in self.towns[name].ledger.about(subject)}

    def heads(self, facet: int) -> list[Record]:
        """What Wajima's node holds of the person."""
        return [held.record for held in self.towns[WAJIMA].ledger.heads(self.person, facet)]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with federation(tmp_path) as towns:
        person = mint_person(WAJIMA, towns.entropy)
        row = Resident.model_validate(
            {
                "municipal_key": "1",
                "family_name": "舳倉島乃",
                "given_name": "花子",
                "family_kana": "ヘグラジマ",
                "given_kana": "ハナコ",
                "birth": {"date": "1948-05-03"},
                "address": "河井町一本松1-1",
                "phone": "0768-99-1234",
                "care_codes": ("dialysis",),
            }
        )
        with towns[WAJIMA].pen.sheet(operator="op", act="import") as sheet:
            sheet.put(person, kinds.RESIDENT, row)
        towns[WAJIMA].desk("w").check_in([person], outside=1)
        made = Scene(towns, person, Attacker(towns))
        made.rounds()
        yield made


# --- a stranger to the person, who has somehow heard the id


@dataclass(frozen=True, slots=True)
class Attack:
    """What is handed to Wajima, and what becomes of it there."""

    forge: Callable[[Scene], Record | SealedRecord]
    reason: str
    """Why it is not held; empty: held, and of no weight."""
    basis: int = RETURN
    on: bytes = b""


def by(facet: int, says: object, **how: object) -> Callable[[Scene], Record]:
    """A record of the attacker about the person."""
    return lambda scene: scene.attacker.forge(scene.person, facet, says, **how)  # type: ignore[arg-type]


def over(facet: int, says: object, **how: object) -> Callable[[Scene], Record]:
    """The same, written over what Wajima says."""
    return lambda scene: scene.attacker.forge(
        scene.person,
        facet,
        says,  # type: ignore[arg-type]
        over=scene.heads(facet),
        **how,  # type: ignore[arg-type]
    )


def stay(**more: object) -> Stay:
    return Stay.model_validate(
        {"municipality": KANAZAWA, "outside": 1, "state": 1, "since_ms": 1, "confirmed_at_ms": 1, **more}
    )


def consent(**more: object) -> Consent:
    return Consent.model_validate(
        {"organisations": (KANAZAWA,), "facets": tuple(range(2, 15)), "given_by": 1, "from_ms": 1, **more}
    )


def claims(scene: Scene, victim: bytes, counter: int = 1 << 40) -> tuple[tuple[bytes, int], ...]:
    return tuple(sorted([(victim, counter), (scene.attacker.node, 9)]))


def crowded(scene: Scene) -> tuple[tuple[bytes, int], ...]:
    authors = {seed(str(number))[:16] for number in range(VERSION_ENTRIES_MAX)} | {scene.attacker.node}
    return tuple((author, 1) for author in sorted(authors))


def wrongly_sealed(scene: Scene) -> SealedRecord:
    record = scene.attacker.forge(scene.person, kinds.NOTE, Note(text="x"), slot=b"n")
    return SealedRecord(record.sealed.body, bytes(64))


def of_a_year_ahead(facet: int, says: object) -> Callable[[Scene], Record]:
    return lambda scene: scene.attacker.forge(
        scene.person,
        facet,
        says,  # type: ignore[arg-type]
        at_ms=scene.towns.time() + YEAR_MS,
        slot=b"y",
    )


NAME = Identity(family_name="偽造")
TAKEN_UP = Resident(municipal_key="偽", family_name="偽造")
UNSURE = "NOT_A_HOLDER"
SAYING: dict[int, FacetModel] = {
    kinds.RESIDENT: TAKEN_UP,
    kinds.IDENTITY: NAME,
    kinds.RESIDENCE: Residence(municipality=KANAZAWA),
    kinds.CONTACT: Contact(phone="0000"),
    kinds.STAY: stay(),
    kinds.ASSISTANCE: Assistance(what="毛布", given_at_ms=1),
    kinds.NOTE: Note(text="偽造"),
    kinds.CONSENT: consent(),
    kinds.PROTECTION: Protection(active=True),
    kinds.LINK: Link(other=seed("other")[:16], relation=1),
    kinds.CLOSURE: Closure(kind=1, at_ms=1),
    kinds.ERASURE: Erasure(ground=1),
    kinds.RECEIPT: Receipt(because_of=seed("r"), organisation=KANAZAWA, erased=1, at_ms=1),
}

ATTACKS = {
    "a stay that was never": Attack(by(kinds.STAY, stay(), slot=b"1"), UNSURE),
    "a stay said to be temporary": Attack(by(kinds.STAY, stay(), slot=b"1"), UNSURE, basis=STAY_BASIS),
    "an end to the stay": Attack(over(kinds.STAY, stay(state=3, until_ms=2)), UNSURE),
    "a home elsewhere": Attack(over(kinds.RESIDENCE, Residence(municipality=KANAZAWA)), UNSURE),
    "another name": Attack(over(kinds.IDENTITY, NAME), UNSURE),
    "another telephone": Attack(over(kinds.CONTACT, Contact(phone="0000")), UNSURE),
    "a row of the register": Attack(by(kinds.RESIDENT, TAKEN_UP), "NO_BASIS"),
    "a row of the register as one's own": Attack(
        by(kinds.RESIDENT, TAKEN_UP), "NO_BASIS", basis=int(exchange_pb2.BASIS_INTERNAL)
    ),
    "a consent to oneself": Attack(by(kinds.CONSENT, consent(), slot=b"c"), "", basis=HOLDER),
    "a consent to everybody": Attack(by(kinds.CONSENT, consent(**LOCAL), slot=b"c"), "", basis=HOLDER),
    "a protection that hides": Attack(by(kinds.PROTECTION, Protection(active=True)), "", basis=HOLDER),
    "an erasure of everything": Attack(by(kinds.ERASURE, Erasure(ground=1)), "ERASURE_BY_ANOTHER", basis=HOLDER),
    "an erasure of the name": Attack(
        by(kinds.ERASURE, Erasure(ground=1, facets=(kinds.IDENTITY,))), "ERASURE_BY_ANOTHER", basis=HOLDER
    ),
    "a return home": Attack(by(kinds.CLOSURE, Closure(kind=1, at_ms=1)), UNSURE, basis=HOLDER),
    "a death with two operators": Attack(
        by(kinds.CLOSURE, Closure(kind=3, at_ms=1, reported_by="a", confirmed_by="op-x")), UNSURE, basis=HOLDER
    ),
    "a receipt": Attack(
        by(kinds.RECEIPT, Receipt(because_of=seed("r"), organisation=KANAZAWA, erased=1, at_ms=1), slot=b"r"),
        UNSURE,
        basis=HOLDER,
    ),
    "a receipt in another's name": Attack(
        by(kinds.RECEIPT, Receipt(because_of=seed("r"), organisation=WAJIMA, erased=1, at_ms=1), slot=b"r"),
        "RECEIPT_FOR_ANOTHER",
        basis=HOLDER,
    ),
    "a facet nobody knows": Attack(by(99, b"\x0a\x01x"), UNSURE),
    "the person as a place": Attack(
        by(kinds.PLACE, Place(name="偽造", municipality=KANAZAWA), kind=A_PLACE),
        "FACET_OF_ANOTHER_KIND",
        basis=NOT_PERSONAL,
    ),
    "a name as a place's": Attack(by(kinds.IDENTITY, NAME, kind=A_PLACE), "FACET_OF_ANOTHER_KIND", basis=NOT_PERSONAL),
    "in another town's name": Attack(over(kinds.IDENTITY, NAME, organisation=WAJIMA), "AUTHOR_OF_ANOTHER_ORGANISATION"),
    "in another node's name": Attack(
        lambda scene: scene.attacker.forge(
            scene.person, kinds.NOTE, Note(text="x"), author=scene.towns[WAJIMA].key.node, organisation=WAJIMA
        ),
        "SIGNATURE_WRONG",
    ),
    "a seal of zeros": Attack(wrongly_sealed, "SIGNATURE_WRONG"),
    "no body": Attack(lambda _: SealedRecord(b"\xff\xff", bytes(64)), "RECORD_MALFORMED"),
    "no signature": Attack(lambda _: SealedRecord(b"", b""), "RECORD_MALFORMED"),
    "a version of everybody": Attack(
        lambda scene: (
            scene.attacker.forge(scene.person, kinds.NOTE, Note(text="x"), version=crowded(scene))
            if len(crowded(scene)) <= VERSION_ENTRIES_MAX
            else unopened(scene, crowded(scene))
        ),
        "RECORD_MALFORMED",
    ),
    "a claim to have seen what Wajima will write": Attack(
        lambda scene: scene.attacker.forge(
            scene.person, kinds.IDENTITY, NAME, version=claims(scene, scene.towns[WAJIMA].key.node)
        ),
        "VERSION_CLAIM",
    ),
    "a note a year ahead": Attack(of_a_year_ahead(kinds.NOTE, Note(text="偽造")), "CLOCK_AHEAD"),
    "a row of the register a year ahead": Attack(of_a_year_ahead(kinds.RESIDENT, TAKEN_UP), "NO_BASIS"),
    "letters that are no content": Attack(by(kinds.IDENTITY, b"\xff\xff"), "CONTENT_MALFORMED"),
    "content against the rules": Attack(
        by(kinds.LINK, said.Link(other=b"12", relation=said.Link.RELATION_SAME).SerializeToString()),
        "CONTENT_MALFORMED",
    ),
    **{
        f"a name on {name}": Attack(by(kinds.IDENTITY, NAME), "NO_BASIS", basis=basis, on=on)
        for name, basis, on in (
            ("no ground", 0, b""),
            ("a ground nobody knows", 99, b""),
            ("the word of one's own staff", int(exchange_pb2.BASIS_INTERNAL), b""),
            ("a consent nobody gave", int(exchange_pb2.BASIS_CONSENT), seed("consent")),
            ("an agreement nobody made", int(exchange_pb2.BASIS_AGREEMENT), seed("agreement")),
            ("a request of nobody", int(exchange_pb2.BASIS_SUPPORT_ORGANISATION), seed("agreement")),
            ("an emergency nobody declared", int(exchange_pb2.BASIS_EMERGENCY), seed("emergency")),
            ("being a holder", HOLDER, b""),
            ("not being personal", NOT_PERSONAL, b""),
        )
    },
}


def unopened(scene: Scene, version: tuple[tuple[bytes, int], ...]) -> SealedRecord:
    """What the attacker's own software would not even open."""
    from moyai.v1 import record_pb2  # noqa: PLC0415

    body = record_pb2.Body.FromString(scene.attacker.forge(scene.person, kinds.NOTE, Note(text="x")).sealed.body)
    body.ClearField("version")
    body.version.extend(record_pb2.VersionEntry(author=author, counter=counter) for author, counter in version)
    return SealedRecord(body.SerializeToString(deterministic=True), bytes(64))


@pytest.mark.parametrize("name", ATTACKS)
def test_a_stranger_changes_nothing_learns_nothing_and_is_answered_with_a_reason(
    scene: Scene, name: str, tmp_path: Path
) -> None:
    attack = ATTACKS[name]
    wajima, attacker = scene.towns[WAJIMA], scene.attacker
    before, shown = scene.weighs(WAJIMA, scene.person), wajima.desk("w").person(scene.person)
    kept = [attack.forge(scene) for _ in range(2)]
    for record in kept:
        view = CONTROL if isinstance(record, Record) and record.facet in kinds.CONTROL else DATA
        attacker.hand(WAJIMA, record, basis=attack.basis, on=attack.on, view=view)
    if attack.reason:
        assert reasons(wajima) == {attack.reason}
    else:
        assert not any(held.counts for held in wajima.ledger.about(scene.person) if held.record in kept)
    scene.rounds()
    attacker.hand(WAJIMA, attacker.forge(scene.person, kinds.IDENTITY, NAME), basis=RETURN)
    scene.rounds(1)
    assert scene.weighs(WAJIMA, scene.person) == before
    assert wajima.desk("w").person(scene.person) == shown
    assert not scene.weighs(ISHIKAWA, scene.person)
    assert not [held for held in scene.towns[KANAZAWA].ledger.about(scene.person) if held.record not in kept]
    if attack.reason == "NO_BASIS":
        assert "偽造".encode() not in _set_aside(scene, attack)
    got = plain_bytes(scene.towns[KANAZAWA], tmp_path)
    assert [secret for secret in SECRETS if secret.encode() in got] == []


def _set_aside(scene: Scene, attack: Attack) -> bytes:
    ids = {record.id for record in (attack.forge(scene),)}
    aside = scene.towns[WAJIMA].ledger.quarantined(reason=attack.reason)
    return b"".join(one.sealed.body for one in aside if one.sealed.id not in ids)


# --- what is not about people


def certificate_of(scene: Scene, organisation: str) -> bytes:
    """A certificate for the attacker's node as another organisation's, signed with the attacker's own key."""
    node = scene.towns[KANAZAWA].key
    return certify(
        scene.towns.key(KANAZAWA),
        organisation=organisation,
        public_key=node.public_key,
        possession=node.claim(organisation),
        kind=trust_pb2.NODE_KIND_HOME,
        label="taken over",
        places=(),
        valid_from_ms=scene.towns.time(),
        valid_until_ms=scene.towns.time() + YEAR_MS,
        tls_certificate=b"",
        box_key=BoxKey(seed("box")).public_key,
    )


def granted_to_oneself(scene: Scene) -> bytes:
    application = said.Application(
        application=seed("application")[:16],
        applicant=KANAZAWA,
        holder=WAJIMA,
        facets=[said.facets__pb2.DESCRIPTOR and 2] if hasattr(said, "facets__pb2") else [2],  # type: ignore[list-item]
        purpose="aid",
        at_ms=scene.towns.time(),
    )
    decision = said.Decision(
        outcome=said.Decision.OUTCOME_GRANTED,
        facets=[2],  # type: ignore[list-item]
        from_ms=1,
        until_ms=scene.towns.time() + YEAR_MS,
        ground=said.Decision.GROUND_LOCAL_GOVERNMENT,
        at_ms=scene.towns.time(),
    )
    return decide(apply(application, scene.towns.key(KANAZAWA)), decision, scene.towns.key(KANAZAWA))


def activation(scene: Scene, *, organisation: str, area: list[str]) -> bytes:
    return activate(
        said.Activation(
            activation=seed("activation")[:16],
            organisation=organisation,
            area=area,
            from_ms=scene.towns.time(),
            until_ms=scene.towns.time() + DAY_MS,
            reason="x",
        ),
        scene.towns.key(KANAZAWA),
    )


def revocation(scene: Scene) -> bytes:
    return revoke(
        scene.towns.key(KANAZAWA),
        node=scene.towns[WAJIMA].key.node,
        organisation=WAJIMA,
        last_counter=0,
        at_ms=scene.towns.time(),
        reason="stolen",
    )


PUBLIC = {
    "an enrolment for another": (
        WAJIMA,
        kinds.ENROLMENT,
        lambda scene: said.Enrolment(certificate=certificate_of(scene, WAJIMA)).SerializeToString(),
        lambda scene: scene.attacker.node,
        "SIGNATURE_WRONG",
    ),
    "a revocation of another's node": (
        WAJIMA,
        kinds.REVOCATION,
        lambda scene: said.Revocation(revocation=revocation(scene)).SerializeToString(),
        lambda scene: scene.towns[WAJIMA].key.node,
        "SIGNATURE_WRONG",
    ),
    "an agreement granted to oneself": (
        WAJIMA,
        kinds.AGREEMENT,
        granted_to_oneself,
        lambda _: seed("application")[:16],
        "SIGNATURE_WRONG",
    ),
    "an emergency of another": (
        WAJIMA,
        kinds.EMERGENCY,
        lambda scene: said.Emergency.FromString(
            activation(scene, organisation=WAJIMA, area=[WAJIMA])
        ).SerializeToString(),
        lambda _: seed("activation")[:16],
        "SIGNATURE_WRONG",
    ),
    "an enrolment under another's subject": (
        WAJIMA,
        kinds.ENROLMENT,
        lambda scene: said.Enrolment(certificate=certificate_of(scene, KANAZAWA)).SerializeToString(),
        lambda scene: scene.attacker.node,
        "CERTIFICATE_MALFORMED",
    ),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_nobody_speaks_for_another_organisation(scene: Scene, name: str) -> None:
    holder, facet, content, slot, reason = PUBLIC[name]
    wajima, before = scene.towns[WAJIMA], scene.towns[WAJIMA].room.now()
    forged = scene.attacker.forge(
        organisation_subject(holder), facet, content(scene), slot=slot(scene), kind=ORGANISATION
    )
    scene.attacker.hand(WAJIMA, forged, basis=NOT_PERSONAL, view=CONTROL)
    assert reasons(wajima) == {reason}
    assert [one.reason for one in wajima.ledger.quarantined()] == [reason]
    assert wajima.room.now() == before
    scene.rounds()
    assert not scene.weighs(KANAZAWA, scene.person)


def test_an_emergency_for_ones_own_town_opens_nobody_elses_people(scene: Scene) -> None:
    forged = scene.attacker.forge(
        organisation_subject(KANAZAWA),
        kinds.EMERGENCY,
        activation(scene, organisation=KANAZAWA, area=[KANAZAWA]),
        slot=seed("activation")[:16],
        kind=ORGANISATION,
    )
    scene.attacker.hand(WAJIMA, forged, basis=NOT_PERSONAL, view=CONTROL)
    scene.rounds()
    assert not scene.weighs(KANAZAWA, scene.person)


def test_an_application_in_the_slot_of_anothers_grant_does_not_end_it(scene: Scene) -> None:
    towns = scene.towns
    agreed = towns.granting(ISHIKAWA).apply(WAJIMA, facets=["identity"], purpose="aid", area=[])
    scene.rounds(1)
    towns.granting(WAJIMA).grant(agreed, days=30)
    scene.rounds(1)
    subject = organisation_subject(WAJIMA)
    application = said.Application(
        application=agreed,
        applicant=KANAZAWA,
        holder=WAJIMA,
        facets=[2],  # type: ignore[list-item]
        purpose="x",
        at_ms=1,
    )
    application.at_ms = towns.time()
    standing = [held.record for held in towns[WAJIMA].ledger.heads(subject, kinds.AGREEMENT)]
    forged = scene.attacker.forge(
        subject,
        kinds.AGREEMENT,
        apply(application, towns.key(KANAZAWA)),
        slot=agreed,
        over=standing,
        kind=ORGANISATION,
    )
    for victim in (WAJIMA, ISHIKAWA):
        scene.attacker.hand(victim, forged, basis=NOT_PERSONAL, view=CONTROL)
        assert "APPLICATION_FOR_ANOTHER" in reasons(towns[victim])
        assert len(towns[victim].room.now().federation.grants) == 1


def test_a_shelter_of_another_town_is_not_closed_from_outside(scene: Scene) -> None:
    towns = scene.towns
    place = towns[WAJIMA].desk("w").create_place("輪島中学校")
    scene.rounds(1)
    heads = [held.record for held in towns[WAJIMA].ledger.heads(place, kinds.PLACE)]
    forged = scene.attacker.forge(
        place, kinds.PLACE, Place(name="閉鎖", municipality=KANAZAWA), over=heads, kind=A_PLACE
    )
    for victim in (WAJIMA, ISHIKAWA):
        scene.attacker.hand(victim, forged, basis=NOT_PERSONAL)
        assert [view.name for view in towns[victim].desk("x").places("輪島中学校")] == ["輪島中学校"]


def test_nobody_makes_a_disaster_that_others_cannot_close(scene: Scene) -> None:
    towns, disaster = scene.towns, scene.towns.entropy(16)
    declared = said.Disaster(name="能登半島地震", area=[WAJIMA, KANAZAWA], from_ms=1).SerializeToString()
    with towns[ISHIKAWA].pen.sheet(operator="op", act="declare") as sheet:
        sheet.put_anew(disaster, kinds.DISASTER, declared, kind=DISASTER)
    scene.rounds(1)
    forged = scene.attacker.forge(disaster, kinds.PLACE, Place(name="x", municipality=KANAZAWA), kind=A_PLACE)
    ended = scene.attacker.forge(disaster, kinds.DISASTER, declared, kind=DISASTER)
    scene.attacker.hand(WAJIMA, forged, ended, basis=NOT_PERSONAL)
    assert reasons(towns[WAJIMA]) == {"FACET_OF_ANOTHER_KIND", "AREA_OF_ANOTHER"}


# --- who was lawfully told of somebody, and does what they please with it


@pytest.fixture
def told(scene: Scene) -> Scene:
    """By the person's consent Kanazawa and Ishikawa have the name and the stay."""
    scene.towns[WAJIMA].desk("w").give_consent(scene.person, facets=["identity", "stay"], **LOCAL)
    scene.rounds(1)
    assert scene.facets(KANAZAWA, scene.person) >= {"identity", "stay"}
    assert scene.facets(ISHIKAWA, scene.person) >= {"identity", "stay"}
    return scene


def test_a_holders_consent_opens_nothing_more(told: Scene, tmp_path: Path) -> None:
    for facet in (consent(), consent(organisations=(), **LOCAL)):
        forged = told.attacker.forge(told.person, kinds.CONSENT, facet, slot=facet.model_dump_json()[:9].encode())
        told.attacker.hand(WAJIMA, forged, basis=HOLDER, view=CONTROL)
    told.rounds()
    assert told.facets(ISHIKAWA, told.person) == {"identity", "stay", "consent"}
    got = plain_bytes(told.towns[KANAZAWA], tmp_path)
    assert b"0768-99-1234" not in got
    assert b"dialysis" not in got


def test_a_consent_made_up_keeps_nobody_from_erasing(told: Scene) -> None:
    forged = told.attacker.forge(told.person, kinds.CONSENT, consent(organisations=(), **LOCAL), slot=b"k")
    told.attacker.hand(ISHIKAWA, forged, basis=HOLDER, view=CONTROL)
    wajima = told.towns[WAJIMA].desk("w")
    wajima.withdraw_consent(told.person, wajima.consents(told.person)[0].slot)
    told.rounds()
    assert not told.facets(ISHIKAWA, told.person) & {"identity", "stay"}


def test_a_withdrawal_is_not_written_over(told: Scene) -> None:
    wajima = told.towns[WAJIMA].desk("w")
    slot = wajima.consents(told.person)[0].slot
    wajima.withdraw_consent(told.person, slot)
    told.rounds(1)
    again = told.attacker.forge(
        told.person, kinds.CONSENT, consent(organisations=(), **LOCAL), slot=slot, over=told.heads(kinds.CONSENT)
    )
    for victim in (WAJIMA, ISHIKAWA):
        told.attacker.hand(victim, again, basis=HOLDER, view=CONTROL)
    told.rounds()
    for town in (ISHIKAWA, KANAZAWA):
        assert not told.facets(town, told.person) & {"identity", "stay"}


def test_a_holder_erases_only_what_it_wrote(told: Scene) -> None:
    before = told.weighs(WAJIMA, told.person)
    note = told.attacker.forge(told.person, kinds.NOTE, Note(text="書いた"), slot=b"n")
    told.attacker.hand(WAJIMA, note, basis=RETURN)
    for facets, up_to in (((), ()), ((kinds.IDENTITY, kinds.NOTE), ()), ((kinds.NOTE,), ())):
        erasure = Erasure(ground=1, facets=facets, up_to=up_to)
        told.attacker.hand(WAJIMA, told.attacker.forge(told.person, kinds.ERASURE, erasure), basis=HOLDER, view=CONTROL)
    told.rounds()
    assert before <= told.weighs(WAJIMA, told.person)
    assert "identity" in told.facets(ISHIKAWA, told.person)


def test_an_erasure_is_not_buried_under_a_smaller_one(told: Scene) -> None:
    told.towns[WAJIMA].desk("w").erase(told.person)
    told.towns.meet(WAJIMA, KANAZAWA)
    receipt = Receipt(because_of=seed("r"), organisation=KANAZAWA, erased=1, at_ms=1)
    smaller = Erasure(ground=1, facets=(kinds.RECEIPT,))
    told.attacker.hand(
        WAJIMA,
        told.attacker.forge(told.person, kinds.RECEIPT, receipt, slot=b"r"),
        told.attacker.forge(told.person, kinds.ERASURE, smaller, over=told.heads(kinds.ERASURE)),
        basis=HOLDER,
        view=CONTROL,
    )
    assert "REPLACES_ERASURE_OF_ANOTHER" in reasons(told.towns[WAJIMA])
    told.rounds()
    assert told.facets(ISHIKAWA, told.person) <= {"erasure", "receipt"}


def test_what_was_erased_is_not_brought_back_and_not_set_aside(told: Scene, tmp_path: Path) -> None:
    old = [held.record for held in told.towns[KANAZAWA].ledger.about(told.person)]
    told.towns[WAJIMA].desk("w").erase(told.person)
    told.rounds()
    new = told.attacker.forge(told.person, kinds.IDENTITY, Identity(family_name="舳倉島乃"))
    for victim in (WAJIMA, ISHIKAWA):
        told.attacker.hand(victim, *old, new, basis=RETURN)
        told.attacker.hand(victim, *old, new, basis=HOLDER, view=CONTROL)
        told.rounds(1)
        assert told.facets(victim, told.person) <= {"erasure", "receipt"}
        kept = plain_bytes(told.towns[victim], tmp_path)
        assert [secret for secret in SECRETS if secret.encode() in kept] == []


def test_a_protection_is_lifted_by_who_set_it_alone(told: Scene, tmp_path: Path) -> None:
    told.towns[WAJIMA].desk("w").protect(told.person)
    told.rounds(1)
    heads = told.heads(kinds.PROTECTION)
    for slot in (b"", KANAZAWA.encode(), WAJIMA.encode()):
        for victim in (WAJIMA, ISHIKAWA):
            lifted = told.attacker.forge(told.person, kinds.PROTECTION, Protection(active=False), slot=slot, over=heads)
            told.attacker.hand(victim, lifted, basis=HOLDER, view=CONTROL)
    told.rounds()
    assert told.towns[WAJIMA].desk("w").person(told.person).protected
    for town in (KANAZAWA, ISHIKAWA):
        assert not told.facets(town, told.person) & {"identity", "stay"}
        got = plain_bytes(told.towns[town], tmp_path)
        assert [secret for secret in SECRETS if secret.encode() in got] == []


def test_a_holders_protection_destroys_no_copy(told: Scene) -> None:
    forged = told.attacker.forge(told.person, kinds.PROTECTION, Protection(active=True), slot=KANAZAWA.encode())
    for victim in (WAJIMA, ISHIKAWA):
        told.attacker.hand(victim, forged, basis=HOLDER, view=CONTROL)
    told.rounds()
    assert {"identity", "stay"} <= told.facets(WAJIMA, told.person)
    assert {"identity", "stay"} <= told.facets(ISHIKAWA, told.person)


def test_an_old_version_replayed_is_history(told: Scene) -> None:
    wajima = told.towns[WAJIMA].desk("w")
    old = [held.record for held in told.towns[KANAZAWA].ledger.about(told.person) if held.record.facet == kinds.STAY]
    wajima.seen([told.person])
    wajima.out([told.person])
    told.rounds(1)
    before = wajima.person(told.person)
    for victim in (WAJIMA, ISHIKAWA):
        told.attacker.hand(victim, *old, basis=RETURN)
    told.rounds()
    assert wajima.person(told.person) == before
    assert not wajima.person(told.person).conflict


def test_two_contents_under_one_version_are_both_kept_and_shown_as_a_conflict(told: Scene) -> None:
    version = ((told.attacker.node, 77),)
    two = [
        told.attacker.forge(
            told.person, kinds.CONDITION, said.Condition(text=text).SerializeToString(), version=version
        )
        for text in ("無事", "重傷")
    ]
    told.attacker.hand(WAJIMA, two[0], basis=RETURN)
    told.attacker.hand(WAJIMA, two[1], basis=RETURN)
    assert {record.id for record in two} <= told.weighs(WAJIMA, told.person)
    assert told.towns[WAJIMA].desk("w").person(told.person).conflict


def test_a_laptops_next_records_are_not_buried_at_its_town(told: Scene) -> None:
    laptop = told.towns.add_field("laptop", WAJIMA)
    told.towns.meet(WAJIMA, "laptop")
    laptop.desk("l").seen([told.person])
    told.towns.meet("laptop", WAJIMA)
    stays = told.heads(kinds.STAY)
    forged = told.attacker.forge(
        told.person,
        kinds.STAY,
        stay(state=3, until_ms=2),
        slot=stays[0].slot,
        version=claims(told, laptop.key.node),
    )
    told.attacker.hand(WAJIMA, forged, basis=RETURN)
    assert reasons(told.towns[WAJIMA]) == {"VERSION_CLAIM"}


@pytest.mark.parametrize("facet", sorted(SAYING))
def test_no_answer_tells_whether_a_town_knows_somebody(scene: Scene, facet: int) -> None:
    scene.towns[WAJIMA].desk("w").protect(scene.person)
    nobody = mint_person(WAJIMA, scene.towns.entropy)
    answers = []
    for subject in (scene.person, nobody):
        book = scene.towns[WAJIMA].book()
        inbox, peer = book.inbox(scene.towns.peer(KANAZAWA)), scene.towns.peer(KANAZAWA)
        forged = scene.attacker.forge(subject, facet, SAYING[facet], slot=b"" if facet == kinds.PROTECTION else b"s")
        parcel = Parcel(forged.sealed, HOLDER if facet in kinds.PERSON_CONTROL else RETURN, b"")
        tally = take(inbox, CONTROL if facet in kinds.CONTROL else DATA, [parcel])
        book.contact(peer, "DONE")
        ids = {view: forged.id in scene.towns.ids(WAJIMA, KANAZAWA, view) for view in (CONTROL, DATA)}
        answers.append((tally.held, tally.quarantined, ids))
    assert answers[0] == answers[1]


def test_who_lists_a_record_as_its_own_is_not_told_of_the_next(scene: Scene) -> None:
    outbox = scene.towns[WAJIMA].book().outbox(scene.towns.peer(KANAZAWA))
    ids = [held.record.id for held in scene.towns[WAJIMA].ledger.about(scene.person)]
    assert list(outbox.parcels(DATA, [id_[:8] for id_ in ids])) == []
    assert list(outbox.parcels(CONTROL, [id_[:8] for id_ in ids])) == []


# --- somebody made up, with everything at its worst


def worst(facet: int, number: int) -> bytes:
    """A content of this facet that the schema takes: every field full, as far out as its type goes."""
    message = FACETS[facet].message()
    for field in message.DESCRIPTOR.fields:
        for _ in range(3 if field.is_repeated else 1):
            _fill(message, field, number)
    return message.SerializeToString()


def _fill(message: object, field: object, number: int) -> None:
    if field.message_type is not None:  # type: ignore[attr-defined]
        part = getattr(message, field.name).add() if field.is_repeated else getattr(message, field.name)  # type: ignore[attr-defined]
        part.SetInParent()
        for inner in part.DESCRIPTOR.fields:
            _fill(part, inner, number)
        return
    values = {
        "string": ["", "\x1b[2J" * 50, "9999-12-31", WAJIMA][number % 4],
        "bytes": [b"", b"12", b"1" * 16, b"1" * 5000][number % 4],
        "bool": True,
        "double": [float("inf"), float("nan"), 0.0, 1e300][number % 4],
        "int64": [2**63 - 1, -(2**63), 0, 2**46][number % 4],
        "uint64": [2**64 - 1, 0, 1, 2**46][number % 4],
        "uint32": [2**32 - 1, 0, 1, 10][number % 4],
        "int32": [2**31 - 1, -(2**31), 0, 1][number % 4],
        "enum": [2**31 - 1, 1, 77, 2][number % 4],
    }
    value = values[_type(field)]
    if field.is_repeated:  # type: ignore[attr-defined]
        getattr(message, field.name).append(value)  # type: ignore[attr-defined]
    else:
        setattr(message, field.name, value)  # type: ignore[attr-defined]


def _type(field: object) -> str:
    names = {
        1: "double",
        2: "double",
        3: "int64",
        4: "uint64",
        5: "int32",
        8: "bool",
        9: "string",
        12: "bytes",
        13: "uint32",
        14: "enum",
    }
    return names[field.type]  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", range(4))
def test_nothing_a_member_writes_makes_a_node_fall_over(scene: Scene, number: int) -> None:
    towns, attacker = scene.towns, scene.attacker
    made_up = mint_person(KANAZAWA, towns.entropy)
    sound = [
        attacker.forge(made_up, kinds.IDENTITY, Identity(family_name="架空", birth=BirthDate(date="2199-12-31"))),
        attacker.forge(made_up, kinds.RESIDENCE, Residence(municipality=KANAZAWA)),
        attacker.forge(made_up, kinds.STAY, stay(municipality=WAJIMA, since_ms=2**46), slot=b"s"),
    ]
    attacker.hand(WAJIMA, *sound, basis=STAY_BASIS)
    for facet in FACETS:
        subject = made_up if facet <= kinds.RECEIPT else towns.entropy(16)
        if facet in kinds.PERSON_CONTROL | {kinds.IDENTITY, kinds.RESIDENCE}:  # these would end what the rest rests on
            subject = mint_person(KANAZAWA, towns.entropy)
        kind = {kinds.PLACE: A_PLACE, kinds.STATUS: A_PLACE, kinds.DISASTER: DISASTER}.get(facet, ORGANISATION)
        forged = attacker.forge(subject, facet, worst(facet, number), kind=1 if facet <= kinds.RECEIPT else kind)
        for basis in (STAY_BASIS, HOLDER, NOT_PERSONAL):
            view = CONTROL if facet in kinds.CONTROL else DATA
            attacker.hand(WAJIMA, forged, basis=basis, view=view)
    attacker.hand(WAJIMA, attacker.forge(made_up, 2**31 - 1, b"\xff" * 60_000, slot=b"x" * 16), basis=STAY_BASIS)
    scene.rounds(1)
    wajima = towns[WAJIMA].desk("w")
    assert wajima.person(made_up).family_name == "架空"
    wajima.details(made_up)
    wajima.household(made_up)
    wajima.roster(which="expected")
    assert wajima.find("架空", purpose="reception")
    assert wajima.find("舳倉島乃", purpose="reception")


def test_nobody_buries_a_person_under_so_many_records_that_all_must_wait(scene: Scene) -> None:
    attacker, made_up = scene.attacker, mint_person(KANAZAWA, scene.towns.entropy)
    ledger = scene.towns[WAJIMA].ledger
    aid = to_content(Assistance(what="毛布", given_at_ms=1))
    heap = [
        attacker.forge(made_up, kinds.ASSISTANCE, aid, slot=number.to_bytes(2))
        for number in range(RECORDS_PER_SUBJECT_MAX + 1)
    ]
    with ledger.write() as writing:
        writing.keep_many(Arrival(one, KANAZAWA, attacker.node, STAY_BASIS) for one in heap[:-1])
    inbox = scene.towns[WAJIMA].book().inbox(scene.towns.peer(KANAZAWA))
    take(inbox, DATA, [Parcel(heap[-1].sealed, STAY_BASIS, b"")])
    assert reasons(scene.towns[WAJIMA]) == {"LIMIT_PASSED"}
    assert not ledger.has([heap[-1].id])


def test_what_is_set_aside_for_one_peer_has_an_end(scene: Scene) -> None:
    ledger, attacker = scene.towns[WAJIMA].ledger, scene.attacker
    with ledger.write() as writing:
        for number in range(SET_ASIDE_PER_PEER_MAX - 1):
            sealed = SealedRecord(number.to_bytes(4), b"")
            writing.quarantine(sealed, "RECORD_MALFORMED", came_from_node=attacker.node, at_ms=1)
    notes = [attacker.forge(scene.person, kinds.NOTE, Note(text="x"), slot=bytes([number])) for number in range(3)]
    attacker.hand(WAJIMA, *notes, basis=RETURN)
    assert ledger.set_aside_from(attacker.node) == SET_ASIDE_PER_PEER_MAX
    assert ledger.turned_counts() == {"NOT_A_HOLDER": 3}


def test_what_is_remembered_of_what_one_peer_sent_has_an_end(scene: Scene) -> None:
    """Beyond it a member may send what it likes: nothing is written of it."""
    ledger, attacker = scene.towns[WAJIMA].ledger, scene.attacker
    attacker.hand(WAJIMA, attacker.forge(scene.person, kinds.NOTE, Note(text="x"), slot=b"first"), basis=RETURN)
    with ledger.write() as writing:
        writing.turn_away(
            attacker.node,
            [
                TurnedAway(number.to_bytes(32), DATA, b"", "NOT_A_HOLDER")
                for number in range(TURNED_AWAY_PER_PEER_MAX - 2)
            ],
        )
    notes = [attacker.forge(scene.person, kinds.NOTE, Note(text="x"), slot=bytes([number])) for number in range(3)]
    attacker.hand(WAJIMA, *notes, basis=RETURN)
    full = (ledger.turned_count(attacker.node), ledger.set_aside_from(attacker.node), ledger.audit_head())
    assert full[:2] == (TURNED_AWAY_PER_PEER_MAX, 2)
    attacker.hand(WAJIMA, *notes, basis=RETURN)
    more = [attacker.forge(scene.person, kinds.NOTE, Note(text="x"), slot=b"m" + bytes([n])) for n in range(3)]
    attacker.hand(WAJIMA, *more, basis=RETURN)
    assert (ledger.turned_count(attacker.node), ledger.set_aside_from(attacker.node), ledger.audit_head()) == full


@pytest.mark.parametrize("field", ["audit_head", "witnessed_head"])
def test_a_greeting_whose_head_is_none_is_refused(scene: Scene, field: str) -> None:
    greeting = exchange_pb2.Greeting.FromString(scene.towns[KANAZAWA].book().greeting(scene.towns.peer(WAJIMA)))
    setattr(greeting, field, bytes(33))
    book = scene.towns[WAJIMA].book()
    peer = next(one for one in book.peers() if one.organisation == KANAZAWA)
    with pytest.raises(PeerIsAnother):
        book.greeted(peer, greeting.SerializeToString())
    with pytest.raises(PeerIsAnother):
        book.welcome(
            scene.towns[WAJIMA].room.now().believed.meet(greeting.certificate, now_ms=scene.towns.time()), greeting
        )


def test_a_greeting_that_counts_beyond_all_bounds_is_refused(scene: Scene) -> None:
    greeting = exchange_pb2.Greeting.FromString(scene.towns[KANAZAWA].book().greeting(scene.towns.peer(WAJIMA)))
    book = scene.towns[WAJIMA].book()
    peer = next(one for one in book.peers() if one.organisation == KANAZAWA)
    greeting.audit_length = 2**64 - 1
    with pytest.raises(Exception, match="PEER_IS_ANOTHER"):
        book.greeted(peer, greeting.SerializeToString())


# --- what waits


def test_what_came_from_a_clock_ahead_is_taken_when_its_time_comes_without_being_sent_again(scene: Scene) -> None:
    made_up = mint_person(KANAZAWA, scene.towns.entropy)
    soon = scene.towns.time() + 20 * 60_000
    name = scene.attacker.forge(made_up, kinds.IDENTITY, NAME, at_ms=soon)
    rest = [
        scene.attacker.forge(made_up, kinds.RESIDENCE, Residence(municipality=KANAZAWA)),
        scene.attacker.forge(made_up, kinds.STAY, stay(municipality=WAJIMA), slot=b"s"),
    ]
    scene.attacker.hand(WAJIMA, name, *rest, basis=STAY_BASIS)
    wajima = scene.towns[WAJIMA]
    assert {one.reason for one in wajima.ledger.quarantined()} == {"CLOCK_AHEAD"}
    scene.towns.time.later(minutes=21)
    wajima.book().look_again()
    assert wajima.desk("w").person(made_up).family_name == "偽造"
    assert not wajima.ledger.quarantined()
    assert not reasons(wajima)


def test_what_waits_in_vain_is_looked_at_ever_more_seldom(scene: Scene) -> None:
    wajima, clock = scene.towns[WAJIMA], scene.towns.time
    scene.attacker.hand(WAJIMA, scene.attacker.forge(scene.person, kinds.NOTE, Note(text="x")), basis=RETURN)
    looks = 0
    for _ in range(60):
        clock.later(minutes=10)
        due = wajima.ledger.quarantine_due(clock())
        looks += len(due)
        wajima.book().look_again()
    assert 3 <= looks <= 8
    assert len(wajima.ledger.quarantined()) == 1


def test_a_grant_made_again_before_the_next_exchange_brings_the_records_again(scene: Scene) -> None:
    towns = scene.towns
    agreed = towns.granting(ISHIKAWA).apply(WAJIMA, facets=["identity", "stay"], purpose="aid", area=[])
    scene.rounds(1)
    towns.granting(WAJIMA).grant(agreed, days=30)
    scene.rounds(1)
    assert "identity" in scene.facets(ISHIKAWA, scene.person)
    towns.time.later(days=31)
    towns[ISHIKAWA].book().look_again()
    assert "identity" not in scene.facets(ISHIKAWA, scene.person)
    towns.granting(WAJIMA).grant(agreed, days=30)
    scene.rounds(1)
    assert "identity" in scene.facets(ISHIKAWA, scene.person)
    assert "舳倉島乃" in towns[ISHIKAWA].desk("i").person(scene.person).family_name
