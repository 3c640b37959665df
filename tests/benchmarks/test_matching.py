"""The town of the matching benchmark is the same each time, and who is who is told by nothing that is written."""

from dataclasses import astuple
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.doubles import Entry, town
from tests.benchmarks.matching import exactly, measured
from tests.benchmarks.splink_peer import weighed

MADE = town(600)


def test_the_same_seed_makes_the_same_town() -> None:
    assert town(600) == MADE
    assert town(600, seed=1) != MADE


def test_three_in_ten_are_written_twice_and_the_second_time_otherwise() -> None:
    assert 0.2 < len(MADE.same) / 600 < 0.4
    alike = [pair for pair in MADE.same if len({astuple(MADE.entries[number]) for number in pair}) == 1]
    assert len(alike) < len(MADE.same) / 10


def test_neither_number_nor_order_tells_who_is_who() -> None:
    order = {number: place for place, number in enumerate(MADE.entries)}
    beside = [pair for pair in MADE.same if abs(order[pair[0]] - order[pair[1]]) == 1]
    assert len(beside) < len(MADE.same) / 20
    near = {(min(two), max(two)) for two in pairwise(sorted(MADE.entries))}
    assert len(near & MADE.same) < len(MADE.same) / 20


def test_there_are_twins_and_children_of_the_same_name() -> None:
    people = list(MADE.entries.values())
    homes: dict[str, list[Entry]] = {}
    for each in people:
        homes.setdefault(each.address, []).append(each)
    pairs = [(one, other) for home in homes.values() for one in home for other in home]
    assert any(one.birth == other.birth and one.given_kana != other.given_kana for one, other in pairs)
    assert any(
        one.given_kana == other.given_kana and int(other.birth[:4]) - int(one.birth[:4]) >= 20 for one, other in pairs
    )


def test_precision_and_recall_are_what_they_are_called() -> None:
    same = frozenset({(1, 2), (3, 4)})
    got = measured({(1, 2), (5, 6), (7, 8)}, same)
    assert (got.precision, got.recall) == (1 / 3, 1 / 2)
    assert got.f1 == 0.4
    assert measured(set(), same).f1 == 0.0


def test_exact_matching_finds_no_false_pair_and_not_all() -> None:
    got = measured(exactly(MADE.entries), MADE.same)
    assert got.precision > 0.95
    assert 0.3 < got.recall < 0.9


def test_without_the_peer_there_is_no_answer(tmp_path: Path) -> None:
    assert weighed(MADE.entries, peers=tmp_path) is None
