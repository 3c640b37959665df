"""What of a node makes and reads evacuee cards: what it believes, its key, the inbox for what people present."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.federation import Standing, StandingRoom
from node.peerbook import NodePeerBook
from node.trust.cards import sign_card
from node.trust.certificate import NodeCertificate
from node.trust.keys import NodeKey
from sync.ports import Inbox, Peer


@dataclass(frozen=True, slots=True)
class CardOffice:
    """The `Office` of a node."""

    room: StandingRoom
    key: NodeKey
    book: NodePeerBook

    def standing(self) -> Standing:
        """What this node believes now. Raises NotEnrolled where it is in no federation."""
        return self.room.now()

    def sign(self, written: bytes) -> bytes:
        """This node's signature under a card."""
        return sign_card(written, self.key)

    def certificate(self, organisation: str, node: bytes) -> bytes:
        """The signed certificate of a node; empty where none is held."""
        if node == self.key.node:
            return self.book.certificate()
        held = [one for one in self.room.now().believed.certificates.get(node, ()) if one.organisation == organisation]
        return max(held, key=lambda one: one.valid_until_ms).signed if held else b""

    def inbox(self, peer: Peer, shown: Sequence[NodeCertificate]) -> Inbox:
        """What takes in records that a person presents, as if this peer had sent them, with these certificates."""
        return self.book.inbox(peer, presented=shown)

    def look_again(self) -> int:
        """Let go what has no ground, take what may be taken now."""
        return self.book.look_again()
