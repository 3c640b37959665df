"""The log as people read it: by day, by person, by kind; whether its chain holds; and a person's own list."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

import node
from node.desk.inquiries import Inquirer
from node.desk.inquiring import Sought
from node.desk.log_lines import WHICH, act_word, basis_word, facets_word, recipient_word, whom_word, why_word
from node.desk.views import NewPerson
from node.errors import NotAllowed, SubjectUnknown, WordUnknown
from node.ledger.audit import PROGRESS_EVERY
from node.words import desk_word_or
from tests.builders.nodes import Federation, federation
from tests.builders.trust import KANAZAWA, WAJIMA

MORI = NewPerson(family_name="森", given_name="花子", birth="S600112", address="輪島市河井町3-1", share=True)
LANGUAGES = ("ja", "en")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA) as federated:
        yield federated


def lived(made: Federation) -> bytes:
    """Somebody written down by one, looked at by another, handed to Kanazawa, asked after by their kin."""
    node = made[WAJIMA]
    (subject,) = node.desk("tanaka").register(MORI).subjects
    node.desk("suzuki").details(subject, purpose="care")
    made.meet(WAJIMA, KANAZAWA)
    kin = Inquirer("森 一郎", "金沢市広坂1-1", "kin", "無事を知りたい", document="licence", agrees=True)
    node.desk("suzuki").inquiries.answer(kin, Sought(name="森 花子", birth="S600112"), meant=subject)
    return subject


def today(made: Federation) -> date:
    return made[WAJIMA].post("", b"").today()


# --- by day and by person


def test_a_day_says_who_did_what_about_whom_and_why_newest_first(made: Federation) -> None:
    subject = lived(made)
    log = made[WAJIMA].desk("chief").reading_log
    lines = log.day(today(made))
    assert [line.number for line in lines] == sorted((line.number for line in lines), reverse=True)
    (read,) = [line for line in lines if (line.act, line.operator) == ("read", "suzuki")]
    assert (act_word(read, "ja"), whom_word(read, "ja"), why_word(read.purpose, "ja")) == (
        "見た",
        "森 花子",
        "医療・福祉",
    )
    assert "住所" in facets_word(read, "ja")
    handed = [line for line in lines if line.act == "disclose" and line.subject == subject]
    assert {recipient_word(line, "ja") for line in handed} == {"金沢市へ"}
    assert all(line.record for line in handed)
    assert "本人の同意" in {basis_word(line.basis, "ja") for line in handed}


def test_another_day_is_another_page(made: Federation) -> None:
    lived(made)
    log, before = made[WAJIMA].desk("chief").reading_log, today(made)
    made.time.later(days=1)
    assert log.day(before - timedelta(days=30)) == []
    assert {line.act for line in log.day(today(made))} == {"read-log"}
    assert "register" in {line.act for line in log.day(before)}


def test_a_long_day_is_read_page_by_page(made: Federation) -> None:
    lived(made)
    log = made[WAJIMA].desk("chief").reading_log
    whole = log.day(today(made))
    first = log.day(today(made), limit=4)
    second = log.day(today(made), limit=4, before=first[-1].number)
    assert [line.number for line in (*first[1:], *second)] == [line.number for line in whole][:7]


@pytest.mark.parametrize("which", WHICH)
def test_each_kind_has_its_own_list_and_together_they_are_all(made: Federation, which: str) -> None:
    lived(made)
    log = made[WAJIMA].desk("chief").reading_log
    listed = log.day(today(made), which=which)
    if which != "all":
        assert {line.kind for line in listed} <= {which}
        assert bool(listed) == (which != "staff")
    numbers = {line.number for kind in WHICH[1:] for line in log.day(today(made), which=kind)}
    assert {line.number for line in listed} <= numbers


def test_a_person_is_told_every_entry_that_names_them(made: Federation) -> None:
    subject = lived(made)
    (other,) = made[WAJIMA].desk("tanaka").register(NewPerson(family_name="林")).subjects
    lines = made[WAJIMA].desk("tanaka").reading_log.about(subject)
    assert {line.subject for line in lines} == {subject}
    assert {"register", "read", "disclose", "inquiry"} <= {line.act for line in lines}
    received = made[WAJIMA].desk("tanaka").reading_log.about(subject, which="received")
    assert {line.act for line in received} == {"disclose"}
    assert other not in {line.subject for line in lines}


def test_who_was_erased_is_named_no_more_and_the_entries_stay(made: Federation) -> None:
    subject = lived(made)
    made[WAJIMA].desk("tanaka").erase(subject)
    lines = made[WAJIMA].desk("tanaka").reading_log.about(subject)
    assert len(lines) > 4
    assert {whom_word(line, "ja") for line in lines} == {"（消去済み）"}


def test_a_list_is_one_of_the_words(made: Federation) -> None:
    with pytest.raises(WordUnknown):
        made[WAJIMA].desk("tanaka").reading_log.day(today(made), which="secrets")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_that_happened_has_a_word(made: Federation, language: str) -> None:
    subject = lived(made)
    desk = made[WAJIMA].desk("tanaka")
    desk.protect(subject)
    desk.lift_protection(subject)
    desk.reading_log.chain()
    desk.own_list(subject, language)
    for line in desk.reading_log.day(today(made)):
        assert act_word(line, language) != line.act
        assert why_word(line.purpose, language) != line.purpose or line.purpose == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_that_the_code_can_log_has_a_word(language: str) -> None:
    """As far as it stands there as a text: an act that is added says here that it wants a word."""
    folder = Path(node.__file__).parent
    written = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))]
    named = {act for text in written for act in re.findall(r'\bact="([a-z-]+)"', text)}
    assert len(named) > 20
    assert {act for act in named if desk_word_or(f"log_act.{act}", language, "") == ""} == set()


# --- who may, and that it is logged


def test_looking_at_the_log_is_logged(made: Federation) -> None:
    subject = lived(made)
    log = made[WAJIMA].desk("chief").reading_log
    log.day(today(made))
    log.about(subject)
    log.chain()
    entries = [one.entry for one in made[WAJIMA].ledger.audit_newest(3)]
    assert [(one.act, one.operator, one.purpose, one.subject) for one in entries] == [
        ("verify-log", "chief", "log", None),
        ("read-log", "chief", "request", subject),
        ("read-log", "chief", "log", None),
    ]


def test_what_everybody_did_is_for_coordinators_and_chiefs_what_concerns_one_for_whoever_serves_them(
    made: Federation,
) -> None:
    subject = lived(made)
    node = made[WAJIMA]
    node.desk("root").operators.add("sato", "chief", "4082")
    node.desk("sato").operators.add("tanaka", "clerk", "7395")
    with pytest.raises(NotAllowed):
        node.desk("tanaka").reading_log.day(today(made))
    assert node.desk("tanaka").reading_log.about(subject)
    assert node.desk("sato").reading_log.day(today(made), which="staff")


# --- the chain


def test_the_chain_holds_and_says_who_keeps_a_copy_of_its_end(made: Federation) -> None:
    chain = made[WAJIMA].desk("chief").reading_log.chain()
    assert (chain.holds, chain.entries, chain.witnesses) == (True, made[WAJIMA].ledger.audit_head()[0] - 1, 0)
    made.meet(WAJIMA, KANAZAWA)
    assert made[WAJIMA].desk("chief").reading_log.chain().witnesses == 1


def test_a_rewritten_entry_is_found(made: Federation) -> None:
    lived(made)
    ledger = made[WAJIMA].ledger
    with ledger._store.transaction() as connection:
        connection.execute("UPDATE audit SET operator = 'nobody' WHERE number = 3")
    chain = made[WAJIMA].desk("chief").reading_log.chain()
    assert (chain.holds, chain.broken_at, chain.entries) == (False, 3, 2)


def test_a_long_walk_says_how_far_it_is(made: Federation) -> None:
    lived(made)
    ledger, heard = made[WAJIMA].ledger, list[tuple[int, int]]()
    (entry, *_) = ledger.audit(limit=1)
    with ledger.write() as writing:
        for _ in range(PROGRESS_EVERY):
            writing.log(entry.entry)
    ledger.verify_audit(lambda done, whole: heard.append((done, whole)))
    assert heard == [(PROGRESS_EVERY, ledger.audit_head()[0])]


# --- a person's own list


def test_the_own_list_has_what_is_held_who_looked_who_received_and_who_asked(made: Federation) -> None:
    subject = lived(made)
    told = made[WAJIMA].desk("tanaka").own_list(subject, "ja")
    for part in (
        *("輪島市", "森 花子 さん", "本人 姓: 森", "本人 生年月日: 1985-01-12", "輪島市河井町3-1"),
        *("suzuki  見た", "医療・福祉", "tanaka  新しく登録した", "金沢市", "根拠: 本人の同意", "目的: 避難者の支援"),
        *("そのほかの親族", "けがや病気 を伝えた"),
    ):
        assert part in told
    assert subject.hex() not in told
    assert "森 一郎" not in told
    assert [one.entry.act for one in made[WAJIMA].ledger.audit_newest(1)] == ["export"]


def test_the_own_list_is_whole_in_english(made: Federation) -> None:
    subject = lived(made)
    told = made[WAJIMA].desk("tanaka").own_list(subject, "en")
    for part in ("What is held on you", "Identity family: 森", "suzuki  looked", "ground: consent", "other kin"):
        assert part in told


def test_nobody_has_no_list(made: Federation) -> None:
    with pytest.raises(SubjectUnknown):
        made[WAJIMA].desk("tanaka").own_list(b"\1" * 16, "ja")
