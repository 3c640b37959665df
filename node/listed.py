"""Whom a node speaks with, as the roster and the enrolments say."""

from collections.abc import Sequence

from node.trust.believed import Believed
from sync.ports import Peer


def peers_listed(believed: Believed, *, organisation: str, node: bytes, is_home: bool) -> Sequence[Peer]:
    """For a home node of this organisation the other home nodes, and its own field nodes, which can only call; for a
    field node its own home node. `node`: who asks."""
    found: list[Peer] = []
    for member in believed.roster.organisations.values():
        own = member.code == organisation
        if own == is_home or not member.tls_certificates:
            continue
        claims = {believed.by_tls(certificate) for certificate in member.tls_certificates} - {None}
        known = next((claim[1] for claim in claims if claim is not None and claim[1]), b"")
        found.append(Peer(known, member.code, tuple(member.endpoints), tuple(member.tls_certificates)))
    if is_home:
        found.extend(
            Peer(certificate.node, organisation, (), (certificate.tls_certificate,))
            for certificate in believed.nodes_of(organisation)
            if certificate.node != node
        )
    return found
