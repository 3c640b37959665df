"""Files taken in: what is new is written, the same again writes nothing."""

import pytest

from node.desk.desk import Desk
from node.errors import FieldRefused, InputRefused, NothingToGoBy, PlaceUnknown
from node.people.facets import Opening, Status
from node.records.kinds import PLACE, PROTECTION, RESIDENT, STATUS
from tests.builders.townhall import TownHall

RESIDENTS = """宛名番号,世帯番号,氏名,フリガナ,生年月日,性別,住所,支援措置
{0}1,{0}h,山岸 正一,ヤマギシ ショウイチ,S23.5.3,男,輪島市河井町15部13番地,
{0}2,{0}h,山岸 和子,ヤマギシ カズコ,1951/11/20,女,輪島市河井町15部13番地,
{0}3,{0}k,大谷内 由美子,オオヤチ ユミコ,1970-12-24,女,輪島市マリンタウン6-1,有
"""
PLACES = "施設名,住所,想定収容人数\n{0}公民館,輪島市河井町1,50\n{0}集会所,輪島市河井町2,30\n"
STATUSES = "施設名,住所,避難者数\n{0}公民館,輪島市河井町1,{1}\n"


def figures(report: object) -> tuple[int, int, int, int]:
    told = report.figures()  # type: ignore[attr-defined]
    return told["new"], told["changed"], told["unchanged"], told["refused"]


# --- residents


def test_the_same_register_twice_writes_nothing(hall: TownHall) -> None:
    text = RESIDENTS.format("a")
    assert figures(hall.residents(text)) == (3, 0, 0, 0)
    before = hall.seq()
    assert figures(hall.residents(text)) == (0, 0, 3, 0)
    assert hall.seq() == before


def test_with_one_row_changed_one_record_is_written(hall: TownHall) -> None:
    text = RESIDENTS.format("b")
    hall.residents(text)
    subject = hall.node.ledger.resident_by_key("b2")
    assert subject is not None
    before = hall.seq()
    assert figures(hall.residents(text.replace("山岸 和子", "山岸 和江"))) == (0, 1, 2, 0)
    assert hall.seq() == before + 1
    assert len(hall.heads(subject, RESIDENT)) == 1
    assert hall.desk().person(subject).given_name == "和江"


def test_the_protected_are_protected_from_the_moment_they_are_loaded(hall: TownHall) -> None:
    hall.residents(RESIDENTS.format("c"))
    plain, hidden = hall.node.ledger.resident_by_key("c1"), hall.node.ledger.resident_by_key("c3")
    assert plain is not None
    assert hidden is not None
    assert not hall.desk().person(plain).protected
    assert hall.desk().person(hidden).protected
    assert len(hall.heads(hidden, PROTECTION)) == 1


def test_a_mark_that_is_gone_lifts_nothing_and_a_new_one_protects(hall: TownHall) -> None:
    text = RESIDENTS.format("d")
    hall.residents(text)
    assert figures(hall.residents(text.replace(",有\n", ",\n"))) == (0, 0, 3, 0)
    hidden = hall.node.ledger.resident_by_key("d3")
    assert hidden is not None
    assert hall.desk().person(hidden).protected
    late = text.replace("13番地,\nd2", "13番地,有\nd2")
    assert figures(hall.residents(late)) == (0, 1, 2, 0)
    first = hall.node.ledger.resident_by_key("d1")
    assert first is not None
    assert hall.desk().person(first).protected


def test_a_lifted_protection_is_set_again_by_a_list_that_says_so(hall: TownHall) -> None:
    text = RESIDENTS.format("e")
    hall.residents(text)
    hidden = hall.node.ledger.resident_by_key("e3")
    assert hidden is not None
    hall.desk().lift_protection(hidden)
    hall.residents(text)
    assert hall.desk().person(hidden).protected


def test_the_register_again_changes_nothing_of_what_the_desk_has_said(hall: TownHall) -> None:
    text = RESIDENTS.format("f")
    hall.residents(text)
    subject = hall.node.ledger.resident_by_key("f1")
    assert subject is not None
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    hall.residents(text.replace("15部13番地", "20部1番地"))
    assert desk.person(subject).here
    assert not desk.person(subject).resident_only


def test_a_refused_row_stops_nobody_else(hall: TownHall) -> None:
    text = RESIDENTS.format("g") + "g3,,二度目,,,,,\n"
    assert figures(hall.residents(text)) == (3, 0, 0, 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_register_in_the_encodings_of_town_halls(hall: TownHall, encoding: str) -> None:
    key = encoding[0]
    report = hall.residents(RESIDENTS.format(f"enc{key}"), encoding)
    assert figures(report) == (3, 0, 0, 0)
    assert hall.node.ledger.resident_by_key(f"enc{key}1") is not None


def test_what_is_no_table_is_refused_as_a_whole(hall: TownHall) -> None:
    before = hall.seq()
    with pytest.raises(InputRefused):
        hall.residents("%PDF-1.7\nnothing like a list")
    assert hall.seq() == before


# --- places and their state


def test_the_same_list_of_places_twice_writes_nothing(hall: TownHall) -> None:
    text = PLACES.format("甲")
    assert figures(hall.places(text)) == (2, 0, 0, 0)
    before = hall.seq()
    assert figures(hall.places(text)) == (0, 0, 2, 0)
    assert hall.seq() == before


def test_a_place_with_a_new_capacity_is_one_record(hall: TownHall) -> None:
    text = PLACES.format("乙")
    hall.places(text)
    before = hall.seq()
    assert figures(hall.places(text.replace(",50", ",60"))) == (0, 1, 1, 0)
    assert hall.seq() == before + 1
    (place,) = hall.desk().places("乙公民館")
    assert place.capacity == 60
    assert len(hall.heads(place.subject, PLACE)) == 1


def test_headcounts_make_the_places_they_speak_of_and_twice_is_once(hall: TownHall) -> None:
    text = STATUSES.format("丙", 36)
    report = hall.statuses(text)
    assert (report.places_made, figures(report)) == (1, (1, 0, 0, 0))
    before = hall.seq()
    assert figures(hall.statuses(text)) == (0, 0, 1, 0)
    assert hall.seq() == before
    (place,) = hall.desk().places("丙公民館")
    assert place.headcount == 36


def test_an_older_figure_never_replaces_a_newer_one(hall: TownHall) -> None:
    hall.statuses(STATUSES.format("丁", 40), "open_shelter_2023-12-05-1200.csv")
    report = hall.statuses(STATUSES.format("丁", 90), "open_shelter_2023-12-04-1200.csv")
    assert report.figures()["older"] == 1
    (place,) = hall.desk().places("丁公民館")
    assert place.headcount == 40
    hall.statuses(STATUSES.format("丁", 20), "open_shelter_2023-12-06-1200.csv")
    (place,) = hall.desk().places("丁公民館")
    assert place.headcount == 20
    assert len(hall.heads(place.subject, STATUS)) == 1


# --- places made at the desk


def test_a_shelter_that_started_itself_is_there_at_once(hall: TownHall) -> None:
    desk = hall.desk()
    subject = desk.create_place("  ビニールハウス  ", address="輪島市町野町")
    (place,) = desk.places("ビニールハウス")
    assert (place.subject, place.name, place.municipality) == (subject, "ビニールハウス", "172049")
    desk.use_place(subject)
    assert desk.place_name == "ビニールハウス"


@pytest.mark.parametrize(("name", "refusal"), [("", NothingToGoBy), ("  ", NothingToGoBy), ("a\x1b[2J", FieldRefused)])
def test_a_place_needs_a_name_that_can_be_shown(hall: TownHall, name: str, refusal: type[Exception]) -> None:
    before = hall.seq()
    with pytest.raises(refusal):
        hall.desk().create_place(name)
    assert hall.seq() == before


def test_a_desk_stands_at_a_place_that_is_known(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    before = desk.place
    with pytest.raises(PlaceUnknown):
        desk.use_place(b"nowhere-at-all-1")
    assert desk.place == before


def status(desk: Desk, headcount: int | None, *, ago_ms: int = 0) -> Status:
    return Status(observed_at_ms=desk.now_ms() - ago_ms, opening=Opening.OPEN, headcount=headcount)


def test_how_a_place_stands_is_told_with_when_it_was_seen(hall: TownHall) -> None:
    desk = hall.desk(at="戊公民館")
    desk.report_status(desk.place, status(desk, None, ago_ms=60_000))
    (place,) = desk.places("戊公民館")
    assert (place.headcount, place.observed_at_ms, place.opening) == (None, desk.now_ms() - 60_000, 1)
    desk.report_status(desk.place, status(desk, 0))
    (place,) = desk.places("戊公民館")
    assert (place.headcount, place.observed_at_ms) == (0, desk.now_ms())


def test_the_same_as_last_time_seen_now_is_one_record_more(hall: TownHall) -> None:
    desk = hall.desk(at="己公民館")
    desk.report_status(desk.place, status(desk, 12))
    assert desk.report_status(desk.place, status(desk, 12)).records == 0
    hall.made.time.later(minutes=10)
    assert desk.report_status(desk.place, status(desk, 12)).records == 1


def test_of_an_unknown_place_nothing_is_said(hall: TownHall) -> None:
    desk, before = hall.desk(), hall.seq()
    with pytest.raises(PlaceUnknown):
        desk.report_status(b"nowhere-at-all-1", status(desk, 1))
    assert hall.seq() == before


# --- drafts


def test_a_half_typed_form_is_there_after_a_restart(hall: TownHall) -> None:
    hall.desk("tanaka").save_draft("register", {"family": "森", "given": "花"})
    again = hall.made.open("172049")
    assert again.desk("tanaka").draft("register") == {"family": "森", "given": "花"}
    assert again.desk("suzuki").draft("register") is None
    again.desk("tanaka").drop_draft("register")
    assert again.desk("tanaka").draft("register") is None


def test_a_draft_typed_on_replaces_the_one_before(hall: TownHall) -> None:
    desk = hall.desk("tanaka")
    desk.save_draft("register", {"family": "森"})
    desk.save_draft("register", {"family": "森", "given": "花子"})
    assert desk.draft("register") == {"family": "森", "given": "花子"}
    desk.drop_draft("register")
    desk.drop_draft("register")
