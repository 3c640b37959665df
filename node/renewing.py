"""Takes up the newer certificate that a node's organisation has written for it, once the record of it has come."""

from node.ledger import Ledger, Writing
from node.trust.believed import Believed
from node.trust.certificate import NodeCertificate, open_certificate
from node.vault import CERTIFICATE


def adopt_renewal(ledger: Ledger, believed: Believed, node: bytes, organisation: str) -> None:
    """Where the organisation has certified this node anew, and the record has come: greet with that from now on."""
    renewed = next((one for one in believed.nodes_of(organisation) if one.node == node), None)
    if renewed is None or not _is_later(renewed, ledger.secret(CERTIFICATE), believed):
        return
    with ledger.write() as writing:
        _adopt(writing, renewed, believed)


def _adopt(writing: Writing, renewed: NodeCertificate, believed: Believed) -> None:
    if _is_later(renewed, writing.secret(CERTIFICATE), believed):
        writing.set_secret(CERTIFICATE, renewed.signed)


def _is_later(renewed: NodeCertificate, held: bytes | None, believed: Believed) -> bool:
    if held is None or held == renewed.signed:
        return False
    return open_certificate(held, believed.roster).valid_until_ms < renewed.valid_until_ms
