"""Who the peers are, as roster and enrolments say; and what each is greeted, shown and told."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from typing import Final

from google.protobuf.message import DecodeError

from moyai.v1 import exchange_pb2
from node.counterclaims import CounterClaims
from node.drill import check_first
from node.errors import NotEnrolled, PeerIsAnother, RosterRollback, TlsCertificateOther, TrustRefused
from node.federation import StandingRoom, installed_roster
from node.holdings import Holdings
from node.inbox import NodeInbox
from node.inside import InsideOutbox
from node.ledger import Ledger
from node.listed import peers_listed
from node.outbox import NodeOutbox
from node.peer_clocks import note_clock
from node.pen import Pen
from node.release.federation import Recipient
from node.renewing import adopt_renewal
from node.restores import WITNESSED_BYTES, Restores
from node.secondlook import SecondLook
from node.setback import SetBack
from node.trust.certificate import NodeCertificate
from node.trust.roster import open_roster
from node.vault import CERTIFICATE, ROSTER
from sync.ports import Inbox, Peer

DONE: Final = "DONE"
VERSIONS: Final = (1,)
"""Protocol versions this implementation speaks."""
MENDED_BY_A_ROSTER: Final = ("AUTHOR_UNKNOWN", "UNKNOWN_ORGANISATION", "SIGNATURE_WRONG")
"""Reasons for which a record was turned away that members and keys of a newer roster can take away."""
AUDIT_LENGTH_MAX: Final = 1 << 48
"""More entries than any log will ever have; what a column holds is not much more."""
AUDIT_HEAD_BYTES_MAX: Final = 32


class NodePeerBook:
    """The `PeerBook` of a node. A home node dials every member; a field node dials its own home node and nobody
    else."""

    def __init__(
        self,
        ledger: Ledger,
        room: StandingRoom,
        holdings: Holdings,
        pen: Pen,
        *,
        is_home: bool,
        now_ms: Callable[[], int],
        executor: Executor | None = None,
    ) -> None:
        self._ledger = ledger
        self._room = room
        self._holdings = holdings
        self._pen = pen
        self._node = pen.node
        self._organisation = pen.organisation
        self._is_home = is_home
        self._now_ms = now_ms
        self._executor = executor
        self._restores = Restores(ledger, node=pen.node, organisation=pen.organisation, now_ms=now_ms)

    def peers(self) -> Sequence[Peer]:
        """The home nodes this one speaks to, and for a home node its own field nodes, which can only call."""
        return peers_listed(
            self._room.now().believed, organisation=self._organisation, node=self._node, is_home=self._is_home
        )

    def caller(self, tls_certificate: bytes) -> Peer | None:
        """Who owns exactly this certificate."""
        found = next((peer for peer in self.peers() if tls_certificate in peer.tls_certificates), None)
        return replace(found, tls_certificates=(tls_certificate,)) if found else None

    def certificate(self) -> bytes:
        """This node's own, signed. Raises NotEnrolled."""
        certificate = self._ledger.secret(CERTIFICATE)
        if certificate is None:
            raise NotEnrolled(what="certificate")
        return certificate

    def greeting(self, peer: Peer) -> bytes:
        """What this node says first; to one it has met also how long that one's log was."""
        certificate = self.certificate()
        roster = self._room.now().believed.roster
        length, head = self._ledger.audit_head()
        witness = self._ledger.witness(peer.node) if peer.node else None
        return exchange_pb2.Greeting(
            versions=VERSIONS,
            federation=roster.federation,
            roster_version=roster.version,
            clock_ms=self._now_ms(),
            certificate=certificate,
            audit_head=head,
            audit_length=length,
            witnessed_length=witness.length if witness else 0,
            witnessed_head=witness.head[:WITNESSED_BYTES] if witness else b"",
        ).SerializeToString(deterministic=True)

    def greeted(self, peer: Peer, greeting: bytes) -> Peer:
        """Check who greets: the certificate must hold, be of the organisation, and name the TLS certificate shown."""
        said = exchange_pb2.Greeting()
        try:
            said.ParseFromString(greeting)
        except DecodeError as error:
            raise PeerIsAnother(organisation=peer.organisation, what="greeting") from error
        if _is_beyond_all_logs(said):
            raise PeerIsAnother(organisation=peer.organisation, what="greeting")
        certificate = self._met(peer, said.certificate)
        self._note(certificate, said, clock_ms=said.clock_ms)
        speed = self._ledger.line_speed(certificate.node)
        return Peer(certificate.node, certificate.organisation, peer.endpoints, peer.tls_certificates, speed)

    def welcome(self, certificate: NodeCertificate, said: exchange_pb2.Greeting) -> Peer:
        """Who has written a bundle, its certificate and signature checked; what it witnesses is kept.

        A bundle may be older than the last conversation: a shorter log is then no rewritten one.
        """
        if _is_beyond_all_logs(said):
            raise PeerIsAnother(organisation=certificate.organisation, what="greeting")
        before = self._ledger.witness(certificate.node)
        self._note(certificate, said, is_older=before is not None and said.audit_length < before.length)
        return Peer(certificate.node, certificate.organisation)

    def _note(
        self, certificate: NodeCertificate, said: exchange_pb2.Greeting, *, is_older: bool = False, clock_ms: int = 0
    ) -> None:
        node, now = certificate.node, self._now_ms()
        with self._ledger.write() as writing:
            writing.contact(node, organisation=certificate.organisation, reason="GREETED", at_ms=now)
            note_clock(writing, node, clock_ms, now)
            if not is_older:
                writing.witnessed(node, length=said.audit_length, head=said.audit_head, at_ms=now)
        self._restores.witnessed(node, said.witnessed_length, said.witnessed_head)

    def roster(self) -> bytes:
        """The roster this node goes by."""
        signed = self._ledger.secret(ROSTER)
        if signed is None:
            raise NotEnrolled(what="roster")
        return signed

    def offered_roster(self, signed_roster: bytes) -> None:
        """A newer roster came over the line: taken if the trustees of the one held have signed it.

        One that is older by now is no fault of the peer's: another has come since we greeted.
        """
        with suppress(RosterRollback):
            install_roster(self._ledger, signed_roster, now_ms=self._now_ms())

    def outbox(self, peer: Peer) -> NodeOutbox | InsideOutbox:
        """What may go to this peer."""
        scope: frozenset[bytes] = frozenset()
        if peer.organisation == self._organisation:
            held = self._room.now().believed.nodes_of(self._organisation)
            scope = frozenset(place for one in held if one.node == peer.node for place in one.places)
            if not scope:
                return InsideOutbox(
                    self._ledger,
                    peer.node,
                    organisation=self._organisation,
                    author=self._node,
                    now_ms=self._now_ms,
                )
        return NodeOutbox(
            self._ledger,
            self._room,
            Recipient(peer.organisation, peer.node, scope),
            author=self._node,
            now_ms=self._now_ms,
        )

    def inbox(self, peer: Peer, *, presented: Sequence[NodeCertificate] | None = None) -> Inbox:
        """What takes in from this peer; `presented`: it is on the card of a person who stands here, with these
        certificates."""
        return NodeInbox(
            self._ledger,
            self._room,
            peer,
            node=self._node,
            holdings=self._holdings,
            now_ms=self._now_ms,
            executor=self._executor,
            came_back=self._restores.came_back,
            from_our_home=not self._is_home and peer.organisation == self._organisation and presented is None,
            presented=presented,
        )

    def contact(self, peer: Peer, reason: str, bytes_per_second: int | None = None) -> None:
        """A conversation ended: what came with it may take the ground from under what is held, or bury what we said."""
        if peer.node:
            with self._ledger.write() as writing:
                writing.contact(peer.node, organisation=peer.organisation, reason=reason, at_ms=self._now_ms())
                if bytes_per_second is not None:
                    writing.measured(peer.node, bytes_per_second)
        self.look_again()

    def work_ahead(self, most: int) -> bool:
        """Go on working out the views of those we speak with, in one short transaction each, so that the next
        conversation finds them done. Returns whether they all were."""
        return not [peer for peer in self._met_before() if self.outbox(peer).step(most) is not None]

    def look_again(self) -> int:
        """Let go what has lost its ground, take what may be taken now; to be called at times. Returns how many went."""
        SetBack(self._ledger, now_ms=self._now_ms).look()
        SecondLook(self._ledger, self.inbox, now_ms=self._now_ms).look()
        while self._ledger.catch_up():
            pass
        CounterClaims(self._ledger, self._pen).answer()
        with suppress(TrustRefused):
            adopt_renewal(self._ledger, self._room.now().believed, self._node, self._organisation)
        return self._holdings.sweep(self._room.now())

    def _met_before(self) -> Sequence[Peer]:
        """Those listed now with whom this node has spoken: for others nothing is worked out before they come."""
        listed = {peer.organisation for peer in self.peers()}
        met = self._ledger.organisations_of_peers()
        return [Peer(node, organisation) for node, organisation in met.items() if organisation in listed]

    def _met(self, peer: Peer, signed_certificate: bytes) -> NodeCertificate:
        """The certificate must hold, and go with the TLS certificate the connection was made with."""
        believed, refusal = self._room.now().believed, PeerIsAnother(organisation=peer.organisation, what="TLS")
        for shown in peer.tls_certificates:
            try:
                certificate = believed.meet(signed_certificate, shown_tls=shown, now_ms=self._now_ms())
            except TlsCertificateOther:
                continue
            if certificate.organisation != peer.organisation:
                raise PeerIsAnother(organisation=peer.organisation, what="organisation")
            if peer.node and certificate.node != peer.node:
                raise PeerIsAnother(organisation=peer.organisation, what="node")
            return certificate
        raise refusal


def _is_beyond_all_logs(said: exchange_pb2.Greeting) -> bool:
    lengths, heads = (said.audit_length, said.witnessed_length), (said.audit_head, said.witnessed_head)
    return max(lengths) > AUDIT_LENGTH_MAX or max(map(len, heads)) > AUDIT_HEAD_BYTES_MAX


def install_roster(ledger: Ledger, signed: bytes, *, now_ms: int) -> int:
    """Take a roster, first or newer; returns its version. The one held stays wherever this raises.

    Raises:
        TrustRefused: with the reason; nothing was changed.
    """
    with ledger.write() as writing:  # compared with the one that is there when it is written, whoever else installs one
        try:
            trusted = installed_roster(writing)
        except NotEnrolled:
            trusted = None
        opened = open_roster(signed, trusted=trusted, now_ms=now_ms)
        if trusted is None:
            check_first(writing, opened)
        if trusted is None or opened.version > trusted.version:
            writing.set_secret(ROSTER, signed)
            writing.reconsider_all(MENDED_BY_A_ROSTER)
    return opened.version
