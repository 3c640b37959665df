"""A small federation of real nodes on real ledgers, with a clock of its own and an exchange without a network."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from moyai.v1 import exchange_pb2
from node.config import NodeConfig, NodeDirectory
from node.granting import Granting
from node.installation import Installation, open_node
from node.peerbook import install_roster
from node.registrar import FIELD, Registrar, wish_of
from node.setup import Locks, make_node
from node.trust.keys import OrganisationKey
from node.trust.members import read_member_card
from node.trust.roster import DRILL_ID
from node.vault import CERTIFICATE
from sync.enrolment import Application
from sync.envelope import ID_BYTES, PREFIX_BYTES, Parcel
from sync.ports import Inbox, Peer, Tally
from tests.builders.trust import (
    DAY_MS,
    FEDERATION,
    ISHIKAWA,
    KANAZAWA,
    NOW_MS,
    SUPPORT,
    TRUSTEES,
    WAJIMA,
    of_members,
    signed_by,
)

VIEWS = (int(exchange_pb2.VIEW_CONTROL), int(exchange_pb2.VIEW_DATA))
NAMES = {WAJIMA: "輪島市", KANAZAWA: "金沢市", ISHIKAWA: "石川県", "172022": "七尾市", SUPPORT: "災害支援ネット"}
KINDS = {ISHIKAWA: "prefecture", SUPPORT: "support"}


@dataclass(slots=True)
class Time:
    """A clock that goes on only when told."""

    ms: int = NOW_MS

    def __call__(self) -> int:
        return self.ms

    def later(self, *, minutes: float = 0, days: float = 0) -> None:
        """Let time pass."""
        self.ms += int(minutes * 60_000 + days * DAY_MS)


def take(inbox: Inbox, view: int, parcels: Sequence[Parcel]) -> Tally:
    """Both halves of taking a batch, with nothing between them."""
    return inbox.commit(inbox.prepare(view, parcels))


@dataclass(slots=True)
class Federation:
    """Nodes by name: the code of a home node's organisation, or the name given to a field node."""

    folder: Path
    time: Time = field(default_factory=Time)
    nodes: dict[str, Installation] = field(default_factory=dict)
    chance: Random = field(default_factory=lambda: Random(20240101))
    drill: bool = False
    """Whether its nodes are made for drills."""
    endpoints: dict[str, str] = field(default_factory=dict)
    """Where home nodes are to be dialled, by code; the others are nowhere."""

    def entropy(self, size: int) -> bytes:
        """Bytes by the seed: the same federation each time."""
        return self.chance.randbytes(size)

    def __getitem__(self, name: str) -> Installation:
        return self.nodes[name]

    def key(self, name: str) -> OrganisationKey:
        """The organisation's key of a home node."""
        return self.nodes[name].organisation_key(None)

    def granting(self, name: str) -> Granting:
        """Applications and decisions of a home node."""
        return Granting(self.nodes[name], lambda: self.key(name), operator="mayor")

    def add_home(self, code: str) -> None:
        """A home node, not in a roster yet."""
        self._make(code, code, "home")
        Registrar(self.nodes[code], lambda: self.key(code)).enrol_self(operator="setup")

    def add_field(self, name: str, code: str, places: tuple[bytes, ...] = ()) -> Installation:
        """A field node, enrolled with a one-time code."""
        home = self.nodes[code]
        self._make(name, code, "field")
        node = self.nodes[name]
        registrar = Registrar(home, lambda: self.key(code))
        typed, _ = registrar.open_code(minutes=60, places=places)
        wish, claim = wish_of(node, label=name, kind=FIELD)
        enrolled = registrar.redeem(Application(typed, wish, claim))
        install_roster(node.ledger, enrolled.roster, now_ms=self.time())
        with node.ledger.write() as writing:
            writing.set_secret(CERTIFICATE, enrolled.certificate)
        return node

    def install(self, *codes: str) -> bytes:
        """Found the federation of these home nodes."""
        cards = [read_member_card(self.nodes[code].directory.member_card.read_bytes()) for code in codes]
        federation = DRILL_ID + FEDERATION[len(DRILL_ID) :] if self.drill else FEDERATION
        signed = signed_by(of_members(cards, federation=federation, drill=self.drill), *TRUSTEES[:2])
        for code in codes:
            install_roster(self.nodes[code].ledger, signed, now_ms=self.time())
        return signed

    def peer(self, name: str) -> Peer:
        """The node of this name, as others see it."""
        node = self.nodes[name]
        return Peer(node.key.node, node.config.organisation)

    def meet(self, first: str, second: str, *, rounds: int = 4) -> bool:
        """Exchange until both have the same views; whether they came to it. The rules are the nodes' own."""
        agreed = False
        for _ in range(rounds):
            outcomes = [self._exchange(first, second, view) for view in VIEWS]
            agreed = all(outcomes)
            for name, other in ((first, second), (second, first)):
                self.nodes[name].book().contact(self.peer(other), "DONE")
            if agreed and all(self.ids(first, second, view) == self.ids(second, first, view) for view in VIEWS):
                return True
        return agreed

    def ids(self, holder: str, peer: str, view: int) -> list[bytes]:
        """The view that one node keeps for another."""
        outbox = self.nodes[holder].book().outbox(self.peer(peer))
        outbox.standing(view)
        whole = outbox.ids(view)
        return [whole[start : start + ID_BYTES] for start in range(0, len(whole), ID_BYTES)]

    def parcels(self, sender: str, receiver: str, view: int, ids: list[bytes]) -> list[Parcel]:
        """What the sender's outbox hands out of these."""
        outbox = self.nodes[sender].book().outbox(self.peer(receiver))
        return list(outbox.parcels(view, [id_[:PREFIX_BYTES] for id_ in ids]))

    def _exchange(self, first: str, second: str, view: int) -> bool:
        """One comparison of one view; whether it was equal."""
        ours, theirs = self.ids(first, second, view), self.ids(second, first, view)
        if ours == theirs:
            for name, other in ((first, second), (second, first)):
                outbox = self.nodes[name].book().outbox(self.peer(other))
                outbox.agreed(view, outbox.standing(view).root)
            return True
        for sender, receiver, held, lacked in ((first, second, ours, theirs), (second, first, theirs, ours)):
            missing = sorted(set(held) - set(lacked))
            parcels = self.parcels(sender, receiver, view, missing) if missing else []
            if parcels:
                take(self.nodes[receiver].book().inbox(self.peer(sender)), view, parcels)
                outbox = self.nodes[sender].book().outbox(self.peer(receiver))
                outbox.passed(view, [parcel.record.id for parcel in parcels])
        return False

    def _make(self, name: str, code: str, role: str) -> None:
        directory = NodeDirectory(self.folder / name)
        config = NodeConfig.model_validate(
            {
                "organisation": code,
                "organisation_name": NAMES.get(code, code),
                "kind": KINDS.get(code, "municipality"),
                "role": role,
                "label": name,
                "key_file": str(self.folder / f"{name}.key"),
                "drill": self.drill,
            }
        )
        endpoints = (self.endpoints.get(code, "127.0.0.1:1"),) if role == "home" else ()
        locks = Locks(self.folder / f"{name}.key")
        make_node(directory, config, locks, endpoints=endpoints, entropy=self.entropy, now_ms=self.time())
        self.open(name)

    def open(self, name: str) -> Installation:
        """Open a node anew, as after a restart."""
        if name in self.nodes:
            self.nodes[name].close()
        node = open_node(self.folder / name, passphrase=lambda: "", now_ms=self.time, entropy=self.entropy)
        self.nodes[name] = node
        return node


@contextmanager
def federation(folder: Path, *codes: str, endpoints: Mapping[str, str] | None = None) -> Iterator[Federation]:
    """Home nodes of these organisations under one roster."""
    made = Federation(folder, endpoints=dict(endpoints or {}))
    try:
        for code in codes or (WAJIMA, KANAZAWA, ISHIKAWA):
            made.add_home(code)
        made.install(*(codes or (WAJIMA, KANAZAWA, ISHIKAWA)))
        yield made
    finally:
        for node in made.nodes.values():
            node.close()
