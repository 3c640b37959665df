"""How much memory a home node takes: a million records, sixty peers on open lines, each caught up and at rest.

The home node is a real one in a process of its own, on a real ledger. Three of its peers are its own laptops, whose
view is the whole ledger and who have been away for 5,000 records; the others are town halls that get whoever has
consented. Peers keep what they take in memory; who they are and what they show is real.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from moyai.v1 import exchange_pb2
from node.installation import Installation
from node.ledger import Arrival
from node.people.facets import to_content
from node.records import kinds
from node.records.record import Record, body_bytes, open_record
from node.reference.municipalities import municipalities
from node.service import tls_identity
from node.vault import TLS_CERTIFICATE
from sync.client import Dialler
from sync.conversation import Conversations, Ended
from sync.envelope import ID_BYTES, SealedRecord
from sync.frames import CONTROL, DATA
from sync.ports import Peer
from sync.threads import Threads
from tests.benchmarks.hall import listen, serving
from tests.benchmarks.links import quiet
from tests.benchmarks.population import TOWNS, body, population, resident
from tests.benchmarks.report import Line
from tests.benchmarks.shelves import Common, Shelf, ShelfNode, nothing
from tests.benchmarks.statements import Ids, statements
from tests.builders.nodes import Federation
from tests.builders.people import consent
from tests.builders.towns import STRANGER

HERE = TOWNS[0]
BATCH = 20_000
GOAL_MB = 400
WITHIN_S = 1_200


@dataclass(frozen=True, slots=True)
class Size:
    """How large the town and its neighbourhood are."""

    records: int
    people_consenting: int
    town_halls: int
    laptops: int
    away_for: int
    """Records that the laptops lack."""


USUAL = Size(records=1_000_000, people_consenting=500, town_halls=57, laptops=3, away_for=5_000)
QUICK = Size(records=2_000, people_consenting=20, town_halls=3, laptops=1, away_for=50)


def measure(*, quick: bool) -> Iterator[Line]:
    """Found the federation, fill the ledger, let everybody call, and look at the home node's process."""
    size = QUICK if quick else USUAL
    with quiet(), TemporaryDirectory() as folder:
        town = Town(Path(folder), size)
        try:
            peak_mb, resting_mb = asyncio.run(town.serve())
        finally:
            town.close()
    peers = size.town_halls + size.laptops
    against = f"{resting_mb:,.0f} MB once all {peers} peers rest"
    yield Line(
        f"memory: {size.records:,} records, {peers} peers, peak",
        peak_mb,
        "MB",
        f"<= {GOAL_MB} MB",
        peak_mb <= GOAL_MB,
        None,
        against,
    )


class Town:
    """A home node with a full ledger, and its peers."""

    def __init__(self, folder: Path, size: Size) -> None:
        self._size = size
        self._federation = Federation(folder)
        self._folder = folder
        others = (town.code for town in municipalities().values() if not town.is_ward and town.code != HERE)
        self._halls = list(islice(others, size.town_halls))
        for code in (HERE, *self._halls):
            self._federation.add_home(code)
        self._federation.install(HERE, *self._halls)
        self._laptops = [f"laptop-{number}" for number in range(size.laptops)]
        for name in self._laptops:
            self._federation.add_field(name, HERE)
        self._data_ids = self._fill()
        listen(folder / HERE, "127.0.0.1:0")

    def close(self) -> None:
        """Close every ledger."""
        for node in self._federation.nodes.values():
            node.close()

    def _fill(self) -> list[bytes]:
        """People who are here and have consented, and the register for the rest. Returns the ids of the data view."""
        home = self._federation[HERE]
        ids: list[bytes] = []
        records = self._records(home)
        while batch := list(islice(records, BATCH)):
            with home.ledger.write() as writing:
                writing.keep_many(Arrival(one, HERE, one.author, exchange_pb2.BASIS_INTERNAL) for one in batch)
            ids += (one.id for one in batch if one.facet not in kinds.CONTROL)
        return ids

    def _records(self, home: Installation) -> Iterator[Record]:
        consenting = self._size.people_consenting
        count = 0
        for sealed in statements(consenting):
            record = open_record(sealed)
            yield record
            count += 1
            if record.facet == kinds.IDENTITY:
                yield _consent(record)
                count += 1
        for number, person in enumerate(population(self._size.records - count), 1):
            content = resident(person).SerializeToString()
            yield open_record(SealedRecord(body(number, kinds.RESIDENT, content, number, organisation=HERE), bytes(64)))

    async def serve(self) -> tuple[float, float]:
        """Megabytes: the most the home node ever took, and what it takes when everybody rests."""
        known = Common.of(_ascending(self._data_ids[: -self._size.away_for]))
        home = self._federation[HERE]
        certificate = home.ledger.secret(TLS_CERTIFICATE)
        assert certificate is not None
        home_node, here = home.key.node, self._folder / HERE
        home.close()
        with serving(here) as (process, port):
            peer = Peer(home_node, HERE, (f"127.0.0.1:{port}",), (certificate,))
            async with self._all_resting(peer, known):
                return _megabytes(process, "VmHWM"), _megabytes(process, "VmRSS")

    @asynccontextmanager
    async def _all_resting(self, home: Peer, known: Common) -> AsyncIterator[None]:
        nodes = [self._federation[name] for name in (*self._laptops, *self._halls)]
        views = [Shelf(known) for _ in self._laptops] + [Shelf(nothing()) for _ in self._halls]
        with ThreadPoolExecutor(4) as threads:
            callers = [_Caller(node, view, Threads(threads)) for node, view in zip(nodes, views, strict=True)]
            talks = [asyncio.ensure_future(caller.stay(home)) for caller in callers]
            async with asyncio.timeout(WITHIN_S):
                await asyncio.gather(*(caller.rested.wait() for caller in callers))
            for view in views[: len(self._laptops)]:
                assert view.count == len(self._data_ids)
            try:
                yield
            finally:
                for caller in callers:
                    caller.leave()
                await asyncio.gather(*talks, return_exceptions=True)


class _Named(ShelfNode):
    """Says who it is as the node it stands for would; what it takes goes on a shelf."""

    def __init__(self, node: Installation, view: Shelf) -> None:
        super().__init__(node.config.label, {CONTROL: Shelf(nothing()), DATA: view})
        self._book = node.book()

    def greeting(self, peer: Peer = STRANGER) -> bytes:
        return self._book.greeting(peer)

    def greeted(self, peer: Peer, greeting: bytes) -> Peer:
        return self._book.greeted(peer, greeting)


class _Caller:
    """A peer that calls the home node and stays on the line."""

    def __init__(self, node: Installation, view: Shelf, threads: Threads) -> None:
        self.rested = asyncio.Event()
        self._conversations = Conversations(_Named(node, view), threads, rested=self._rests)
        self._dialler = Dialler(self._conversations, tls_identity(node))
        self._leaves = False

    async def stay(self, home: Peer) -> None:
        """Call, and call again where the home node was too busy to answer; nothing that was taken comes twice."""
        while not self._leaves:
            await self._dialler.converse(home, stays=True)
            await asyncio.sleep(1)

    def leave(self) -> None:
        """Say goodbye and do not call again."""
        self._leaves = True
        self._conversations.stop()

    def _rests(self, ended: Ended) -> None:
        if ended.outcome.done:
            self.rested.set()


def _consent(about: Record) -> Record:
    """To whatever local government asks."""
    content = to_content(consent(facets=(kinds.IDENTITY, kinds.RESIDENCE, kinds.CONTACT, kinds.STAY, kinds.CARE)))
    sealed_body = body_bytes(
        subject=about.subject,
        subject_kind=about.subject_kind,
        facet=kinds.CONSENT,
        slot=about.subject,
        version=about.version,
        clock=about.clock + 1,
        author=about.author,
        organisation=about.organisation,
        operator=about.operator,
        content=content,
    )
    return open_record(SealedRecord(sealed_body, bytes(64)))


def _ascending(ids: list[bytes]) -> Ids:
    return np.frombuffer(b"".join(sorted(ids)), dtype=np.uint8).reshape(-1, ID_BYTES)


def _megabytes(process: int, what: str) -> float:
    """A figure of /proc/PID/status, which is in kB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(what + ":"))
