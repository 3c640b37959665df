"""What the nodes answer: the figures read out of their commands' JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.demo.command import Answer
from deploy.demo.towns import Town


@dataclass(frozen=True, slots=True)
class Pair:
    """One view between two nodes, as one of them has it."""

    count: int
    root: str


def status(town: Town) -> dict[str, Any]:
    """What a node says of itself."""
    said: dict[str, Any] = town.does("status").json
    return said


def views(town: Town, peer: str) -> dict[str, Pair]:
    """The views a node keeps for the peer's home node: by their name."""
    said = next(one for one in status(town)["peers"] if one["organisation"] == peer)
    return {name: Pair(said[name]["count"], said[name]["root"]) for name in ("control", "data")}


def find(town: Town, text: str, purpose: str) -> list[dict[str, Any]]:
    """The hits of a search."""
    hits: list[dict[str, Any]] = town.does("find", text, "--purpose", purpose).json["hits"]
    return hits


def facets(town: Town, subject: str) -> set[str]:
    """The personal facets a node holds of someone; empty where it holds nothing."""
    answer = town.does("person", subject, "--purpose", "aid", allowed=(0, 1))
    return set(answer.json["facets"]) if answer.code == 0 else set()


def check_in(town: Town, subjects: Sequence[str], place: str) -> list[str]:
    """Check them in at the place, in one command; their subject ids, in the same order."""
    done: list[str] = town.does("check-in", "-", "--place", place, lines=subjects).json["subjects"]
    return done


def by_key(keys: Iterable[str]) -> list[str]:
    """Residents named by the municipality's own key."""
    return [f"key:{key}" for key in keys]


def sync(town: Town, *peers: str, allowed: Sequence[int] = (0,)) -> list[Answer]:
    """Exchange with these peers, one after another."""
    return [town.does("sync", "--with", peer, allowed=allowed) for peer in peers]


def exchanged(answers: Iterable[Answer]) -> int:
    """Records that went either way."""
    return sum(peer["sent"] + peer["received"] for answer in answers for peer in answer.json["peers"])


def present(town: Town, place: str) -> int:
    """How many people are at a place, as far as a node knows."""
    return int(town.does("people", "--place", place).json["count"])


def waiting(town: Town) -> int:
    """How many records a node says are not yet sent."""
    return int(status(town)["not_sent"])
