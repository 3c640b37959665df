"""Whom a bundle is written for, and whose bundles are read: the same peers as over a line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from moyai.v1 import trust_pb2
from node.bundles.head import Head
from node.bundles.writing import Address
from node.errors import BundleForAnother, BundleNotFromAPeer, BundleOfAnotherFederation, PeerUnknown
from node.trust.believed import Believed
from node.trust.certificate import NodeCertificate
from sync.ports import Peer

UNNAMED: Final = "?"
"""In place of what was typed for a laptop: nobody knows what that is."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a bundle is for."""

    peer: Peer
    """Its node is empty where a home node has never been met: then nothing but a greeting is written."""
    address: Address


@dataclass(frozen=True, slots=True)
class Addressees:
    """Everybody this node exchanges bundles with: a home node with every other home node and with its own field nodes,
    a field node with its own home node."""

    organisation: str
    node: bytes
    is_home: bool

    def named(
        self, name: str, peers: Sequence[Peer], believed: Believed, organisations: Mapping[bytes, str]
    ) -> Addressee:
        """The one meant by "ORG", its home node, or by "ORG/NODE", a field node by id or label.

        Raises:
            PeerUnknown: there is none, or several.
        """
        organisation, _, node = name.partition("/")
        if organisation == self.organisation and self.is_home:
            return self._field_node(node, peers, believed)
        home = next((peer for peer in peers if peer.organisation == organisation), None)
        if home is None or node:
            known = ", ".join(self._known(peers, believed))
            raise PeerUnknown(organisation=organisation[:6] or "-", known=known or "-")
        member = believed.roster.organisation(organisation)
        met = home.node or _only([one for one, code in organisations.items() if code == organisation])
        return Addressee(
            Peer(met, organisation, home.endpoints, home.tls_certificates),
            Address(believed.roster.federation, organisation, b"", member.box_key),
        )

    def is_for_us(self, head: Head) -> bool:
        """Whether the head says so."""
        ours = head.node == self.node or (self.is_home and not head.node)
        return head.organisation == self.organisation and ours

    def check_for_us(self, head: Head, believed: Believed) -> None:
        """Whether a bundle is of our federation, and for this node.

        Raises:
            BundleOfAnotherFederation, BundleForAnother: it is not.
        """
        if head.federation != believed.roster.federation:
            raise BundleOfAnotherFederation
        if not self.is_for_us(head):
            named = whose(believed, head.organisation, head.node)
            raise BundleForAnother(organisation=head.organisation, node=head.node.hex()[:8] or "-", whose=named)

    def check_writes_to_us(self, writer: NodeCertificate, believed: Believed) -> None:
        """Whether the writer is one this node exchanges bundles with.

        Raises:
            BundleNotFromAPeer: it is not.
        """
        own = writer.organisation == self.organisation
        from_home = writer.kind == trust_pb2.NODE_KIND_HOME
        fits = (own != from_home) if self.is_home else (own and from_home)
        if not fits or writer.node == self.node:
            raise BundleNotFromAPeer(whose=whose(believed, writer.organisation, writer.node))

    def _known(self, peers: Sequence[Peer], believed: Believed) -> list[str]:
        """What can be typed: the codes of other home nodes, and the labels of our own laptops."""
        homes = [peer.organisation for peer in peers if peer.organisation != self.organisation or not self.is_home]
        if not self.is_home:
            return homes
        own = [one for one in believed.nodes_of(self.organisation) if one.node != self.node]
        return [*homes, *(f"{self.organisation}/{one.label}" for one in own)]

    def _field_node(self, name: str, peers: Sequence[Peer], believed: Believed) -> Addressee:
        nodes = [one for one in believed.nodes_of(self.organisation) if one.node != self.node]
        meant = [one for one in nodes if name and (one.label == name or one.node.hex() == name.lower())]
        if len(meant) != 1:
            known = ", ".join(self._known(peers, believed))
            raise PeerUnknown(organisation=f"{self.organisation}/{UNNAMED}", known=known)
        return Addressee(
            Peer(meant[0].node, self.organisation),
            Address(believed.roster.federation, self.organisation, meant[0].node, meant[0].box_key),
        )


def whose(believed: Believed, organisation: str, node: bytes) -> str:
    """Whom a bundle is for, or who wrote it, as far as it is known here: "輪島市 172049/wajima-laptop-1"."""
    member = believed.roster.organisations.get(organisation)
    name = f"{member.name} {organisation}" if member is not None else organisation
    if not node:
        return name
    labels = [one.label for one in believed.nodes_of(organisation) if one.node == node]
    return f"{name}/{labels[0] if labels else node.hex()[:8]}"


def _only(nodes: Sequence[bytes]) -> bytes:
    """The only one; empty where there is none, or more than one."""
    return nodes[0] if len(nodes) == 1 else b""
