"""A clock that is far ahead: what shields a person is taken at once, what opens waits, and nobody is taken along."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from node.clock_ahead import bring_back
from node.desk.desk import Desk
from node.desk.views import NewPerson
from node.doctor.comparing import compare
from node.records import kinds
from node.records.clock import milliseconds
from sync.limits import CLOCK_AHEAD_MS_MAX
from tests.builders.nodes import Federation, federation
from tests.builders.trust import DAY_MS, ISHIKAWA, KANAZAWA, WAJIMA

AHEAD_MS = 300 * DAY_MS


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA, ISHIKAWA) as made:
        for one, other in ((WAJIMA, KANAZAWA), (WAJIMA, ISHIKAWA), (KANAZAWA, ISHIKAWA)):
            made.meet(one, other)
        yield made


@pytest.fixture
def subject(towns: Federation) -> bytes:
    """Somebody of Wajima whom Kanazawa may know of, and does."""
    person = NewPerson(family_name="珠洲", birth="1950-01-01", address="河井町1", phone="0768")
    desk = towns[WAJIMA].desk("op")
    subject = desk.register(person).subjects[0]
    desk.give_consent(subject, facets=("identity", "contact"), organisations=[KANAZAWA])
    assert towns.meet(WAJIMA, KANAZAWA)
    assert "identity" in known_at(towns, KANAZAWA, subject)
    return subject


def known_at(towns: Federation, name: str, subject: bytes) -> set[str]:
    return {kinds.facet_name(held.record.facet) for held in towns[name].ledger.about(subject)}


def ahead(towns: Federation, act: Callable[[Desk], object]) -> None:
    """Something is done at Wajima while its clock is most of a year ahead; then the clock is set right."""
    towns.time.ms += AHEAD_MS
    act(towns[WAJIMA].desk("op"))
    towns.time.ms -= AHEAD_MS


def withdraw(desk: Desk, subject: bytes) -> None:
    for one in desk.consents(subject):
        desk.withdraw_consent(subject, one.slot)


SHIELDING = {
    "a withdrawal": withdraw,
    "an erasure": lambda desk, subject: desk.erase(subject),
    "a protection": lambda desk, subject: desk.protect(subject, ground="abuse", recipients=()),
}


@pytest.mark.parametrize("what", SHIELDING)
def test_what_shields_a_person_is_taken_at_once(towns: Federation, subject: bytes, what: str) -> None:
    ahead(towns, lambda desk: SHIELDING[what](desk, subject))
    towns.meet(WAJIMA, KANAZAWA)
    assert not known_at(towns, KANAZAWA, subject) & {"identity", "contact"}


@pytest.mark.parametrize("what", SHIELDING)
def test_whoever_takes_it_stays_in_the_present(towns: Federation, subject: bytes, what: str) -> None:
    """Else what Kanazawa writes next would be set aside by everybody, and so on from town to town."""
    ahead(towns, lambda desk: SHIELDING[what](desk, subject))
    towns.meet(WAJIMA, KANAZAWA)
    assert milliseconds(towns[KANAZAWA].ledger.clock()) <= towns.time() + CLOCK_AHEAD_MS_MAX
    place = towns[KANAZAWA].desk("k").create_place("自主避難所")
    towns.meet(KANAZAWA, ISHIKAWA)
    assert towns[ISHIKAWA].ledger.about(place)


def test_what_opens_waits_for_its_time(towns: Federation, subject: bytes) -> None:
    ahead(towns, lambda desk: desk.give_consent(subject, facets=("residence",), organisations=[KANAZAWA]))
    towns.meet(WAJIMA, KANAZAWA)
    assert {one.reason for one in towns[KANAZAWA].ledger.quarantined()} == {"CLOCK_AHEAD"}


def test_a_protection_is_not_lifted_before_its_time(towns: Federation, subject: bytes) -> None:
    towns[WAJIMA].desk("op").protect(subject, ground="abuse", recipients=())
    towns.meet(WAJIMA, KANAZAWA)
    ahead(towns, lambda desk: desk.lift_protection(subject))
    towns.meet(WAJIMA, KANAZAWA)
    standing = towns[KANAZAWA].ledger.heads(subject, kinds.PROTECTION)
    assert [milliseconds(held.record.clock) <= towns.time() for held in standing] == [True]
    assert {one.reason for one in towns[KANAZAWA].ledger.quarantined()} == {"CLOCK_AHEAD"}


def test_what_is_said_after_a_withdrawal_still_waits(towns: Federation, subject: bytes) -> None:
    """Withdrawn and given anew by the same clock: until its time comes it stays withdrawn."""

    def reconsider(desk: Desk) -> None:
        withdraw(desk, subject)
        desk.give_consent(subject, facets=("identity",), organisations=[KANAZAWA])

    ahead(towns, reconsider)
    towns.meet(WAJIMA, KANAZAWA)
    assert not known_at(towns, KANAZAWA, subject) & {"identity", "contact"}


def test_a_clock_ahead_is_told_and_brought_back_and_what_was_said_meanwhile_is_heard(towns: Federation) -> None:
    wajima = towns[WAJIMA]
    person = NewPerson(family_name="門前", birth="1950-01-01", address="河井町1", phone="0768")
    assert wajima.desk("op").standing().clock_ahead_ms == 0
    towns.time.ms += AHEAD_MS
    subject = wajima.desk("op").register(person).subjects[0]
    wajima.desk("op").give_consent(subject, facets=("identity",), organisations=[KANAZAWA])
    towns.time.ms -= AHEAD_MS
    later = wajima.desk("op").register(NewPerson(family_name="後", birth="1951-01-01", address="河井町1")).subjects[0]
    wajima.desk("op").give_consent(later, facets=("identity",), organisations=[KANAZAWA])
    assert wajima.desk("op").standing().clock_ahead_ms > AHEAD_MS - DAY_MS
    assert [one.check for one in compare(wajima, repair=False) if not one.well] == ["clock"]
    towns.meet(WAJIMA, KANAZAWA)
    assert not known_at(towns, KANAZAWA, subject) | known_at(towns, KANAZAWA, later)

    assert all(one.well for one in compare(wajima, repair=True))
    assert wajima.desk("op").standing().clock_ahead_ms == 0
    assert [one for one in compare(wajima, repair=False) if one.wrong] == []
    assert towns.meet(WAJIMA, KANAZAWA)
    for each in (subject, later):
        assert "identity" in known_at(towns, KANAZAWA, each)
    assert towns.open(WAJIMA).ledger.life().began_ms == 0  # no earlier life is seen in a clock that was brought back


def test_what_was_said_ahead_and_again_is_one_statement_when_its_time_has_come(towns: Federation) -> None:
    wajima = towns[WAJIMA]
    towns.time.ms += AHEAD_MS
    subject = (
        wajima.desk("op").register(NewPerson(family_name="門前", address="河井町1", birth="1950-01-01")).subjects[0]
    )
    wajima.desk("op").give_consent(subject, facets=("identity",), organisations=[KANAZAWA])
    towns.time.ms -= AHEAD_MS
    towns.meet(WAJIMA, KANAZAWA)
    bring_back(wajima.ledger, wajima.pen)
    assert towns.meet(WAJIMA, KANAZAWA)
    towns.time.later(days=AHEAD_MS / DAY_MS + 1)
    towns[KANAZAWA].book().look_again()
    heads = [held for held in towns[KANAZAWA].ledger.heads(subject, kinds.IDENTITY) if held.counts]
    assert len(heads) == 1
