"""Reads a card (避難者カード) that a person presents: an exchange in which the person is the line.

Its records go through the same inbox as everything else. Whoever presents their card consents to their being read here;
that consent is written down first: it is the ground on which another town's records are held, stands in the list with
the others, and can be withdrawn like them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from moyai.v1 import exchange_pb2, facets_pb2, trust_pb2
from node.desk.consents import GUARDIAN_UNDER
from node.desk.post import Post
from node.errors import CardOfAnotherFederation, CardOfErased, CardTooOld, CardUnreadable, ConsentNeedsGuardian
from node.errors.cards import CardFromLater
from node.exchange.card import Card, unpack
from node.federation import Standing
from node.pen import PERSON
from node.people.calendar import age_on
from node.people.facets import Consent, Identity, from_content
from node.records import kinds
from node.records.record import Record
from node.reference.organisations import organisation_name
from node.release.card import CARRIED
from node.release.rule import GRANTABLE
from node.trust.believed import Believed
from node.trust.cards import certificates_on, maker
from node.trust.certificate import NodeCertificate
from node.views import CONTROL_VIEW, DATA_VIEW
from sync.envelope import Parcel
from sync.limits import CLOCK_AHEAD_MS_MAX
from sync.ports import Inbox, Peer

DAY_MS: Final = 86_400_000
DAYS_MAX: Final = 90
"""A card found a season later opens nothing any more, and what it says is out of date."""

PURPOSE: Final = "card"
WORDING: Final = "card-1"
"""What stands on the card about what presenting it means."""

INTERNAL: Final = int(exchange_pb2.BASIS_INTERNAL)
CONSENT: Final = int(exchange_pb2.BASIS_CONSENT)
HOLDER: Final = int(exchange_pb2.BASIS_HOLDER)


class Office(Protocol):
    """What of the node a card needs beside the post: what is believed, the key, the inbox."""

    def standing(self) -> Standing:
        """What this node believes now."""
        ...

    def sign(self, written: bytes) -> bytes:
        """This node's signature under a card."""
        ...

    def certificate(self, organisation: str, node: bytes) -> bytes:
        """The signed certificate of a node; empty where none is held."""
        ...

    def inbox(self, peer: Peer, shown: Sequence[NodeCertificate]) -> Inbox:
        """What takes in records that a person presents, as if this peer had sent them, with these certificates."""
        ...

    def look_again(self) -> int:
        """Let go what has no ground, take what may be taken now."""
        ...


@dataclass(frozen=True, slots=True)
class CardTaken:
    """What became of a card that was read."""

    subject: bytes
    organisation: str
    organisation_name: str
    """Who made it."""
    issued_at_ms: int
    records: int
    """Records of the person on it."""
    new: int
    turned: tuple[tuple[str, str], ...]
    """What was set aside or turned away: facet and reason."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading of one card at one desk."""

    post: Post
    office: Office

    def take(self, packed: bytes, *, guardian_relation: str = "") -> CardTaken:
        """Take what is on the card. The same card again does no harm.

        Raises:
            CardRefused, TrustRefused: with the reason; nothing was taken.
            ConsentNeedsGuardian: the person is under 16, and no guardian's relation was given.
        """
        card = unpack(packed)
        made_by = self._check(card)
        people = card.records
        ids = [record.id for record in people]
        before = self.post.ledger.has(ids)
        if made_by.node != self.post.pen.node:
            self._hand_in(card, made_by, guardian_relation)
        held = self.post.ledger.has(ids)
        return CardTaken(
            subject=people[0].subject,
            organisation=made_by.organisation,
            organisation_name=organisation_name(made_by.organisation),
            issued_at_ms=card.issued_at_ms,
            records=len(people),
            new=len(held - before),
            turned=tuple(self._turned(people, held)),
        )

    def _hand_in(self, card: Card, made_by: NodeCertificate, guardian_relation: str) -> None:
        """Through the inbox; what says who may hold what goes first."""
        peer = self._as_peer(made_by)
        with self.post.ledger.write() as writing:
            writing.met(peer.node, peer.organisation)
        ground = self._ground(made_by, card.records, guardian_relation)
        inbox = self.office.inbox(peer, self._shown(card))
        for view in (CONTROL_VIEW, DATA_VIEW):
            records = [record for record in card.records if (record.facet in kinds.CONTROL) == (view == CONTROL_VIEW)]
            if records:
                inbox.commit(inbox.prepare(view, [_parcel(record, ground) for record in records]))
        self.office.look_again()

    def _check(self, card: Card) -> NodeCertificate:
        """Everything that can be said of a card before any of it is taken; the certificate of who made it."""
        made_by = check_card(card, self.office.standing().believed, now_ms=self.post.now_ms())
        if self.post.ledger.is_barred(card.records[0].subject):
            raise CardOfErased
        return made_by

    def _shown(self, card: Card) -> list[NodeCertificate]:
        return certificates_on(card.certificates, self.office.standing().believed.roster)

    def _as_peer(self, made_by: NodeCertificate) -> Peer:
        """Who is taken to have handed the records over: of another town its home node, so that what is said back goes
        where this node speaks to; the maker itself where that one was never heard of."""
        home = made_by.node
        if made_by.organisation != self.post.organisation:
            nodes = self.office.standing().believed.nodes_of(made_by.organisation)
            home = next((one.node for one in nodes if one.kind == trust_pb2.NODE_KIND_HOME), home)
        return Peer(home, made_by.organisation)

    def _ground(self, made_by: NodeCertificate, people: Sequence[Record], guardian_relation: str) -> bytes:
        """Id of the consent on which the records of another town are taken; empty: the card is one of our own."""
        if made_by.organisation == self.post.organisation:
            return b""
        subject = people[0].subject
        facets = frozenset(record.facet for record in people) & GRANTABLE
        for held in self.post.ledger.heads(subject, kinds.CONSENT):
            if held.record.organisation == self.post.organisation and self._names_us(held.record, facets):
                return held.record.id
        self._check_guardian(people, guardian_relation)
        consent = Consent(
            organisations=(self.post.organisation,),
            facets=tuple(sorted(facets)),
            purpose=PURPOSE,
            from_ms=self.post.now_ms(),
            given_by=facets_pb2.GIVER_GUARDIAN if guardian_relation else facets_pb2.GIVER_SELF,
            guardian_relation=guardian_relation,
            wording=WORDING,
        )
        with self.post.pen.sheet(operator=self.post.operator, act="card-read") as sheet:
            return sheet.put_bare(subject, kinds.CONSENT, consent, slot=self.post.entropy(16)).id

    def _names_us(self, record: Record, facets: frozenset[int]) -> bool:
        """Whether a consent taken here covers what is on the card already."""
        said = from_content(kinds.CONSENT, record.content)
        if not isinstance(said, Consent) or said.withdrawn_at_ms is not None:
            return False
        now_ms = self.post.now_ms()
        in_force = said.from_ms <= now_ms and (said.until_ms is None or now_ms < said.until_ms)
        named = self.post.organisation in said.organisations
        return in_force and named and facets <= {int(facet) for facet in said.facets}

    def _check_guardian(self, people: Sequence[Record], guardian_relation: str) -> None:
        for record in people:
            said = from_content(record.facet, record.content) if record.facet == kinds.IDENTITY else None
            if isinstance(said, Identity) and said.birth is not None and not guardian_relation:
                age = age_on(said.birth, self.post.today())
                if age is not None and age < GUARDIAN_UNDER:
                    raise ConsentNeedsGuardian(age_limit=GUARDIAN_UNDER)

    def _turned(self, people: Sequence[Record], held: set[bytes]) -> Iterable[tuple[str, str]]:
        for record in people:
            if record.id not in held:
                reasons = [way.reason for _, way in self.post.ledger.turned(record.id)]
                yield kinds.facet_name(record.facet), reasons[0] if reasons else "UNKNOWN"


def check_card(card: Card, believed: Believed, *, now_ms: int) -> NodeCertificate:
    """Whether a card may be read by who believes this (SPECIFICATION 7.8). Returns the certificate of who made it.

    Raises:
        CardRefused, TrustRefused: with the reason.
    """
    if card.federation != believed.roster.federation:
        raise CardOfAnotherFederation
    shown = certificates_on(card.certificates, believed.roster)
    made_by = maker(
        card.written,
        card.signature,
        node=card.node,
        issued_at_ms=card.issued_at_ms,
        believed=believed.shown(shown),
    )
    if card.issued_at_ms > now_ms + CLOCK_AHEAD_MS_MAX:
        raise CardFromLater
    days = (now_ms - card.issued_at_ms) // DAY_MS
    if days > DAYS_MAX:
        raise CardTooOld(days=days, days_max=DAYS_MAX)
    if any(record.subject_kind != PERSON or record.facet not in CARRIED for record in card.records):
        raise CardUnreadable(rule="facet")
    if len({record.subject for record in card.records}) != 1:
        raise CardUnreadable(rule="subject")
    return made_by


def _parcel(record: Record, ground: bytes) -> Parcel:
    """A record with the ground it is taken on."""
    if not ground:
        return Parcel(record.sealed, INTERNAL, b"")
    if record.facet in kinds.PERSON_CONTROL:
        return Parcel(record.sealed, HOLDER, b"")
    return Parcel(record.sealed, CONSENT, ground)
