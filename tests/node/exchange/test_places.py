"""Lists of places: the national list as it is published, and a town's own."""

import gzip
import io
import json

import pytest

from node.errors import FileHeaderUnknown, FileNotATable
from node.exchange.capacity import indoor_capacity
from node.exchange.places import PlaceRow, read_places
from node.exchange.rows import Row, RowTaken
from node.exchange.site_codes import read_code, read_national_id
from node.people.facets import Place, PlaceType
from node.records.subjects import place_subject
from tests.builders.importing import NANAO, REAL, notes, refusals


def read(name: str) -> list[Row[PlaceRow]]:
    with (REAL / name).open("rb") as file:
        return list(read_places(file))


def listed(text: str, **wishes: str) -> list[Row[PlaceRow]]:
    return list(read_places(io.BytesIO(text.encode()), **wishes))


def places(rows: list[Row[PlaceRow]]) -> list[Place]:
    return [row.content.place for row in rows if isinstance(row, RowTaken)]


def test_every_real_shelter_is_taken():
    rows = read("gsi_shelters.csv.gz")
    assert refusals(rows) == []
    assert len(places(rows)) == 102
    assert {place.type for place in places(rows)} == {PlaceType.DESIGNATED_SHELTER, PlaceType.WELFARE_SHELTER}


def test_every_real_emergency_site_is_taken():
    rows = read("gsi_sites.csv.gz")
    assert refusals(rows) == []
    assert len(places(rows)) == 132
    assert {place.type for place in places(rows)} == {PlaceType.EMERGENCY_SITE}
    assert "災害種別: " in places(rows)[0].text


@pytest.mark.parametrize(("name", "count"), [("gsi_shelters.csv.gz", 17), ("gsi_sites.csv.gz", 19)])
def test_the_towns_called_tomari_are_told_apart_by_the_national_id(name, count):
    rows = read(name)
    tomari = [place for place in places(rows) if place.national_id.startswith("E01403")]
    assert len(tomari) == count
    assert {place.municipality for place in tomari} == {"014036"}
    mended = [note for note in notes(rows) if note[1] == "CODE_FROM_NATIONAL_ID"]
    assert len(mended) == count


def test_an_id_may_go_on_with_a_letter():
    assert "E206020000520A" in {place.national_id for place in places(read("gsi_sites.csv.gz"))}


def test_line_breaks_in_names_and_remarks_are_mended():
    found = {note for _, note, _ in notes(read("gsi_sites.csv.gz"))}
    assert {"LINE_BREAK_REMOVED", "GAIJI_KEPT"} <= found


def test_geojson_is_read_as_the_csv_is():
    rows = read("gsi_sites_wajima.json")
    document = json.loads((REAL / "gsi_sites_wajima.json").read_text(encoding="utf-8"))
    assert len(places(rows)) == len(document["features"])
    first = places(rows)[0]
    assert (first.national_id, first.municipality) == ("E1720400001201", "172049")
    assert (first.latitude, first.longitude) == (37.396136, 136.905024)
    assert first.text == "災害種別: 津波"


def test_the_shelters_that_come_with_the_demo_are_all_taken():
    with (NANAO.parent / "shelters-ishikawa.geojson").open("rb") as file:
        rows = list(read_places(file))
    assert refusals(rows) == []
    assert len(places(rows)) == 941


def test_the_subject_is_the_one_everybody_derives():
    (row, *_) = read("gsi_sites_wajima.json")
    assert isinstance(row, RowTaken)
    assert row.content.subject == place_subject("E1720400001201")


def test_the_original_header_of_the_national_list_is_known():
    (place,) = places(
        listed(
            "NO,共通ID,都道府県名及び市町村名,施設・場所名,住所,洪水,津波,緯度,経度,備考\n"
            "1,E1720400001201,石川県輪島市,ホテル,石川県輪島市マリンタウン1-2,,1,37.396136,136.905024,\n"
        )
    )
    assert (place.municipality, place.text) == ("172049", "災害種別: 津波")


def test_a_towns_own_list_makes_places_by_its_own_ids():
    with (NANAO / "reference_data.csv").open("rb") as file:
        rows = list(read_places(file))
    assert refusals(rows) == []
    own = places(rows)
    assert len(own) == 112
    assert {place.municipality for place in own} == {"172022"}
    started = [place for place in own if place.type is PlaceType.SELF_STARTED]
    assert [place.local_id for place in started] == ["NEW001", "NEW002", "NEW003"]
    assert [line for line, note, _ in notes(rows) if note == "CODE_FROM_NAME"] == [112, 113, 114]
    assert isinstance(rows[0], RowTaken)
    assert rows[0].content.subject == place_subject("172022/CC0000000504")


def test_the_second_row_of_one_site_is_refused():
    row = "E1720400001201,ホテル,輪島市\n"
    assert refusals(listed("共通ID,名称,住所\n" + row + row)) == [(3, "PLACE_TWICE", "共通ID")]


@pytest.mark.parametrize(
    ("row", "reason", "column"),
    [
        ("E17204,ホテル,", "NATIONAL_ID_NOT_READ", "共通ID"),
        ("E9920400001201,ホテル,", "NATIONAL_ID_NOT_READ", "共通ID"),
        ("E1720400001201,,", "NAME_MISSING", "名称"),
        (",ホテル,輪島市", "MUNICIPALITY_UNKNOWN", "code"),
        ("E1720400001201," + "あ" * 401 + ",", "VALUE_NOT_ALLOWED", "名称"),
    ],
)
def test_a_row_that_makes_no_place_is_refused_alone(row, reason, column):
    rows = listed(f"共通ID,名称,住所\n{row}\nE1720400002201,公民館,\n")
    assert refusals(rows) == [(2, reason, column)]
    assert len(places(rows)) == 1


def test_a_site_without_any_id_is_told_by_its_name():
    rows = listed("名称,住所\n寄合い処,馬出町\n", municipality="172022")
    (place,) = places(rows)
    assert place.type is PlaceType.SELF_STARTED
    assert notes(rows) == [(2, "ID_FROM_NAME", "名称")]


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected", "note"),
    [
        ("37.39", "136.90", (37.39, 136.90), []),
        ("136.90", "37.39", (37.39, 136.90), ["POSITION_SWAPPED"]),
        ("0", "0", (None, None), ["POSITION_NOT_READ"]),
        ("nan", "136.9", (None, None), ["POSITION_NOT_READ"]),
        ("37.39", "", (None, None), ["POSITION_NOT_READ"]),
        ("", "", (None, None), []),
    ],
)
def test_a_position_outside_japan_is_left_open(latitude, longitude, expected, note):
    rows = listed(f"共通ID,名称,緯度,経度\nE1720400001201,ホテル,{latitude},{longitude}\n")
    (place,) = places(rows)
    assert (place.latitude, place.longitude) == expected
    assert [found for _, found, _ in notes(rows)] == note


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("屋内191人／屋外0人(面積の1/2)", 191),
        ("屋内1,371人／屋外5,470人（面積の1/2）", 1371),
        ("屋内2,736人屋外11,700人（面積の1/2）", 2736),
        ("屋内990人／屋外0人(座席数)", 990),
        ("屋内0人／屋外277人(面積の1/2)", 0),
        ("200", 200),
        ("約１２０名", 120),
        ("200.0", 200),
        ("屋外50人", None),
        ("100人程度（要相談）", None),
        ("", None),
    ],
)
def test_capacity_is_the_number_of_people_indoors(text, number):
    assert indoor_capacity(text) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("E1720400001201", ("E1720400001201", "172049", PlaceType.EMERGENCY_SITE)),
        ("Ｅ1720400001111", ("E1720400001111", "172049", PlaceType.DESIGNATED_SHELTER)),
        ("e1720400001121", ("E1720400001121", "172049", PlaceType.WELFARE_SHELTER)),
        ("E0140300001111", ("E0140300001111", "014036", PlaceType.DESIGNATED_SHELTER)),
        ("1720400001201", None),
        ("E17204000012011", None),
        ("E0020400001201", None),
    ],
)
def test_the_national_id_has_its_form(text, expected):
    assert read_national_id(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("172049", ("172049", "")),
        ("172049.0", ("172049", "")),
        ("172048", ("", "CODE_NOT_READ")),
        ("17204", ("172049", "CODE_CHECK_DIGIT_ADDED")),
        ("11002", ("011002", "CODE_ZERO_RESTORED")),
        ("10006", ("010006", "CODE_ZERO_RESTORED")),
        ("", ("", "")),
    ],
)
def test_a_code_that_lost_a_digit_is_put_right(text, expected):
    assert read_code(text) == expected


@pytest.mark.parametrize(
    "raw", [b"{", b"{}", b'{"features": 3}', b"[" * 100_000, b'{"a":' * 100_000, b'{"features": [\xff]}']
)
def test_what_is_no_geojson_is_refused_as_a_whole(raw):
    with pytest.raises((FileNotATable, FileHeaderUnknown)):
        list(read_places(io.BytesIO(raw)))


def test_a_feature_that_is_none_is_refused_alone():
    features = [3, None, {}, {"properties": []}, {"properties": {"名称": {"a": 1}}, "geometry": {"coordinates": "x"}}]
    raw = json.dumps({"features": features}).encode()
    assert [reason for _, reason, _ in refusals(list(read_places(io.BytesIO(gzip.compress(raw)))))] == [
        "NAME_MISSING"
    ] * 5
