"""How many of those written down twice are found, and how many pairs are false, beside exact matching and Splink.

The town is made by `doubles`, which says how. Ours goes the whole way of the product: entries as records in a ledger,
whom to compare found through the search index, and every pair that would wait at the desk counts as found. Exact
matching calls a pair the same where the birth date is equal and the name is, as written or as read. Splink runs over
the same entries in the same run, and is given the threshold at which it comes out best, which only who knows the
answer can choose; ours has the one it ships with. F1 is the harmonic mean of precision and recall.
"""

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from moyai.v1 import facets_pb2 as wire
from node.alike import Alike
from node.ledger import Ledger
from node.records import kinds
from tests.benchmarks import splink_peer
from tests.benchmarks.doubles import Entry, Town, town
from tests.benchmarks.population import NOW_MS, TOWNS, arrival, body, unsigned
from tests.benchmarks.report import Line

PEOPLE = 10_000
PEOPLE_QUICK = 400
AT_ONCE = 100
LEAST_PRECISION = 0.98
LEAST_RECALL = 0.95

Pair = tuple[int, int]


@dataclass(frozen=True)
class Measured:
    """How well pairs answer the question."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return f"precision {self.precision:.1%}, recall {self.recall:.1%}, F1 {self.f1:.1%}"


def measure(*, quick: bool) -> Iterator[Line]:
    """Make the town, ask all three, and hold the answers against the truth."""
    made = town(PEOPLE_QUICK if quick else PEOPLE)
    began = time.perf_counter()
    ours = measured(alike(made.entries), made.same)
    took_s = time.perf_counter() - began
    exact = measured(exactly(made.entries), made.same)
    peer = best(made)
    many = f"{len(made.entries):,} entries, {len(made.same):,} pairs"
    yield Line("matching: precision", ours.precision * 100, "%", "", True, None, many)
    yield Line("matching: recall", ours.recall * 100, "%", "", True, None, many)
    yield _beside("exact", ours, exact)
    if peer is None:
        yield Line("matching: F1, Splink", ours.f1 * 100, "%", "", True, None, splink_peer.NOT_INSTALLED)
    else:
        yield _beside("Splink", ours, peer, needed=not quick)
    yield Line("matching: least precision and recall", min(ours.precision, ours.recall) * 100, "%",
               f">= {LEAST_PRECISION:.0%}, {LEAST_RECALL:.0%}",
               ours.precision >= LEAST_PRECISION and ours.recall >= LEAST_RECALL)  # fmt: skip
    yield Line("matching: everybody compared", len(made.entries) / took_s, "/s", "", True)


def _beside(name: str, ours: Measured, other: Measured, *, needed: bool = True) -> Line:
    met = ours.f1 > other.f1 or not needed
    ratio = ours.f1 / other.f1 if other.f1 else None
    return Line(f"matching: F1, {name}", ours.f1 * 100, "%", f"> {name}", met, ratio, f"{name}: {other}")


def measured(found: Collection[Pair], same: frozenset[Pair]) -> Measured:
    """Precision and recall of what was found."""
    right = len(same.intersection(found))
    return Measured(right / len(found) if found else 1.0, right / len(same))


def alike(entries: Mapping[int, Entry]) -> set[Pair]:
    """The pairs that would wait at the desk."""
    with TemporaryDirectory() as folder, Ledger.create(Path(folder) / "ledger.db", bytes(32)) as ledger:
        with ledger.write() as writing:
            writing.keep_many(arrival(unsigned(each)) for each in bodies(entries))
        finding = Alike(ledger, now_ms=lambda: NOW_MS)
        while not finding.work_ahead(AT_ONCE):
            pass
        pairs = ledger.alike(limit=1 << 40)
    return {_pair(int.from_bytes(pair.first), int.from_bytes(pair.second)) for pair in pairs}


def bodies(entries: Mapping[int, Entry]) -> Iterator[bytes]:
    """Each entry as the records a desk writes of somebody new."""
    for place, (number, entry) in enumerate(entries.items()):
        identity = wire.Identity(
            family_name=entry.family,
            given_name=entry.given,
            family_kana=entry.family_kana,
            given_kana=entry.given_kana,
            birth=wire.BirthDate(date=entry.birth),
            sex=wire.Sex.ValueType(entry.sex),
        )
        residence = wire.Residence(municipality=TOWNS[0], address=entry.address)
        contact = wire.Contact(phone=entry.phone)
        said = ((kinds.IDENTITY, identity), (kinds.RESIDENCE, residence), (kinds.CONTACT, contact))
        for step, (facet, message) in enumerate(said, 1):
            yield body(number, facet, message.SerializeToString(), 3 * place + step)


def exactly(entries: Mapping[int, Entry]) -> set[Pair]:
    """The pairs with one birth date and one name, as written or as read."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, entry in entries.items():
        if entry.family or entry.given:
            groups.setdefault(("written", entry.family, entry.given, entry.birth), []).append(number)
        groups.setdefault(("read", entry.family_kana, entry.given_kana, entry.birth), []).append(number)
    return {_pair(*two) for group in groups.values() for two in combinations(group, 2)}


def best(made: Town) -> Measured | None:
    """Splink, cut where its F1 is highest."""
    weighed = splink_peer.weighed(made.entries)
    if weighed is None:
        return None
    found = right = 0
    answers = [Measured(1.0, 0.0)]
    for found, (_, pair) in enumerate(weighed, 1):
        right += pair in made.same
        answers.append(Measured(right / found, right / len(made.same)))
    return max(answers, key=lambda answer: answer.f1)


def _pair(first: int, second: int) -> Pair:
    return min(first, second), max(first, second)
