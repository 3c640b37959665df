"""What the simulator has found, each kept as the shortest way to it. The seed is the one that showed it first."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moyai.v1 import exchange_pb2, trust_pb2
from node.desk.views import NewPerson, Whereto
from node.errors import LedgerFull
from node.installation import Installation
from node.pen import Sheet
from node.people.facets import Consent, Contact, Identity, Residence, Stay
from node.records import kinds
from node.records.subjects import mint_person
from node.setback import SetBack
from sync.envelope import Parcel
from sync.reasons import Reason, said_for
from tests.builders.nodes import Federation, federation, take
from tests.builders.trust import DAY_MS, ISHIKAWA, KANAZAWA, TRUSTEES, WAJIMA, signed_by

CONTROL, DATA = int(exchange_pb2.VIEW_CONTROL), int(exchange_pb2.VIEW_DATA)
NANAO = "172022"
STAY_BASIS = int(exchange_pb2.BASIS_TEMPORARY_STAY)


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA, NANAO, ISHIKAWA) as made:
        everybody_meets(made)
        yield made


def everybody_meets(towns: Federation, *, rounds: int = 2) -> None:
    names = list(towns.nodes)
    homes = [name for name in names if towns[name].is_home]
    for _ in range(rounds):
        for one in names:
            for other in homes:
                if one != other and (one < other or one not in homes) and may_meet(towns, one, other):
                    towns.meet(one, other)


def may_meet(towns: Federation, one: str, other: str) -> bool:
    return towns[one].is_home or towns[one].config.organisation == towns[other].config.organisation


def known_by(node: Installation, subject: bytes) -> set[str]:
    return {kinds.facet_name(held.record.facet) for held in node.ledger.about(subject)}


def registered(node: Installation, *, municipality: str = "", name: str = "珠洲") -> bytes:
    person = NewPerson(family_name=name, birth="1950-01-01", municipality=municipality, address="河井町1", phone="0768")
    return node.desk("op").register(person).subjects[0]


def shared(towns: Federation, *, facets: tuple[str, ...] = ("identity", "residence", "contact", "stay")) -> bytes:
    """Somebody at Wajima whom Kanazawa may know of, and does."""
    subject = registered(towns[WAJIMA])
    towns[WAJIMA].desk("op").give_consent(subject, facets=facets, organisations=[KANAZAWA])
    assert towns.meet(WAJIMA, KANAZAWA)
    assert "identity" in known_by(towns[KANAZAWA], subject)
    return subject


def test_a_roster_that_was_overtaken_on_its_way_breaks_nothing_off(towns: Federation) -> None:
    """Seed 7: a conversation had begun before another brought a still newer roster; it ended in ROSTER_ROLLBACK."""
    held = trust_pb2.SignedRoster.FromString(towns[WAJIMA].book().roster())
    versions = []
    for version in (2, 3):
        roster = trust_pb2.Roster.FromString(held.roster)
        roster.version = version
        signed = signed_by(roster, *TRUSTEES[:2])
        versions.append(signed)
    book = towns[KANAZAWA].book()
    book.offered_roster(versions[1])
    book.offered_roster(versions[0])
    assert book.roster() == versions[1]


def test_a_view_judged_by_a_clock_that_was_ahead_is_judged_again(towns: Federation) -> None:
    """Seed 3: set right, the clock never came to the moment at which the view was to be looked at again."""
    subject = registered(towns[WAJIMA])
    now = towns.time.ms
    towns.time.later(days=365)
    towns[WAJIMA].book().look_again()
    towns[WAJIMA].desk("op").give_consent(subject, facets=("identity",), organisations=[KANAZAWA])
    assert towns.ids(WAJIMA, KANAZAWA, DATA) != towns.ids(KANAZAWA, WAJIMA, DATA)
    towns.time.ms = now
    towns[WAJIMA].book().look_again()
    assert towns.ids(WAJIMA, KANAZAWA, DATA) == towns.ids(KANAZAWA, WAJIMA, DATA)


def test_a_clock_that_is_set_by_seconds_is_nothing_to_note(towns: Federation) -> None:
    """What was found by seed 3 must not make every correction of the clock judge everybody anew."""
    looking = SetBack(towns[WAJIMA].ledger, now_ms=towns.time)
    looking.look()
    towns.time.ms -= 20_000
    assert not looking.look()
    towns.time.ms -= DAY_MS
    assert looking.look()
    assert not looking.look()


def test_what_is_erased_between_two_frames_does_not_go(towns: Federation) -> None:
    """Seed 6: records were judged 256 together, and went frame by frame for as long as the line took."""
    subject = registered(towns[WAJIMA])
    desk = towns[WAJIMA].desk("op")
    desk.give_consent(subject, facets=("identity", "residence", "contact"), organisations=[KANAZAWA])
    ids = towns.ids(WAJIMA, KANAZAWA, DATA)
    going = towns[WAJIMA].book().outbox(towns.peer(KANAZAWA)).parcels(DATA, [id_[:8] for id_ in ids])
    next(going)
    desk.erase(subject)
    assert list(going) == []


def test_what_a_withdrawal_closes_between_two_frames_does_not_go(towns: Federation) -> None:
    """The same for a consent, and for one of our own laptops what is erased."""
    towns.add_field("laptop", WAJIMA)
    towns.meet(WAJIMA, "laptop")
    subject = registered(towns[WAJIMA])
    desk = towns[WAJIMA].desk("op")
    desk.give_consent(subject, facets=("identity", "residence", "contact"), organisations=[KANAZAWA])
    out, inside = (
        towns[WAJIMA].book().outbox(towns.peer(name)).parcels(DATA, [id_[:8] for id_ in towns.ids(WAJIMA, name, DATA)])
        for name in (KANAZAWA, "laptop")
    )
    next(out)
    next(inside)
    desk.withdraw_consent(subject, desk.consents(subject)[0].slot)
    assert list(out) == []
    desk.erase(subject)
    assert list(inside) == []


def test_nobody_gets_back_by_asking_what_it_was_told_to_erase(towns: Federation) -> None:
    """Seed 22: what had once come from a peer went there again as a RETURN, although nothing opened it to it."""
    subject = shared(towns)
    desk = towns[WAJIMA].desk("op")
    desk.give_consent(subject, facets=("identity",), organisations=[NANAO])
    assert towns.meet(WAJIMA, NANAO)
    identity = towns[NANAO].ledger.heads(subject, kinds.IDENTITY)[0].record
    consent = next(one for one in desk.consents(subject) if one.organisations == (NANAO,))
    rests_on = towns[WAJIMA].ledger.heads(subject, kinds.CONSENT, consent.slot)[0].record.id
    # Kanazawa hands it to Nanao as well: from now on it has come from both.
    parcel = Parcel(identity.sealed, int(exchange_pb2.BASIS_CONSENT), rests_on)
    take(towns[NANAO].book().inbox(towns.peer(KANAZAWA)), DATA, [parcel])
    for one in desk.consents(subject):
        if one.slot != consent.slot:
            desk.withdraw_consent(subject, one.slot)
    assert towns.meet(WAJIMA, NANAO)
    assert identity.id in towns.ids(NANAO, KANAZAWA, DATA)
    assert towns.parcels(NANAO, KANAZAWA, DATA, [identity.id]) == []


def test_what_was_let_go_is_not_handed_over_again_by_turns(towns: Federation) -> None:
    """Seeds 0 and 61: each of two peers that held it brought it again, because the other had."""
    subject = registered(towns[KANAZAWA], municipality=WAJIMA)
    towns[KANAZAWA].desk("op").give_consent(subject, facets=("identity",), organisations=[NANAO, ISHIKAWA])
    everybody_meets(towns, rounds=3)
    towns[NANAO].desk("op").protect(subject)
    with towns[ISHIKAWA].pen.sheet(operator="op", act="edit") as sheet:
        sheet.put(subject, kinds.RESIDENCE, Residence(municipality=NANAO, address="新町"))
    everybody_meets(towns, rounds=4)
    before = {name: (node.ledger.newest_seq(), told(node, subject)) for name, node in towns.nodes.items()}
    everybody_meets(towns, rounds=2)
    assert {name: (node.ledger.newest_seq(), told(node, subject)) for name, node in towns.nodes.items()} == before


def told(node: Installation, subject: bytes) -> int:
    return len(node.ledger.disclosures(subject))


def test_the_order_of_a_batch_decides_nothing(towns: Federation) -> None:
    """Seed 5: a stay that came before the residence which makes its author a holder was set aside for ten minutes."""
    subject = mint_person(WAJIMA, towns.entropy)
    with towns[WAJIMA].pen.sheet(operator="op", act="register") as sheet:
        known = said(sheet, subject, kinds.IDENTITY, Identity(family_name="輪島"))
        residence = said(sheet, subject, kinds.RESIDENCE, Residence(municipality=KANAZAWA, address="1"))
    with towns[KANAZAWA].pen.sheet(operator="op", act="check-in") as sheet:
        stay = Stay(municipality=KANAZAWA, outside=5, state=1, since_ms=1, confirmed_at_ms=1, confirmed_by="op")
        stays = said(sheet, subject, kinds.STAY, stay, slot=b"1")
    inbox = towns[NANAO].book().inbox(towns.peer(ISHIKAWA))
    take(inbox, DATA, [known])
    take(inbox, DATA, [stays, residence])
    assert known_by(towns[NANAO], subject) == {"identity", "residence", "stay"}
    assert not towns[NANAO].ledger.quarantined()


def said(sheet: Sheet, subject: bytes, facet: int, says: object, slot: bytes = b"") -> Parcel:
    record = sheet.put(subject, facet, says, slot=slot)  # type: ignore[arg-type]
    assert record is not None
    return Parcel(record.sealed, STAY_BASIS, b"")


def test_whoever_hands_over_what_is_known_is_a_holder_before_the_rest_is_judged(towns: Federation) -> None:
    """Seed 12: a batch taken a second time was taken otherwise, because its sender was a holder by the first."""
    subject = registered(towns[WAJIMA])
    towns[WAJIMA].desk("op").give_consent(subject, all_local_governments=True)
    towns.meet(WAJIMA, NANAO)
    identity = towns[NANAO].ledger.heads(subject, kinds.IDENTITY)[0]
    consent = towns[NANAO].ledger.heads(subject, kinds.CONSENT)[0]
    with towns[KANAZAWA].pen.sheet(operator="op", act="edit") as sheet:
        contact = sheet.put(subject, kinds.CONTACT, Contact(phone="090"))
    assert contact is not None
    by_consent = int(exchange_pb2.BASIS_CONSENT)
    parcels = [Parcel(one.sealed, by_consent, consent.record.id) for one in (contact, identity.record)]
    take(towns[NANAO].book().inbox(towns.peer(ISHIKAWA)), DATA, parcels)
    assert not towns[NANAO].ledger.quarantined()
    assert contact.id in {held.record.id for held in towns[NANAO].ledger.heads(subject, kinds.CONTACT)}


def test_an_erasure_reaches_a_holder_whose_acknowledgement_was_lost(towns: Federation) -> None:
    """Seed 15: the town that had erased knew of nobody to tell, and the holder offered its copy for ever."""
    subject = registered(towns[WAJIMA])
    desk = towns[WAJIMA].desk("op")
    desk.give_consent(subject, facets=("identity", "stay"), organisations=[KANAZAWA])
    for view in (CONTROL, DATA):
        going = towns.parcels(WAJIMA, KANAZAWA, view, towns.ids(WAJIMA, KANAZAWA, view))
        take(towns[KANAZAWA].book().inbox(towns.peer(WAJIMA)), view, going)  # and the line is cut
    desk.erase(subject)
    for _ in range(2):
        assert towns.meet(KANAZAWA, WAJIMA)
    assert known_by(towns[KANAZAWA], subject) <= {"erasure", "receipt"}


def test_a_laptop_lets_weigh_what_its_town_hall_does(towns: Federation) -> None:
    """Seed 1: it hears of withdrawals first, and one that nobody lets weigh buried the consent there."""
    towns.add_field("laptop", KANAZAWA)
    subject = shared(towns)
    consent = towns[WAJIMA].ledger.heads(subject, kinds.CONSENT)[0].record
    everybody_meets(towns)
    assert may_meet(towns, "laptop", KANAZAWA)
    stranger = towns[ISHIKAWA]
    with stranger.ledger.write() as writing:
        writing.keep(consent, came_from=WAJIMA, came_from_node=consent.author, basis=STAY_BASIS)
    with stranger.pen.sheet(operator="op", act="withdraw") as sheet:
        says = Consent(facets=(kinds.IDENTITY,), from_ms=1, given_by=1, withdrawn_at_ms=towns.time())
        withdrawal = sheet.put_bare(subject, kinds.CONSENT, says, slot=consent.slot)
    parcel = Parcel(withdrawal.sealed, int(exchange_pb2.BASIS_HOLDER), b"")
    take(towns[KANAZAWA].book().inbox(towns.peer(ISHIKAWA)), CONTROL, [parcel])
    late = towns.add_field("late", KANAZAWA)
    assert towns.meet(KANAZAWA, "late")
    counting = {held.record.id: held.counts for held in late.ledger.heads(subject, kinds.CONSENT)}
    assert counting == {consent.id: True, withdrawal.id: False}
    assert "identity" in known_by(late, subject)


def test_a_laptop_lets_go_what_its_town_hall_lets_go(towns: Federation) -> None:
    """Seed 5: what another town's person had withdrawn stayed on the laptops."""
    towns.add_field("laptop", KANAZAWA)
    subject = shared(towns)
    towns.meet(KANAZAWA, "laptop")
    assert "identity" in known_by(towns["laptop"], subject)
    desk = towns[WAJIMA].desk("op")
    desk.withdraw_consent(subject, desk.consents(subject)[0].slot)
    towns.meet(WAJIMA, KANAZAWA)
    assert towns.meet(KANAZAWA, "laptop")
    assert not known_by(towns["laptop"], subject) & {"identity", "stay", "contact", "residence"}


def test_what_arrives_after_its_ground_is_gone_still_makes_a_holder(towns: Federation) -> None:
    """Seed 83: a line stood still for a month; the withdrawal on it arrived, and was in the view of one side alone."""
    subject = registered(towns[WAJIMA])
    desk = towns[WAJIMA].desk("op")
    desk.give_consent(subject, facets=("identity",), organisations=[NANAO])
    desk.withdraw_consent(subject, desk.consents(subject)[0].slot)
    desk.leave([subject], Whereto(municipality=KANAZAWA))
    withdrawn = towns[WAJIMA].ledger.heads(subject, kinds.CONSENT)[0].record
    outbox = towns[WAJIMA].book().outbox(towns.peer(KANAZAWA))
    assert withdrawn.id in towns.ids(WAJIMA, KANAZAWA, CONTROL)
    (parcel,) = outbox.parcels(CONTROL, [withdrawn.id[:8]])
    towns.time.later(days=60)
    assert withdrawn.id not in towns.ids(WAJIMA, KANAZAWA, CONTROL)
    take(towns[KANAZAWA].book().inbox(towns.peer(WAJIMA)), CONTROL, [parcel])
    outbox.passed(CONTROL, [withdrawn.id])
    assert withdrawn.id in towns.ids(WAJIMA, KANAZAWA, CONTROL)


@pytest.mark.parametrize("otherwise", [Reason.ROSTER_REFUSED, Reason.CERTIFICATE_REFUSED])
def test_a_full_disk_is_told_as_one_whatever_was_to_be_written(otherwise: Reason) -> None:
    """Told as a roster that can't be believed, it would not be tried again without a hand."""
    assert said_for(LedgerFull(), otherwise) is Reason.STORE_FAILED


def test_who_leaves_every_place_can_still_be_written_about(towns: Federation) -> None:
    """Seed 12: the search index of a small ledger called itself damaged, and nothing could be written any more."""
    subject = registered(towns[WAJIMA], municipality=KANAZAWA)
    desk = towns[WAJIMA].desk("op")
    desk.check_in([subject], outside=5)
    towns.meet(WAJIMA, KANAZAWA)
    for _ in range(3):
        if desk.person(subject).stay_state == 1:
            desk.leave([subject], Whereto(outside=3))
        assert towns.meet(WAJIMA, KANAZAWA)
    assert towns[KANAZAWA].desk("k").find("珠洲", purpose="reception")
