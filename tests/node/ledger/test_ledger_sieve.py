"""The sieve lets through every id that is held, whoever wrote it, and what passes it is looked up in truth."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from node.ledger import Ledger
from node.ledger.sieve import Sieve
from tests.builders.ledger import KEY, Author, arrival, new_ledger, subject_of


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path) as made:
        yield made


def write(ledger: Ledger, author: Author, count: int) -> list[bytes]:
    records = [author.says(subject_of(author.counter + 1)) for _ in range(count)]
    with ledger.write() as writing:
        writing.keep_many([arrival(record) for record in records])
    return [record.id for record in records]


def unknown(count: int) -> list[bytes]:
    other = Author(node=b"o" * 16)
    return [other.says(subject_of(number)).id for number in range(1, count + 1)]


@pytest.mark.parametrize("recent_max", [1, 10, 1 << 16])
def test_what_is_held_passes_however_often_more_comes_and_little_else(ledger: Ledger, recent_max: int) -> None:
    sieve, author, held, others = Sieve(recent_max), Author(), set[bytes](), unknown(100)
    for count in (1, 30, 0, 500, 3):
        held |= set(write(ledger, author, count))
        asked = [*held, *others]
        assert set(sieve.may_be_held(asked, ledger._connection())) == held
        assert ledger.has(asked) == held
    assert ledger.has([]) == set()


def test_what_another_process_wrote_passes(ledger: Ledger, tmp_path: Path) -> None:
    author = Author()
    ours = write(ledger, author, 20)
    assert ledger.has(ours) == set(ours)
    with Ledger.open(tmp_path / "ledger.db", KEY) as beside:
        theirs = write(beside, author, 20)
    assert ledger.has([*ours, *theirs]) == {*ours, *theirs}
    more = write(ledger, author, 20)
    assert ledger.has([*ours, *theirs, *more]) == {*ours, *theirs, *more}


def test_what_was_erased_is_not_held_and_what_is_written_again_is(ledger: Ledger) -> None:
    author = Author()
    records = [author.says(subject_of(number)) for number in range(1, 20)]
    ids = [record.id for record in records]
    with ledger.write() as writing:
        writing.keep_many([arrival(record) for record in records])
    assert ledger.has(ids) == set(ids)
    with ledger.write() as writing:
        writing.erase_records(ids[:5])
    assert ledger.has(ids) == set(ids[5:])
    with ledger.write() as writing:
        writing.keep_many([arrival(record) for record in records[:5]])
    assert ledger.has(ids) == set(ids)


def test_what_was_taken_back_is_not_held_and_its_place_is_another_s(ledger: Ledger) -> None:
    author = Author()
    write(ledger, author, 20)
    assert ledger.has(unknown(20)) == set()
    lost = [author.says(subject_of(100 + number)) for number in range(5)]
    with suppress(KeyError), ledger.write() as writing:
        writing.keep_many([arrival(record) for record in lost])
        raise KeyError
    kept = write(ledger, author, 5)
    assert ledger.has([*kept, *(record.id for record in lost)]) == set(kept)
