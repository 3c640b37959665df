"""How long two nodes with TLS take over a bad line: a satellite's, and a field radio's.

Real servers and diallers speak over loopback through a line with a rate, a round trip and stalls; over the satellite
their storage is in memory. Negentropy goes over the same line without TLS, and without the records.
"""

import asyncio
import logging
import random
import socket
import struct
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import structlog

from node.desk.views import NewPerson
from node.installation import Installation
from sync.client import Dialler
from sync.conversation import Conversations
from sync.envelope import SealedRecord
from sync.frames import DATA
from sync.ports import Peer
from sync.server import ExchangeServer
from sync.threads import Threads
from tests.benchmarks.exchange import COMMON, COMMON_QUICK, ranges_of_many, sides_of
from tests.benchmarks.hall import listen, serving
from tests.benchmarks.negentropy import REFERENCE, TUNED, Found, Negentropy
from tests.benchmarks.population import SEED, Person, population
from tests.benchmarks.report import Line
from tests.benchmarks.shelves import Shelf, ShelfNode, common_of_many, node_with
from tests.benchmarks.statements import statements
from tests.builders.links import RADIO, SATELLITE, Link, Quality
from tests.builders.nodes import Federation
from tests.builders.processes import free_port, until
from tests.builders.tls import Keeper
from tests.builders.trust import WAJIMA

DIFFERING, DIFFERING_QUICK = 1_000, 40
CHECK_INS, CHECK_INS_QUICK = 15, 2
GOAL_SATELLITE_S = 16
GOAL_CHECK_IN_S = 5
QUICK = Quality.of(4_000_000, 0.02)


def measure(*, quick: bool) -> Iterator[Line]:
    """A long absence over a satellite, then check-ins over a field radio."""
    with quiet():
        lines = [*satellite(quick=quick), *radio(quick=quick)]
    yield from lines


@contextmanager
def quiet() -> Iterator[None]:
    """What the nodes log is not for a table of figures."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


def satellite(*, quick: bool) -> Iterator[Line]:
    """A thousand scattered differences, from dialling to the proof that nothing is owed."""
    differing, common = (DIFFERING_QUICK, COMMON_QUICK) if quick else (DIFFERING, COMMON)
    quality = QUICK if quick else SATELLITE
    records = list(islice(statements(differing), differing))
    half = differing // 2
    took_s, line_bytes = asyncio.run(_absence(records[:half], records[half:], common, quality))
    yield Line(
        f"links: {differing:,} scattered, 128 kbit/s, 500 ms",
        took_s,
        "s",
        f"<= {GOAL_SATELLITE_S} s",
        took_s <= GOAL_SATELLITE_S,
        None,
        f"{line_bytes:,} B on the line, TLS and records included",
    )
    sides = sides_of(ranges_of_many(common), records, half, recent=False)
    for settings, called in ((REFERENCE, "as published"), (TUNED, "tuned")):
        theirs_s = _ranges_over_a_line(sides[0].tuned(settings), sides[1].tuned(settings), quality)
        against = f"Negentropy {called}, no TLS, no records: {theirs_s:,.1f} s"
        yield Line("links: the same, beside", took_s, "s", "", True, theirs_s / took_s, against)


def radio(*, quick: bool) -> Iterator[Line]:
    """A laptop's line is open; somebody is checked in, again and again; the longest it took to the home node.

    Both nodes are whole ones, each daemon in a process of its own. The desk writes beside the laptop's daemon, which
    looks once a second whether there is something new.
    """
    check_ins, quality, pause_s = (CHECK_INS_QUICK, QUICK, 0.1) if quick else (CHECK_INS, RADIO, 5.0)
    waits = _check_ins(check_ins, quality, pause_s)
    longest, half = max(waits), sorted(waits)[len(waits) // 2]
    yield Line(
        "links: a check-in, 9.6 kbit/s, 700 ms, stalls",
        longest,
        "s",
        f"<= {GOAL_CHECK_IN_S} s",
        longest <= GOAL_CHECK_IN_S,
        None,
        f"the longest of {check_ins}; half took less than {half:,.1f} s",
    )


@dataclass(slots=True)
class _Post:
    """A node with its line."""

    node: ShelfNode
    keeper: Keeper
    conversations: Conversations
    server: ExchangeServer

    @classmethod
    def of(cls, node: ShelfNode) -> "_Post":
        keeper, conversations = Keeper(), Conversations(node, Threads())
        return cls(node, keeper, conversations, ExchangeServer(conversations, keeper.identity))

    def at(self, port: int) -> Peer:
        return Peer(self.node.name.encode().ljust(16, b"\0"), "172049", (f"127.0.0.1:{port}",), (self.keeper.der,))


@asynccontextmanager
async def _introduced(
    caller: ShelfNode, called: ShelfNode, quality: Quality
) -> AsyncIterator[tuple[_Post, Peer, Link]]:
    """Who calls, whom, and over which line."""
    one, other = _Post.of(caller), _Post.of(called)
    called.known[one.keeper.der] = one.at(1)
    port = await other.server.start("127.0.0.1:0")
    await other.server.refresh()
    link = Link(port, quality, seed=SEED)
    try:
        yield one, other.at(link.port), link
    finally:
        one.conversations.stop()
        await other.server.stop(1)
        link.close()


async def _absence(
    here: list[SealedRecord], there: list[SealedRecord], common: int, quality: Quality
) -> tuple[float, int]:
    both = common_of_many(common)
    nodes = [node_with(name, Shelf(both, own)) for name, own in (("caller", here), ("called", there))]
    async with _introduced(nodes[0], nodes[1], quality) as (one, peer, link):
        began = time.perf_counter()
        outcome = await Dialler(one.conversations, one.keeper.identity).converse(peer)
        took_s = time.perf_counter() - began
        assert outcome.done, outcome
        assert nodes[0].shelves[DATA].root() == nodes[1].shelves[DATA].root()
        return took_s, link.carried_bytes


def _check_ins(count: int, quality: Quality, pause_s: float) -> list[float]:
    """Seconds from when the desk has saved until the home node has it; the first one, for the line to open, aside."""
    chance, home_port = random.Random(SEED), free_port()
    with TemporaryDirectory() as folder, Link(home_port, quality, seed=SEED) as link:
        made = Federation(Path(folder), endpoints={WAJIMA: f"127.0.0.1:{link.port}"})
        made.add_home(WAJIMA)
        made.install(WAJIMA)
        laptop, home = made.add_field("laptop", WAJIMA), made[WAJIMA]
        listen(home.directory.path, f"127.0.0.1:{home_port}")
        try:
            with serving(home.directory.path), serving(laptop.directory.path):
                waits = []
                for person in population(1 + count):
                    waits.append(_until_it_arrives(laptop, home, person))
                    time.sleep(pause_s * (1 + chance.random()) / 1.5)
        finally:
            laptop.close()
            home.close()
    return waits[1:]


def _until_it_arrives(laptop: Installation, home: Installation, person: Person) -> float:
    typed = NewPerson(
        family_name=person.family,
        given_name=person.given,
        family_kana=person.family_kana,
        given_kana=person.given_kana,
        birth=person.birth,
        address=person.address,
        municipality=WAJIMA,
        phone=person.phone,
        care_codes=("elderly",),
        share=True,
        guardian_relation="母",
    )
    subject = laptop.desk("op-1").register(typed).subjects[0]
    saved = time.perf_counter()
    count = len(laptop.ledger.about(subject))
    until(lambda: len(home.ledger.about(subject)) == count, "a check-in at the home node", within_s=120, every_s=0.05)
    return time.perf_counter() - saved


def _ranges_over_a_line(client: Negentropy, server: Negentropy, quality: Quality) -> float:
    """Seconds from the first message to the last, over one TCP connection."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        serving = Thread(target=_serve_ranges, args=(door, server), daemon=True)
        serving.start()
        link = Link(door.getsockname()[1], quality, seed=SEED)
        began = time.perf_counter()
        with socket.create_connection(("127.0.0.1", link.port)) as line:
            found, asked = Found(), client.opening()
            following: bytes | None = asked
            while following is not None:
                _write(line, following)
                answered = _read(line)
                assert answered is not None
                following = client.next(answered, found)
            took_s = time.perf_counter() - began
        serving.join(timeout=10)
        link.close()
    assert found.have
    return took_s


def _serve_ranges(door: socket.socket, server: Negentropy) -> None:
    line, _ = door.accept()
    with line:
        while (asked := _read(line)) is not None:
            _write(line, server.answer(asked))


def _write(line: socket.socket, message: bytes) -> None:
    line.sendall(struct.pack(">I", len(message)) + message)


def _read(line: socket.socket) -> bytes | None:
    """The next message; None where the other side has ended."""
    if not (head := line.recv(4, socket.MSG_WAITALL)):
        return None
    return line.recv(struct.unpack(">I", head)[0], socket.MSG_WAITALL)
