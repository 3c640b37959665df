"""A small federation for tests: three trustees, two towns, their prefecture, a support organisation; fixed seeds."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from moyai.v1 import facets_pb2 as facets, trust_pb2 as wire
from node.records import kinds
from node.records.record import Record, body_bytes, open_record
from node.records.subjects import organisation_subject
from node.trust.believed import Believed
from node.trust.certificate import NodeCertificate, certify, open_certificate
from node.trust.keys import BoxKey, NodeKey, OrganisationKey, TrusteeKey
from node.trust.revocation import revoke
from node.trust.roster import Roster, draft_roster, open_roster, sign_roster
from node.trust.seal import seal
from sync.envelope import SealedRecord

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
NOW_MS = 1_704_153_600_000
"""2 January 2024, 09:00 in Japan: the day after the Noto earthquake."""

VALID_FROM_MS = NOW_MS - 30 * DAY_MS
VALID_UNTIL_MS = NOW_MS + 700 * DAY_MS

WAJIMA = "172049"
KANAZAWA = "172014"
ISHIKAWA = "170003"
SUPPORT = "S00001"
FEDERATION = sha256(b"test federation").digest()[:16]

NAMES = {ISHIKAWA: "石川県", KANAZAWA: "金沢市", WAJIMA: "輪島市", SUPPORT: "能登支援の会"}
KINDS = {
    ISHIKAWA: facets.ORGANISATION_KIND_PREFECTURE,
    KANAZAWA: facets.ORGANISATION_KIND_MUNICIPALITY,
    WAJIMA: facets.ORGANISATION_KIND_MUNICIPALITY,
    SUPPORT: facets.ORGANISATION_KIND_SUPPORT,
}


def seed(name: str) -> bytes:
    """32 bytes that follow from a name."""
    return sha256(b"test seed " + name.encode()).digest()


TRUSTEES = tuple(TrusteeKey(seed(f"trustee {number}")) for number in range(3))
OFFICES = ("石川県知事", "輪島市長", "金沢市長")
ORGANISATION_KEYS = {code: OrganisationKey(seed(f"organisation {code}")) for code in NAMES}
BOX_KEYS = {code: BoxKey(seed(f"box {code}")) for code in NAMES}


@dataclass(frozen=True, slots=True)
class TestNode:
    """A node with its key and certificate; seals records of its own."""

    __test__ = False

    key: NodeKey
    organisation: str
    signed_certificate: bytes

    @property
    def node(self) -> bytes:
        """Its node id."""
        return self.key.node

    def record(self, counter: int = 1, *, at_ms: int = NOW_MS, **changes: object) -> Record:
        """A record by this node; any field of `body_bytes` can be changed."""
        fields: dict[str, object] = {
            "subject": seed("subject")[:16],
            "subject_kind": 1,
            "facet": kinds.IDENTITY,
            "slot": b"",
            "version": ((self.node, counter),),
            "clock": at_ms << 16,
            "author": self.node,
            "organisation": self.organisation,
            "operator": "op-1",
            "content": b"",
            **changes,
        }
        return open_record(self.sealed(body_bytes(**fields)))  # type: ignore[arg-type]

    def sealed(self, body: bytes) -> SealedRecord:
        """Any bytes, sealed by this node."""
        return seal(body, self.key)

    def enrolment(self, counter: int = 1, *, of: "TestNode | None" = None, at_ms: int = NOW_MS) -> Record:
        """The record that carries this node's certificate, or another's."""
        enrolled = of or self
        return self.record(
            counter,
            at_ms=at_ms,
            subject=organisation_subject(enrolled.organisation),
            subject_kind=3,
            facet=kinds.ENROLMENT,
            slot=enrolled.node,
            content=facets.Enrolment(certificate=enrolled.signed_certificate).SerializeToString(),
        )

    def revocation(self, of: "TestNode", last_counter: int, counter: int = 2, *, at_ms: int = NOW_MS) -> Record:
        """The record that carries the revocation of another node of this organisation."""
        statement = revoke(
            ORGANISATION_KEYS[of.organisation],
            node=of.node,
            organisation=of.organisation,
            last_counter=last_counter,
            at_ms=at_ms,
            reason="lost",
        )
        return self.record(
            counter,
            at_ms=at_ms,
            subject=organisation_subject(of.organisation),
            subject_kind=3,
            facet=kinds.REVOCATION,
            slot=of.node,
            content=facets.Revocation(revocation=statement).SerializeToString(),
        )

    def certificate(self) -> NodeCertificate:
        """Its certificate, opened under the test roster."""
        return open_certificate(self.signed_certificate, roster())


@cache
def node(
    organisation: str = WAJIMA,
    label: str = "home",
    *,
    kind: int = wire.NODE_KIND_HOME,
    places: tuple[bytes, ...] = (),
    valid_from_ms: int = VALID_FROM_MS,
    valid_until_ms: int = VALID_UNTIL_MS,
    tls_certificate: bytes = b"",
) -> TestNode:
    """A certified node; the same arguments give the same node."""
    key = NodeKey(seed(f"node {organisation} {label}"))
    signed = certify(
        ORGANISATION_KEYS[organisation],
        organisation=organisation,
        public_key=key.public_key,
        possession=key.claim(organisation),
        kind=kind,
        label=label,
        places=places,
        valid_from_ms=valid_from_ms,
        valid_until_ms=valid_until_ms,
        tls_certificate=tls_certificate,
        box_key=BoxKey(seed(f"node box {organisation} {label}")).public_key,
    )
    return TestNode(key, organisation, signed)


def listed(code: str) -> wire.Organisation:
    """One organisation as the roster lists it."""
    return wire.Organisation(
        code=code,
        name=NAMES[code],
        kind=KINDS[code],
        signing_keys=[
            wire.Key(
                public_key=ORGANISATION_KEYS[code].public_key,
                valid_from_ms=VALID_FROM_MS,
                valid_until_ms=VALID_UNTIL_MS,
            )
        ],
        box_key=BOX_KEYS[code].public_key,
        prefecture=ISHIKAWA if KINDS[code] == facets.ORGANISATION_KIND_MUNICIPALITY else "",
    )


def unsigned(version: int = 1) -> wire.Roster:
    """The test roster before anybody signs it: change it, then `signed_by`."""
    return wire.Roster(
        federation=FEDERATION,
        name="石川県域連合",
        version=version,
        issued_at_ms=VALID_FROM_MS,
        expires_at_ms=NOW_MS + 60 * DAY_MS,
        threshold=2,
        trustees=[
            wire.Trustee(public_key=key.public_key, office=office)
            for key, office in zip(TRUSTEES, OFFICES, strict=True)
        ],
        organisations=[listed(code) for code in sorted(NAMES)],
        drill=True,
    )


def of_members(
    organisations: Iterable[wire.Organisation],
    *,
    federation: bytes = FEDERATION,
    version: int = 1,
    issued_at_ms: int = NOW_MS,
    drill: bool = False,
) -> wire.Roster:
    """A roster of these, good for a year, before anybody signs it."""
    return wire.Roster(
        federation=federation,
        name="test",
        version=version,
        issued_at_ms=issued_at_ms,
        expires_at_ms=issued_at_ms + 365 * DAY_MS,
        threshold=2,
        trustees=[
            wire.Trustee(public_key=key.public_key, office=office)
            for key, office in zip(TRUSTEES, OFFICES, strict=True)
        ],
        organisations=organisations,
        drill=drill,
    )


def signed_by(listed_roster: wire.Roster, *trustees: TrusteeKey) -> bytes:
    """A roster signed by these trustees."""
    signed = draft_roster(listed_roster)
    for trustee in trustees:
        signed = sign_roster(signed, trustee)
    return signed


@cache
def signed_roster(version: int = 1) -> bytes:
    """The test roster, signed by two of three trustees."""
    return signed_by(unsigned(version), *TRUSTEES[:2])


@cache
def roster(version: int = 1) -> Roster:
    """The test roster, opened."""
    return open_roster(signed_roster(version), trusted=None, now_ms=NOW_MS)


def believed(*nodes: TestNode, version: int = 1) -> Believed:
    """What a node believes that holds the roster and these nodes' enrolments."""
    return Believed.of(roster(version), [known.enrolment() for known in nodes])
