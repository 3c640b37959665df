"""Headcounts of open shelters as Nanao published them, and as other towns may."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from node.errors import FileHeaderUnknown
from node.exchange.moments import moment_in_file_name, read_moment
from node.exchange.rows import Row, RowTaken
from node.exchange.statuses import StatusRow, read_statuses
from node.people.facets import Opening, PlaceType, Status, Supply
from node.records.subjects import place_subject
from tests.builders.importing import NANAO, notes, refusals

NOW_MS = 1_720_000_000_000
SNAPSHOTS = sorted(NANAO.glob("open_*.csv"))


def ms(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1000


def read(path: Path) -> list[Row[StatusRow]]:
    with path.open("rb") as file:
        return list(read_statuses(file, name=str(path), now_ms=NOW_MS))


def told(text: str, name: str = "list.csv") -> list[Row[StatusRow]]:
    return list(read_statuses(io.BytesIO(text.encode()), name=name, now_ms=NOW_MS, municipality="172022"))


def statuses(rows: list[Row[StatusRow]]) -> list[Status]:
    return [row.content.status for row in rows if isinstance(row, RowTaken)]


def test_the_demo_ships_snapshots():
    assert len(SNAPSHOTS) >= 3


@pytest.mark.parametrize("path", SNAPSHOTS, ids=lambda path: path.stem[-15:])
def test_every_row_of_every_snapshot_is_taken(path):
    rows = read(path)
    assert refusals(rows) == []
    assert len(statuses(rows)) == len(path.read_text(encoding="utf-8").splitlines()) - 1
    assert {status.source for status in statuses(rows)} == {path.name}
    by_name = moment_in_file_name(path.name)
    assert by_name is not None
    assert {status.observed_at_ms for status in statuses(rows)} == {by_name.at_ms}
    assert all(status.headcount is not None and status.opening is Opening.OPEN for status in statuses(rows))


def test_the_first_snapshot_tells_its_time_in_a_header():
    rows = read(NANAO / "open_shelter_Nanao-shi_2024-01-09-1800.csv")
    assert {status.observed_at_ms for status in statuses(rows)} == {ms(2024, 1, 9, 9)}
    assert sum(status.headcount or 0 for status in statuses(rows)) == 1_886
    assert {note for _, note, _ in notes(rows)} == {"TIME_FROM_HEADER"}


def test_a_shelter_in_no_list_started_itself():
    rows = read(NANAO / "open_shelter_Nanao-shi_2024-01-09-1800.csv")
    places = [row.content.place for row in rows if isinstance(row, RowTaken)]
    (started,) = [place for place in places if place.place.type is PlaceType.SELF_STARTED]
    assert started.place.name == "寄合い処みそぎ"
    assert started.subject == place_subject("172022/NEW001")


def test_capacity_is_kept_as_text_and_as_number():
    rows = read(NANAO / "open_shelter_Nanao-shi_2024-01-09-1800.csv")
    place = next(row.content.place.place for row in rows if isinstance(row, RowTaken) and row.line == 3)
    assert (place.capacity_text, place.capacity) == ("屋内191人／屋外0人(面積の1/2)", 191)


def test_an_empty_headcount_is_unknown_and_not_nought():
    rows = told("ID,名称,人数,時点\nA1,公民館,,令和6年1月9日午後6時\nA2,体育館,0,令和6年1月9日午後6時\n")
    assert [status.headcount for status in statuses(rows)] == [None, 0]


def test_the_column_is_believed_before_the_header_and_the_header_before_the_file():
    column = told("ID,名称,人数_令和6年1月8日午後6時時点,時点\nA,甲,1,2024-01-09 18:00\n", "x_2024-01-07-0600.csv")
    header = told("ID,名称,人数_令和6年1月8日午後6時時点,時点\nA,甲,1,\n", "x_2024-01-07-0600.csv")
    name = told("ID,名称,人数\nA,甲,1\n", "x_2024-01-07-0600.csv")
    moments = [statuses(rows)[0].observed_at_ms for rows in (column, header, name)]
    assert moments == [ms(2024, 1, 9, 9), ms(2024, 1, 8, 9), ms(2024, 1, 6, 21)]
    assert [[note for _, note, _ in notes(rows)] for rows in (column, header, name)] == [
        [],
        ["TIME_FROM_HEADER"],
        ["TIME_FROM_FILE_NAME"],
    ]


def test_a_row_that_nothing_tells_the_time_of_is_refused():
    assert refusals(told("ID,名称,人数\nA,甲,1\n")) == [(2, "TIME_MISSING", "observed_at")]


def test_a_moment_that_has_not_come_is_refused():
    rows = told("ID,名称,人数,時点\nA,甲,1,2034-01-09 18:00\nB,乙,1,2024-01-09 18:00\n")
    assert refusals(rows) == [(2, "TIME_AHEAD", "時点")]
    assert len(statuses(rows)) == 1


def test_what_else_a_town_may_report():
    (status,) = statuses(
        told(
            "避難所名,避難者数,男性,女性,世帯数,開設状況,飲料水,食料,通信手段,時点\n"
            "体育館,１２０人,50,70,41,開設中,不足,なし,携帯電話・衛星電話,2024/1/9 6:30\n"
        )
    )
    assert (status.headcount, status.men, status.women, status.households) == (120, 50, 70, 41)
    assert (status.water, status.food) == (Supply.SHORT, Supply.NONE)
    assert status.communications == ("mobile", "satellite")


def test_words_and_numbers_that_cannot_be_read_are_unknown():
    rows = told("名称,人数,開設状況,時点\n体育館,多数,たぶん,2024/1/9 6:30\n")
    (status,) = statuses(rows)
    assert (status.headcount, status.opening) == (None, Opening.UNSPECIFIED)
    assert sorted(note for _, note, _ in notes(rows)) == ["ID_FROM_NAME", "NUMBER_NOT_READ", "WORD_NOT_READ"]


def test_two_counts_of_one_place_at_one_moment_are_not_both_taken():
    rows = told("ID,名称,人数,時点\nA,甲,1,2024/1/9 6:30\nA,甲,2,2024/1/9 6:30\nA,甲,3,2024/1/9 7:30\n")
    assert refusals(rows) == [(3, "PLACE_TWICE", "名称")]
    assert [status.headcount for status in statuses(rows)] == [1, 3]


def test_a_roster_is_no_list_of_shelters():
    with pytest.raises(FileHeaderUnknown):
        told("宛名番号,氏名,生年月日\n1,能登 一郎,1948\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和6年1月9日午後6時時点", ms(2024, 1, 9, 9)),
        ("令和6年1月11日午前6時", ms(2024, 1, 10, 21)),
        ("令和６年１月９日（火）午後６時30分現在", ms(2024, 1, 9, 9, 30)),
        ("令和6年1月9日 正午", ms(2024, 1, 9, 3)),
        ("令和6年1月9日午前0時", ms(2024, 1, 8, 15)),
        ("令和6年1月9日午前12時", ms(2024, 1, 8, 15)),
        ("令和6年1月9日午後0時半", ms(2024, 1, 9, 3, 30)),
        ("R6.1.9 18:00", ms(2024, 1, 9, 9)),
        ("2024-01-09T18:00:00+09:00", ms(2024, 1, 9, 9)),
        ("2024-01-09T09:00:00Z", ms(2024, 1, 9, 9)),
        ("2024/1/9 6:05 PM", ms(2024, 1, 9, 9, 5)),
        ("2024-01-09-1800", ms(2024, 1, 9, 9)),
        ("202401091800", ms(2024, 1, 9, 9)),
        ("2024年1月9日24時", ms(2024, 1, 9, 15)),
        ("2024年1月9日", ms(2024, 1, 8, 15)),
    ],
)
def test_moments_are_read_as_written_in_japan(text, expected):
    found = read_moment(text)
    assert found is not None
    assert found.at_ms == expected


@pytest.mark.parametrize("text", ["", "午後6時", "令和6年13月1日", "2024-01-09 25:00", "2024-01-09 18:75", "きのう"])
def test_what_is_no_moment_is_none(text):
    assert read_moment(text) is None


def test_a_day_alone_is_its_beginning_and_said():
    rows = told("ID,名称,人数,時点\nA,甲,1,令和6年1月9日\n")
    assert statuses(rows)[0].observed_at_ms == ms(2024, 1, 8, 15)
    assert [note for _, note, _ in notes(rows)] == ["TIME_DAY_ONLY"]
