"""Enrolment: how a new node asks for its certificate, and how its organisation grants or renews it."""

from collections.abc import Sequence

from moyai.v1 import trust_pb2 as wire
from node.errors import CertificateMalformed
from node.trust.certificate import CERTIFICATE_BYTES_MAX, NodeCertificate, certify
from node.trust.keys import NodeKey, OrganisationKey
from node.trust.shape import read


def ask(
    key: NodeKey, *, organisation: str, kind: int, label: str, tls_certificate: bytes, box_key: bytes
) -> tuple[bytes, bytes]:
    """What a new node sends beside its one-time code: the certificate wished for, and its claim."""
    wish = wire.NodeCertificate(
        node=key.node,
        public_key=key.public_key,
        organisation=organisation,
        kind=wire.NodeKind.ValueType(kind),
        label=label,
        tls_certificate=tls_certificate,
        box_key=box_key,
    )
    return wish.SerializeToString(deterministic=True), key.claim(organisation)


def read_wish(wish: bytes) -> wire.NodeCertificate:
    """What a new node asked for.

    Raises:
        CertificateMalformed: it can't be read.
    """
    wished = wire.NodeCertificate()
    read(wished, wish, CertificateMalformed, most=CERTIFICATE_BYTES_MAX)
    return wished


def grant(
    wish: bytes,
    claim: bytes,
    key: OrganisationKey,
    *,
    organisation: str,
    places: Sequence[bytes],
    valid_from_ms: int,
    valid_until_ms: int,
) -> bytes:
    """A SignedNodeCertificate for a wish. Key, kind, label, box key and TLS certificate are the node's to choose.

    Raises:
        CertificateMalformed, KeyUnsound: the wish breaks a rule.
        PossessionMissing: the claim is not the node's, or of another organisation.
    """
    wished = read_wish(wish)
    return certify(
        key,
        organisation=organisation,
        public_key=wished.public_key,
        possession=claim,
        kind=int(wished.kind),
        label=wished.label,
        places=places,
        valid_from_ms=valid_from_ms,
        valid_until_ms=valid_until_ms,
        tls_certificate=wished.tls_certificate,
        box_key=wished.box_key,
    )


def renew(certificate: NodeCertificate, key: OrganisationKey, *, valid_until_ms: int) -> bytes:
    """The same certificate with another end, by the same or a new key. Vouches for what was written before as well."""
    return certify(
        key,
        organisation=certificate.organisation,
        public_key=certificate.public_key,
        possession=certificate.possession,
        kind=certificate.kind,
        label=certificate.label,
        places=certificate.places,
        valid_from_ms=certificate.valid_from_ms,
        valid_until_ms=valid_until_ms,
        tls_certificate=certificate.tls_certificate,
        box_key=certificate.box_key,
    )
