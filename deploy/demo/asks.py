"""What the nodes answer: the figures read out of their commands' JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.demo.command import Answer
from deploy.demo.towns import StoryBroken, Town

NO_NETWORK = 4
"""The exit code of a command whose exchange did not come to its end."""

TRIES = 5


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


def sync(town: Town, peer: str) -> list[Answer]:
    """Exchange with a peer until both views are equal; the answers of all tries.

    A daemon that talks at the same time may change a view in the middle: not settled, and tried again.
    """
    answers = []
    for _ in range(TRIES):
        answers.append(town.does("sync", "--with", peer, allowed=(0, NO_NETWORK)))
        if answers[-1].code == 0:
            return answers
    raise StoryBroken(f"{town.name}: moyai sync --with {peer}\n{answers[-1].said}")


def cannot_reach(town: Town, peer: str) -> bool:
    """Whether a peer is out of reach."""
    answer = town.does("sync", "--with", peer, allowed=(0, NO_NETWORK))
    return answer.code == NO_NETWORK and answer.json["peers"][0]["reason"] == "PEER_UNREACHABLE"


def exchanged(answers: Iterable[Answer]) -> int:
    """Records that went either way."""
    return sum(peer["sent"] + peer["received"] for answer in answers for peer in answer.json["peers"])


def present(town: Town, place: str) -> int:
    """How many people are at a place, as far as a node knows."""
    return int(town.does("people", "--place", place).json["count"])


def waiting(town: Town) -> int:
    """How many records a node says are not yet sent."""
    return int(status(town)["not_sent"])
