"""Safety inquiries at a desk: who is found, what is told, what is kept, and that hiding shows in nothing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moyai.v1 import facets_pb2
from node.desk.desk import Desk
from node.desk.inquiries import Inquirer, InquiryView
from node.desk.inquiring import WEIGHED, Sought
from node.desk.inquiry_words import printed, read_aloud
from node.desk.views import NewPerson, Whereto
from node.errors import BirthDateRefused, FieldRefused, InquiryUnknown, WordUnknown
from node.people.facets import Answers, Condition, Link
from node.people.facets.kinds import LinkRelation
from node.records.kinds import ANSWERS, CONDITION, LINK
from node.release.inquiry import Item, Outcome
from tests.builders.townhall import TownHall, town_hall

KIN = Inquirer("森 一郎", "金沢市広坂1-1", "cohabiting", "妹の無事を知りたい", document="licence", agrees=True)
ACQUAINTANCE = replace(KIN, relation="acquaintance")
HANAKO = Sought(name="森 花子", birth="S600112", address="輪島市河井町3-1", sex=2)
NOBODY = Sought(name="林 幸子", birth="S600112", address="輪島市河井町3-1", sex=2)
YES, NO = facets_pb2.ANSWER_YES, facets_pb2.ANSWER_NO


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    with town_hall(tmp_path) as made:
        yield made


def hanako(desk: Desk, **others: object) -> bytes:
    person = NewPerson(
        family_name="森", given_name="花子", family_kana="mori", given_kana="hanako", birth="S600112", sex=2,
        address="輪島市河井町三丁目1", phone="090-0000-0001",
    )  # fmt: skip
    (subject,) = desk.register(replace(person, **others)).subjects  # type: ignore[arg-type]
    return subject


def say(hall: TownHall, subject: bytes, facet: int, says: Answers | Condition) -> None:
    with hall.node.pen.sheet(operator="tanaka", act="write") as sheet:
        sheet.put(subject, facet, says)


def ask(desk: Desk, inquirer: Inquirer = KIN, sought: Sought = HANAKO, **more: object) -> InquiryView:
    """As the screen does it: look, take the first of those shown, answer."""
    found = desk.inquiries.candidates(sought)
    meant = found[0].subject if found else None
    return desk.inquiries.answer(inquirer, sought, meant=meant, **more)  # type: ignore[arg-type]


# --- what is told


def test_kin_of_the_household_hear_where_how_and_the_telephone(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    say(hall, hanako(desk), CONDITION, Condition(state=facets_pb2.Condition.STATE_LIGHT))
    told = ask(desk)
    assert (told.outcome, told.items) == (Outcome.TOLD, tuple(Item))
    assert read_aloud(told, "ja") == [
        "お尋ねの方についての安否の情報があります。",
        "居場所は、輪島市 河井小学校です。",
        "軽いけが、または病気です。",
        "連絡先は、090-0000-0001です。",
    ]
    assert read_aloud(told, "en")[1:] == [
        "They are at: 輪島市 河井小学校.",
        "They are slightly injured or ill.",
        "They can be reached at 090-0000-0001.",
    ]


@pytest.mark.parametrize("relation", ["kin", "workplace"])
def test_other_kin_and_the_workplace_hear_how_and_nothing_of_where(hall: TownHall, relation: str) -> None:
    desk = hall.desk(at="河井小学校")
    hanako(desk)
    told = ask(desk, replace(KIN, relation=relation))
    assert told.items == (Item.EXISTENCE, Item.CONDITION)
    assert not {"place", "phone", "municipality"} & set(told.sought)
    assert read_aloud(told, "ja")[1:] == ["けがや病気については、うかがっていません。"]


def test_an_acquaintance_hears_that_there_is_something(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    hanako(desk)
    told = ask(desk, ACQUAINTANCE)
    assert read_aloud(told, "ja") == ["お尋ねの方についての安否の情報があります。くわしいことはお伝えできません。"]
    assert not {"place", "phone", "condition"} & set(told.sought)


def test_the_persons_own_choices_narrow_and_widen(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    subject = hanako(desk)
    say(hall, subject, ANSWERS, Answers(kin=NO, acquaintances=YES, anyone=YES))
    assert ask(desk).outcome is Outcome.NO_INFORMATION
    assert ask(desk, ACQUAINTANCE).items == (Item.EXISTENCE, Item.WHEREABOUTS, Item.CONDITION)
    say(hall, subject, ANSWERS, Answers(kin=NO, acquaintances=NO))
    assert ask(desk, ACQUAINTANCE).outcome is Outcome.NO_INFORMATION


def test_what_the_person_agrees_to_when_asked_is_told(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    hanako(desk)
    told = ask(desk, ACQUAINTANCE, agreed=frozenset({Item.CONTACT}))
    assert told.items == (Item.EXISTENCE, Item.CONTACT)
    assert told.sought["agreed"] == "contact"


def test_who_has_left_is_told_by_where_they_went(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    desk.leave([hanako(desk)], Whereto(municipality="172014"))
    assert read_aloud(ask(desk), "ja")[1] == "ここを出られました。行き先は、金沢市と聞いています。"


def test_whom_nobody_has_seen_there_is_no_news_of(hall: TownHall) -> None:
    hall.resident("森", "花子", kana_family="モリ", kana_given="ハナコ", birth="1985-01-12", sex="女",
                  address="輪島市河井町3-1")  # fmt: skip
    assert hall.desk().inquiries.candidates(HANAKO) == []
    assert ask(hall.desk()).outcome is Outcome.NO_INFORMATION


def test_a_reported_death_is_not_told_over_the_counter(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    desk.close_case(hanako(desk), "died")
    told = ask(desk)
    assert told.outcome is Outcome.REFERRED
    assert read_aloud(told, "ja") == [
        "お尋ねの方については、担当の者がお会いして直接お話しします。こちらでお待ちください。"
    ]


# --- who is found


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        (HANAKO, True),
        (Sought(name="森花子", birth="1985-01-12"), True),
        (Sought(name="森 花子", address="石川県輪島市河井町3丁目1番"), True),
        (Sought(kana="mori hanako", birth="S600112"), True),
        (Sought(name="森 花子", birth="1985"), True),
        (Sought(name="森 花子", birth="S600113", address="輪島市河井町3-1"), False),
        (Sought(name="森 花子", birth="S600112", sex=1), False),
        (Sought(name="森 花子", address="珠洲市飯田町1"), False),
        (Sought(name="森 花江", birth="S600112"), False),
    ],
)
def test_name_and_birth_date_or_address_must_fit(hall: TownHall, sought: Sought, found: bool) -> None:
    desk = hall.desk(at="河井小学校")
    subject = hanako(desk)
    assert [one.subject for one in desk.inquiries.candidates(sought)] == ([subject] if found else [])


@pytest.mark.parametrize(
    ("sought", "refusal"),
    [
        (Sought(birth="S600112"), FieldRefused),
        (Sought(name="森 花子"), FieldRefused),
        (Sought(name="森" * 201, birth="S600112"), FieldRefused),
        (Sought(name="森 花子", birth="あした"), BirthDateRefused),
    ],
)
def test_a_name_alone_finds_nobody(hall: TownHall, sought: Sought, refusal: type[Exception]) -> None:
    desk = hall.desk(at="河井小学校")
    hanako(desk)
    for act in (lambda: desk.inquiries.candidates(sought), lambda: desk.inquiries.answer(KIN, sought, meant=None)):
        with pytest.raises(refusal):
            act()
    assert desk.inquiries.listed() == []


def test_somebody_who_does_not_fit_can_not_be_meant(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    other = hanako(desk, given_name="太郎", given_kana="taro", sex=1)
    hanako(desk)
    assert desk.inquiries.answer(KIN, HANAKO, meant=other).outcome is Outcome.NO_INFORMATION


# --- refusals


@pytest.mark.parametrize(
    ("inquirer", "refusal"),
    [
        (replace(KIN, name=" "), FieldRefused),
        (replace(KIN, address=""), FieldRefused),
        (replace(KIN, reason=""), FieldRefused),
        (replace(KIN, reason="わ" * 201), FieldRefused),
        (replace(KIN, relation="stranger"), WordUnknown),
        (replace(KIN, document="business-card"), WordUnknown),
    ],
)
def test_what_the_law_asks_for_must_be_said(hall: TownHall, inquirer: Inquirer, refusal: type[Exception]) -> None:
    desk = hall.desk(at="河井小学校")
    with pytest.raises(refusal):
        desk.inquiries.answer(inquirer, HANAKO, meant=None)
    assert desk.inquiries.listed() == []


@pytest.mark.parametrize(
    ("inquirer", "identified"),
    [
        (KIN, True),
        (replace(KIN, agrees=False), False),
        (replace(KIN, document="none"), False),
        (replace(KIN, document="none", without="書類は家の下。町会長が本人と認めた"), True),
        (replace(KIN, document="none", without="遠方から電話", agrees=False), False),
    ],
)
def test_who_asks_shows_who_they_are_or_it_is_made_sure_otherwise(
    hall: TownHall, inquirer: Inquirer, identified: bool
) -> None:
    desk = hall.desk(at="河井小学校")
    hanako(desk)
    assert ask(desk, inquirer).outcome is (Outcome.TOLD if identified else Outcome.UNIDENTIFIED)


def test_an_improper_purpose_is_refused_and_the_refusal_is_logged(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    subject = hanako(desk)
    refused = ask(desk, improper=True)
    assert (refused.outcome, refused.items) == (Outcome.IMPROPER, ())
    (entry,) = [one.entry for one in hall.node.ledger.audit_about(subject) if one.entry.act == "inquiry-refused"]
    assert (entry.purpose, entry.facets, entry.record) == ("inquiry", (), refused.id)


# --- what is kept


def test_inquiry_and_answer_are_kept_and_the_log_names_ids_and_facets_only(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    subject = hanako(desk)
    told = ask(desk)
    (entry,) = [one.entry for one in hall.node.ledger.audit_about(subject) if one.entry.act == "inquiry"]
    assert (entry.operator, entry.record, entry.count, len(entry.facets)) == ("tanaka", told.id, 4, 3)
    assert not [name for name in ("森", "一郎", "花子", "金沢", "妹") if name in "".join(hall.log(3))]
    (kept,) = desk.inquiries.listed()
    assert kept == told
    assert desk.inquiries.one(told.id).inquirer["reason"] == "妹の無事を知りたい"
    assert hall.node.ledger.audit_newest(1)[0].entry.act == "read-inquiries"
    assert hall.node.ledger.verify_audit()
    with pytest.raises(InquiryUnknown):
        desk.inquiries.one(b"\0" * 16)


def test_an_erasure_takes_the_person_out_of_the_inquiries_and_leaves_who_asked(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    subject = hanako(desk)
    told = ask(desk)
    desk.erase(subject)
    kept = desk.inquiries.one(told.id)
    assert kept.sought == {}
    assert kept.inquirer["name"] == "森 一郎"
    hall.node.ledger.compact()
    assert "090-0000-0001" not in printed(kept, "ja", "輪島市")


def test_the_sheet_has_all_of_it(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    hanako(desk)
    told = ask(desk)
    sheet = printed(told, "ja", "輪島市")
    for part in ("輪島市", "森 一郎", "金沢市広坂1-1", "運転免許証", "同居の親族", "妹の無事を知りたい", "森 花子",
                 told.id.hex(), *read_aloud(told, "ja")):  # fmt: skip
        assert part in sheet
    assert "None" not in printed(told, "en", "輪島市")


# --- the protected


RELATIONS = ("cohabiting", "kin", "workplace", "acquaintance")


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("improper", [False, True])
@pytest.mark.parametrize("agrees", [False, True])
def test_a_protected_person_has_the_answer_of_nobody(
    hall: TownHall, relation: str, improper: bool, agrees: bool
) -> None:
    desk = hall.desk(at="河井小学校")
    subject = hanako(desk, protect=True)
    say(hall, subject, ANSWERS, Answers(kin=YES, acquaintances=YES, anyone=YES))
    inquirer = replace(KIN, relation=relation, agrees=agrees)
    assert desk.inquiries.candidates(HANAKO) == desk.inquiries.candidates(NOBODY) == []
    hidden, nobody = (
        desk.inquiries.answer(inquirer, sought, meant=meant, improper=improper, agreed=frozenset(Item))
        for sought, meant in ((HANAKO, subject), (NOBODY, None))
    )
    assert (hidden.outcome, hidden.items) == (nobody.outcome, nobody.items)
    assert {name: text for name, text in hidden.sought.items() if name != "name"} == {
        name: text for name, text in nobody.sought.items() if name != "name"
    }
    for language in ("ja", "en"):
        assert read_aloud(hidden, language) == read_aloud(nobody, language)
        assert len(printed(hidden, language, "輪島市").encode()) == len(printed(nobody, language, "輪島市").encode())


_VALUES = re.compile(r"IN \([^)]*\)|x'[0-9A-Fa-f]*'|'[^']*'|NULL|\b\d+\b")
"""What differs from one question to another of the same kind. What the search index asks of itself starts with `--`."""


def asked_of_the_ledger(hall: TownHall, sought: Sought) -> tuple[list[str], int]:
    """What is asked of the ledger, reading and writing, for one inquiry; and by how many entries the log grows."""
    desk, said = hall.desk(), list[str]()
    ledger = hall.node.ledger
    before = ledger.audit_head()[0]
    connections = [ledger._store.reader(), ledger._store._writer]
    for connection in connections:
        connection.set_trace_callback(said.append)  # type: ignore[attr-defined]
    try:
        desk.inquiries.candidates(sought)
        desk.inquiries.answer(KIN, sought, meant=None)
    finally:
        for connection in connections:
            connection.set_trace_callback(None)  # type: ignore[attr-defined]
    plain = [_VALUES.sub("?", statement) for statement in said if not statement.startswith("--")]
    return plain, ledger.audit_head()[0] - before


@pytest.mark.parametrize("others", [0, 3, WEIGHED + 2])
def test_no_more_and_no_less_is_asked_of_the_ledger_for_the_protected_than_for_nobody(
    hall: TownHall, others: int
) -> None:
    desk = hall.desk(at="河井小学校")
    hanako(desk, protect=True)
    for number in range(max(others, WEIGHED)):
        hanako(desk, family_name="谷内", given_name=f"実{number}", family_kana="", given_kana="")
    asked_of_the_ledger(hall, NOBODY)  # what is prepared once is prepared
    assert asked_of_the_ledger(hall, HANAKO) == asked_of_the_ledger(hall, NOBODY)


def test_a_duplicate_that_is_linked_as_the_same_person_gives_nobody_away(hall: TownHall) -> None:

    desk = hall.desk(at="河井小学校")
    hidden, double = hanako(desk, protect=True), hanako(desk)
    with hall.node.pen.sheet(operator="tanaka", act="link") as sheet:
        sheet.put(double, LINK, Link(other=hidden, relation=LinkRelation.SAME), slot=b"l" * 16)
    assert desk.inquiries.candidates(HANAKO) == []


def test_who_protects_can_see_that_somebody_asked(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    subject = hanako(desk, protect=True)
    asked = ask(desk)
    (row,) = hall.node.ledger.inquiries_about(subject)
    assert row.id == asked.id
    assert [one.entry.act for one in hall.node.ledger.audit_about(subject)][-1] == "inquiry"
