"""Rosters of residents: headers, names, dates, keys, flags; every row taken or refused."""

import io

import pytest

from node.errors import FileHeaderUnknown
from node.exchange.residents import read_residents
from node.exchange.rows import RowTaken
from node.people.facets import Sex
from tests.builders.importing import TODAY, notes, people, refusals, roster

FULL = (
    "宛名番号,氏名,フリガナ,生年月日,性別,郵便番号,住所,世帯番号,続柄,電話番号,要配慮者区分,支援措置\n"
    "0001,輪島　太郎,ﾜｼﾞﾏ ﾀﾛｳ,S230503,男,〒928-0001,輪島市河井町１部1,H1,世帯主,0768-22-0001,人工透析・要介護3,\n"
    "0002,輪島　花子,わじま はなこ,昭和25年1月2日,2,9280001,輪島市河井町１部1,H1,妻,,,有\n"
)


def test_a_roster_of_a_town_is_read_whole():
    rows = roster(FULL)
    taro, hanako = people(rows)
    assert (taro.municipal_key, taro.family_name, taro.given_name) == ("0001", "輪島", "太郎")
    assert (taro.family_kana, taro.given_kana) == ("ワジマ", "タロウ")
    assert taro.birth is not None
    assert taro.birth.date == "1948-05-03"
    assert (taro.sex, taro.postcode, taro.relation) == (Sex.MALE, "9280001", "世帯主")
    assert (taro.household_key, taro.phone) == ("H1", "0768-22-0001")
    assert taro.care_codes == ("care-level", "dialysis")
    assert (hanako.sex, hanako.given_kana) == (Sex.FEMALE, "ハナコ")
    assert [row.content.protect for row in rows if isinstance(row, RowTaken)] == [False, True]
    assert refusals(rows) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_encoding_line_ends_and_delimiter_make_no_difference(encoding, end, delimiter):
    text = FULL.replace("\n", end).replace(",", delimiter)
    assert people(roster(text, encoding)) == people(roster(FULL))


@pytest.mark.parametrize(
    "headers", ["住民番号,姓,名", "整理番号,氏,名", "個人コード,苗字,名前_名", "ＩＤ,姓（漢字）,名（漢字）"]
)
def test_names_in_two_columns(headers):
    (person,) = people(roster(f"{headers}\n7,能登,一郎\n")[:1])
    assert (person.municipal_key, person.family_name) == ("7", "能登")


def test_a_title_above_the_header_is_passed_over():
    (person,) = people(roster("住民一覧（令和6年1月1日現在）\n\n宛名番号,氏名\n1,能登 一郎\n"))
    assert person.given_name == "一郎"


def test_a_file_without_a_header_is_refused_and_not_repeated():
    with pytest.raises(FileHeaderUnknown) as caught:
        roster("0001,輪島 太郎,1948-05-03\n0002,輪島 花子,1950-01-02\n")
    assert "輪島" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "kana", "family", "given", "note"),
    [
        ("佐藤　花子", "", "佐藤", "花子", ""),
        ("佐藤花子", "", "佐藤", "花子", "NAME_SPLIT_BY_LIST"),
        ("林田健", "", "林田健", "", "NAME_NOT_SPLIT"),  # 林 田健 or 林田 健
        ("林田健", "ハヤシダ ケン", "林田", "健", "NAME_SPLIT_BY_LIST"),
        ("グエン ヴァン アン", "", "グエン", "ヴァン アン", ""),
        ("甲乙丙丁戊", "", "甲乙丙丁戊", "", "NAME_NOT_SPLIT"),
    ],
)
def test_a_full_name_is_split_only_without_doubt(name, kana, family, given, note):
    rows = roster(f"宛名番号,氏名,フリガナ\n1,{name},{kana}\n")
    (person,) = people(rows)
    assert (person.family_name, person.given_name) == (family, given)
    assert [found for _, found, _ in notes(rows)] == ([note] if note else [])


@pytest.mark.parametrize(
    ("column", "value", "note"),
    [
        ("生年月日", "昭和65年13月1日", "BIRTH_NOT_READ"),
        ("生年月日", "2030-01-01", "BIRTH_NOT_READ"),
        ("性別", "甲", "SEX_NOT_READ"),
        ("郵便番号", "928", "POSTCODE_NOT_READ"),
        ("フリガナ", "輪島", "KANA_NOT_KANA"),
        ("要配慮", "左足が少し", "CARE_NOT_UNDERSTOOD"),
        ("秘匿", "※", "PROTECTION_ASSUMED"),
    ],
)
def test_a_cell_that_cannot_be_read_does_not_cost_the_person(column, value, note):
    rows = roster(f"宛名番号,氏名,{column}\n1,能登 一郎,{value}\n")
    assert len(people(rows)) == 1
    assert notes(rows) == [(2, note, column)]


def test_a_mark_nobody_knows_protects():
    (row,) = roster("宛名番号,氏名,支援措置\n1,能登 一郎,※\n")
    assert isinstance(row, RowTaken)
    assert row.content.protect


@pytest.mark.parametrize("mark", ["", "無", "0", "非該当", "×"])
def test_no_protection_where_the_roster_says_so(mark):
    (row,) = roster(f"宛名番号,氏名,支援措置\n1,能登 一郎,{mark}\n")
    assert isinstance(row, RowTaken)
    assert not row.content.protect


def test_any_of_several_marks_protects():
    (first, second) = roster("宛名番号,氏名,支援措置,閲覧制限\n1,能登 一郎,無,有\n2,能登 二郎,無,\n")
    assert isinstance(first, RowTaken)
    assert isinstance(second, RowTaken)
    assert (first.content.protect, second.content.protect) == (True, False)


def test_special_needs_of_several_columns_are_all_taken():
    (person,) = people(roster("宛名番号,氏名,要配慮者区分,障害種別\n1,能登 一郎,高齢,聴覚障害2級\n"))
    assert person.care_codes == ("deaf", "elderly")


def test_a_second_telephone_counts_where_there_is_no_first():
    rows = roster(
        "宛名番号,氏名,電話番号,携帯電話\n1,能登 一郎,,090-0000-0001\n2,能登 二郎,0768-00-0002,090-0000-0002\n"
    )
    assert [person.phone for person in people(rows)] == ["090-0000-0001", "0768-00-0002"]


def test_keys_of_two_numberings_are_never_mixed():
    rows = roster("宛名番号,整理番号,氏名\n,5,能登 一郎\n5,6,能登 二郎\n")
    first, second = people(rows)
    assert first.municipal_key.startswith("x-")
    assert second.municipal_key == "5"


def test_a_row_needs_a_key_or_a_name():
    rows = roster("宛名番号,氏名,住所\n,,輪島市河井町\n5,,\n,能登 一郎,\n")
    assert refusals(rows) == [(2, "NEITHER_KEY_NOR_NAME", "")]
    assert len(people(rows)) == 2


def test_a_key_made_from_the_person_is_the_same_each_time():
    text = "氏名,生年月日\n能登 一郎,1948-05-03\n能登 二郎,1950-05-03\n"
    first, second = people(roster(text)), people(roster(text))
    assert first == second
    assert len({person.municipal_key for person in first}) == 2
    assert [note for _, note, _ in notes(roster(text))] == ["KEY_DERIVED", "KEY_DERIVED"]


def test_the_second_of_two_rows_with_one_key_is_refused():
    rows = roster("宛名番号,氏名\n1,能登 一郎\n1,能登 二郎\n2,能登 三郎\n")
    assert refusals(rows) == [(3, "KEY_TWICE", "宛名番号")]
    assert [person.given_name for person in people(rows)] == ["一郎", "三郎"]


def test_a_comma_outside_quotes_does_not_move_cells_into_other_fields():
    rows = roster("宛名番号,氏名,住所\n1,能登 一郎,輪島市,河井町\n2,能登 二郎,輪島市\n")
    assert refusals(rows) == [(2, "CELLS_TOO_MANY", "")]


def test_a_row_that_ends_before_the_name_is_refused_and_one_that_ends_after_it_is_taken():
    rows = roster("宛名番号,氏名,住所\n1,能登 一郎\n2\n")
    assert refusals(rows) == [(3, "CELLS_TOO_FEW", "")]
    assert notes(rows) == [(2, "ROW_SHORT", "")]


def test_a_line_break_in_quotes_is_one_cell():
    rows = roster('宛名番号,氏名,住所\n1,能登 一郎,"輪島市\n河井町"\n2,能登 二郎,\n')
    assert [person.address for person in people(rows)] == ["輪島市 河井町", ""]
    assert notes(rows) == [(2, "LINE_BREAK_REMOVED", "住所")]
    assert [row.line for row in rows if isinstance(row, RowTaken)] == [2, 4]


def test_a_quote_never_closed_costs_its_line_only():
    text = "宛名番号,氏名,住所\n" + '1,能登 一郎,"輪島市\n' + "".join(f"{n},能登 {n}郎,\n" for n in range(2, 200))
    rows = roster(text)
    assert refusals(rows) == [(2, "QUOTE_NOT_CLOSED", "")]
    assert len(people(rows)) == 198


def test_nul_and_other_controls_cost_their_row_only():
    rows = roster("宛名番号,氏名\n1,能登\x00一郎\n2,能登\x1b[2J二郎\n3,能登 三郎\n")
    assert refusals(rows) == [(2, "CONTROL_CHARACTER", ""), (3, "CONTROL_CHARACTER", "")]
    assert len(people(rows)) == 1


def test_what_turns_the_writing_round_is_refused_with_its_column():
    rows = roster("宛名番号,氏名,住所\n1,能登 一郎,輪島\u202e市\n")
    assert refusals(rows) == [(2, "VALUE_NOT_ALLOWED", "住所")]


def test_a_character_the_encoding_lacks_costs_its_row_only():
    raw = "宛名番号,氏名\n1,能登 一郎\n2,能登 二郎\n".encode("cp932").replace("二".encode("cp932"), b"\x81\x01")
    rows = list(read_residents(io.BytesIO(raw + "3,能登 三郎\n".encode("cp932") * 1), today=TODAY))
    assert [line for line, _, _ in refusals(rows)] == [3]
    assert len(people(rows)) == 2


def test_extension_characters_of_windows_and_own_characters_of_a_town_are_kept():
    rows = roster("宛名番号,氏名\n1,髙﨑 纊\n2,能登 \ue000\n", "cp932")
    assert [person.family_name + person.given_name for person in people(rows)] == ["髙﨑纊", "能登\ue000"]
    assert notes(rows) == [(3, "GAIJI_KEPT", "氏名")]


def test_numbers_wrapped_for_a_spreadsheet_keep_their_zeros():
    (person,) = people(roster('宛名番号,氏名\n="00012",能登 一郎\n'))
    assert person.municipal_key == "00012"


def test_no_reason_repeats_what_stood_in_a_row():
    rows = roster("宛名番号,氏名,住所\n1,能登 一郎,輪\u202e島市\n1,能登\x00一郎,\n,,珠洲市\n")
    assert len(refusals(rows)) == 3
    assert not any(word in str(row) for row in rows for word in ("能登", "輪", "珠洲"))
