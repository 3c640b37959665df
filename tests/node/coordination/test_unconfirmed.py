"""Residents nobody has confirmed: counted, listed for the town's own staff, told to others only in counts."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from moyai.v1 import facets_pb2
from node.coordination.unconfirmed import Missing, Wanted
from node.desk.intake import Intake
from node.desk.views import NewPerson
from node.errors import ContentMalformed
from node.people import ages
from node.people.facets import from_content
from node.records.kinds import TALLY
from tests.builders.office import NANAO_CODE, offices
from tests.builders.townhall import COLUMNS, TownHall, town_hall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    with town_hall(tmp_path) as made:
        yield made


def missing(hall: TownHall) -> Missing:
    return hall.node.coordination("chosei").missing


def at(town: str, number: int) -> str:
    return f"石川県輪島市{town}{number}番地"


def test_whoever_is_checked_in_is_found(hall: TownHall) -> None:
    first = hall.resident(address=at("河井町", 1))
    hall.resident(address=at("河井町", 2))
    hall.resident(address=at("門前町走出", 3))
    hall.desk(at="公民館").check_in([first])
    told = {each.name: (each.unconfirmed, each.residents) for each in missing(hall).districts()}
    assert told == {"河井町": (1, 2), "門前町": (1, 1)}


def test_an_evacuee_from_elsewhere_is_no_resident(hall: TownHall) -> None:
    hall.desk(at="公民館").register(NewPerson(family_name="森"))
    assert missing(hall).districts() == []


def test_those_with_special_needs_come_first_then_by_district(hall: TownHall) -> None:
    hall.resident("川上", address=at("門前町", 1))
    hall.resident("谷内", address=at("河井町", 2))
    hall.resident("坂下", address=at("門前町", 3), care="人工透析")
    found = missing(hall).listed(Wanted())
    assert [one.family_name for one in found.people] == ["坂下", "谷内", "川上"]
    assert (found.districts, found.count) == (("門前町", "河井町", "門前町"), 3)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Wanted(band="infant"), ["幼"]),
        (Wanted(band="elder"), ["老"]),
        (Wanted(band="unknown"), ["不"]),
        (Wanted(care_only=True), ["老"]),
        (Wanted(district="河井町"), ["不", "幼"]),
        (Wanted(district="河井町", band="elder"), []),
    ],
    ids=["infants", "the old", "of unknown age", "special needs", "a district", "both"],
)
def test_a_list_is_narrowed(hall: TownHall, wanted: Wanted, names: list[str]) -> None:
    hall.resident("老", birth="1930-05-03", address=at("門前町", 1), care="要介護3")
    hall.resident("幼", birth="2023-05-03", address=at("河井町", 2))
    hall.resident("不", birth="", address=at("河井町", 1))
    assert [one.family_name for one in missing(hall).listed(wanted).people] == names


def test_more_than_can_be_listed_are_counted(hall: TownHall) -> None:
    for number in range(3):
        hall.resident(address=at("河井町", number + 1))
    found = missing(hall).listed(Wanted(), limit=2)
    assert (len(found.people), found.count) == (2, 3)


def test_the_file_leaves_out_who_is_protected_and_says_so(hall: TownHall) -> None:
    hidden = hall.resident("大谷内", address=at("河井町", 1))
    hall.resident("=1+1", address=at("河井町", 2))
    hall.desk().protect(hidden)
    text, people, left_out = missing(hall).written(Wanted(), "ja")
    head, row = csv.reader(io.StringIO(text))
    assert (people, left_out) == (1, 1)
    assert head[:3] == ["地区", "住所", "氏名"]
    assert row[:2] == ["河井町", at("河井町", 2)]
    assert row[2].startswith("'=")


def test_lists_and_files_are_in_the_log_and_name_nobody(hall: TownHall) -> None:
    hall.resident()
    missing(hall).listed(Wanted())
    missing(hall).written(Wanted(), "ja")
    newest = [(each.entry.act, each.entry.purpose, each.entry.count) for each in hall.node.ledger.audit_newest(2)]
    assert newest == [("export", "rescue", 1), ("read", "rescue", 1)]
    assert not any("山岸" in entry for entry in hall.log(2))


def test_what_others_are_told_withholds_small_counts_and_others_with_them(hall: TownHall) -> None:
    for number in range(7):
        hall.resident(address=at("河井町", number + 1), birth="1930-05-03")
        hall.resident(address=at("門前町", number + 1), birth="1930-05-03")
    for number in range(3):
        hall.resident(address=at("河井町", number + 20), birth="2023-05-03")
    for number in range(6):
        hall.resident(address=at("河井町", number + 30), birth="1990-05-03")
    told = missing(hall).told()
    rows = {name: dict(zip(told.bands, cells, strict=True)) for name, cells in told.rows}
    assert rows["河井町"]["infant"] is None
    assert sum(cell is None for cell in rows["河井町"].values()) >= 2
    assert dict(zip(told.bands, told.sums, strict=True))["infant"] is None


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        ("2018-01-02", "infant"),
        ("2017-12-31", "child"),
        ("1959-01-01", "senior"),
        ("1949", "senior"),
        ("1948", "elder"),
        ("~70", "senior"),
        ("", "unknown"),
        ("2030-01-01", "unknown"),
    ],
)
def test_bands_by_age_on_the_day(birth: str, band: str) -> None:
    assert ages.band_of(birth, date(2024, 1, 1)) == band


def test_the_prefecture_hears_counts_and_nothing_of_anybody(tmp_path: Path) -> None:
    with offices(tmp_path) as both:
        births = ("2021-05-03", "2012-05-03", "1990-05-03", "1955-05-03", "1940-05-03")
        register = "".join(
            f"{town}{birth}{number},{town}{birth}{number},浜,{number},ハマ,ハマ,{birth},男,七尾市{town}{number},世帯主,,\n"
            for town in ("府中町", "一本杉町", "中島町")
            for birth in births
            for number in range(6)
        )
        intake = Intake(both.made[NANAO_CODE].post("setup", b""))
        stream = io.BytesIO(f"{COLUMNS}\n{register}".encode())
        intake.residents(stream, "more.csv", progress=lambda _done, _whole: None, journal=None)
        assert both.prefecture.missing.heard() == []
        told = both.town.missing.tell()
        both.meet()
        (heard,) = both.prefecture.missing.heard()
        assert (heard.organisation, heard.organisation_name) == (NANAO_CODE, "七尾市")
        assert heard.counted_at_ms == both.made.time()
        assert heard.told == told
        cells = [cell for _, row in heard.told.rows for cell in row]
        assert 6 in cells
        assert dict(heard.told.rows)["中島町"][ages.ALL.index("unknown")] is None
        assert all(cell is None or cell == 0 or cell >= 5 for cell in (*cells, *heard.told.sums))
        assert both.prefecture.search("浜", purpose="rescue").people == ()


def test_of_counts_told_again_the_newest_stand(tmp_path: Path) -> None:
    with offices(tmp_path) as both:
        both.town.missing.tell()
        both.made.time.later(minutes=5)
        both.town.missing.tell()
        both.meet()
        (heard,) = both.prefecture.missing.heard()
        assert heard.counted_at_ms == both.made.time()


@pytest.mark.parametrize("people", [1, 4])
def test_a_small_count_is_no_tally_whoever_writes_it(people: int) -> None:
    content = facets_pb2.Tally(
        counted_at_ms=1, rows=[facets_pb2.TallyRow(name="府中町", cells=[facets_pb2.TallyCell(people=people)])]
    ).SerializeToString()
    with pytest.raises(ContentMalformed) as refused:
        from_content(TALLY, content)
    assert refused.value.details["rule"] == "small-count"
