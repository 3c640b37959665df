"""The recovery code: 140 bits on paper, typed as people type, and a wrong group is named."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, strategies as st

from node.errors import RecoveryCodeWrong
from node.trust.one_time import ALPHABET
from node.trust.recovery import GROUPS, RecoveryCode, fingerprint, new_recovery_code, read_recovery_code

chance = Random(20240101)
CODE = new_recovery_code(chance.randbytes)
PLACES = st.tuples(st.integers(0, GROUPS - 1), st.integers(0, 4))


def with_group(place: int, group: str) -> str:
    groups = list(CODE.groups)
    groups[place] = group
    return "-".join(groups)


def wrong_groups(typed: str) -> str:
    with pytest.raises(RecoveryCodeWrong) as wrong:
        read_recovery_code(typed)
    return str(wrong.value.details["groups"])


def test_a_code_is_seven_groups_of_five() -> None:
    assert [len(group) for group in CODE.groups] == [5] * GROUPS
    assert set(CODE.written) <= set(ALPHABET) | {"-"}


def test_codes_and_keys_follow_from_chance_alone() -> None:
    again = new_recovery_code(Random(20240101).randbytes)
    assert (again.written, again.key.public_key) == (CODE.written, CODE.key.public_key)
    assert new_recovery_code(chance.randbytes).key.public_key != CODE.key.public_key


@pytest.mark.parametrize(
    "typed",
    [
        CODE.written,
        CODE.written.lower(),
        CODE.written.replace("-", " "),
        CODE.written.replace("-", ""),
        f"  {CODE.written.replace('-', ' - ')}\n",
        CODE.written.replace("-", "－"),
        "".join(chr(ord(each) + 0xFEE0) for each in CODE.written),
        CODE.written.replace("0", "O").replace("1", "l"),
    ],
)
def test_it_is_understood_however_it_is_typed(typed: str) -> None:
    assert read_recovery_code(typed).key.public_key == CODE.key.public_key


@given(PLACES, st.sampled_from(ALPHABET))
def test_a_wrong_character_names_its_group(place: tuple[int, int], character: str) -> None:
    group, at = place
    typed = CODE.groups[group][:at] + character + CODE.groups[group][at + 1 :]
    if typed != CODE.groups[group]:
        assert wrong_groups(with_group(group, typed)) == str(group + 1)


@pytest.mark.parametrize("group", range(GROUPS))
def test_two_swapped_characters_name_their_group(group: int) -> None:
    for at, (first, second) in enumerate(pairwise(CODE.groups[group])):
        if first != second:
            typed = CODE.groups[group][:at] + second + first + CODE.groups[group][at + 2 :]
            assert wrong_groups(with_group(group, typed)) == str(group + 1)


def test_two_groups_in_each_others_place_are_named() -> None:
    groups = [*CODE.groups]
    groups[1], groups[4] = groups[4], groups[1]
    assert wrong_groups("-".join(groups)) == "2, 5"


def test_a_character_too_few_spoils_its_own_group_only() -> None:
    assert wrong_groups(with_group(3, CODE.groups[3][:-1])) == "4"


@pytest.mark.parametrize(("typed", "groups"), [("", "1, 2, 3, 4, 5, 6, 7"), (CODE.written + "-7QK4M", "8")])
def test_what_is_missing_or_too_much_is_named(typed: str, groups: str) -> None:
    assert wrong_groups(typed) == groups


def test_neither_code_nor_key_is_shown_by_accident() -> None:
    assert CODE.groups[0] not in repr(CODE)
    assert RecoveryCode(CODE.written).key.secret.hex() not in repr(CODE.key)
    assert len(fingerprint(CODE.key.public_key)) == 16
