"""Imports into a ledger: in batches, twice the same, two lists in turn, and an account of every row."""

import csv
import io
import tomllib
from importlib.resources import files

import pytest

from node.exchange.apply import BATCH_ROWS_MAX, import_places, import_residents, import_statuses
from node.exchange.municipalities import read_municipalities
from node.exchange.places import read_places
from node.exchange.report import Journal, Report
from node.exchange.residents import read_residents
from node.exchange.rows import RowTaken
from node.exchange.statuses import read_statuses
from node.people.facets import OrganisationKind
from node.records.subjects import place_subject
from tests.builders.importing import NANAO, REAL, TODAY, MemoryImporter, my_number, notes, refusals

NOW_MS = 1_720_000_000_000
ROSTER = "宛名番号,氏名,支援措置\n" + "".join(f"{n},能登　{n}郎,{n % 2}\n" for n in range(1, 2_502)) + "1,能登　再,\n"


def take_roster(importer: MemoryImporter, text: str = ROSTER) -> Report:
    rows = read_residents(io.BytesIO(text.encode()), today=TODAY)
    return import_residents(rows, importer, Report("roster.csv"))


def take_places(importer: MemoryImporter, name: str) -> Report:
    path = NANAO / name if name == "reference_data.csv" else REAL / name
    with path.open("rb") as file:
        return import_places(read_places(file), importer, Report(name))


def take_snapshot(importer: MemoryImporter, day: str) -> Report:
    name = f"open_shelter_Nanao-shi_2024-{day}.csv"
    with (NANAO / name).open("rb") as file:
        return import_statuses(read_statuses(file, name=name, now_ms=NOW_MS), importer, Report(name))


def test_rows_go_in_batches_and_are_all_accounted_for():
    importer = MemoryImporter()
    report = take_roster(importer)
    assert importer.batches == [BATCH_ROWS_MAX, BATCH_ROWS_MAX, 501]
    assert report.figures() == {
        "rows": 2_502,
        "taken": 2_501,
        "new": 2_501,
        "changed": 0,
        "unchanged": 0,
        "older": 0,
        "mended": 0,
        "refused": 1,
        "columns_refused": 0,
        "places_made": 0,
    }
    assert len(importer.protected) == 1_251


def test_the_same_roster_again_changes_nothing():
    importer = MemoryImporter()
    take_roster(importer)
    again = take_roster(importer)
    assert again.outcomes == {"unchanged": 2_501}


def test_what_changed_in_a_roster_is_told_from_what_is_new():
    importer = MemoryImporter()
    take_roster(importer, "宛名番号,氏名\n1,能登 一郎\n2,能登 二郎\n")
    report = take_roster(importer, "宛名番号,氏名\n1,能登 一郎\n2,輪島 二郎\n3,能登 三郎\n")
    assert report.outcomes == {"unchanged": 1, "changed": 1, "new": 1}


@pytest.mark.parametrize(
    "names",
    [
        ["gsi_shelters.csv.gz", "gsi_sites.csv.gz", "gsi_sites_wajima.json", "reference_data.csv"],
        ["reference_data.csv", "gsi_shelters.csv.gz", "gsi_sites.csv.gz"],
    ],
)
def test_lists_of_places_again_and_in_turn_change_nothing(names):
    importer = MemoryImporter()
    for name in names:
        take_places(importer, name)
    before = dict(importer.places)
    again = [take_places(importer, name) for name in names]
    assert [report.outcomes["unchanged"] for report in again] == [report.taken for report in again]
    assert importer.places == before


def test_a_site_of_the_towns_list_fills_the_gaps_of_its_national_entry():
    importer = MemoryImporter()
    take_places(importer, "gsi_shelters.csv.gz")
    before = importer.places[place_subject("E1720200005111")]
    take_places(importer, "reference_data.csv")
    after = importer.places[place_subject("E1720200005111")]
    assert (before.name, before.address, before.type) == (after.name, after.address, after.type)
    assert (after.local_id, after.capacity) == ("CC0000000504", 191)
    assert place_subject("172022/CC0000000504") not in importer.places


def test_a_name_alone_links_nothing():
    importer = MemoryImporter()
    take_places(importer, "gsi_shelters.csv.gz")
    take_places(importer, "reference_data.csv")
    assert place_subject("172022/CC0000000529") in importer.places  # 徳田: the addresses differ


def test_headcounts_go_to_the_national_entry_where_it_is_known():
    importer = MemoryImporter()
    take_places(importer, "gsi_shelters.csv.gz")
    report = take_snapshot(importer, "01-09-1800")
    assert report.outcomes == {"new": 29}
    (status,) = importer.statuses[place_subject("E1720200005111")]
    assert status.headcount == 130
    linked = [subject for subject in importer.statuses if importer.places[subject].national_id]
    assert len(linked) + report.places_made == 29
    assert len(linked) >= 15


def test_headcounts_make_the_places_they_speak_of():
    importer = MemoryImporter()
    report = take_snapshot(importer, "01-09-1800")
    assert report.places_made == 29
    assert place_subject("172022/NEW001") in importer.statuses


def test_a_place_stays_what_it_was_though_the_national_list_comes_later():
    importer = MemoryImporter()
    take_snapshot(importer, "01-09-1800")
    take_places(importer, "gsi_shelters.csv.gz")
    again = take_snapshot(importer, "01-09-1800")
    assert again.outcomes == {"unchanged": 29}
    assert again.places_made == 0


def test_an_older_snapshot_does_not_cover_a_newer_one():
    importer = MemoryImporter()
    take_snapshot(importer, "01-11-1800")
    report = take_snapshot(importer, "01-09-1800")
    assert report.outcomes["older"] == 26
    assert report.outcomes["new"] == 3


def test_snapshots_in_turn_and_again_change_nothing():
    importer = MemoryImporter()
    days = sorted(path.stem.split("2024-")[1] for path in NANAO.glob("open_*.csv"))
    for day in days:
        take_snapshot(importer, day)
    before = {subject: list(held) for subject, held in importer.statuses.items()}
    again = [take_snapshot(importer, day) for day in days]
    assert importer.statuses == before
    assert all(set(report.outcomes) <= {"unchanged", "older"} for report in again)


def test_the_report_tells_every_row_and_repeats_none():
    number = my_number(12345678901)
    text = f"宛名番号,氏名,備考\n1,能登 一郎,\n2,能登二郎甲乙丙,{number}\n1,能登 三郎,\n,,\n4,能登\x00四郎,\n"
    out = io.StringIO(newline="")
    report = Report("roster.csv", Journal(out, "ja"))
    import_residents(read_residents(io.BytesIO(text.encode()), today=TODAY), MemoryImporter(), report)
    told = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    assert [(row["line"], row["result"], row["reason"]) for row in told] == [
        ("", "refused", "MY_NUMBER_COLUMN"),
        ("2", "new", ""),
        ("3", "new", "NAME_NOT_SPLIT"),
        ("4", "refused", "KEY_TWICE"),
        ("6", "refused", "CONTROL_CHARACTER"),
    ]
    assert "能登" not in out.getvalue()
    assert number not in out.getvalue()
    assert (report.rows, report.taken, report.refused, report.mended) == (4, 2, 2, 1)
    assert any("マイナンバー" in line for line in report.lines("ja"))


def test_every_reason_a_reader_gives_has_a_sentence_in_both_languages():
    rooms = [room for room in files("node.exchange").iterdir() if room.name.endswith(".py")]
    source = "\n".join(room.read_text(encoding="utf-8") for room in rooms)
    for language in ("ja", "en"):
        table = tomllib.loads(files("node.locales").joinpath(f"rows.{language}.toml").read_text(encoding="utf-8"))
        sentences = table["refused"] | table["mended"]
        unused = [reason for reason in sentences if f'"{reason}"' not in source]
        assert unused == []
        given = {
            word for word in source.replace("'", '"').split('"') if word.isupper() and "_" in word and " " not in word
        }
        assert given - set(sentences) == set()


def test_the_list_of_municipalities_agrees_with_ours():
    with (REAL / "municipalities.csv").open("rb") as file:
        rows = list(read_municipalities(file))
    assert len(rows) == 32 - 1
    assert refusals(rows) == notes(rows) == []
    kinds = [row.content for row in rows if isinstance(row, RowTaken)]
    assert any(each.is_ward and each.name == "札幌市中央区" for each in kinds)
    assert any(each.code == "172049" and each.kana == "ワジマシ" for each in kinds)


def test_prefectures_get_their_lost_zeros_back():
    with (REAL / "prefectures.csv").open("rb") as file:
        rows = list(read_municipalities(file))
    assert len(rows) == 47
    assert refusals(rows) == []
    assert [note for _, note, _ in notes(rows)] == ["CODE_ZERO_RESTORED"] * 9
    kinds = {row.content.kind for row in rows if isinstance(row, RowTaken)}
    assert kinds == {OrganisationKind.PREFECTURE}
