"""Writes bundles for peers and reads theirs: the exchange without a line, one trip each way.

What goes is what would go over a line, judged and logged as there; it counts as sent only when a bundle from the other
side says so. But whoever a bundle was written for counts as holding what is in it from that moment: a withdrawal must
find them although they have never answered.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from node.bundles.addressee import Addressee, Addressees, whose
from node.bundles.head import Head
from node.bundles.listening import Listener, Taken, Verified, in_shares
from node.bundles.memory import Memory
from node.bundles.reading import ENDING, SHOWN_MAX, Progress, bundles_in, is_folder, open_bundle
from node.bundles.views import apply, ours_now
from node.bundles.writing import BundleWriter
from node.desk.post import JAPAN
from node.errors import (
    BundleOlder,
    BundleReadBefore,
    BundleRefused,
    BundlesForOthers,
    FileMissing,
    NoBundleHere,
    TrustRefused,
)
from node.federation import StandingRoom
from node.ledger import AuditEntry, Ledger
from node.peerbook import NodePeerBook
from node.trust.keys import BoxKey, Entropy, NodeKey
from node.vault import BOX_SECRET, ORGANISATION_BOX
from sync import bundle
from sync.bundlewire import entry_bytes
from sync.envelope import Parcel
from sync.errors import MoyaiError, NoCommonVersion
from sync.frames import VIEWS
from sync.limits import PARCELS_PER_FRAME_MAX
from sync.mapping import Symbols
from sync.ports import Outbox, Peer

BY_HAND: Final = "BY_HAND"
"""How a contact by bundle is written down."""

PREFIXES_AT_ONCE: Final = 512
"""Records asked of the outbox in one go: what is held in memory of them, however many there are."""

BATCH_BYTES: Final = 262_144


def nobody(_done: int, _total: int) -> None:
    """Tells nobody how far it is."""


@dataclass(frozen=True, slots=True)
class Written:
    """A bundle that was written."""

    organisation: str
    node: bytes
    """Whom it is for; empty: a home node never met, so that nothing but a greeting was written."""
    records: int
    bytes: int
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A bundle that was read."""

    organisation: str
    node: bytes
    """Who wrote it."""
    records: int
    new: int
    quarantined: int
    arrived: int
    """How many records that waited for them are there now."""
    waiting: int
    """How many still wait for them."""
    lacking: int
    """How many records they hold for us, and neither gave us now nor ever before."""


class BundlesNotRead(BundleRefused):
    """Of several bundles in a folder some were not read; `named` says which and why, `read` how many were."""

    reason = "BUNDLES_NOT_READ"

    def __init__(self, done: Sequence[Read], refused: Mapping[str, MoyaiError]) -> None:
        self.done = tuple(done)
        named = [f"{name} {error.reason}" for name, error in list(refused.items())[:SHOWN_MAX]]
        if len(refused) > SHOWN_MAX:
            named.append("…")
        super().__init__(read=len(done), refused=len(refused), named=", ".join(named))


@dataclass(frozen=True, slots=True)
class Bundles:
    """The bundles of one node."""

    ledger: Ledger
    room: StandingRoom
    book: NodePeerBook
    key: NodeKey
    organisation: str
    is_home: bool
    now_ms: Callable[[], int]
    entropy: Entropy

    def plan(self, to: str) -> tuple[Peer, int, int]:
        """Whom a bundle would be for, how many records it would have, and their bytes. Nothing is written or logged.

        Raises:
            PeerUnknown: nobody is called that.
        """
        peer = self._addressee(to).peer
        if not peer.node:
            return peer, 0, 0
        for view in VIEWS:
            self.book.outbox(peer).standing(view)
        return peer, *self.ledger.waiting_bytes(peer.node)

    def write(
        self,
        to: str,
        target: Path,
        *,
        operator: str,
        part_bytes: int | None = None,
        progress: Progress = nobody,
    ) -> Written:
        """Write a bundle for "ORG" or "ORG/NODE" to a file, or under a name of its own into a folder.

        Raises:
            PeerUnknown: nobody is called that.
            BundleRefused: it can't be written there; nothing was left.
        """
        addressee = self._addressee(to)
        peer, total = addressee.peer, self.plan(to)[2]
        if is_folder(target):
            target /= self._name(addressee)
        with self.ledger.write() as writing:
            number = writing.next_counter()
        records = 0
        writer = BundleWriter(target, addressee.address, key=self.key, entropy=self.entropy, part_bytes=part_bytes)
        with writer:
            for entry in self._entries(number, peer):
                writer.write(entry_bytes(entry))
                if isinstance(entry, bundle.Carried):
                    records += len(entry.parcels)
                    progress(min(writer.bytes, total), total)
        self._log("carry-out", operator, recipient=peer.organisation, count=records)
        return Written(peer.organisation, peer.node, records, writer.bytes, writer.files)

    def read(self, files: Sequence[Path], *, operator: str, progress: Progress = nobody) -> Read:
        """Read a bundle, all its parts, in any order. All of it is checked before the first record is taken.

        Raises:
            BundleRefused, TrustRefused: with the reason; nothing was taken.
        """
        opened = open_bundle(files)
        listener = Listener(opened, self._key_for(opened.head))
        checking, taking = in_shares(progress, 2)
        believed = self.room.now().believed
        verified = listener.verify(believed, self._addressees, now_ms=self.now_ms(), progress=checking)
        memory = Memory.of(self.ledger, verified.writer.node)
        memory.check_newer(verified.number, verified.writer.organisation)
        peer = self._welcome(verified)
        taken = listener.take(self.book.inbox(peer), taking)
        self.book.contact(peer, BY_HAND)
        arrived, lacking = self._follow(peer, verified, taken)
        self._log("carry-in", operator, count=taken.records)
        waiting = self.plan_for(peer)
        return Read(
            peer.organisation,
            peer.node,
            taken.records,
            taken.new,
            taken.quarantined,
            arrived,
            waiting,
            lacking,
        )

    def read_all(self, folder: Path, *, operator: str, progress: Progress = nobody) -> list[Read]:
        """Read every bundle for this node that lies in a folder, such as that of a stick; those read before are passed
        over, and what can't be read is said once the others are done.

        Raises:
            BundleRefused, TrustRefused, NoCommonVersion: why the only one was not read.
            BundlesNotRead: some were not read; what it has in `done` was.
            NoBundleHere, BundlesForOthers: there is none, or none for this node.
        """
        found = bundles_in(folder, self._addressees.is_for_us)
        done: list[Read] = []
        old: list[BundleRefused] = []
        refused: dict[str, MoyaiError] = {**found.refused}
        for files in found.bundles:
            try:
                done.append(self.read(files, operator=operator, progress=progress))
            except (BundleReadBefore, BundleOlder) as error:
                old.append(error)
            except (BundleRefused, TrustRefused, NoCommonVersion, FileMissing) as error:
                refused[files[0].name] = error
        if len(refused) == 1 and not done:
            raise next(iter(refused.values()))
        if refused:
            raise BundlesNotRead(done, refused)
        if not found.bundles and found.others:
            believed = self.room.now().believed
            named = dict.fromkeys(whose(believed, head.organisation, head.node) for head in found.others)
            raise BundlesForOthers(folder=str(folder), whose=", ".join(named))
        if not found.bundles:
            raise NoBundleHere(folder=str(folder))
        if not done:
            raise old[-1]
        return done

    def plan_for(self, peer: Peer) -> int:
        """How many records wait for this peer."""
        return self.ledger.waiting_bytes(peer.node)[0]

    # --- writing

    def _entries(self, number: int, peer: Peer) -> Iterator[bundle.Entry]:
        yield bundle.Opening(number, self.book.greeting(peer))
        yield bundle.CarriedRoster(self.book.roster())
        records = 0
        if peer.node:
            with self.ledger.write() as writing:
                writing.met(peer.node, peer.organisation)
            memory = Memory.of(self.ledger, peer.node)
            outbox = self.book.outbox(peer)
            for view in VIEWS:
                ours = ours_now(outbox, view)
                listed = ours.count <= bundle.LISTED_MAX or view in memory.asked
                yield from bundle.statements(
                    view,
                    count=ours.count,
                    root=ours.root,
                    cells=ours.cells,
                    ids=ours.ids() if listed else None,
                    wanted=view in memory.untold,
                )
                for parcels in self._batches(outbox, peer, view, ours.waiting):
                    records += len(parcels)
                    yield bundle.Carried(view, parcels)
        yield bundle.Ending(records)

    def _batches(self, outbox: Outbox, peer: Peer, view: int, waiting: Symbols) -> Iterator[tuple[Parcel, ...]]:
        """What waits, in batches of bounded size; whom they are for is a holder before they are handed on."""
        for start in range(0, len(waiting), PREFIXES_AT_ONCE):
            asked = [prefix.to_bytes(8, "big") for prefix in waiting[start : start + PREFIXES_AT_ONCE].tolist()]
            parcels = list(outbox.parcels(view, asked))
            with self.ledger.write() as writing:
                writing.about_to_hold(peer.node, [parcel.record.id for parcel in parcels])
            yield from _bounded(parcels)

    def _addressee(self, to: str) -> Addressee:
        return self._addressees.named(
            to, self.book.peers(), self.room.now().believed, self.ledger.organisations_of_peers()
        )

    def _name(self, addressee: Addressee) -> str:
        when = datetime.fromtimestamp(self.now_ms() / 1000, tz=JAPAN).strftime("%Y%m%d-%H%M")
        to = addressee.peer.organisation + (f"-{addressee.address.node.hex()[:8]}" if addressee.address.node else "")
        return f"{self.organisation}-to-{to}-{when}{ENDING}"

    # --- reading

    def _key_for(self, head: Head) -> BoxKey:
        """The key of ours that it is sealed to."""
        self._addressees.check_for_us(head, self.room.now().believed)
        secret = self.ledger.secret(BOX_SECRET if head.node else ORGANISATION_BOX)
        assert secret is not None  # noqa: S101 -- written when the ledger was made
        return BoxKey(secret)

    def _welcome(self, verified: Verified) -> Peer:
        if verified.newer_roster:
            self.book.offered_roster(verified.newer_roster)
        return self.book.welcome(verified.writer, verified.greeting)

    def _follow(self, peer: Peer, verified: Verified, taken: Taken) -> tuple[int, int]:
        """What follows from how the writer's views stand, and that the bundle has been read: only now, so that one
        whose reading broke off can be read again."""
        arrived = lacking = 0
        untold = set()
        for view, told in taken.told.items():
            followed, marked = apply(self.ledger, self.book.outbox(peer), peer, told)
            arrived += marked
            lacking += followed.lacking
            if not followed.told:
                untold.add(view)
        asked = {view for view, told in taken.told.items() if told.statement.list_wanted}
        Memory(verified.number, frozenset(asked), frozenset(untold)).keep(self.ledger, peer.node)
        return arrived, lacking

    @property
    def _addressees(self) -> Addressees:
        return Addressees(self.organisation, self.key.node, self.is_home)

    def _log(self, act: str, operator: str, *, recipient: str | None = None, count: int) -> None:
        with self.ledger.write() as writing:
            writing.log(
                AuditEntry(
                    at_ms=self.now_ms(),
                    act=act,
                    operator=operator,
                    node=self.key.node,
                    organisation=self.organisation,
                    purpose="aid",
                    recipient=recipient,
                    count=count,
                )
            )


def _bounded(parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, ...]]:
    some: list[Parcel] = []
    size = 0
    for parcel in parcels:
        some.append(parcel)
        size += len(parcel.record.body)
        if size >= BATCH_BYTES or len(some) == PARCELS_PER_FRAME_MAX:
            yield tuple(some)
            some, size = [], 0
    if some:
        yield tuple(some)
