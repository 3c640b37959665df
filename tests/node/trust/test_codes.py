"""Codes of organisations and their check digits."""

import pytest

from node.trust import codes


@pytest.mark.parametrize("code", ["172049", "172014", "011002", "131016", "473821", "402206"])
def test_a_municipalitys_code_has_the_right_check_digit(code: str) -> None:
    assert codes.is_municipality(code)
    assert not codes.is_prefecture(code)


@pytest.mark.parametrize("code", ["170003", "010006", "130001", "470007"])
def test_a_prefectures_code_ends_in_zeros_and_a_check_digit(code: str) -> None:
    assert codes.is_prefecture(code)
    assert not codes.is_municipality(code)


@pytest.mark.parametrize("code", ["172048", "17204", "1720490", "１７２０４９", "17204A", "", "480002"])
def test_anything_else_is_no_municipality(code: str) -> None:
    assert not codes.is_municipality(code)


def test_every_single_wrong_digit_is_found() -> None:
    code = "172049"
    wrong = {code[:place] + digit + code[place + 1 :] for place in range(5) for digit in "0123456789"} - {code}
    assert sum(codes.is_local_government(each) for each in wrong) <= 2


def test_a_towns_prefecture_follows_from_its_code() -> None:
    assert codes.prefecture_of("172049") == "170003"
    assert codes.prefecture_of("17") == codes.prefecture_of("170003") == ""


@pytest.mark.parametrize(("code", "fits"), [("S00001", True), ("S0000", False), ("s00001", False), ("", False)])
def test_a_support_organisations_code_is_s_and_five_digits(code: str, fits: bool) -> None:
    assert codes.is_support(code) is fits
