"""Residents nobody has confirmed: counted, listed for the town's own staff, told to others only in counts."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from node.coordination.unconfirmed import Missing, Wanted
from node.desk.views import NewPerson
from node.people import ages
from tests.builders.townhall import TownHall, town_hall


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
