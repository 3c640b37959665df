"""Whom a node speaks with, by name: from roster and enrolments, and there now only while a process speaks for it."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from node.service import Daemon
from node.serving import Serving
from node.watch import Watch
from sync.exchange import Exchange
from tests.builders.nodes import Federation, federation
from tests.builders.trust import ISHIKAWA, KANAZAWA, NOW_MS, WAJIMA


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA, ISHIKAWA) as federated:
        federated.add_field("kawai", WAJIMA)
        federated.add_field("machino", WAJIMA)
        yield federated


def contact(made: Federation, name: str, other: str, reason: str, *, at_ms: int = NOW_MS) -> None:
    peer = made.peer(other)
    with made[name].ledger.write() as writing:
        writing.contact(peer.node, organisation=peer.organisation, reason=reason, at_ms=at_ms)


def test_a_home_node_calls_the_others_by_the_roster_and_is_called_by_its_laptops(made: Federation) -> None:
    told = [(one.called, bool(one.endpoints), one.node) for one in made[WAJIMA].neighbours.all()]
    assert told == [
        ("石川県", True, b""),
        ("金沢市", True, b""),
        ("輪島市 kawai", False, made["kawai"].key.node),
        ("輪島市 machino", False, made["machino"].key.node),
    ]


def test_a_laptop_calls_its_home_node(made: Federation) -> None:
    (home,) = made["kawai"].neighbours.all()
    assert (home.called, home.label, home.endpoints) == ("輪島市", "", ("127.0.0.1:1",))


def test_what_happened_is_found_again_although_the_roster_knows_no_node_id(made: Federation) -> None:
    contact(made, WAJIMA, KANAZAWA, "DONE")
    met = {one.organisation: one for one in made[WAJIMA].neighbours.all() if not one.label}
    assert (met[KANAZAWA].node, met[ISHIKAWA].contact) == (made[KANAZAWA].key.node, None)


def test_a_conversation_is_open_only_while_a_process_speaks(made: Federation) -> None:
    contact(made, WAJIMA, KANAZAWA, "OPEN")
    contact(made, WAJIMA, "kawai", "GREETED")
    neighbours = made[WAJIMA].neighbours
    assert [one.called for one in neighbours.all() if one.is_open] == []
    with made[WAJIMA].directory.serving.held():
        assert [(one.called, one.is_busy) for one in neighbours.all() if one.is_open] == [
            ("金沢市", False),
            ("輪島市 kawai", True),
        ]
    assert [one.called for one in neighbours.all() if one.is_open] == []


def test_the_line_is_cut_only_where_nobody_that_is_called_can_be_reached(made: Federation) -> None:
    desk = made[WAJIMA].desk("tanaka")
    contact(made, WAJIMA, KANAZAWA, "PEER_UNREACHABLE")
    contact(made, WAJIMA, ISHIKAWA, "DONE")
    contact(made, WAJIMA, "kawai", "PEER_UNREACHABLE")
    assert desk.standing().offline_since_ms is None
    contact(made, WAJIMA, ISHIKAWA, "PEER_UNREACHABLE", at_ms=NOW_MS + 5)
    assert desk.standing().offline_since_ms == NOW_MS + 5
    contact(made, WAJIMA, "kawai", "OPEN")
    assert desk.standing().offline_since_ms == NOW_MS + 5


def test_a_laptop_is_named_by_its_label_or_its_id_where_two_bear_it(made: Federation) -> None:
    neighbours, kawai = made[WAJIMA].neighbours, made["kawai"].key.node
    assert neighbours.address(WAJIMA, kawai) == f"{WAJIMA}/kawai"
    assert neighbours.address(KANAZAWA, made[KANAZAWA].key.node) == KANAZAWA
    assert neighbours.called(WAJIMA, kawai) == "輪島市 kawai"
    assert made["kawai"].neighbours.address(WAJIMA, made[WAJIMA].key.node) == WAJIMA


async def test_who_speaks_is_known_to_every_process_and_who_was_asked_for_to_who_speaks(made: Federation) -> None:
    serving = made["kawai"].directory.serving
    daemon = Daemon(made["kawai"])
    assert not serving.is_held()
    await daemon.start()
    try:
        assert serving.is_held()
        assert made["kawai"].desk("tanaka").is_served()
    finally:
        await daemon.stop()
    assert not serving.is_held()


async def test_what_a_killed_process_left_open_is_open_no_more(made: Federation) -> None:
    contact(made, WAJIMA, "kawai", "OPEN")
    contact(made, WAJIMA, "machino", "GREETED")
    daemon = Daemon(made[WAJIMA])
    await daemon.start()
    try:
        laptops = [one for one in made[WAJIMA].neighbours.all() if one.label]
        assert [(one.is_open, one.contact and one.contact.last_reason) for one in laptops] == [(False, "STOPPING")] * 2
        assert [one.contact.last_done_ms for one in laptops if one.contact] == [NOW_MS, None]
    finally:
        await daemon.stop()


def test_what_was_asked_last_is_what_is_heard(tmp_path: Path) -> None:
    serving = Serving(tmp_path / "lock", tmp_path / "wish")
    assert serving.last_asked() == 0
    serving.ask(KANAZAWA)
    assert serving.last_asked() > 0
    assert serving.asked_for() == KANAZAWA
    serving.ask(None)
    assert serving.asked_for() is None


class Asked(Exchange):
    """An exchange that speaks with nobody and notes what it was asked for."""

    def __init__(self) -> None:
        self.pokes: asyncio.Queue[str | None] = asyncio.Queue()

    def poke(self, organisation: str | None = None) -> None:
        self.pokes.put_nowait(organisation)

    def news(self) -> None:
        pass

    async def refresh(self) -> None:
        pass


async def test_a_desk_beside_the_daemon_asks_it_for_an_exchange(made: Federation) -> None:
    exchange, serving = Asked(), made[WAJIMA].directory.serving
    serving.ask(ISHIKAWA)
    with ThreadPoolExecutor(1) as threads:
        watch = asyncio.ensure_future(Watch(made[WAJIMA], exchange, threads).keep())
        serving.ask(KANAZAWA)
        assert await exchange.pokes.get() == KANAZAWA
        serving.ask(None)
        assert await exchange.pokes.get() is None
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
    assert exchange.pokes.empty()
