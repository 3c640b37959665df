"""Follows what was asked for: who can't be called is said at once, and of the others how the try went."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from node.desk.views import PeerView
from tui.words import Words


@dataclass(slots=True)
class Tries:
    """An exchange that was asked for, with one peer or several."""

    asked: dict[str, int | None] = field(default_factory=dict)
    """By name, when each was tried before: until that changes, nothing is known."""
    names: list[str] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    told_at_once: str = ""
    """The word for what needs no waiting."""

    @classmethod
    def of(cls, peers: Sequence[PeerView], *, is_served: bool) -> Self:
        """Of these peers."""
        if not is_served:
            return cls(told_at_once="sending.stopped_try")
        if not peers:
            return cls(told_at_once="sending.nobody")
        waited = [peer for peer in peers if (peer.waiting if peer.is_open else peer.endpoints)]
        tries = cls({peer.called: peer.last_try_ms for peer in waited}, [peer.called for peer in peers])
        if not waited:
            tries.told_at_once = "sending.nothing_to_do" if all(peer.is_open for peer in peers) else "sending.they_call"
        return tries

    def heard(self, peers: Sequence[PeerView]) -> bool:
        """How things stand now; whether that is an answer."""
        known = len(self.reached) + len(self.failed)
        for peer in peers:
            if peer.called in self.asked and peer.last_try_ms != self.asked[peer.called] and not peer.is_busy:
                del self.asked[peer.called]
                (self.failed if peer.is_failing else self.reached).append(peer.called)
        return len(self.reached) + len(self.failed) > known

    def told(self, words: Words) -> str:
        """What is known by now."""
        if self.told_at_once:
            return words(self.told_at_once)
        if len(self.names) > 1:
            figures = {"reached": len(self.reached), "failed": len(self.failed), "left": len(self.asked)}
            known = self.reached or self.failed
            return words("sending.tried_all", **figures) if known else words("sending.trying_all")
        (name,) = self.names
        key = "tried_failed" if self.failed else "tried" if self.reached else "trying"
        return words(f"sending.{key}", name=name)
