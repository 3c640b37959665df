"""What only the running process sees: records on their way, and how conversations ended."""

from collections import Counter
from threading import Lock
from typing import Final

from sync.conversation import Ended
from sync.effects import Counts
from sync.ports import Peer

HOME: Final = "home"
LAPTOPS: Final = "laptops"


def kind_of(organisation: str, here: str) -> str:
    """What of our own organisation speaks with its home node are its laptops; of another it is the home node."""
    return LAPTOPS if organisation == here else HOME


class Tallies:
    """Counts since the process began. Told from the event loop, asked from the thread that answers Prometheus."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._moving: dict[bytes, Counts] = {}
        """Of each node, what the conversation that is open has moved so far."""
        self._received: Counter[str] = Counter()
        self._sent: Counter[str] = Counter()
        self._ended: Counter[tuple[str, str]] = Counter()

    def moved(self, peer: Peer, counts: Counts) -> None:
        """A frame of records went one way or the other: these are the counts of its conversation so far."""
        with self._lock:
            self._add(peer, counts)

    def ended(self, ended: Ended) -> None:
        """A conversation has ended."""
        with self._lock:
            self._add(ended.peer, ended.outcome.counts)
            self._moving.pop(ended.peer.node, None)
            self._ended[ended.peer.organisation, str(ended.outcome.reason)] += 1

    def received(self) -> dict[str, int]:
        """Records received, by the code of the organisation they came from."""
        with self._lock:
            return dict(self._received)

    def sent(self) -> dict[str, int]:
        """Records sent, by the code of the organisation they went to."""
        with self._lock:
            return dict(self._sent)

    def conversations(self) -> dict[tuple[str, str], int]:
        """Conversations that ended, by organisation and reason."""
        with self._lock:
            return dict(self._ended)

    def _add(self, peer: Peer, counts: Counts) -> None:
        before = self._moving.get(peer.node, Counts())
        if counts.received < before.received or counts.sent < before.sent:
            before = Counts()  # another conversation with the same node, beside or after the one before
        self._received[peer.organisation] += counts.received - before.received
        self._sent[peer.organisation] += counts.sent - before.sent
        self._moving[peer.node] = counts
