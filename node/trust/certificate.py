"""A node's certificate: its organisation's word, and its own, that a key is a node of that organisation."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from moyai.v1 import trust_pb2 as wire
from node.errors import (
    CertificateExpired,
    CertificateMalformed,
    CertificateNotYetValid,
    KeyUnsound,
    NodeIdMismatch,
    PossessionMissing,
    SignatureWrong,
)
from node.records.subjects import SUBJECT_BYTES, node_id
from node.trust import labels
from node.trust.keys import KEY_BYTES, OrganisationKey, claim_bytes, holds, key_is_sound
from node.trust.organisation import TLS_CERTIFICATE_BYTES_MAX
from node.trust.roster import Roster
from node.trust.shape import read, require
from sync import limits

CERTIFICATE_BYTES_MAX = 16_384
"""A signed certificate with 256 places and the largest TLS certificate is 9 kB."""

PLACES_MAX = 256
LABEL_CHARACTERS_MAX = 64


@dataclass(frozen=True, slots=True)
class NodeCertificate:
    """A certificate that was opened: organisation and node have both signed it. Says nothing of now."""

    signed: bytes = field(repr=False)
    """The SignedNodeCertificate, byte for byte, to be kept and passed on."""
    node: bytes = field(compare=False)
    public_key: bytes = field(compare=False)
    organisation: str = field(compare=False)
    kind: int = field(compare=False)
    """One of `moyai.v1.NodeKind`."""
    label: str = field(compare=False)
    places: tuple[bytes, ...] = field(compare=False)
    """Subject ids of the places it serves; empty: no limit."""
    valid_from_ms: int = field(compare=False)
    valid_until_ms: int = field(compare=False)
    """Exclusive; never beyond the end of the organisation's key that signed it."""
    tls_certificate: bytes = field(compare=False, repr=False)
    box_key: bytes = field(compare=False, repr=False)
    possession: bytes = field(compare=False, repr=False)

    def check_vouches(self, clock_ms: int) -> None:
        """Whether it vouches for a record with this clock. Its beginning is not asked: a slow clock loses no record.

        Raises:
            CertificateExpired: it was over by then.
        """
        if clock_ms >= self.valid_until_ms:
            raise CertificateExpired(at_ms=clock_ms, valid_until_ms=self.valid_until_ms)

    def check_valid(self, now_ms: int) -> None:
        """Whether it is valid now, a clock five minutes slow allowed for.

        Raises:
            CertificateNotYetValid: it begins later.
            CertificateExpired: it is over.
        """
        if now_ms < self.valid_from_ms - limits.CLOCK_AHEAD_MS_MAX:
            raise CertificateNotYetValid(at_ms=now_ms, valid_from_ms=self.valid_from_ms)
        self.check_vouches(now_ms)


def certify(
    key: OrganisationKey,
    *,
    organisation: str,
    public_key: bytes,
    possession: bytes,
    kind: int,
    label: str,
    places: Sequence[bytes],
    valid_from_ms: int,
    valid_until_ms: int,
    tls_certificate: bytes,
    box_key: bytes,
) -> bytes:
    """A SignedNodeCertificate.

    Raises:
        CertificateMalformed, KeyUnsound, PossessionMissing: what `open_certificate` would refuse as well.
    """
    certificate = wire.NodeCertificate(
        node=node_id(public_key),
        public_key=public_key,
        organisation=organisation,
        kind=wire.NodeKind.ValueType(kind),
        label=label,
        places=sorted(places),
        valid_from_ms=valid_from_ms,
        valid_until_ms=valid_until_ms,
        tls_certificate=tls_certificate,
        box_key=box_key,
    )
    _check_shape(certificate)
    _check_possession(certificate, possession)
    body = certificate.SerializeToString(deterministic=True)
    return wire.SignedNodeCertificate(
        certificate=body, signature=key.sign(labels.CERTIFICATE, body), possession=possession
    ).SerializeToString(deterministic=True)


def open_certificate(signed: bytes, roster: Roster) -> NodeCertificate:
    """Check a certificate against the roster: shape, node id, the organisation's signature, the node's own.

    The key that signed it need not be valid any more: the certificate ends where the key ended, and vouches for its
    whole time before, so that a new key can take over the certificates of a lost one (SPECIFICATION 5.2).

    Raises:
        CertificateMalformed, NodeIdMismatch, KeyUnsound: it breaks a rule of its own.
        UnknownOrganisation: the roster does not list its organisation.
        SignatureWrong: none of that organisation's keys signed it.
        PossessionMissing: the node's key did not sign that it belongs there.
    """
    envelope, certificate = _parse(signed)
    _check_shape(certificate)
    key = roster.organisation(certificate.organisation).signer(
        labels.CERTIFICATE, envelope.certificate, envelope.signature
    )
    if key is None:
        raise SignatureWrong(what="certificate", organisation=certificate.organisation)
    _check_possession(certificate, envelope.possession)
    return NodeCertificate(
        signed=signed,
        node=certificate.node,
        public_key=certificate.public_key,
        organisation=certificate.organisation,
        kind=int(certificate.kind),
        label=certificate.label,
        places=tuple(certificate.places),
        valid_from_ms=certificate.valid_from_ms,
        valid_until_ms=min(certificate.valid_until_ms, key.valid_until_ms),
        tls_certificate=certificate.tls_certificate,
        box_key=certificate.box_key,
        possession=envelope.possession,
    )


def admit(signed: bytes, roster: Roster, *, now_ms: int) -> NodeCertificate:
    """Open a certificate that a peer shows now: it must be valid now as well, a clock five minutes off allowed for.

    Raises:
        TrustRefused: as `open_certificate`; and CertificateNotYetValid, CertificateExpired.
    """
    certificate = open_certificate(signed, roster)
    certificate.check_valid(roster.at_least(now_ms))
    return certificate


def named_in(signed: bytes) -> wire.NodeCertificate:
    """What a certificate says of its node, for one that was checked when it was kept: no signature is looked at.

    Raises:
        CertificateMalformed: it is none.
    """
    return _parse(signed)[1]


def _parse(signed: bytes) -> tuple[wire.SignedNodeCertificate, wire.NodeCertificate]:
    envelope, certificate = wire.SignedNodeCertificate(), wire.NodeCertificate()
    read(envelope, signed, CertificateMalformed, most=CERTIFICATE_BYTES_MAX)
    read(certificate, envelope.certificate, CertificateMalformed)
    return envelope, certificate


def _check_shape(certificate: wire.NodeCertificate) -> None:
    places = list(certificate.places)
    rules = {
        "public-key": len(certificate.public_key) == KEY_BYTES,
        "organisation": len(certificate.organisation) == 6 and certificate.organisation.isascii(),
        "kind": certificate.kind > 0,
        "label": 0 < len(certificate.label) <= LABEL_CHARACTERS_MAX,
        "places": len(places) <= PLACES_MAX and all(len(place) == SUBJECT_BYTES for place in places),
        "dates": 0 < certificate.valid_from_ms < certificate.valid_until_ms,
        "tls-certificate": len(certificate.tls_certificate) <= TLS_CERTIFICATE_BYTES_MAX,
        "box-key": len(certificate.box_key) == KEY_BYTES and any(certificate.box_key),
    }
    require(rules, CertificateMalformed)
    if certificate.node != node_id(certificate.public_key):
        raise NodeIdMismatch()
    if not key_is_sound(certificate.public_key):
        raise KeyUnsound(whose="node")


def _check_possession(certificate: wire.NodeCertificate, possession: bytes) -> None:
    claim = claim_bytes(certificate.organisation, certificate.public_key)
    if not holds(labels.ENROLMENT, claim, possession, certificate.public_key):
        raise PossessionMissing(organisation=certificate.organisation)
