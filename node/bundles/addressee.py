"""Whom a bundle is written for, and whose bundles are read: the same peers as over a line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moyai.v1 import trust_pb2
from node.bundles.head import Head
from node.bundles.writing import Address
from node.errors import BundleForAnother, BundleNotFromAPeer, BundleOfAnotherFederation, PeerUnknown
from node.trust.believed import Believed
from node.trust.certificate import NodeCertificate
from sync.ports import Peer


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
            return self._field_node(node, believed)
        home = next((peer for peer in peers if peer.organisation == organisation), None)
        if home is None or node:
            raise PeerUnknown(organisation=organisation[:6] or "-")
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

    def check_for_us(self, head: Head, federation: bytes) -> None:
        """Whether a bundle is of our federation, and for this node.

        Raises:
            BundleOfAnotherFederation, BundleForAnother: it is not.
        """
        if head.federation != federation:
            raise BundleOfAnotherFederation
        if not self.is_for_us(head):
            raise BundleForAnother(organisation=head.organisation, node=head.node.hex()[:8] or "-")

    def check_writes_to_us(self, writer: NodeCertificate) -> None:
        """Whether the writer is one this node exchanges bundles with.

        Raises:
            BundleNotFromAPeer: it is not.
        """
        own = writer.organisation == self.organisation
        from_home = writer.kind == trust_pb2.NODE_KIND_HOME
        fits = (own != from_home) if self.is_home else (own and from_home)
        if not fits or writer.node == self.node:
            raise BundleNotFromAPeer(organisation=writer.organisation, node=writer.node.hex()[:8])

    def _field_node(self, name: str, believed: Believed) -> Addressee:
        nodes = [one for one in believed.nodes_of(self.organisation) if one.node != self.node]
        meant = [one for one in nodes if name and (one.label == name or one.node.hex() == name.lower())]
        if len(meant) != 1:
            raise PeerUnknown(organisation=self.organisation)
        return Addressee(
            Peer(meant[0].node, self.organisation),
            Address(believed.roster.federation, self.organisation, meant[0].node, meant[0].box_key),
        )


def _only(nodes: Sequence[bytes]) -> bytes:
    """The only one; empty where there is none, or more than one."""
    return nodes[0] if len(nodes) == 1 else b""
