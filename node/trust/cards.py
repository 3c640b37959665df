"""Signs an evacuee card with a node's key, and says by whom a card was made."""

from collections.abc import Iterable

from node.errors import AuthorUnknown, CardForged, NodeRevoked
from node.trust import labels
from node.trust.believed import Believed
from node.trust.certificate import NodeCertificate, open_certificate
from node.trust.keys import NodeKey, holds
from node.trust.roster import Roster


def sign_card(written: bytes, key: NodeKey) -> bytes:
    """The signature over a card."""
    return key.sign(labels.CARD, written)


def certificates_on(signed: Iterable[bytes], roster: Roster) -> list[NodeCertificate]:
    """The certificates that a card brings; one that can't be believed spoils it.

    Raises:
        TrustRefused: with the reason.
    """
    return [open_certificate(one, roster) for one in signed]


def maker(written: bytes, signature: bytes, *, node: bytes, issued_at_ms: int, believed: Believed) -> NodeCertificate:
    """The certificate of the node that made a card.

    Raises:
        AuthorUnknown: no certificate of that node is known; the card should have brought it.
        NodeRevoked: its organisation has revoked it.
        CardForged: it did not sign the card.
        CertificateExpired: its certificate was over by then.
    """
    known = believed.certificates.get(node, ())
    if not known:
        raise AuthorUnknown(organisation="-")
    signers = [one for one in known if holds(labels.CARD, written, signature, one.public_key)]
    if not signers:
        raise CardForged
    newest = max(signers, key=lambda one: one.valid_until_ms)
    if believed.is_revoked(newest):
        raise NodeRevoked(organisation=newest.organisation)
    newest.check_vouches(issued_at_ms)
    return newest
