"""What changes a whole case: protection and its lifting, erasure, and the end of need."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moyai.v1 import facets_pb2
from node.desk.views import NewPerson
from node.errors import FieldRefused, NotErasable, NotProtected, SubjectUnknown, WordUnknown
from node.people.facets import Closure, Protection, from_content
from node.records.kinds import CLOSURE, PROTECTION
from tests.builders.nodes import Federation, federation
from tests.builders.townhall import TownHall
from tests.builders.trust import KANAZAWA, WAJIMA


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    with federation(Path(tmp_path_factory.mktemp("two")), WAJIMA, KANAZAWA) as made:
        yield made


def shared(made: Federation) -> bytes:
    """Somebody of Wajima whom Kanazawa knows by their consent."""
    (subject,) = made[WAJIMA].desk("tanaka").register(
        NewPerson(family_name="森", birth="S230503", address="輪島市河井町", share=True)
    ).subjects  # fmt: skip
    made.meet(WAJIMA, KANAZAWA)
    assert made[KANAZAWA].ledger.person(subject) is not None
    return subject


# --- protection


def test_protection_is_said_in_the_organisations_own_slot(hall: TownHall) -> None:
    desk = hall.desk("tanaka")
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    desk.protect(subject, ground="stalking", recipients=[KANAZAWA, KANAZAWA])
    assert desk.person(subject).protected
    (record,) = hall.heads(subject, PROTECTION)
    assert record.slot == WAJIMA.encode()
    assert from_content(PROTECTION, record.content) == Protection(
        active=True, ground="stalking", decided_by="tanaka", recipients=(KANAZAWA,)
    )


def test_the_protected_are_still_found_and_counted_at_their_own_desk(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    (subject,) = desk.register(NewPerson(family_name="薬師寺谷", protect=True)).subjects
    (hit,) = desk.find("薬師寺谷")
    assert (hit.subject, hit.protected, desk.standing().here_now) == (subject, True, 1)


def test_a_lifted_protection_can_be_set_again(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森", protect=True)).subjects
    desk.lift_protection(subject)
    assert not desk.person(subject).protected
    with pytest.raises(NotProtected):
        desk.lift_protection(subject)
    desk.protect(subject)
    assert desk.person(subject).protected


def test_a_resident_can_be_protected_before_anybody_has_seen_them(hall: TownHall) -> None:
    subject, desk = hall.resident(), hall.desk()
    desk.protect(subject)
    assert desk.person(subject).protected
    assert desk.person(subject).resident_only


@pytest.mark.parametrize("recipients", [["999999"], ["kanazawa"], [""]])
def test_a_recipient_is_named_by_a_code(hall: TownHall, recipients: list[str]) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    before = hall.seq()
    with pytest.raises(FieldRefused):
        desk.protect(subject, recipients=recipients)
    assert hall.seq() == before


def test_only_who_protected_may_lift_it(two: Federation) -> None:
    subject = shared(two)
    host = two[KANAZAWA].desk("host")
    host.protect(subject)
    two.meet(WAJIMA, KANAZAWA)
    home = two[WAJIMA].desk("tanaka")
    assert home.person(subject).protected
    with pytest.raises(NotProtected):
        home.lift_protection(subject)


# --- erasure


def test_an_erased_person_is_gone_and_can_not_come_back(hall: TownHall) -> None:
    subject = hall.resident("鵜飼野", "澄江")
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    assert desk.erase(subject).undo == b""
    assert desk.find("鵜飼野") == []
    assert desk.roster() == []
    for act in (lambda: desk.person(subject), lambda: desk.check_in([subject]), lambda: desk.erase(subject)):
        with pytest.raises(SubjectUnknown):
            act()


def test_the_log_outlives_an_erasure_and_holds(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    desk.erase(subject)
    assert len(hall.node.ledger.audit_about(subject)) >= 2
    assert hall.node.ledger.verify_audit() == hall.node.ledger.audit_head()[0]


def test_an_erasure_needs_a_ground_of_the_list(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    with pytest.raises(WordUnknown):
        desk.erase(subject, ground="because")
    assert desk.person(subject).name == "森"


def test_who_neither_registered_them_nor_is_their_home_may_not_erase(two: Federation) -> None:
    subject = shared(two)
    with pytest.raises(NotErasable):
        two[KANAZAWA].desk("host").erase(subject)
    assert two[KANAZAWA].ledger.person(subject) is not None


def test_their_home_may_erase_whom_another_registered(two: Federation) -> None:
    host, home = two[KANAZAWA].desk("host"), two[WAJIMA].desk("tanaka")
    guest = NewPerson(family_name="林", address="輪島市河井町", municipality=WAJIMA)
    (subject,) = host.register(guest).subjects
    two.meet(WAJIMA, KANAZAWA)
    assert home.person(subject).name == "林"
    home.erase(subject)
    two.meet(WAJIMA, KANAZAWA)
    assert two[KANAZAWA].ledger.person(subject) is None


def test_an_erasure_reaches_every_holder(two: Federation) -> None:
    subject = shared(two)
    two[WAJIMA].desk("tanaka").erase(subject)
    two.meet(WAJIMA, KANAZAWA)
    assert two[KANAZAWA].ledger.person(subject) is None


# --- the end of need


@pytest.mark.parametrize("kind", ["returned", "moved", "no_need"])
def test_a_case_ends_and_can_be_opened_again(hall: TownHall, kind: str) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    assert desk.close_case(subject, kind).warnings == ()
    assert desk.person(subject).closed == kind
    desk.close_case(subject, "reopened")
    assert desk.person(subject).closed == ""


def test_a_death_counts_only_when_a_second_operator_has_said_it(hall: TownHall) -> None:
    desk = hall.desk("tanaka")
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    assert desk.close_case(subject, "died").warnings == ("SECOND_OPERATOR",)
    assert desk.person(subject).closed == ""
    assert desk.close_case(subject, "died").warnings == ("SECOND_OPERATOR",)
    assert desk.person(subject).closed == ""
    hall.made.time.later(minutes=1)
    assert hall.desk("suzuki").close_case(subject, "died").warnings == ()
    assert desk.person(subject).closed == "died"
    (record,) = hall.heads(subject, CLOSURE)
    said = from_content(CLOSURE, record.content)
    assert isinstance(said, Closure)
    assert (said.reported_by, said.confirmed_by, record.operator) == ("tanaka", "suzuki", "suzuki")


@pytest.mark.parametrize("operator", ["tanaka", "suzuki", "sato"])
def test_a_confirmed_death_stays_confirmed_whoever_says_it_again(hall: TownHall, operator: str) -> None:
    (subject,) = hall.desk().register(NewPerson(family_name="森")).subjects
    hall.desk("tanaka").close_case(subject, "died")
    hall.desk("suzuki").close_case(subject, "died")
    before = hall.seq()
    assert hall.desk(operator).close_case(subject, "died").warnings == ()
    assert hall.desk().person(subject).closed == "died"
    assert hall.seq() == before


def test_after_a_case_was_opened_again_a_death_needs_two_anew(hall: TownHall) -> None:
    (subject,) = hall.desk().register(NewPerson(family_name="森")).subjects
    hall.desk("tanaka").close_case(subject, "died")
    hall.desk("tanaka").close_case(subject, "reopened")
    assert hall.desk("suzuki").close_case(subject, "died").warnings == ("SECOND_OPERATOR",)
    assert hall.desk().person(subject).closed == ""


def test_a_death_is_confirmed_across_two_towns(two: Federation) -> None:
    subject = shared(two)
    home, host = two[WAJIMA].desk("tanaka"), two[KANAZAWA].desk("suzuki")
    host.check_in([subject])
    two.meet(WAJIMA, KANAZAWA)
    host.close_case(subject, "died")
    two.meet(WAJIMA, KANAZAWA)
    assert home.person(subject).closed == ""
    assert home.close_case(subject, "died").warnings == ()
    two.meet(WAJIMA, KANAZAWA)
    assert (home.person(subject).closed, host.person(subject).closed) == ("died", "died")
    assert int(facets_pb2.Closure.KIND_DIED) == int(_closure(two, subject).kind)


def test_a_case_ends_in_a_word_of_the_list(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    with pytest.raises(WordUnknown):
        desk.close_case(subject, "vanished")


def _closure(made: Federation, subject: bytes) -> Closure:
    said = from_content(CLOSURE, made[KANAZAWA].ledger.heads(subject, CLOSURE)[0].record.content)
    assert isinstance(said, Closure)
    return said
