"""Birth dates as people type them."""

import contextlib
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from node.errors import BirthDateRefused
from node.people.calendar import age_on, ages_on, birth_words, in_japanese_era, parse_birth, read_date
from node.people.eras import ERAS
from node.people.facets import BirthDate

TODAY = date(2024, 1, 3)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("19480503", "1948-05-03"),
        ("１９４８０５０３", "1948-05-03"),
        ("S230503", "1948-05-03"),
        ("s230503", "1948-05-03"),
        ("昭和23年5月3日", "1948-05-03"),
        ("昭和２３年５月３日", "1948-05-03"),
        ("昭23.5.3", "1948-05-03"),
        ("s23.5.3", "1948-05-03"),
        ("S23/05/03", "1948-05-03"),
        ("S23-5-3", "1948-05-03"),
        ("1948-05-03", "1948-05-03"),
        ("1948/5/3", "1948-05-03"),
        ("1948年5月3日", "1948-05-03"),
        (" 1948.5.3 ", "1948-05-03"),
        ("1948-05", "1948-05"),
        ("194805", "1948-05"),
        ("昭和23年5月", "1948-05"),
        ("S2305", "1948-05"),
        ("1948", "1948"),
        ("1948年", "1948"),
        ("S23", "1948"),
        ("昭和23年", "1948"),
        ("R1/5/1", "2019-05-01"),
        ("令和元年", "2019"),
        ("令和元年5月1日", "2019-05-01"),
        ("H010108", "1989-01-08"),
        ("昭和64年1月7日", "1989-01-07"),
        ("平成31年4月30日", "2019-04-30"),
        ("大正15年12月25日", "1926-12-25"),
        ("昭和元年12月25日", "1926-12-25"),
        ("大正15年12月24日", "1926-12-24"),
        ("明治45年7月30日", "1912-07-30"),
        ("大正元年7月30日", "1912-07-30"),
        ("M40.1.1", "1907-01-01"),
        ("20240103", "2024-01-03"),
        ("2000-02-29", "2000-02-29"),
    ],
)
def test_what_is_typed_is_understood(typed: str, meant: str) -> None:
    assert parse_birth(typed, today=TODAY) == BirthDate(date=meant)


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("", "shape"),
        ("五月三日", "shape"),
        ("5/3", "shape"),
        ("480503", "shape"),
        ("S23053", "shape"),
        ("1948-05-03-01", "shape"),
        ("19480230", "no-such-day"),
        ("19491301", "no-such-day"),
        ("19000229", "no-such-day"),
        ("S230532", "no-such-day"),
        ("昭和64年1月8日", "era"),
        ("昭和64年2月", "era"),
        ("S65", "era"),
        ("S00", "era"),
        ("平成元年1月7日", "era"),
        ("平成31年5月1日", "era"),
        ("令和元年4月30日", "era"),
        ("昭和元年12月24日", "era"),
        ("大正15年12月26日", "era"),
        ("20240104", "future"),
        ("R10", "future"),
        ("18930101", "too-old"),
        ("150歳", "too-old"),
    ],
)
def test_what_is_no_birth_date_is_refused_with_the_rule(typed: str, rule: str) -> None:
    with pytest.raises(BirthDateRefused) as caught:
        parse_birth(typed, today=TODAY)
    assert caught.value.details == {"rule": rule}


@pytest.mark.parametrize("typed", ["80歳くらい", "約80歳", "推定８０歳", "80才"])
def test_a_guessed_age_keeps_the_day_of_the_guess(typed: str) -> None:
    assert parse_birth(typed, today=TODAY) == BirthDate(estimated_age=80, estimated_on="2024-01-03")


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("1948-05-03", "昭和23年5月3日"),
        ("1948-05", "昭和23年5月"),
        ("1948", "昭和23年"),
        ("1989", "昭和64年・平成元年"),
        ("1989-01", "昭和64年1月・平成元年1月"),
        ("1989-02", "平成元年2月"),
        ("1926-12-25", "昭和元年12月25日"),
        ("2019-05-01", "令和元年5月1日"),
        ("1850-01-01", "1850年1月1日"),
    ],
)
def test_a_date_is_told_in_its_era(iso: str, words: str) -> None:
    assert in_japanese_era(iso) == words


@given(st.dates(date(1894, 1, 1), TODAY))
def test_a_date_told_in_its_era_is_read_back(day: date) -> None:
    assert read_date(in_japanese_era(day.isoformat()), today=TODAY) == day.isoformat()


@given(st.dates(date(1894, 1, 1), TODAY))
def test_a_date_in_digits_is_read_back(day: date) -> None:
    assert read_date(day.strftime("%Y%m%d"), today=TODAY) == day.isoformat()


@given(st.text(max_size=16))
def test_anything_typed_is_read_or_refused(typed: str) -> None:
    with contextlib.suppress(BirthDateRefused):
        parse_birth(typed, today=TODAY)


def test_the_eras_leave_no_day_out() -> None:
    for before, after in itertools.pairwise(ERAS):
        assert after.first - before.last in (timedelta(0), timedelta(days=1))


@pytest.mark.parametrize(
    ("birth", "ages"),
    [
        (BirthDate(date="1948-01-03"), (76, 76)),
        (BirthDate(date="1948-01-04"), (75, 75)),
        (BirthDate(date="1948"), (75, 76)),
        (BirthDate(date="2023-12"), (0, 0)),
        (BirthDate(date="2024"), (0, 0)),
        (BirthDate(date="2025"), None),
        (BirthDate(estimated_age=80, estimated_on="2020-01-03"), (84, 84)),
        (BirthDate(), None),
        (None, None),
    ],
)
def test_an_age_is_as_sure_as_the_date(birth: BirthDate | None, ages: tuple[int, int] | None) -> None:
    assert ages_on(birth, TODAY) == ages
    assert age_on(birth, TODAY) == (ages[0] if ages else None)


def test_somebody_born_on_29_february_grows_older_on_1_march() -> None:
    assert age_on(BirthDate(date="2008-02-29"), date(2024, 2, 28)) == 15
    assert age_on(BirthDate(date="2008-02-29"), date(2023, 2, 28)) == 14
    assert age_on(BirthDate(date="2008-02-29"), date(2023, 3, 1)) == 15


def test_a_birth_is_told_in_words() -> None:
    assert birth_words(BirthDate(date="1948-05-03")) == "昭和23年5月3日"
    assert birth_words(BirthDate(date="1948-05-03"), japanese=False) == "1948-05-03"
    assert birth_words(BirthDate(estimated_age=80, estimated_on="2024-01-03")) == "約80歳"
    assert birth_words(BirthDate(estimated_age=80, estimated_on="2024-01-03"), japanese=False) == "about 80"
    assert birth_words(None) == ""
