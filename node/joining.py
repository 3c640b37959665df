"""How a field node asks for its certificate by hand, and takes the answer."""

from node.errors import EnrolmentForAnother
from node.installation import Installation
from node.peerbook import install_roster
from node.registrar import FIELD, wish_of
from node.trust.carried import CarriedAnswer, CarriedRequest
from node.trust.certificate import NodeCertificate, open_certificate
from node.trust.keys import BoxKey
from node.trust.roster import read_roster
from node.vault import BOX_SECRET, CERTIFICATE


def request_of(node: Installation, code: str) -> CarriedRequest:
    """What this node asks with; the code may be empty."""
    wish, claim = wish_of(node, label=node.config.label, kind=FIELD)
    return CarriedRequest(code, wish, claim)


def join_by(node: Installation, answer: CarriedAnswer) -> NodeCertificate:
    """Keep certificate and roster, and whom they came from: so that the first bundle can be for the home node.

    Raises:
        TrustRefused: the roster can't be believed, or a certificate.
        EnrolmentForAnother: the certificate is another node's, or was answered by none of this organisation.
    """
    install_roster(node.ledger, answer.roster, now_ms=node.now_ms())
    roster = read_roster(node.book().roster())
    certificate = open_certificate(answer.certificate, roster)
    home = open_certificate(answer.home, roster)
    ours = (node.key.node, node.config.organisation, own_box_key(node).public_key)
    if (certificate.node, certificate.organisation, certificate.box_key) != ours:
        raise EnrolmentForAnother(what="certificate")
    if home.kind == FIELD or home.organisation != node.config.organisation:
        raise EnrolmentForAnother(what="home")
    with node.ledger.write() as writing:
        writing.set_secret(CERTIFICATE, answer.certificate)
        writing.met(home.node, home.organisation)
    return certificate


def own_box_key(node: Installation, name: str = BOX_SECRET) -> BoxKey:
    """The key that things are sealed to for this node, or under another name for its organisation.

    Raises:
        NotThisNode: it is no home node, and has none for its organisation.
    """
    secret = node.ledger.secret(name)
    if secret is None:
        node.need_home()
    assert secret is not None  # noqa: S101 -- written when the ledger was made
    return BoxKey(secret)
