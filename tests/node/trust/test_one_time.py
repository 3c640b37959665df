"""One-time codes: typed by people, used once, guessed by nobody."""

import os

import pytest
from hypothesis import given, strategies as st

from node.errors import CodeExpired, CodeSpent, CodeWrong
from node.trust.one_time import (
    ALPHABET,
    CODE_CHARACTERS,
    KEPT_AFTER_MS,
    CodeSlip,
    is_well_typed,
    new_code,
    normalised,
    slip_for,
    try_code,
)
from sync import limits
from tests.builders.trust import HOUR_MS, NOW_MS

CODE = new_code(lambda size: b"\x5a" * size)
SLIP = slip_for(CODE, salt=b"s" * 16, expires_at_ms=NOW_MS + HOUR_MS, places=[b"p" * 16])
OTHER = slip_for(new_code(lambda size: b"\x17" * size), salt=b"t" * 16, expires_at_ms=NOW_MS + HOUR_MS)
WRONG = CODE[:5] + ("0" if CODE[5] != "0" else "1") + CODE[6:]


@given(st.binary(min_size=7, max_size=7))
def test_a_code_has_three_groups_of_four_and_checks(chance: bytes) -> None:
    code = new_code(lambda _: chance)
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert is_well_typed(code)


def test_two_codes_from_one_system_differ() -> None:
    assert len({new_code(os.urandom) for _ in range(100)}) == 100


@given(st.binary(min_size=7, max_size=7), st.integers(0, CODE_CHARACTERS - 1), st.sampled_from(ALPHABET))
def test_any_one_mistyped_character_is_found(chance: bytes, place: int, typed: str) -> None:
    code = normalised(new_code(lambda _: chance))
    mistyped = code[:place] + typed + code[place + 1 :]
    assert is_well_typed(mistyped) == (mistyped == code)


@pytest.mark.parametrize(
    "typed",
    [CODE.lower(), CODE.replace("-", ""), CODE.replace("-", " "), "".join(chr(ord(c) + 0xFEE0) for c in CODE)],
    ids=["lower case", "no hyphens", "blanks", "full width"],
)
def test_a_code_may_be_typed_in_many_ways(typed: str) -> None:
    assert try_code([SLIP], typed, NOW_MS).accepted == SLIP


def test_letters_that_look_like_digits_are_taken_as_digits() -> None:
    assert normalised("oO-iI-lL") == "001111"


def test_a_right_code_is_used_up_and_gives_its_places() -> None:
    tried = try_code([OTHER, SLIP], CODE, NOW_MS)
    assert tried.accepted is not None
    assert tried.accepted.places == (b"p" * 16,)
    assert tried.slips == (OTHER,)
    assert isinstance(try_code(tried.slips, CODE, NOW_MS).refusal, CodeWrong)


def test_a_code_is_spent_after_five_wrong_tries() -> None:
    slips: tuple[CodeSlip, ...] = (OTHER, SLIP)
    for _ in range(limits.ENROLMENT_TRIES_MAX):
        tried = try_code(slips, WRONG, NOW_MS)
        assert isinstance(tried.refusal, CodeWrong)
        slips = tried.slips
    assert isinstance(try_code(slips, CODE, NOW_MS).refusal, CodeSpent)
    assert OTHER in slips


def test_who_does_not_know_its_name_cannot_spend_a_code() -> None:
    tried = try_code([SLIP], "ZZZZ-0000-0000", NOW_MS)
    assert isinstance(tried.refusal, CodeWrong)
    assert tried.slips == (SLIP,)


def test_an_expired_code_is_refused_and_says_so_for_a_day() -> None:
    over = NOW_MS + HOUR_MS
    assert try_code([SLIP], CODE, over - 1).accepted
    assert isinstance(try_code([SLIP], CODE, over).refusal, CodeExpired)
    forgotten = try_code([SLIP], CODE, over + KEPT_AFTER_MS)
    assert isinstance(forgotten.refusal, CodeWrong)
    assert forgotten.slips == ()


def test_a_wrong_secret_is_not_told_that_the_code_expired() -> None:
    assert isinstance(try_code([SLIP], WRONG, NOW_MS + HOUR_MS).refusal, CodeWrong)


def test_a_slip_does_not_hold_the_code() -> None:
    assert normalised(CODE)[4:] not in str(SLIP.to_json())
    assert CodeSlip.from_json(SLIP.to_json()) == SLIP


@given(st.text(max_size=40))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    assert try_code([SLIP], typed, NOW_MS).accepted is None
