"""Who plays which part in the demo: disjoint, in whole households, with somebody to hide and somebody to consent."""

from collections import Counter

import pytest

from deploy.demo.cast import cast
from deploy.demo.people import residents


@pytest.fixture(scope="module")
def people():
    return residents(20240101, 20_000)


def test_nobody_plays_two_parts(people):
    chosen = cast(people)
    parts = Counter(person.key for part in (chosen.at_hand, chosen.far, chosen.late) for person in part)
    assert set(parts.values()) == {1}
    assert len(parts) == 600 + 200 + 40


def test_the_leavers_are_at_hand_first(people):
    chosen = cast(people)
    assert chosen.at_hand[:300] == chosen.leavers


def test_who_hides_is_at_hand_and_does_not_leave(people):
    chosen = cast(people)
    assert chosen.hidden in chosen.at_hand
    assert not any(person.protected for person in chosen.leavers + chosen.far + chosen.late)


def test_who_hides_and_who_consents_bear_names_nobody_else_bears(people):
    chosen = cast(people)
    borne = Counter(person.written for person in people)
    assert borne[chosen.hidden.written] == borne[chosen.consenting.written] == 1


@pytest.mark.parametrize("seed", range(5))
def test_a_small_town_can_be_cast_too(seed):
    assert cast(residents(seed, 6_000)).hidden.protected


def test_a_town_without_enough_people_says_so():
    with pytest.raises(ValueError, match=r"town"):
        cast(residents(1, 700))
