"""The daemon as a service: it tells its manager how it is, is asked for its health, stops in time, and comes back."""

import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from node.config import NodeDirectory
from tests.builders.processes import ProcessNode, Towns, until

pytestmark = pytest.mark.processes

STOPS_WITHIN_S = 10
MANY = 1_500
"""People: as many as take some seconds to hand over."""


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(30)
        yield listening


@pytest.fixture
def home(towns: Towns, manager: socket.socket) -> Iterator[ProcessNode]:
    """Wajima's node, which has a service manager that watches over it."""
    towns.wajima.surroundings |= {"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "600000"}
    yield towns.wajima
    for node in towns.nodes:
        node.kill()


def heard_until(manager: socket.socket, word: str) -> list[str]:
    """All that was said until that was."""
    said: list[str] = []
    while word not in said:
        said += manager.recv(4096).decode().splitlines()
    return said


def test_the_manager_hears_when_it_serves_that_it_lives_and_that_it_stops(
    home: ProcessNode, manager: socket.socket
) -> None:
    home.serve()
    said = heard_until(manager, "READY=1")
    said += heard_until(manager, "WATCHDOG=1")
    assert home.stop() == 0
    said += heard_until(manager, "STOPPING=1")
    assert {line.split("=")[0] for line in said} == {"READY", "STATUS", "WATCHDOG", "STOPPING"}
    assert [line for line in said if line.startswith("STATUS")] == [
        f"STATUS=Serving at 127.0.0.1:{home.port}",
        "STATUS=Saying goodbye to peers",
    ]


def test_it_stops_in_time_while_it_hands_over_to_one_and_another_has_fallen_silent(
    towns: Towns, home: ProcessNode
) -> None:
    home.clerk_said("register", MANY)
    home.serve()
    syncing = towns.laptop.start("sync")
    try:
        with towns.laptop.opened() as beside:
            before = beside.ledger.newest_seq()
            until(lambda: beside.ledger.newest_seq() > before + 100, "records under way", every_s=0)
            syncing.send_signal(signal.SIGSTOP)
        began_s = time.monotonic()
        assert home.stop() == 0
        assert time.monotonic() - began_s < STOPS_WITHIN_S
    finally:
        syncing.send_signal(signal.SIGCONT)
        syncing.kill()
        syncing.wait()
    home.serve()
    assert towns.laptop.does("sync")["peers"][0]["reason"] == "DONE"


def test_killed_as_by_a_power_cut_it_comes_back_by_itself_and_whole(towns: Towns, home: ProcessNode) -> None:
    home.serve()
    clerk = home.clerk("register", MANY)
    with home.opened() as beside:
        before = beside.ledger.newest_seq()
        until(lambda: beside.ledger.newest_seq() > before + 20, "records being written", every_s=0)
    clerk.kill()
    home.kill()
    clerk.communicate()
    home.serve()
    assert home.is_whole()
    assert home.does("health") == {"serving": True, "listen": f"127.0.0.1:{home.port}"}
    assert towns.laptop.does("sync")["peers"][0]["reason"] == "DONE"


def test_who_is_asked_for_its_health_answers_only_while_it_serves(towns: Towns, home: ProcessNode) -> None:
    assert home.does("health", code=4)["reason"] == "NOT_SERVING"
    home.serve()
    assert home.does("health") == {"serving": True, "listen": f"127.0.0.1:{home.port}"}
    assert home.stop() == 0
    assert home.does("health", code=4)["reason"] == "NOT_SERVING"
    assert towns.laptop.does("health", code=1)["reason"] == "NOT_THIS_NODE"


def test_asking_for_its_health_writes_nothing(home: ProcessNode) -> None:
    before = home.ledger.read_bytes()
    home.does("health", code=4)
    assert home.ledger.read_bytes() == before


def test_a_key_that_the_service_manager_hands_over_opens_the_store(home: ProcessNode, tmp_path: Path) -> None:
    named = Path(NodeDirectory(home.folder).read_config().key_file)
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    shutil.copy(named, credentials / "moyai.key")
    (credentials / "moyai.key").chmod(0o440)  # an access list shows like this
    moved = named.rename(tmp_path / "elsewhere.key")
    try:
        assert home.does("status", code=3)["reason"] == "KEY_FILE_MALFORMED"
        home.surroundings["CREDENTIALS_DIRECTORY"] = str(credentials)
        home.serve()
        assert home.does("health")["serving"] is True
        home.surroundings["CREDENTIALS_DIRECTORY"] = str(tmp_path)
        assert home.does("status", code=3)["reason"] == "KEY_FILE_MALFORMED"
    finally:
        moved.rename(named)
