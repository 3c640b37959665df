"""Codes with check digits: those that are wanted and the one that is not."""

import pytest
from hypothesis import given, strategies as st

from node.people.my_number import check_digit, is_my_number, looks_like_my_numbers
from node.people.organisation_codes import is_local_government, is_organisation, with_check_digit
from node.reference.municipalities import municipalities
from node.reference.prefectures import prefectures


def test_every_code_in_use_has_the_right_check_digit() -> None:
    codes = [*municipalities(), *prefectures()]
    assert len(codes) == 1741 + 175 + 47
    assert all(is_local_government(code) for code in codes)


@given(st.from_regex(r"[0-9]{5}", fullmatch=True))
def test_one_check_digit_is_right(five: str) -> None:
    assert [f"{five}{digit}" for digit in range(10) if is_local_government(f"{five}{digit}")] == [
        with_check_digit(five)
    ]


@pytest.mark.parametrize("code", ["", "17204", "1720490", "17204９", "17204a", "172040", "S1234", "s12345"])
def test_what_is_no_code(code: str) -> None:
    assert not is_organisation(code)


def test_a_support_organisation_has_a_letter() -> None:
    assert is_organisation("S00001")
    assert not is_local_government("S00001")


@given(st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_a_my_number_is_known_by_its_check_digit(eleven: str) -> None:
    valid = f"{eleven}{check_digit(eleven)}"
    assert is_my_number(valid)
    assert is_my_number(f"{valid[:4]} {valid[4:8]}-{valid[8:]}")
    assert not is_my_number(f"{eleven}{(check_digit(eleven) + 1) % 10}")


@pytest.mark.parametrize("text", ["", "12345678901", "1234567890188", "A23456789018", "123456789012"])
def test_what_is_no_my_number(text: str) -> None:
    assert not is_my_number(text)


def test_a_column_of_my_numbers_is_known_and_one_of_keys_is_not() -> None:
    numbers = [f"{each:011d}{check_digit(f'{each:011d}')}" for each in range(10_000_000_000, 10_000_000_040)]
    keys = [f"{each:012d}" for each in range(100_000_000_000, 100_000_000_400)]
    assert looks_like_my_numbers([*numbers, "", "不明"])
    assert not looks_like_my_numbers(keys)
    assert not looks_like_my_numbers([])
