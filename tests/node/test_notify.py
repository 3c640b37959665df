"""What the service manager is told, and when nobody is told anything."""

import asyncio
import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from node.notify import NOBODY, Notifier


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """Who listens as a service manager does."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(10)
        yield listening


def heard(manager: socket.socket) -> dict[str, str]:
    return dict(line.split("=", 1) for line in manager.recv(4096).decode().splitlines())


def test_it_is_ready_once_and_says_that_it_stops(manager: socket.socket) -> None:
    notifier = Notifier.of({"NOTIFY_SOCKET": manager.getsockname()})
    notifier.ready("Serving at 127.0.0.1:7441")
    assert heard(manager) == {"READY": "1", "STATUS": "Serving at 127.0.0.1:7441"}
    notifier.stopping()
    assert heard(manager)["STOPPING"] == "1"


def test_an_address_without_a_file_is_spoken_to_as_well() -> None:
    name = f"moyai-test-{os.getpid()}"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(f"\0{name}")
        Notifier.of({"NOTIFY_SOCKET": f"@{name}"}).ready("here")
        assert heard(listening)["READY"] == "1"


async def _lives(notifier: Notifier, threads: ThreadPoolExecutor, for_s: float) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(notifier.live(threads), for_s)


def test_signs_of_life_come_in_time_and_end_when_no_work_is_taken_up(manager: socket.socket) -> None:
    watched = Notifier.of({"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "300000"})
    with ThreadPoolExecutor(1) as threads:
        asyncio.run(_lives(watched, threads, 0.35))
        assert [heard(manager) for _ in range(2)] == [{"WATCHDOG": "1"}] * 2
        manager.setblocking(False)
        while True:
            try:
                manager.recv(4096)
            except BlockingIOError:
                break
        hangs = asyncio.Event()
        loop = asyncio.new_event_loop()
        try:
            release = threads.submit(lambda: asyncio.run(asyncio.wait_for(hangs.wait(), 0.6)))
            with pytest.raises(TimeoutError):
                loop.run_until_complete(asyncio.wait_for(watched.live(threads), 0.35))
            with pytest.raises(BlockingIOError):
                manager.recv(4096)
            with pytest.raises(TimeoutError):
                release.result()
        finally:
            loop.close()


def test_who_has_no_service_manager_says_nothing_and_gives_no_signs() -> None:
    for silent in (NOBODY, Notifier.of({}), Notifier.of({"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"})):
        silent.ready("here")
        silent.stopping()
        with ThreadPoolExecutor(1) as threads:
            assert asyncio.run(silent.live(threads)) is None


def test_a_service_manager_that_does_not_read_holds_nothing_up(manager: socket.socket) -> None:
    notifier = Notifier(manager.getsockname())
    began_s = time.monotonic()
    for _ in range(13):
        notifier.ready("here")
    assert time.monotonic() - began_s < 10
    assert heard(manager)["READY"] == "1"


def test_a_service_manager_that_has_gone_is_no_reason_to_fail(tmp_path: Path) -> None:
    Notifier(str(tmp_path / "gone")).ready("here")
