"""Whatever bytes are handed over: a refusal of the file, or rows that are each taken or refused, and all counted."""

import io

from hypothesis import given, settings, strategies as st

from node.errors import InputRefused
from node.exchange.apply import import_places, import_residents, import_statuses
from node.exchange.places import read_places
from node.exchange.report import Report
from node.exchange.residents import read_residents
from node.exchange.statuses import read_statuses
from node.people.facets import Resident, to_content
from tests.builders.importing import TODAY, MemoryImporter, people

HEADERS = {
    "residents": "宛名番号,氏名,フリガナ,生年月日,性別,郵便番号,住所,世帯番号,電話番号,要配慮,支援措置\n",
    "places": "共通ID,ID,名称,住所,緯度,経度,洪水,想定収容人数,団体コード\n",
    "statuses": "ID,名称,人数,時点,開設状況,所在地_都道府県,所在地_市区町村\n",
}
PIECES = [
    *(",", "\n", "\r\n", '"', "　", "\x00", "\ufffd", "\u202e", "能登", "一郎", "のと", "ﾉﾄ", "S230503", "男", "1"),
    *("123456789018", '="1"', "E1720400001201", "172049", "37.4", "136.9", "屋内1人", "令和6年1月9日午後6時", "石川県"),
    *("輪島市", "-1", "9" * 30, "1e999", "nan", "開設", "９２８－０００１", "\ue000", "𠮷", "٣" * 12),
]


def take(kind: str, raw: bytes) -> Report | None:
    importer, report, stream = MemoryImporter(), Report("any.csv"), io.BytesIO(raw)
    try:
        if kind == "residents":
            return import_residents(read_residents(stream, today=TODAY), importer, report)
        if kind == "places":
            return import_places(read_places(stream), importer, report)
        rows = read_statuses(stream, name="x_2024-01-09.csv", now_ms=1_720_000_000_000)
        return import_statuses(rows, importer, report)
    except InputRefused:
        return None


def counts_add_up(report: Report) -> bool:
    return (
        report.rows == report.taken + report.refused
        and report.taken == sum(report.outcomes.values())
        and report.mended <= report.taken
        and report.refused == sum(report.reasons.values())
    )


@given(st.sampled_from(sorted(HEADERS)), st.binary(max_size=400))
def test_any_bytes(kind, raw):
    report = take(kind, raw)
    assert report is None or counts_add_up(report)


@settings(max_examples=150)
@given(
    st.sampled_from(sorted(HEADERS)),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16"]),
)
def test_any_text_under_a_good_header(kind, text, encoding):
    report = take(kind, (HEADERS[kind] + text).encode(encoding, "replace"))
    assert (report is not None and counts_add_up(report)) or (
        "123456789018" in text or text.count("\x00") + text.count("\ufffd") > 3
    )


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.integers(0, 450))
def test_whatever_is_taken_of_a_roster_holds_against_every_rule_of_the_facet(text, more):
    header = "宛名番号,氏名,フリガナ,生年月日,住所,世帯番号,要配慮,要介護度\n"
    raw = f"{header}{text}\n7,能登 一郎,,,{'あ' * more},{'9' * (more // 4)},高齢,妊婦\n".encode()
    try:
        rows = list(read_residents(io.BytesIO(raw), today=TODAY))
    except InputRefused:
        return
    for resident in people(rows):
        assert Resident.model_validate(resident.model_dump()) == resident
        assert to_content(resident)


@given(st.binary(max_size=200))
def test_any_bytes_under_a_good_header(raw):
    report = take("residents", HEADERS["residents"].encode() + raw)
    assert report is None or counts_add_up(report)


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_any_name_is_kept_or_refused_but_not_lost(name):
    raw = f'宛名番号,氏名\n1,"{name.replace(chr(34), "")}"\n'.encode()
    report = take("residents", raw)
    assert report is None or counts_add_up(report)
