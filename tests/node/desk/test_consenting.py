"""Consent at the desk: given, listed, withdrawn, and given by a guardian where it must be."""

from pathlib import Path

import pytest

from moyai.v1 import facets_pb2
from node.desk.consents import AGE_UNKNOWN, SHARED_BY_DEFAULT
from node.desk.held_words import time_word
from node.desk.views import NewPerson
from node.errors import ConsentInForce, ConsentNeedsGuardian, ConsentUnknown, FacetUnknown, FieldRefused, SubjectUnknown
from node.people.facets import Consent, from_content
from node.records.kinds import CONSENT
from tests.builders.nodes import federation
from tests.builders.townhall import TownHall
from tests.builders.trust import KANAZAWA, NOW_MS, WAJIMA

SELF, GUARDIAN = int(facets_pb2.GIVER_SELF), int(facets_pb2.GIVER_GUARDIAN)


def somebody(hall: TownHall, **typed: str) -> bytes:
    return hall.desk().register(NewPerson(family_name="森", **typed)).subjects[0]  # type: ignore[arg-type]


def test_a_consent_is_in_force_at_once(hall: TownHall) -> None:
    subject, desk = somebody(hall), hall.desk()
    desk.give_consent(subject, organisations=[KANAZAWA, KANAZAWA], facets=["stay", "identity"], purpose="支援")
    (one,) = desk.consents(subject)
    assert (one.organisations, one.facets, one.purpose) == ((KANAZAWA,), ("identity", "stay"), "支援")
    assert (one.from_ms, one.until_ms, one.withdrawn_at_ms) == (desk.now_ms(), None, None)
    assert (one.given_by, one.counts, one.holders, one.confirmed) == (SELF, True, (), ())


def test_to_all_local_governments_what_is_read_aloud_is_shared_and_nothing_medical(hall: TownHall) -> None:
    subject, desk = somebody(hall), hall.desk()
    desk.give_consent(subject, all_local_governments=True)
    (one,) = desk.consents(subject)
    assert one.all_local_governments
    assert one.facets == SHARED_BY_DEFAULT
    assert "medical" not in SHARED_BY_DEFAULT


@pytest.mark.parametrize("facets", [["nothing-like-it"], ["resident"], ["identity", "resident"], [""], ["consent"]])
def test_what_may_never_be_shared_can_not_be_consented_to(hall: TownHall, facets: list[str]) -> None:
    subject, before = somebody(hall), hall.seq()
    with pytest.raises(FacetUnknown):
        hall.desk().give_consent(subject, all_local_governments=True, facets=facets)
    assert hall.seq() == before


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "organisations"),
        ({"organisations": ["999999"]}, "organisations"),
        ({"organisations": [""]}, "organisations"),
        ({"all_local_governments": True, "facets": []}, "facets"),
        ({"all_local_governments": True, "until_ms": NOW_MS - 1}, "until_ms"),
        ({"all_local_governments": True, "purpose": "a\x1b"}, "purpose"),
    ],
)
def test_a_consent_that_opens_nothing_is_refused(hall: TownHall, asked: dict[str, object], field: str) -> None:
    subject = somebody(hall)
    before = hall.seq()
    with pytest.raises(FieldRefused) as refused:
        hall.desk().give_consent(subject, **asked)  # type: ignore[arg-type]
    assert refused.value.details["field"] == field
    assert hall.seq() == before


def test_of_somebody_unknown_there_is_no_consent(hall: TownHall) -> None:
    with pytest.raises(SubjectUnknown):
        hall.desk().give_consent(b"nobody-of-that-1", all_local_governments=True)


# --- guardians


def test_for_a_child_a_guardian_gives_it(hall: TownHall) -> None:
    subject, desk = somebody(hall, birth="20150503"), hall.desk()
    with pytest.raises(ConsentNeedsGuardian):
        desk.give_consent(subject, all_local_governments=True)
    desk.give_consent(subject, all_local_governments=True, guardian_relation="母")
    (one,) = desk.consents(subject)
    assert (one.given_by, one.guardian_relation) == (GUARDIAN, "母")


def test_a_child_known_from_the_register_alone_is_a_child(hall: TownHall) -> None:
    subject = hall.resident(birth="2015-05-03")
    before = hall.seq()
    with pytest.raises(ConsentNeedsGuardian):
        hall.desk().give_consent(subject, all_local_governments=True)
    assert hall.seq() == before


def test_with_no_birth_date_the_person_is_believed(hall: TownHall) -> None:
    subject = somebody(hall)
    hall.desk().give_consent(subject, all_local_governments=True)
    assert len(hall.desk().consents(subject)) == 1


@pytest.mark.parametrize(
    ("typed", "guardian", "warned"),
    [
        ({}, "", True),
        ({"birth": "S230503"}, "", False),
        ({"birth": "20150503"}, "母", False),
        ({"birth": "17歳"}, "", True),
        ({"birth": "30歳くらい"}, "", False),
    ],
)
def test_a_consent_that_opens_nothing_for_want_of_an_age_says_so(
    hall: TownHall, typed: dict[str, str], guardian: str, warned: bool
) -> None:
    desk = hall.desk()
    done = desk.register(NewPerson(family_name="森", share=True, guardian_relation=guardian, **typed))  # type: ignore[arg-type]
    again = desk.give_consent(done.subjects[0], organisations=[KANAZAWA], guardian_relation=guardian)
    assert done.warnings == again.warnings == ((AGE_UNKNOWN,) if warned else ())


# --- the same once more


def test_the_same_consent_is_not_written_twice_and_it_is_said_since_when_it_stands(hall: TownHall) -> None:
    subject, desk = somebody(hall), hall.desk()
    desk.give_consent(subject, all_local_governments=True)
    hall.made.time.later(minutes=30)
    with pytest.raises(ConsentInForce) as refused:
        desk.give_consent(subject, all_local_governments=True)
    (one,) = desk.consents(subject)
    assert refused.value.details == {"since": time_word(one.from_ms)}


@pytest.mark.parametrize(
    "other",
    [
        {"all_local_governments": True},
        {"organisations": [KANAZAWA], "facets": ["identity"]},
        {"organisations": [KANAZAWA], "purpose": "支援"},
        {"organisations": [KANAZAWA], "guardian_relation": "母"},
        {"organisations": [KANAZAWA]},
    ],
)
def test_a_consent_that_says_anything_else_or_lasts_longer_is_another(hall: TownHall, other: dict[str, object]) -> None:
    subject, desk = somebody(hall), hall.desk()
    desk.give_consent(subject, organisations=[KANAZAWA], until_ms=desk.now_ms() + 1000)
    desk.give_consent(subject, **other)  # type: ignore[arg-type]
    assert len(desk.consents(subject)) == 2


def test_a_consent_that_was_withdrawn_or_is_over_can_be_given_anew(hall: TownHall) -> None:
    subject, desk = somebody(hall), hall.desk()
    desk.give_consent(subject, all_local_governments=True)
    desk.withdraw_consent(subject, desk.consents(subject)[0].slot)
    desk.give_consent(subject, all_local_governments=True, until_ms=desk.now_ms() + 60_000)
    hall.made.time.later(minutes=1)
    desk.give_consent(subject, all_local_governments=True)
    assert len(desk.consents(subject)) == 3


# --- withdrawing


def test_a_withdrawal_drags_nothing_along_of_what_was_said(hall: TownHall) -> None:
    subject, desk = somebody(hall), hall.desk()
    desk.give_consent(subject, organisations=[KANAZAWA], purpose="支援")
    (one,) = desk.consents(subject)
    hall.made.time.later(minutes=1)
    done = desk.withdraw_consent(subject, one.slot)
    assert done.undo == b""
    (record,) = hall.heads(subject, CONSENT)
    said = from_content(CONSENT, record.content)
    assert isinstance(said, Consent)
    assert (said.organisations, said.purpose, said.withdrawn_at_ms) == ((), "", desk.now_ms())
    assert [view.withdrawn_at_ms for view in desk.consents(subject)] == [desk.now_ms()]


def test_one_of_two_consents_is_withdrawn_and_the_other_stands(hall: TownHall) -> None:
    subject, desk = somebody(hall), hall.desk()
    desk.give_consent(subject, organisations=[KANAZAWA])
    desk.give_consent(subject, all_local_governments=True)
    (named,) = [one for one in desk.consents(subject) if one.organisations]
    desk.withdraw_consent(subject, named.slot)
    assert [one.all_local_governments for one in desk.consents(subject) if one.withdrawn_at_ms is None] == [True]


def test_what_is_withdrawn_can_not_be_withdrawn_again(hall: TownHall) -> None:
    subject, desk = somebody(hall), hall.desk()
    desk.give_consent(subject, all_local_governments=True)
    (one,) = desk.consents(subject)
    desk.withdraw_consent(subject, one.slot)
    before = hall.seq()
    with pytest.raises(ConsentUnknown):
        desk.withdraw_consent(subject, one.slot)
    with pytest.raises(ConsentUnknown):
        desk.withdraw_consent(subject, b"no-consent-like-")
    assert hall.seq() == before


def test_what_is_read_aloud_is_in_the_record_and_not_in_the_log(hall: TownHall) -> None:
    subject = somebody(hall)
    hall.desk().give_consent(subject, all_local_governments=True, purpose="海老名沢さんの叔母に伝える")
    (entry,) = hall.log()
    assert "'consent'" in entry
    assert "海老名沢" not in entry


def test_who_received_something_is_listed_and_who_has_confirmed_its_erasure(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        desk = made[WAJIMA].desk("tanaka")
        (subject,) = desk.register(
            NewPerson(family_name="森", birth="S230503", address="輪島市河井町", share=True)
        ).subjects
        assert made.meet(WAJIMA, KANAZAWA)
        (one,) = desk.consents(subject)
        assert (one.holders, one.confirmed) == ((KANAZAWA,), ())
        assert made[KANAZAWA].desk("x").find("森")
        made.time.later(minutes=1)
        desk.withdraw_consent(subject, one.slot)
        made.meet(WAJIMA, KANAZAWA)
        kanazawa = made[KANAZAWA]
        kanazawa.holdings.sweep(kanazawa.room.now())
        made.meet(WAJIMA, KANAZAWA)
        (one,) = desk.consents(subject)
        assert (one.holders, one.confirmed) == ((KANAZAWA,), (KANAZAWA,))
        assert made[KANAZAWA].desk("x").find("森") == []


def test_who_looks_at_what_somebody_consented_to_is_in_the_log(hall: TownHall) -> None:
    subject, desk = somebody(hall), hall.desk()
    desk.give_consent(subject, all_local_governments=True)
    before = len(hall.node.ledger.audit_about(subject))
    desk.consents(subject)
    (logged,) = hall.node.ledger.audit_about(subject)[before:]
    assert (logged.entry.act, logged.entry.operator, logged.entry.facets) == ("read", desk.operator, (CONSENT,))
