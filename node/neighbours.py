"""Whom this node speaks with, as a person would name them: who calls whom, what a laptop is called, who is there now.

Names, addresses and labels come from the roster and the enrolments, and only what happened from the ledger: it knows
nothing of who was never reached.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from node.errors import NotEnrolled
from node.federation import StandingRoom
from node.ledger import Contact, Ledger
from node.ledger.peers import OPEN
from node.listed import peers_listed
from node.reference.organisations import organisation_name
from node.trust.believed import Believed
from sync.ports import Peer

GREETED: Final = "GREETED"
"""How a contact stands from the greeting until everything has been moved."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A node this one speaks with."""

    node: bytes
    """Empty: a home node that was never met."""
    organisation: str
    name: str
    """Of its organisation, as the roster has it."""
    label: str
    """What a laptop of our own is called; empty for a home node."""
    endpoints: tuple[str, ...]
    """Where it is called; empty: it calls here."""
    contact: Contact | None
    """What happened with it; None: nothing yet."""
    is_open: bool
    """Whether a conversation with it is open now."""
    is_busy: bool
    """Whether records are being moved in it."""

    @property
    def called(self) -> str:
        """Its name in one line."""
        return f"{self.name} {self.label}".strip()

    @property
    def is_failing(self) -> bool:
        """Whether the last try to reach it came to nothing."""
        return self.contact is not None and self.contact.failing_since_ms is not None and not self.is_open


class Neighbours:
    """The neighbours of one node."""

    def __init__(
        self,
        ledger: Ledger,
        room: StandingRoom,
        organisation: str,
        *,
        node: bytes,
        is_home: bool,
        is_served: Callable[[], bool],
    ) -> None:
        self._ledger = ledger
        self._room = room
        self._organisation = organisation
        self._node = node
        self._is_home = is_home
        self.is_served = is_served
        """Whether a process of this node speaks with them now."""

    def all(self, *, counted: bool = True) -> list[Neighbour]:
        """Home nodes first, in the order of their codes, then our own laptops by their label; none without a roster.
        Unless `counted`, nothing is said to wait."""
        try:
            believed = self._room.now().believed
        except NotEnrolled:
            return []
        peers = peers_listed(believed, organisation=self._organisation, node=self._node, is_home=self._is_home)
        contacts, served = self._ledger.peers() if counted else self._ledger.contacts(), self.is_served()
        labels = {one.node: one.label for one in believed.nodes_of(self._organisation)} if self._is_home else {}
        found = [
            self._neighbour(peer, _contact_with(peer, contacts), labels.get(peer.node, ""), believed, served)
            for peer in peers
        ]
        return sorted(found, key=lambda one: (bool(one.label), one.organisation, one.label))

    def name(self, organisation: str) -> str:
        """As the roster has it, else as the list of municipalities has it."""
        try:
            return _name(organisation, self._room.now().believed)
        except NotEnrolled:
            return organisation_name(organisation)

    def called(self, organisation: str, node: bytes) -> str:
        """The name of one of them in one line, as far as it is known."""
        own = self._is_home and organisation == self._organisation
        labels = {one.node: one.label for one in self._own()} if own else {}
        return f"{self.name(organisation)} {labels.get(node, '')}".strip()

    def label(self, organisation: str, node: bytes) -> str:
        """What one of our own nodes is called; "" where it has no label, or is another's."""
        own = self._own() if organisation == self._organisation else ()
        return next((one.label for one in own if one.node == node), "")

    def address(self, organisation: str, node: bytes) -> str:
        """What is typed to mean it: the code, or for a laptop of our own the code, a slash and its label."""
        if not (self._is_home and organisation == self._organisation):
            return organisation
        own = list(self._own())
        label = next((one.label for one in own if one.node == node), "")
        is_one = label and [one.label for one in own].count(label) == 1 and " " not in label
        return f"{organisation}/{label if is_one else node.hex()}"

    def _own(self) -> "Sequence[_Labelled]":
        try:
            return [_Labelled(one.node, one.label) for one in self._room.now().believed.nodes_of(self._organisation)]
        except NotEnrolled:
            return []

    def _neighbour(
        self, peer: Peer, contact: Contact | None, label: str, believed: Believed, served: bool
    ) -> Neighbour:
        reason = contact.last_reason if contact else ""
        return Neighbour(
            node=contact.node if contact else peer.node,
            organisation=peer.organisation,
            name=_name(peer.organisation, believed),
            label=label,
            endpoints=peer.endpoints,
            contact=contact,
            is_open=served and reason in (OPEN, GREETED),
            is_busy=served and reason == GREETED,
        )


@dataclass(frozen=True, slots=True)
class _Labelled:
    node: bytes
    label: str


def _contact_with(peer: Peer, contacts: Sequence[Contact]) -> Contact | None:
    """What happened with this one: the roster may not know the id of a home node, and then the last one met is it."""
    if peer.node:
        return next((one for one in contacts if one.node == peer.node), None)
    met = [one for one in contacts if one.organisation == peer.organisation]
    return max(met, key=lambda one: one.last_try_ms or 0, default=None)


def _name(organisation: str, believed: Believed) -> str:
    member = believed.roster.organisations.get(organisation)
    return member.name if member is not None else organisation_name(organisation)


def failing_since(found: Sequence[Neighbour]) -> int | None:
    """Since when nobody this node calls can be reached; None: somebody is, or nobody was ever tried."""
    tried = [one for one in found if one.endpoints and one.contact is not None and one.contact.last_try_ms is not None]
    if not tried or not all(one.is_failing for one in tried):
        return None
    return max(one.contact.failing_since_ms or 0 for one in tried if one.contact is not None)
