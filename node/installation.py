"""One node, opened: its ledger and its keys, and what is built on them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from moyai.v1 import trust_pb2
from node.config import NodeConfig, NodeDirectory
from node.drill import is_drill, made_for_drills
from node.errors import ConfigOfAnother, NodeLocked, NotThisNode
from node.federation import StandingRoom
from node.ledger import Ledger
from node.neighbours import Neighbours
from node.pen import Pen
from node.restores import Restores
from node.retention import InquiryRetention
from node.trust import keyfile
from node.trust.certificate import named_in
from node.trust.keys import NodeKey, OrganisationKey
from node.trust.seal import seal
from node.unlocking import store_key
from node.vault import CERTIFICATE, NODE_SEED

# What of the node a command does not use it does not load: all of it takes a second.
# ruff: noqa: PLC0415
if TYPE_CHECKING:
    from node.alike import Alike
    from node.bundles.carrying import Bundles
    from node.card_office import CardOffice
    from node.coordination import Coordination
    from node.desk.desk import Desk
    from node.desk.disasters import Disasters
    from node.desk.post import Post
    from node.holdings import Holdings
    from node.ledger.upgrading import Upgrading
    from node.peerbook import NodePeerBook
    from node.retention_of_people import PeopleRetention

VERIFIERS: Final = 2


@dataclass(frozen=True, slots=True)
class Installation:
    """What a node consists of while it runs. Open it with `open_node`, close it when done."""

    directory: NodeDirectory
    config: NodeConfig
    ledger: Ledger
    store_key: bytes = field(repr=False)
    """The ledger's own key: for a copy of it."""
    key: NodeKey
    now_ms: Callable[[], int]
    entropy: Callable[[int], bytes]
    room: StandingRoom
    verifiers: ThreadPoolExecutor
    """The threads that check signatures, begun when there is a batch to check."""

    @property
    def is_home(self) -> bool:
        """Whether this is the town hall's node."""
        return self.config.role == "home"

    @property
    def is_drill(self) -> bool:
        """Whether all this is a drill (訓練)."""
        return is_drill(self.ledger)

    @property
    def pen(self) -> Pen:
        """What this node writes with."""
        return Pen(
            ledger=self.ledger,
            node=self.key.node,
            organisation=self.config.organisation,
            seal=lambda body: seal(body, self.key),
            now_ms=self.now_ms,
        )

    @property
    def holdings(self) -> "Holdings":
        """What sees to it that nothing is held without a ground."""
        from node.holdings import Holdings

        return Holdings(self.ledger, self.pen, now_ms=self.now_ms, entropy=self.entropy)

    @property
    def alike(self) -> "Alike":
        """What finds people who may be one."""
        from node.alike import Alike

        return Alike(self.ledger, now_ms=self.now_ms)

    @property
    def inquiry_retention(self) -> InquiryRetention:
        """What erases kept inquiries when their time is over."""
        return InquiryRetention(
            self.ledger, self.config.organisation, self.key.node, self.config.inquiry_days, now_ms=self.now_ms
        )

    @property
    def people_retention(self) -> "PeopleRetention":
        """What erases people when the disasters that touched them are long over."""
        from node.retention_of_people import PeopleRetention

        return PeopleRetention(
            self.ledger,
            self.pen,
            self.room,
            self.config.retention_days,
            now_ms=self.now_ms,
            entropy=self.entropy,
        )

    @property
    def restores(self) -> Restores:
        """What sees to it that no counter is given twice after a backup was put back."""
        return Restores(self.ledger, node=self.key.node, organisation=self.config.organisation, now_ms=self.now_ms)

    def organisation_key(self, passphrase: str | None) -> OrganisationKey:
        """The organisation's key, which signs certificates, revocations, applications and decisions.

        Raises:
            TrustRefused: the file is missing or does not open.
        """
        path = self.directory.organisation_key
        return OrganisationKey(keyfile.read_key_file(path, kind=keyfile.ORGANISATION, passphrase=passphrase))

    def book(self) -> "NodePeerBook":
        """Who the peers are."""
        from node.peerbook import NodePeerBook

        return NodePeerBook(
            self.ledger,
            self.room,
            self.holdings,
            self.pen,
            is_home=self.is_home,
            now_ms=self.now_ms,
            executor=self.verifiers,
        )

    @property
    def neighbours(self) -> Neighbours:
        """Whom this node speaks with, by name."""
        return Neighbours(
            self.ledger,
            self.room,
            self.config.organisation,
            node=self.key.node,
            is_home=self.is_home,
            is_served=self.directory.serving.is_held,
        )

    def bundles(self) -> "Bundles":
        """What is written for peers and read from them by hand."""
        from node.bundles.carrying import Bundles

        return Bundles(
            ledger=self.ledger,
            room=self.room,
            book=self.book(),
            key=self.key,
            organisation=self.config.organisation,
            is_home=self.is_home,
            now_ms=self.now_ms,
            entropy=self.entropy,
        )

    def card_office(self) -> "CardOffice":
        """What makes and reads evacuee cards."""
        from node.card_office import CardOffice

        return CardOffice(self.room, self.key, self.book())

    def desk(
        self, operator: str, *, place: bytes = b"", poke: Callable[[str | None], None] = lambda _organisation: None
    ) -> "Desk":
        """The desk of an operator at a place."""
        from node.desk.desk import Desk

        return Desk(self.post(operator, place), poke=poke, carrier=self.bundles, office=self.card_office)

    def disasters(self, operator: str) -> "Disasters":
        """The disasters of this organisation's realm."""
        from node.desk.disasters import Disasters

        return Disasters(
            self.post(operator, b""),
            lambda: self.room.now().federation,
            retention_days=self.config.retention_days,
            foretold=self.people_retention.foretold,
        )

    def coordination(
        self, operator: str, *, poke: Callable[[str | None], None] = lambda _organisation: None
    ) -> "Coordination":
        """The coordinator's view of what this node holds."""
        from node.coordination import Coordination

        return Coordination(self, self.post(operator, b""), poke=poke, carrier=self.bundles)

    def post(self, operator: str, place: bytes) -> "Post":
        """What every act at one desk shares."""
        from node.desk.post import Post

        return Post(
            ledger=self.ledger,
            pen=self.pen,
            organisation=self.config.organisation,
            organisation_name=self.config.organisation_name,
            operator=operator,
            now_ms=self.now_ms,
            entropy=self.entropy,
            is_home=self.is_home,
            neighbours=self.neighbours,
            place=place,
            is_drill=self.is_drill,
        )

    def need_home(self) -> None:
        """Raises NotThisNode where this is not a home node."""
        if not self.is_home:
            raise NotThisNode(expected="home")

    def close(self) -> None:
        """Close the ledger."""
        self.verifiers.shutdown()
        self.ledger.close()


def open_node(
    path: Path,
    *,
    passphrase: Callable[[], str],
    now_ms: Callable[[], int],
    entropy: Callable[[int], bytes],
    upgrading: "Upgrading | None" = None,
) -> Installation:
    """Open the node in a directory; `passphrase` is asked only where there is no key file, and `upgrading` hears how
    far an older ledger is brought up.

    Where its ledger turns out to be an older copy, it counts on from above before anything else is done.

    Raises:
        NodeNotSetUp, NodeLocked, LedgerRefused: with the reason; ConfigOfAnother where node.toml is not of this node.
    """
    directory = NodeDirectory(path)
    config = directory.read_config()
    key = store_key(directory, config, passphrase)
    ledger = Ledger.open(directory.ledger, key, upgrading)
    seed = ledger.secret(NODE_SEED)
    if seed is None:
        ledger.close()
        raise NodeLocked(what="node-seed")
    installation = Installation(
        directory=directory,
        config=config,
        ledger=ledger,
        store_key=key,
        key=NodeKey(seed),
        now_ms=now_ms,
        entropy=entropy,
        room=StandingRoom(ledger, config.organisation),
        verifiers=ThreadPoolExecutor(VERIFIERS, thread_name_prefix="moyai-verify"),
    )
    try:
        _check_config(ledger, config)
        installation.restores.at_opening()
    except BaseException:
        ledger.close()
        raise
    return installation


def _check_config(ledger: Ledger, config: NodeConfig) -> None:
    """What the node is, its certificate says; node.toml may be edited, and be wrong.

    Raises:
        ConfigOfAnother: it says another organisation, or another role, or what is no drill to be one.
    """
    if made_for_drills(ledger) not in (None, config.drill):
        raise ConfigOfAnother(expected=f"drill = {str(not config.drill).lower()}", got=str(config.drill).lower())
    signed = ledger.secret(CERTIFICATE)
    if signed is None:
        return
    certificate = named_in(signed)
    role = "home" if certificate.kind == trust_pb2.NODE_KIND_HOME else "field"
    if (certificate.organisation, role) != (config.organisation, config.role):
        raise ConfigOfAnother(
            expected=f"{certificate.organisation} ({role})", got=f"{config.organisation} ({config.role})"
        )
