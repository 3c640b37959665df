"""One computer of the simulation: a ledger file on a fragile disk, a wall clock, and the node that runs on them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from random import Random

from node.config import NodeConfig, NodeDirectory
from node.federation import StandingRoom
from node.installation import Installation
from node.ledger import Ledger
from node.ledger.leftover import is_left as log_is_left, set_aside_foreign_log
from node.ledger.mark import MarkFile
from node.peerbook import NodePeerBook
from node.trust.keys import BoxKey, NodeKey, OrganisationKey
from node.vault import NODE_SEED, TLS_CERTIFICATE
from sync.ports import Peer
from tests.simulator.clocks import MachineClock
from tests.simulator.disk import Disk, FragileStore, Image


class Restore(Enum):
    """How an older copy is put in place of a ledger."""

    OVER = "over"
    """Its bytes are written over the file."""
    FILE = "file"
    """Another file takes its place; the mark beside it stays."""
    FOLDER = "folder"
    """The whole folder is put back, mark and all, as new files."""
    DISK = "disk"
    """The whole disk is as it was: nothing on it tells that time has passed."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was settled when the node was set up."""

    config: NodeConfig
    node: bytes
    """Node id."""
    key: bytes = field(repr=False)
    """Of the ledger."""
    organisation_key: OrganisationKey | None
    """At home nodes."""


class Machine:
    """A node that can be started, killed, and set back."""

    def __init__(self, name: str, folder: Path, made: Made, clock: MachineClock, chance: Random) -> None:
        self.name = name
        self.made = made
        self.clock = clock
        self.folder = folder
        self.chance = chance
        """For the node's own entropy and its disk; what the world decides is drawn elsewhere."""
        self._boxes: dict[bytes, BoxKey] = {}
        self._node: Installation | None = None
        self._store: FragileStore | None = None
        self._book: NodePeerBook | None = None

    def __repr__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """The ledger file."""
        return self.folder / "ledger.db"

    @property
    def code(self) -> str:
        """Whose it is."""
        return self.made.config.organisation

    @property
    def is_home(self) -> bool:
        """Whether it is a town hall's."""
        return self.made.config.role == "home"

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._node is not None

    @property
    def node(self) -> Installation:
        """The node that runs."""
        assert self._node is not None, f"{self.name} is down"
        return self._node

    @property
    def ledger(self) -> Ledger:
        """Its ledger."""
        return self.node.ledger

    @property
    def book(self) -> NodePeerBook:
        """Its peers."""
        assert self._book is not None
        return self._book

    @property
    def store(self) -> FragileStore:
        """The file under the ledger, for whoever looks into it."""
        assert self._store is not None
        return self._store

    @property
    def disk(self) -> Disk:
        """The disk it writes to."""
        return self.store.disk

    @property
    def peer(self) -> Peer:
        """How others know it once it has greeted."""
        return Peer(self.node.key.node, self.code)

    @property
    def tls(self) -> bytes:
        """The certificate it shows on a line."""
        certificate = self.ledger.secret(TLS_CERTIFICATE)
        assert certificate is not None
        return certificate

    def box_key(self, which: bytes) -> BoxKey:
        """What bundles for it are sealed to."""
        if which not in self._boxes:
            secret = self.ledger.secret(which)
            assert secret is not None
            self._boxes[which] = BoxKey(secret)
        return self._boxes[which]

    def entropy(self, size: int) -> bytes:
        """Random bytes, by the seed."""
        return self.chance.randbytes(size)

    def start(self) -> None:
        """Start the process, as `Ledger.open` and `node.installation.open_node` do it."""
        assert not self.alive
        marking = MarkFile(self.path, self.made.key)
        marked = marking.read()
        copied = False
        if marked is not None and not marked.is_as_left(self.path):
            copied = not (marked.is_in(self.path) and log_is_left(self.path))
            set_aside_foreign_log(self.path, self.made.key)
        self._store = FragileStore.open(self.path, self.made.key)
        self._store.disk.chance = self.chance
        ledger = Ledger(self._store, marking, marked, copied=copied)
        seed = ledger.secret(NODE_SEED)
        assert seed is not None
        self._node = Installation(
            directory=NodeDirectory(self.folder),
            config=self.made.config,
            ledger=ledger,
            store_key=self.made.key,
            key=NodeKey(seed),
            now_ms=self.clock,
            entropy=self.entropy,
            room=StandingRoom(ledger, self.code),
            verifiers=ThreadPoolExecutor(1),
        )
        self._node.restores.at_opening()
        self._book = self._node.book()

    def stop(self) -> None:
        """Stop it in an orderly way."""
        self.node.close()
        self._node = self._store = self._book = None

    def kill(self) -> None:
        """Kill it: what is on its disk now is all there is when it starts again."""
        image = self.store.image()
        self.stop()
        self._put_into_the_same_file(image, with_mark=True)

    def back_up(self) -> Image:
        """A copy of the ledger as it is now."""
        return Image.of(self.path)

    def set_back(self, copy: Image, how: Restore) -> None:
        """Put an older copy in place of the ledger; it must be down."""
        assert not self.alive
        if how in (Restore.OVER, Restore.DISK):
            self._put_into_the_same_file(copy, with_mark=how is Restore.DISK)
        else:
            copy.put(self.path, with_mark=how is Restore.FOLDER)

    def _put_into_the_same_file(self, copy: Image, *, with_mark: bool) -> None:
        """What stands in it is another, and for the mark beside it the file is the same."""
        copy.put(self.path, with_mark=with_mark)
        marking = MarkFile(self.path, self.made.key)
        mark = marking.read()
        if mark is not None:
            marking.begin(counter=mark.counter, clock=mark.clock, entries=mark.entries)
