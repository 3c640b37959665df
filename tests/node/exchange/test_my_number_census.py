"""My Numbers are kept out of the ledger wherever they stand in a roster (Rule 8-6(3))."""

import pytest

from node.errors import FileKeyIsMyNumber
from tests.builders.importing import my_number, notes, people, refused_columns, roster

NUMBERS = [my_number(10_000_000_019 * n % 10**11) for n in range(1, 31)]


def rows_with(header: str, values: list[str]) -> str:
    lines = [f"{n},能登 {n}郎,{value}" for n, value in enumerate(values, start=1)]
    return "\n".join([f"宛名番号,氏名,{header}", *lines, ""])


@pytest.mark.parametrize("header", ["個人番号", "マイナンバー", "電話番号", "世帯番号"])
def test_a_column_of_my_numbers_is_refused_whole_whatever_its_header(header):
    rows = roster(rows_with(header, NUMBERS))
    assert refused_columns(rows) == [(header, "MY_NUMBER_COLUMN")]
    assert len(people(rows)) == 30
    assert not any(number in repr(person.model_dump()) for person in people(rows) for number in NUMBERS)


def test_an_unknown_header_is_told_by_its_number():
    assert refused_columns(roster(rows_with("能登花子", NUMBERS))) == [("#3", "MY_NUMBER_COLUMN")]


@pytest.mark.parametrize("shape", ["{0} {1} {2}", "{0}-{1}-{2}", "{0}－{1}－{2}", "{0}　{1}　{2}"])
def test_groups_of_four_are_seen_through(shape):
    values = [shape.format(number[:4], number[4:8], number[8:]) for number in NUMBERS]
    assert refused_columns(roster(rows_with("備考", values))) == [("備考", "MY_NUMBER_COLUMN")]


def test_full_width_digits_are_seen_through():
    wide = [number.translate({48 + n: 0xFF10 + n for n in range(10)}) for number in NUMBERS]
    assert refused_columns(roster(rows_with("備考", wide))) == [("備考", "MY_NUMBER_COLUMN")]


def test_a_few_in_an_otherwise_empty_column_are_a_column():
    assert refused_columns(roster(rows_with("備考", ["", "", NUMBERS[0], "", NUMBERS[1]])))


def test_a_file_whose_keys_are_my_numbers_is_refused():
    with pytest.raises(FileKeyIsMyNumber) as caught:
        roster("宛名番号,氏名\n" + "".join(f"{number},能登 一郎\n" for number in NUMBERS))
    assert not any(number in str(caught.value) for number in NUMBERS)


def test_one_hidden_in_a_remark_costs_that_cell_only():
    values = ["", "歩行に杖", f"番号は{NUMBERS[0]}です", "犬"]
    rows = roster(rows_with("備考", values))
    assert notes(rows) == [(4, "MY_NUMBER_REMOVED", "備考")]
    assert len(people(rows)) == 4


def test_one_hidden_in_an_address_does_not_reach_the_ledger():
    rows = roster(rows_with("住所", ["輪島市", f"輪島市 {NUMBERS[0]}", "珠洲市"]))
    assert [person.address for person in people(rows)] == ["輪島市", "", "珠洲市"]


def test_one_in_place_of_a_key_is_replaced_by_a_made_one():
    text = "宛名番号,氏名\n" + "".join(f"{n},能登 {n}郎\n" for n in range(1, 9)) + f"{NUMBERS[0]},能登 九郎\n"
    rows = roster(text)
    last = people(rows)[-1]
    assert last.municipal_key.startswith("x-")
    assert "MY_NUMBER_REMOVED" in {note for _, note, _ in notes(rows)}
    assert NUMBERS[0] not in last.municipal_key


def test_a_towns_own_twelve_digit_keys_are_no_my_numbers():
    own = [f"2024{n * 7919:08}" for n in range(1, 201)]
    rows = roster("宛名番号,氏名\n" + "".join(f"{key},能登 {n}郎\n" for n, key in enumerate(own)))
    assert refused_columns(rows) == []
    keys = [person.municipal_key for person in people(rows)]
    assert [key.removeprefix("k-") for key in keys] == own
    marked = [note for _, note, _ in notes(rows)]
    assert set(marked) == {"KEY_MARKED"}
    assert len(marked) < 40


def test_a_phone_with_a_country_code_is_no_my_number():
    (phone,) = {"+" + number for number in NUMBERS[:1]}
    (person,) = people(roster(f"宛名番号,氏名,電話番号\n1,能登 一郎,{phone}\n"))
    assert person.phone == phone
