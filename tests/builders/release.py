"""Made-up people and organisations for tests of what may be told to whom."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import count

from google.protobuf.message import Message

from moyai.v1 import exchange_pb2, facets_pb2, record_pb2
from node.records import kinds
from node.records.record import Record, body_bytes, open_record
from node.records.subjects import node_id, organisation_subject
from node.records.version import successor
from node.release.federation import MUNICIPALITY, PREFECTURE, SUPPORT, Activation, Federation, Grant, Member
from node.release.known import Fact, HeldRecord, SubjectKnown
from sync.envelope import SealedRecord

HOUR = 3_600_000
DAY = 24 * HOUR
NOW = 1_704_438_000_000
"""5 January 2024, 16:00 in Japan."""

WAJIMA, SUZU, KANAZAWA, NANAO = "172049", "172057", "172014", "172022"
ISHIKAWA, TOYAMA = "170003", "160008"
TOYAMA_CITY, TAKAOKA = "162019", "162027"
MEDICS, VOLUNTEERS = "S00001", "S00002"

MEMBERS = {
    **{code: Member(MUNICIPALITY, ISHIKAWA) for code in (WAJIMA, SUZU, KANAZAWA, NANAO)},
    **{code: Member(MUNICIPALITY, TOYAMA) for code in (TOYAMA_CITY, TAKAOKA)},
    ISHIKAWA: Member(PREFECTURE),
    TOYAMA: Member(PREFECTURE),
    MEDICS: Member(SUPPORT),
    VOLUNTEERS: Member(SUPPORT),
}

HANAKO, TARO = b"hanako" + bytes(10), b"taro" + bytes(12)
GYM, SCHOOL = b"gym" + bytes(13), b"school" + bytes(10)

PERSON = int(record_pb2.SUBJECT_KIND_PERSON)
PLACE = int(record_pb2.SUBJECT_KIND_PLACE)
ORGANISATION = int(record_pb2.SUBJECT_KIND_ORGANISATION)
DISASTER = int(record_pb2.SUBJECT_KIND_DISASTER)

Stay = facets_pb2.Stay
_counters = count(1)


def node_of(code: str, number: int = 1) -> bytes:
    """The id of the number-th node of an organisation."""
    return node_id(f"{code}/{number}".encode())


def written(
    by: str,
    facet: int,
    content: Message | bytes = b"",
    *,
    subject: bytes = HANAKO,
    kind: int = PERSON,
    slot: bytes = b"",
    after: Iterable[Record] = (),
    at_ms: int = NOW,
    node: bytes | None = None,
    operator: str = "op-1",
) -> Record:
    """A record by an organisation's first node, knowing of the records in `after`. Not signed: nobody here looks."""
    author = node or node_of(by)
    return open_record(
        SealedRecord(
            body_bytes(
                subject=subject,
                subject_kind=kind,
                facet=facet,
                slot=slot,
                version=successor([record.version for record in after], author, next(_counters)),
                clock=at_ms << 16,
                author=author,
                organisation=by,
                operator=operator,
                content=content if isinstance(content, bytes) else content.SerializeToString(),
            ),
            bytes(64),
        )
    )


def fact(
    record: Record, *, came_from: str | None = None, basis: str = "", basis_record: bytes = b"", counts: bool = True
) -> Fact:
    """A record as it is held; by default it came from who wrote it."""
    return Fact(
        record,
        came_from or record.organisation,
        int(exchange_pb2.Basis.Value(f"BASIS_{basis or 'INTERNAL'}")),
        basis_record,
        counts,
    )


def federation(
    here: str = WAJIMA, *, grants: Sequence[Grant] = (), activations: Sequence[Activation] = ()
) -> Federation:
    """The federation of these tests, seen from one member."""
    return Federation(here, MEMBERS, tuple(grants), tuple(activations))


def known(facts: Iterable[HeldRecord], here: str = WAJIMA, **more: object) -> SubjectKnown:
    """What is known of one subject."""
    return SubjectKnown.of(facts, here=here, **{"minted_by": WAJIMA, **more})  # type: ignore[arg-type]


def identity(birth: str = "1948-05-03") -> facets_pb2.Identity:
    return facets_pb2.Identity(family_name="田中", given_name="花子", birth=facets_pb2.BirthDate(date=birth))


def residence(municipality: str = WAJIMA) -> facets_pb2.Residence:
    return facets_pb2.Residence(municipality=municipality, address="河井町2-3")


def stay(municipality: str = WAJIMA, *, place: bytes = GYM, since_ms: int = NOW - DAY) -> Stay:
    """An open stay."""
    return Stay(
        municipality=municipality,
        place=place,
        state=facets_pb2.STAY_STATE_PRESENT,
        since_ms=since_ms,
        confirmed_at_ms=since_ms,
    )


def left(
    municipality: str = WAJIMA,
    *,
    to: str = "",
    place: bytes = GYM,
    until_ms: int = NOW - HOUR,
    transferred: bool = False,
) -> Stay:
    """A stay that has ended, towards `to` where that is known."""
    ended = stay(municipality, place=place, since_ms=min(NOW - DAY, until_ms))
    ended.state = facets_pb2.STAY_STATE_TRANSFERRED if transferred else facets_pb2.STAY_STATE_LEFT
    ended.until_ms = until_ms
    if to:
        ended.destination.municipality = to
    return ended


def consent(
    *organisations: str,
    facets: Iterable[int] = (kinds.CARE,),
    kinds_named: Iterable[int] = (),
    everyone: bool = False,
    from_ms: int = NOW - HOUR,
    until_ms: int | None = None,
    guardian: str | None = None,
) -> facets_pb2.Consent:
    """A consent, by the person unless a guardian's relation is given."""
    given = facets_pb2.Consent(
        organisations=organisations,
        kinds=[facets_pb2.OrganisationKind.ValueType(number) for number in kinds_named],
        all_local_governments=everyone,
        facets=[record_pb2.Facet.ValueType(number) for number in facets],
        purpose="援護",
        from_ms=from_ms,
        given_by=facets_pb2.GIVER_SELF if guardian is None else facets_pb2.GIVER_GUARDIAN,
        guardian_relation=guardian or "",
    )
    if until_ms is not None:
        given.until_ms = until_ms
    return given


def withdrawal() -> facets_pb2.Consent:
    return facets_pb2.Consent(withdrawn_at_ms=NOW)


def protection(*recipients: str, active: bool = True) -> facets_pb2.Protection:
    return facets_pb2.Protection(active=active, ground="abuse", decided_by="福祉課", recipients=recipients)


def closure(
    kind: str = "RETURNED", *, reported_by: str = "", confirmed_by: str = "", at_ms: int = NOW
) -> facets_pb2.Closure:
    return facets_pb2.Closure(
        kind=facets_pb2.Closure.Kind.Value(f"KIND_{kind}"),
        at_ms=at_ms,
        reported_by=reported_by,
        confirmed_by=confirmed_by,
    )


def grant(
    applicant: str = SUZU,
    *,
    holder: str = WAJIMA,
    facets: Iterable[int] = (kinds.IDENTITY, kinds.CARE, kinds.MEDICAL),
    until_ms: int = NOW + DAY,
    support: bool = False,
    subjects: Iterable[bytes] = (),
    area: Iterable[str] = (),
    from_ms: int = NOW - DAY,
) -> Grant:
    """An agreement that was granted."""
    ground = facets_pb2.Decision.GROUND_SUPPORT_ORGANISATION if support else facets_pb2.Decision.GROUND_LOCAL_GOVERNMENT
    return Grant(
        b"grant" + bytes(27), holder, applicant, frozenset(facets), from_ms, until_ms, int(ground),
        frozenset(subjects), frozenset(area),
    )  # fmt: skip


def activation(
    organisation: str = ISHIKAWA,
    *area: str,
    from_ms: int = NOW - HOUR,
    until_ms: int = NOW + DAY,
) -> Activation:
    """A declared emergency."""
    return Activation(b"emergency" + bytes(23), organisation, frozenset(area or (WAJIMA, SUZU)), from_ms, until_ms)


def about_organisation(by: str, facet: int, content: Message | bytes = b"", *, of: str | None = None) -> Record:
    """A record about an organisation."""
    return written(by, facet, content, subject=organisation_subject(of or by), kind=ORGANISATION, slot=b"slot")


def slot(name: str) -> bytes:
    """A slot of its own for a name."""
    return sha256(name.encode()).digest()[:8]
