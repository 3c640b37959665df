"""The rows of people and places, and the lists and counts made of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moyai.v1 import facets_pb2 as wire
from node.ledger import Census, Counts
from node.records import kinds
from tests.builders.ledger import NOW_MS, WAJIMA, Author, Town, arrival, new_ledger, subject_of

HERE, THERE = b"h" * 16, b"t" * 16
PRESENT, OUT, LEFT, TRANSFERRED = 1, 2, 3, 4


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with new_ledger(tmp_path) as ledger:
        yield Town(ledger)


def at(town: Town, which: str, place: bytes | None = HERE, **options: object) -> list[bytes]:
    return [row.subject for row in town.ledger.people_at(place, which=which, **options)]  # type: ignore[arg-type]


def test_a_row_says_what_the_heads_say(town: Town) -> None:
    subject = town.person("田中", "太郎", ("タナカ", "タロウ"), birth="1948-05-03", municipality=WAJIMA, place=HERE)
    row = town.ledger.person(subject)
    assert row is not None
    assert (row.family_name, row.given_name, row.kana, row.birth) == ("田中", "太郎", "タナカ タロウ", "1948-05-03")
    assert (row.municipality, row.place, row.stay_state, row.stay_slot) == (WAJIMA, HERE, PRESENT, b"1")
    assert (row.resident_only, row.protected, row.conflict, row.closed, row.household) == (False, False, False, "", b"")
    assert row.came_from == WAJIMA
    assert town.ledger.person(subject_of(99)) is None


def test_a_row_never_shows_the_person_when_it_is_printed(town: Town) -> None:
    row = town.ledger.person(town.person("田中", "太郎"))
    assert "田中" not in repr(row)


def test_what_does_not_count_is_not_in_the_row(town: Town) -> None:
    subject = town.person("田中", "太郎")
    claim = Author(node=b"m" * 16).says(subject, kinds.CLOSURE, wire.Closure(kind=2).SerializeToString())
    with town.ledger.write() as writing:
        writing.keep_many([arrival(claim, counts=False)])
    row = town.ledger.person(subject)
    assert row is not None
    assert row.closed == ""
    with town.ledger.write() as writing:
        writing.set_counts(claim.id, True)
    row = town.ledger.person(subject)
    assert row is not None
    assert row.closed == "moved"


def test_of_whom_only_a_consent_is_held_there_is_no_row(town: Town) -> None:
    town.keep(town.author.says(subject_of(1), kinds.CONSENT, slot=b"1"))
    assert town.ledger.person(subject_of(1)) is None
    assert town.ledger.census() == Census(0, 0, 0)


def test_one_may_have_a_shelter_by_night_and_another_by_day(town: Town) -> None:
    subject = town.person("田中", "太郎", place=HERE)
    town.stay(subject, THERE, slot=b"2")
    assert at(town, "here", HERE) == at(town, "here", THERE) == at(town, "here", None) == [subject]


def test_the_lists_of_a_place(town: Town) -> None:
    here, out, left, sent = (town.person("田中", name, (name, "")) for name in ("ア", "イ", "ウ", "エ"))
    town.stay(here, HERE, confirmed_at_ms=NOW_MS - 10)
    town.stay(out, HERE, OUT)
    town.stay(left, HERE, LEFT)
    town.stay(sent, HERE, TRANSFERRED, destination=wire.Destination(place=THERE))
    care = wire.Care(codes=["dialysis"]).SerializeToString()
    town.keep(town.author.says(out, kinds.CARE, care))
    assert at(town, "here") == [here, out]
    assert at(town, "out") == at(town, "care") == [out]
    assert at(town, "unconfirmed", seen_before_ms=NOW_MS) == [here]
    assert at(town, "left") == [left, sent]
    assert at(town, "expected") == []
    assert at(town, "expected", THERE) == [sent]
    assert at(town, "here", limit=1, offset=1) == [out]


def test_who_has_arrived_is_no_longer_expected(town: Town) -> None:
    subject = town.person("田中", "太郎")
    town.stay(subject, HERE, TRANSFERRED, destination=wire.Destination(place=THERE))
    town.stay(subject, THERE, slot=b"2")
    assert at(town, "expected", THERE) == []


def test_who_was_sent_to_the_town_is_expected_at_each_of_its_places(town: Town) -> None:
    subject = town.person("田中", "太郎")
    town.stay(subject, HERE, TRANSFERRED, destination=wire.Destination(municipality=WAJIMA))
    assert (
        at(town, "expected", THERE, municipality=WAJIMA) == at(town, "expected", None, municipality=WAJIMA) == [subject]
    )
    assert at(town, "expected", THERE, municipality="172022") == []


def test_residents_are_found_by_the_keys_of_their_municipality(town: Town) -> None:
    father = town.resident("田中", "一", key="0001", household_key="H1", family_kana="タナカ", given_kana="ハジメ")
    mother = town.resident("田中", "花", key="0002", household_key="H1", family_kana="タナカ", given_kana="ハナ")
    town.resident("中村", "二", key="0003", household_key="H2")
    assert town.ledger.resident_by_key("0002") == mother
    assert town.ledger.resident_by_key("9999") is None
    assert [row.subject for row in town.ledger.residents_of_household("H1")] == [father, mother]
    assert town.ledger.census() == Census(0, 0, 3)
    town.stay(father, HERE)
    assert town.ledger.census() == Census(1, 1, 2)
    assert town.ledger.people_by_source() == {WAJIMA: 1}


def test_a_household_lists_its_members(town: Town) -> None:
    members = [town.person("田中", name, (name, "")) for name in ("ア", "イ")]
    household = wire.Household(household=b"f" * 16).SerializeToString()
    town.keep(*(town.author.says(each, kinds.HOUSEHOLD, household) for each in members))
    assert [row.subject for row in town.ledger.household(b"f" * 16)] == members


def test_the_counts_follow(town: Town) -> None:
    subject = town.person("田中", "太郎", place=HERE)
    town.person("田中", "花子", place=THERE)
    identity = wire.Identity(family_name="他中").SerializeToString()
    town.keep(Author(node=b"m" * 16).says(subject, kinds.IDENTITY, identity))
    assert town.ledger.counts(HERE) == Counts(present=1, conflicts=1, quarantined=0)
    assert town.ledger.counts().present == 2
    row = town.ledger.person(subject)
    assert row is not None
    assert row.conflict


def test_a_place_shows_its_newest_figures_whenever_they_were_typed(town: Town) -> None:
    subject = town.place("輪島中学校", subject=HERE, kana="ワジマチュウガッコウ", capacity=200, local_id="L1")
    town.person("田中", "太郎", place=HERE)
    older = wire.Status(observed_at_ms=NOW_MS, headcount=3, opening=wire.Status.OPENING_OPEN).SerializeToString()
    newer = wire.Status(observed_at_ms=NOW_MS + 1, headcount=0, source="list.csv").SerializeToString()
    other = Author(node=b"m" * 16, counter=90)
    town.keep(other.says(subject, kinds.STATUS, newer, kind=2))
    town.keep(town.author.says(subject, kinds.STATUS, older, kind=2))
    row = town.ledger.place(subject)
    assert row is not None
    assert (row.name, row.capacity, row.headcount, row.observed_at_ms) == ("輪島中学校", 200, 0, NOW_MS + 1)
    assert (row.present, row.status_source, row.households) == (1, "list.csv", None)
    assert town.ledger.place_by_local_id("L1") == row
    assert town.ledger.place_by_national_id("E17204") is None
    assert (town.ledger.place_name(subject), town.ledger.place_name(THERE)) == ("輪島中学校", "")


@pytest.mark.parametrize("text", ["中学", "わじま", "ﾜｼﾞﾏ", "wajima", "河井町2-3", "e1720400001203", "L1", ""])
def test_a_place_is_found_by(town: Town, text: str) -> None:
    town.place(
        "輪島中学校",
        subject=HERE,
        kana="ワジマチュウガッコウ",
        address="石川県輪島市河井町２丁目３番地",
        national_id="E1720400001203",
        local_id="L1",
    )
    assert [row.subject for row in town.ledger.places(text=text)] == [HERE]


def test_places_of_the_own_town_come_first(town: Town) -> None:
    town.place("あ公民館", subject=THERE, municipality="172022")
    town.place("い公民館", subject=HERE)
    assert [row.subject for row in town.ledger.places(text="公民館", first=WAJIMA)] == [HERE, THERE]
    assert [row.subject for row in town.ledger.places("172022")] == [THERE]
    assert town.ledger.places(text="小学校") == []
