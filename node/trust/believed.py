"""What this node believes of others, and whether a record holds up against it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Self

from moyai.v1 import trust_pb2 as wire
from node.errors import (
    AuthorOfAnotherOrganisation,
    AuthorUnknown,
    CertificateExpired,
    NodeRevoked,
    RosterExpired,
    SignatureWrong,
    TlsCertificateOther,
    TrustRefused,
)
from node.records import kinds
from node.records.clock import milliseconds
from node.records.record import Record
from node.trust.certificate import NodeCertificate, admit, open_certificate
from node.trust.revocation import Revocation, refused_by_revocation
from node.trust.roster import Roster
from node.trust.seal import signature_holds, verify_many
from node.trust.statements import certificate_of, check_statement, revocation_of


@dataclass(frozen=True, slots=True)
class Believed:
    """A value: every change gives a new one. Judging a record costs one signature and two look-ups."""

    roster: Roster
    certificates: Mapping[bytes, tuple[NodeCertificate, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By node id; several while concurrent renewals are held."""
    revocations: Mapping[bytes, tuple[Revocation, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By node id."""

    @classmethod
    def of(cls, roster: Roster, heads: Iterable[Record]) -> Self:
        """From the roster and the held head records of the facets enrolment and revocation.

        Heads whose statement does not hold under this roster, after a change of keys, are left out.
        """
        return cls(roster).learn(heads)

    def learn(self, records: Iterable[Record]) -> Self:
        """With these enrolments and revocations as well; what is neither, or does not hold, is left out.

        For the records of one batch. What a new head replaces stays here: after keeping heads, start anew with `of`.
        """
        certificates, revocations = dict(self.certificates), dict(self.revocations)
        for record in records:
            try:
                if record.facet == kinds.ENROLMENT:
                    learnt = certificate_of(record, self.roster)
                    held = certificates.get(learnt.node, ())
                    certificates[learnt.node] = (*(other for other in held if other != learnt), learnt)
                elif record.facet == kinds.REVOCATION:
                    said = revocation_of(record, self.roster)
                    earlier = revocations.get(said.node, ())
                    revocations[said.node] = (*(other for other in earlier if other != said), said)
            except TrustRefused:
                continue
        return replace(self, certificates=MappingProxyType(certificates), revocations=MappingProxyType(revocations))

    def shown(self, certificates: Iterable[NodeCertificate]) -> Self:
        """With these as well: certificates that came with what they vouch for, and not as records of their own."""
        held = dict(self.certificates)
        for shown in certificates:
            held[shown.node] = (*(other for other in held.get(shown.node, ()) if other != shown), shown)
        return replace(self, certificates=MappingProxyType(held))

    def judge(self, record: Record) -> NodeCertificate:
        """Whether the record is by whom it says, of the organisation it says, and not taken back (SPECIFICATION 5.2).

        The certificate must not have been over by the record's clock; now does not count: old records go on to verify.
        A record that carries an organisation's own signed statement must carry a good one, in its right place.

        Raises:
            TrustRefused: with the reason. AuthorUnknown may mend itself once the enrolment has arrived.
        """
        certificate = self.vouching(record)
        if not signature_holds(record.sealed, certificate.public_key):
            raise SignatureWrong(what="record")
        return certificate

    def judge_many(
        self, records: Sequence[Record], executor: Executor | None = None
    ) -> list[NodeCertificate | TrustRefused]:
        """As `judge`, for a batch, in order: the certificate, or the refusal. Enrolments in it are not learnt from."""
        verdicts = [self._vouching_or_refusal(record) for record in records]
        asked = [
            (place, (record.sealed, verdict.public_key))
            for place, (record, verdict) in enumerate(zip(records, verdicts, strict=True))
            if isinstance(verdict, NodeCertificate)
        ]
        held = verify_many([item for _, item in asked], executor)
        for (place, _), holds in zip(asked, held, strict=True):
            if not holds:
                verdicts[place] = SignatureWrong(what="record")
        return verdicts

    def vouching(self, record: Record) -> NodeCertificate:
        """The certificate that vouches for the record, its signature not yet looked at.

        Raises:
            TrustRefused: as `judge`.
        """
        certificate = self._certificate_for(record)
        if refused_by_revocation(record, self.revocations.get(record.author, ())):
            raise NodeRevoked(organisation=record.organisation, counter=record.counter)
        check_statement(record, self.roster)
        return certificate

    def meet(self, signed_certificate: bytes, *, now_ms: int, shown_tls: bytes | None = None) -> NodeCertificate:
        """Check the certificate a peer greets with. Known is a node of which a certificate is held.

        Node certificates are public: what makes this one the peer's is that it names the TLS certificate (DER) the peer
        has just shown, or that the roster pins that one for a home node. None where there is no TLS: by hand.

        Raises:
            TrustRefused: with the reason; RosterExpired where the roster is over and the peer was never met.
        """
        certificate = self._admitted(signed_certificate, now_ms)
        if shown_tls is not None and not self._is_shown_by(certificate, shown_tls):
            raise TlsCertificateOther(organisation=certificate.organisation)
        if self.is_revoked(certificate):
            raise NodeRevoked(organisation=certificate.organisation)
        if not self.roster.may_meet(peer_known=certificate.node in self.certificates, now_ms=now_ms):
            raise RosterExpired(roster_version=self.roster.version)
        return certificate

    def _admitted(self, signed_certificate: bytes, now_ms: int) -> NodeCertificate:
        """The certificate shown; of one that is over the renewal, where it is held: a node that was away when its
        organisation's key was replaced could not hear of it otherwise."""
        try:
            return admit(signed_certificate, self.roster, now_ms=now_ms)
        except CertificateExpired:
            shown = open_certificate(signed_certificate, self.roster)
            for renewed in self.certificates.get(shown.node, ()):
                same = (renewed.organisation, renewed.tls_certificate) == (shown.organisation, shown.tls_certificate)
                if same and self.roster.at_least(now_ms) < renewed.valid_until_ms:
                    return renewed
            raise

    def nodes_of(self, organisation: str) -> list[NodeCertificate]:
        """The certificates held of an organisation's nodes that are not revoked, of each node the last to end."""
        newest: dict[bytes, NodeCertificate] = {}
        for certificate in self._in_use():
            if certificate.organisation == organisation:
                held = newest.get(certificate.node, certificate)
                newest[certificate.node] = max(held, certificate, key=lambda either: either.valid_until_ms)
        return [newest[node] for node in sorted(newest)]

    def by_tls(self, certificate: bytes) -> tuple[str, bytes] | None:
        """Who shows exactly this TLS certificate (DER): organisation code and node id.

        The roster goes first; the id is empty where only the roster knows it. What several nodes claim is nobody's.
        """
        member = self.roster.by_tls(certificate)
        claims = {(held.organisation, held.node) for held in self._in_use() if held.tls_certificate == certificate}
        if member is not None:
            claims = {claim for claim in claims if claim[0] == member.code} or {(member.code, b"")}
        return claims.pop() if len(claims) == 1 else None

    def is_revoked(self, certificate: NodeCertificate) -> bool:
        """Whether the node's organisation has revoked it: its old records stand, but it is spoken to no more."""
        return any(said.organisation == certificate.organisation for said in self.revocations.get(certificate.node, ()))

    def _is_shown_by(self, certificate: NodeCertificate, shown_tls: bytes) -> bool:
        member = self.roster.by_tls(shown_tls)
        if member is None:
            return certificate.tls_certificate == shown_tls
        return member.code == certificate.organisation and certificate.kind == wire.NODE_KIND_HOME

    def _in_use(self) -> Iterator[NodeCertificate]:
        for certificates in self.certificates.values():
            yield from (certificate for certificate in certificates if not self.is_revoked(certificate))

    def _vouching_or_refusal(self, record: Record) -> NodeCertificate | TrustRefused:
        try:
            return self.vouching(record)
        except TrustRefused as refusal:
            return refusal

    def _certificate_for(self, record: Record) -> NodeCertificate:
        known = self.certificates.get(record.author, ())
        if record.facet == kinds.ENROLMENT and record.slot == record.author:
            known = (*known, certificate_of(record, self.roster))
        if not known:
            raise AuthorUnknown(organisation=record.organisation)
        own = [certificate for certificate in known if certificate.organisation == record.organisation]
        if not own:
            raise AuthorOfAnotherOrganisation(organisation=record.organisation)
        certificate = own[0] if len(own) == 1 else max(own, key=lambda each: each.valid_until_ms)
        certificate.check_vouches(milliseconds(record.clock))
        return certificate
