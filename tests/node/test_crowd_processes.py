"""A crowd at the door: strangers who connect, say nothing and leave together do not end the daemon."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.builders.processes import ProcessNode, Towns, until

pytestmark = pytest.mark.processes

STRANGERS = 600
TIMES = 3


@pytest.fixture
def files() -> Iterator[None]:
    """Room for the crowd's sockets, here and in the daemon, which inherits it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8_192), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def crowd(node: ProcessNode) -> None:
    """They come, say nothing, and leave together once the daemon has all of them."""
    with ExitStack() as connections:
        for _ in range(STRANGERS):
            connections.enter_context(socket.create_connection(("127.0.0.1", node.port), timeout=5))
        until(lambda: descriptors(node) > STRANGERS or has_ended(node), "a crowd that was let in")


def descriptors(node: ProcessNode) -> int:
    assert node.daemon is not None
    return len(list(Path(f"/proc/{node.daemon.pid}/fd").iterdir())) if not has_ended(node) else 0


def has_ended(node: ProcessNode) -> bool:
    assert node.daemon is not None
    return node.daemon.poll() is not None


def test_the_daemon_goes_on_after_a_crowd_and_lets_members_in(files: None, towns: Towns) -> None:
    towns.wajima.serve()
    for _ in range(TIMES):
        crowd(towns.wajima)
        until(lambda: descriptors(towns.wajima) < STRANGERS or has_ended(towns.wajima), "the crowd to have left")
        assert not has_ended(towns.wajima), towns.wajima.log.read_text()[-2_000:]
    assert towns.laptop.does("sync")["peers"][0]["reason"] == "DONE"
