"""Whom the search index names to be compared, and what is kept of pairs and links."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moyai.v1 import facets_pb2 as wire
from node.ledger import Ledger
from node.people.matching import portrait
from node.records import kinds
from node.records.subjects import pair_slot
from tests.benchmarks.population import arrival, body, unsigned

FIRST, SECOND, THIRD = (number.to_bytes(16) for number in (1, 2, 3))
HIROSHI = {
    "family_name": "齋藤",
    "given_name": "博",
    "family_kana": "サイトウ",
    "given_kana": "ヒロシ",
    "birth": "1948-05-03",
    "address": "輪島市河井町15部13番地",
    "phones": ("0768-22-1111",),
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.create(tmp_path / "ledger.db", bytes(32)) as made:
        for number in (1, 2, 3):
            say(made, number, kinds.IDENTITY, identity(), counter=number)
        yield made


def identity() -> wire.Identity:
    return wire.Identity(
        family_name="齋藤",
        given_name="博",
        family_kana="サイトウ",
        given_kana="ヒロシ",
        birth=wire.BirthDate(date="1948-05-03"),
    )


def say(
    ledger: Ledger,
    subject: int,
    facet: int,
    message: wire.Identity | wire.Link | wire.Residence | wire.Contact,
    *,
    counter: int,
    slot: bytes = b"",
) -> None:
    with ledger.write() as writing:
        writing.keep_many([arrival(unsigned(body(subject, facet, message.SerializeToString(), counter, slot=slot)))])


def link(ledger: Ledger, first: int, second: int, relation: int, *, counter: int) -> None:
    slot = pair_slot(first.to_bytes(16), second.to_bytes(16))
    said = wire.Link(other=second.to_bytes(16), relation=wire.Link.Relation.ValueType(relation))
    say(ledger, first, kinds.LINK, said, counter=counter, slot=slot)


def found(ledger: Ledger, **otherwise: object) -> bool:
    who = portrait(**{**HIROSHI, **otherwise})  # type: ignore[arg-type]
    return FIRST in [row.subject for row in ledger.candidates(who)]


@pytest.mark.parametrize(
    "otherwise",
    [
        {},
        {"family_name": "斎藤", "birth": ""},
        {"family_name": "斉藤", "birth": "", "family_kana": "", "given_kana": ""},
        {"family_name": "", "given_name": "", "birth": ""},
        {"family_name": "", "given_name": "", "given_kana": "ヒロジ"},
        {"family_name": "", "given_name": "", "given_kana": "ヒロジ", "birth": "1948-03-05"},
        {"family_name": "", "given_name": "", "family_kana": "サエトウ", "birth": "1949-05-03"},
        {"family_name": "", "given_name": "", "family_kana": "サエトウ", "birth": "1948"},
        {"family_name": "佐藤", "family_kana": "サトウ"},
        {"birth": "2011-05-03"},
    ],
)
def test_the_index_names_who_was_written_down_otherwise(ledger: Ledger, otherwise: dict[str, object]) -> None:
    assert found(ledger, **otherwise)


def test_by_telephone_or_home_somebody_is_named_whose_name_and_birth_are_other(ledger: Ledger) -> None:
    other = {"family_name": "森", "family_kana": "モリ", "birth": "1980-01-01"}
    stranger = {"given_name": "健", "given_kana": "ケン"}
    assert not found(ledger, **other, **stranger)
    say(ledger, 1, kinds.CONTACT, wire.Contact(phone="0768-22-1111"), counter=10)
    assert found(ledger, **other, **stranger)
    assert not found(ledger, **other, phones=(), address="輪島市河井町15部13番地")
    say(ledger, 1, kinds.RESIDENCE, wire.Residence(address="河井町15部13番地"), counter=11)
    assert found(ledger, **other, phones=(), address="河井町15部13番地")


def test_who_gives_nothing_to_go_by_is_like_nobody(ledger: Ledger) -> None:
    assert ledger.candidates(portrait()) == []


def test_pairs_wait_the_most_alike_first_and_each_once(ledger: Ledger) -> None:
    with ledger.write() as writing:
        writing.replace_alike(FIRST, {SECOND: 20.0, THIRD: 30.0})
        writing.replace_alike(SECOND, {FIRST: 20.0})
    assert [{pair.first, pair.second} for pair in ledger.alike()] == [{FIRST, THIRD}, {FIRST, SECOND}]
    assert ledger.alike_count() == 2


def test_who_is_alike_no_more_is_in_no_pair(ledger: Ledger) -> None:
    with ledger.write() as writing:
        writing.replace_alike(FIRST, {SECOND: 20.0})
        writing.replace_alike(SECOND, {})
    assert ledger.alike() == []


@pytest.mark.parametrize(
    ("said", "waits"),
    [([], True), ([1], False), ([2], False), ([3], True), ([1, 3], True), ([3, 2], False), ([2, 3, 1], False)],
)
@pytest.mark.parametrize("pair_first", [True, False])
def test_the_last_word_on_a_pair_says_whether_it_waits(
    ledger: Ledger, said: list[int], waits: bool, pair_first: bool
) -> None:
    """Whichever comes first, the pair or the word, and whichever of the two it is about."""

    def pair() -> None:
        with ledger.write() as writing:
            writing.replace_alike(FIRST, {SECOND: 20.0})

    if pair_first:
        pair()
    for step, relation in enumerate(said):
        sides = (1, 2) if step % 2 else (2, 1)
        link(ledger, *sides, relation, counter=20 + step)
    if not pair_first:
        pair()
    assert ledger.alike_count() == int(waits)


def test_linked_people_know_of_each_other(ledger: Ledger) -> None:
    link(ledger, 1, 2, wire.Link.RELATION_SAME, counter=20)
    link(ledger, 2, 1, wire.Link.RELATION_SAME, counter=21)
    link(ledger, 3, 1, wire.Link.RELATION_NOT_SAME, counter=22)
    assert ledger.linked([FIRST, SECOND, THIRD]) == {FIRST: (SECOND,), SECOND: (FIRST,)}
    assert [set(pair) for pair in ledger.pairs_decided()] == [{THIRD, FIRST}, {FIRST, SECOND}]


def test_a_person_who_is_erased_takes_their_pairs_along(ledger: Ledger) -> None:
    with ledger.write() as writing:
        writing.replace_alike(FIRST, {SECOND: 20.0, THIRD: 20.0})
        writing.erase(FIRST)
    assert ledger.alike_count() == 0
