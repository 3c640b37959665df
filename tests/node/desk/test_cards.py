"""A card carries a person's own records to a town that no line reaches, and nothing that its loss would give away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.views import NewPerson, Whereto
from node.errors import (
    CardForged,
    CardOfAnotherFederation,
    CardOfErased,
    CardOfProtected,
    CardTooOld,
    CardUnreadable,
    ConsentNeedsGuardian,
    NodeRevoked,
    NotEnrolled,
    NothingToCarry,
    SubjectUnknown,
    WristbandMisread,
    WristbandUnknown,
)
from node.errors.cards import CardFromLater
from node.exchange.card import card_bytes, pack, unpack
from node.exchange.card_symbols import to_symbols
from node.exchange.wristband import wristband
from node.installation import Installation
from node.records import kinds
from node.registrar import Registrar
from node.trust.cards import sign_card
from tests.builders.nodes import Federation, federation
from tests.builders.trust import DAY_MS, ISHIKAWA, KANAZAWA, WAJIMA

FIELD = "laptop"
GRANDMOTHER = NewPerson(
    family_name="森",
    given_name="ハナ",
    family_kana="モリ",
    given_kana="ハナ",
    birth="19480503",
    sex=2,
    address="石川県輪島市河井町1-1",
    phone="0768-00-0000",
    care_codes=("elderly",),
    share=True,
)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA, ISHIKAWA) as federated:
        federated.add_field(FIELD, WAJIMA)
        yield federated


def registered(node: Installation, person: NewPerson = GRANDMOTHER) -> bytes:
    return node.desk("sato").register(person).subjects[0]


def facets_of(node: Installation, subject: bytes) -> set[str]:
    return {kinds.facet_name(held.record.facet) for held in node.ledger.about(subject)}


def remade(node: Installation, packed: bytes, **changes: object) -> bytes:
    """The same card with something else in it, signed again by the node given."""
    card = unpack(packed)
    fields = {
        "federation": card.federation,
        "node": card.node,
        "issued_at_ms": card.issued_at_ms,
        "certificates": card.certificates,
        "records": card.records,
    } | changes
    written = card_bytes(**fields)  # type: ignore[arg-type]
    return pack(written, sign_card(written, node.key))


def test_a_card_of_a_laptop_nobody_has_heard_of_is_read_without_a_line(made: Federation) -> None:
    subject = registered(made[FIELD])
    packed = made[FIELD].desk("sato").cards.make(subject).packed
    taken = made[KANAZAWA].desk("ito").cards.take(packed)
    assert (taken.subject, taken.organisation, taken.turned) == (subject, WAJIMA, ())
    assert taken.new == taken.records
    person = made[KANAZAWA].desk("ito").person(subject)
    assert (person.name, person.municipality, person.care_codes) == ("森 ハナ", WAJIMA, ("elderly",))


def test_reading_it_is_consent_that_is_written_down_and_can_be_withdrawn(made: Federation) -> None:
    subject = registered(made[FIELD])
    desk = made[KANAZAWA].desk("ito")
    desk.cards.take(made[FIELD].desk("sato").cards.make(subject).packed)
    (consent,) = [one for one in desk.consents(subject) if one.organisations == (KANAZAWA,)]
    assert consent.purpose == "card"
    desk.withdraw_consent(subject, consent.slot)
    for other in desk.consents(subject):
        if other.withdrawn_at_ms is None:
            desk.withdraw_consent(subject, other.slot)
    made[KANAZAWA].book().look_again()
    assert facets_of(made[KANAZAWA], subject) <= {"consent", "receipt"}


def test_the_same_card_again_does_no_harm(made: Federation) -> None:
    subject = registered(made[FIELD])
    packed = made[FIELD].desk("sato").cards.make(subject).packed
    cards = made[KANAZAWA].desk("ito").cards
    cards.take(packed)
    before = len(made[KANAZAWA].ledger.about(subject))
    again = cards.take(packed)
    assert (again.new, again.turned, len(made[KANAZAWA].ledger.about(subject))) == (0, (), before)


def test_an_older_card_does_not_undo_what_was_said_since(made: Federation) -> None:
    subject = registered(made[WAJIMA])
    desk = made[WAJIMA].desk("sato")
    older = desk.cards.make(subject).packed
    made.time.later(minutes=5)
    desk.leave([subject], Whereto(municipality=KANAZAWA, outside=7))
    newer = desk.cards.make(subject, wished=["condition"]).packed
    cards = made[KANAZAWA].desk("ito").cards
    cards.take(newer)
    cards.take(older)
    assert made[KANAZAWA].desk("ito").person(subject).name == "森 ハナ"


def test_at_home_the_stay_in_the_town_where_the_card_was_shown_is_kept_and_shown(made: Federation) -> None:
    subject = registered(made[WAJIMA])
    packed = made[WAJIMA].desk("sato").cards.make(subject).packed
    made.meet(WAJIMA, KANAZAWA)
    desk = made[KANAZAWA].desk("ito")
    desk.cards.take(packed)
    desk.check_in([subject])
    assert made.meet(WAJIMA, KANAZAWA)
    stays = made[WAJIMA].ledger.heads(subject, kinds.STAY)
    assert {held.record.organisation: held.counts for held in stays} == {WAJIMA: True, KANAZAWA: False}


def test_a_card_of_ones_own_town_needs_no_consent(made: Federation) -> None:
    subject = registered(made[FIELD])
    packed = made[FIELD].desk("sato").cards.make(subject).packed
    taken = made[WAJIMA].desk("ito").cards.take(packed)
    assert (taken.new, taken.turned) == (taken.records, ())
    assert [one.organisations for one in made[WAJIMA].desk("ito").consents(subject)] == [()]
    assert made[FIELD].desk("sato").cards.take(packed).new == 0


def test_a_child_s_card_needs_a_guardian(made: Federation) -> None:
    child = NewPerson(family_name="森", given_name="葵", birth="20150401", address="輪島市")
    subject = registered(made[FIELD], child)
    packed = made[FIELD].desk("sato").cards.make(subject).packed
    cards = made[KANAZAWA].desk("ito").cards
    with pytest.raises(ConsentNeedsGuardian):
        cards.take(packed)
    assert facets_of(made[KANAZAWA], subject) == set()
    assert cards.take(packed, guardian_relation="母").turned == ()


def test_what_is_on_a_card_is_what_the_next_shelter_needs(made: Federation) -> None:
    desk = made[WAJIMA].desk("sato")
    subject = registered(made[WAJIMA])
    assert set(desk.cards.make(subject).facets) == {
        "identity", "residence", "contact", "household", "stay", "care", "consent"
    }  # fmt: skip
    desk.leave([subject], Whereto())
    assert "stay" not in desk.cards.make(subject).facets


def test_no_card_is_made_for_who_is_protected(made: Federation) -> None:
    subject = registered(made[WAJIMA])
    desk = made[WAJIMA].desk("sato")
    desk.protect(subject)
    with pytest.raises(CardOfProtected):
        desk.cards.make(subject)


def test_no_card_is_made_of_the_register_or_of_nobody(made: Federation) -> None:
    desk = made[WAJIMA].desk("sato")
    with pytest.raises(SubjectUnknown):
        desk.cards.make(bytes(16))
    subject = registered(made[WAJIMA])
    desk.erase(subject)
    with pytest.raises((SubjectUnknown, NothingToCarry)):
        desk.cards.make(subject)


def test_a_card_of_another_federation_is_told(made: Federation) -> None:
    subject = registered(made[FIELD])
    packed = made[FIELD].desk("sato").cards.make(subject).packed
    with pytest.raises(CardOfAnotherFederation):
        made[KANAZAWA].desk("ito").cards.take(remade(made[FIELD], packed, federation=bytes(16)))


def test_a_card_that_its_maker_did_not_sign_is_told(made: Federation) -> None:
    subject = registered(made[FIELD])
    packed = made[FIELD].desk("sato").cards.make(subject).packed
    with pytest.raises(CardForged):
        made[KANAZAWA].desk("ito").cards.take(remade(made[KANAZAWA], packed))


def test_a_card_of_last_season_is_told(made: Federation) -> None:
    subject = registered(made[FIELD])
    packed = made[FIELD].desk("sato").cards.make(subject).packed
    made.time.later(days=90)
    assert made[KANAZAWA].desk("ito").cards.take(packed).turned == ()
    made.time.later(days=1)
    with pytest.raises(CardTooOld):
        made[KANAZAWA].desk("ito").cards.take(packed)


def test_a_card_of_next_year_is_told(made: Federation) -> None:
    """Else it passed today, and again when its day has come."""
    subject = registered(made[FIELD])
    made.time.later(days=300)
    packed = made[FIELD].desk("sato").cards.make(subject).packed
    made.time.ms -= 300 * DAY_MS
    with pytest.raises(CardFromLater):
        made[KANAZAWA].desk("ito").cards.take(packed)


def test_a_card_by_a_laptop_that_was_stolen_is_told(made: Federation) -> None:
    subject = registered(made[FIELD])
    packed = made[FIELD].desk("sato").cards.make(subject).packed
    Registrar(made[WAJIMA], lambda: made.key(WAJIMA)).revoke(made[FIELD].key.node, reason="stolen", operator="mayor")
    made.meet(WAJIMA, KANAZAWA)
    with pytest.raises(NodeRevoked):
        made[KANAZAWA].desk("ito").cards.take(packed)


def test_two_people_on_one_card_are_told(made: Federation) -> None:
    desk = made[FIELD].desk("sato")
    first, second = (desk.cards.make(registered(made[FIELD])).packed for _ in range(2))
    both = [*unpack(first).records, *unpack(second).records]
    with pytest.raises(CardUnreadable):
        made[KANAZAWA].desk("ito").cards.take(remade(made[FIELD], first, records=both))


def test_who_was_erased_does_not_come_back_on_a_card(made: Federation) -> None:
    subject = registered(made[WAJIMA])
    packed = made[WAJIMA].desk("sato").cards.make(subject).packed
    made[WAJIMA].desk("sato").erase(subject)
    with pytest.raises(CardOfErased):
        made[WAJIMA].desk("sato").cards.take(packed)
    assert facets_of(made[WAJIMA], subject) <= {"erasure", "receipt"}


def test_the_making_of_a_card_is_in_the_log(made: Federation) -> None:
    subject = registered(made[WAJIMA])
    made[WAJIMA].desk("sato").cards.make(subject)
    entry = made[WAJIMA].ledger.audit_about(subject)[-1].entry
    assert (entry.act, entry.operator, kinds.IDENTITY in entry.facets) == ("card", "sato", True)


def test_a_usual_card_is_a_handful_of_symbols(made: Federation) -> None:
    subject = registered(made[FIELD])
    packed = made[FIELD].desk("sato").cards.make(subject).packed
    assert len(to_symbols(packed)) <= 5


def test_a_wristband_finds_its_wearer_and_nobody_else(made: Federation) -> None:
    subject = registered(made[WAJIMA])
    registered(made[WAJIMA])
    cards = made[WAJIMA].desk("sato").cards
    assert cards.wearer(cards.wristband(subject)) == subject
    with pytest.raises(WristbandUnknown):
        made[KANAZAWA].desk("ito").cards.wearer(wristband(subject))
    with pytest.raises(WristbandUnknown):
        cards.wearer(wristband(bytes(16)))
    with pytest.raises(WristbandMisread):
        cards.wearer(wristband(subject)[:-1] + "x")


# --- who is a host at home


def read_and_checked_in(made: Federation, subject: bytes) -> None:
    """Kanazawa reads the card, takes the person in, and meets their home town."""
    card = made[WAJIMA].desk("sato").cards.make(subject)
    made.meet(WAJIMA, KANAZAWA)
    guest = made[KANAZAWA].desk("ito")
    guest.cards.take(card.packed)
    guest.check_in([subject])
    assert made.meet(WAJIMA, KANAZAWA)


def stays_at_home(made: Federation, subject: bytes) -> dict[str, bool]:
    """Of the stays Wajima knows of, whose count."""
    made[WAJIMA].book().look_again()
    return {held.record.organisation: held.counts for held in made[WAJIMA].ledger.heads(subject, kinds.STAY)}


def test_who_was_sent_on_to_a_town_stays_there_at_home_as_well(made: Federation) -> None:
    subject = registered(made[WAJIMA])
    made[WAJIMA].desk("sato").leave([subject], Whereto(municipality=KANAZAWA, outside=7))
    made.time.later(minutes=5)
    read_and_checked_in(made, subject)
    assert stays_at_home(made, subject) == {WAJIMA: True, KANAZAWA: True}
    assert made[WAJIMA].desk("sato").person(subject).stay_municipality == KANAZAWA


def test_a_town_whose_stay_did_not_count_is_a_host_once_home_has_said_where_they_went(made: Federation) -> None:
    subject = registered(made[WAJIMA])
    read_and_checked_in(made, subject)
    assert stays_at_home(made, subject) == {WAJIMA: True, KANAZAWA: False}
    made.time.later(minutes=5)
    made[WAJIMA].desk("sato").leave([subject], Whereto(municipality=KANAZAWA, outside=7))
    made.meet(WAJIMA, KANAZAWA)
    made.time.later(minutes=5)
    made[KANAZAWA].desk("ito").check_in([subject])
    assert made.meet(WAJIMA, KANAZAWA)
    assert stays_at_home(made, subject)[KANAZAWA]


def test_where_no_card_can_be_made_none_is_logged(tmp_path: Path) -> None:
    alone = Federation(tmp_path)
    alone.add_home(WAJIMA)
    try:
        subject = registered(alone[WAJIMA])
        with pytest.raises(NotEnrolled):
            alone[WAJIMA].desk("sato").cards.make(subject)
        assert "card" not in {each.entry.act for each in alone[WAJIMA].ledger.audit_about(subject)}
    finally:
        alone[WAJIMA].close()
