"""What two and three nodes hold after they have met: the acceptance table on real ledgers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moyai.v1 import exchange_pb2
from node.desk.views import NewPerson, Whereto
from node.pen import PLACE as A_PLACE
from node.people.facets import Place, Resident
from node.records import kinds
from node.records.record import body_bytes
from node.records.subjects import mint_person
from node.registrar import Registrar
from node.trust.seal import seal
from sync.envelope import Parcel
from tests.builders.nodes import Federation, federation, take
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path) as made:
        yield made


def test_the_enrolments_of_all_reach_all(three: Federation) -> None:
    assert three.meet(WAJIMA, KANAZAWA)
    assert len(three[KANAZAWA].room.now().believed.certificates) == 2


def resident(three: Federation, key: str = "1", **said: object) -> bytes:
    """Someone in Wajima's register."""
    fields = {
        "family_name": "輪島",
        "given_name": "花子",
        "family_kana": "ワジマ",
        "given_kana": "ハナコ",
        "birth": {"date": "1948-05-03"},
    }
    row = Resident.model_validate({"municipal_key": key, "address": "河井町1-1", **fields, **said})
    subject = mint_person(WAJIMA, three.entropy)
    with three[WAJIMA].pen.sheet(operator="op", act="import") as sheet:
        sheet.put(subject, kinds.RESIDENT, row)
    return subject


def facets(three: Federation, name: str, subject: bytes) -> set[str]:
    """The facets a node holds of someone, history included."""
    return {kinds.facet_name(held.record.facet) for held in three[name].ledger.about(subject)}


def test_a_resident_who_goes_to_kanazawa_is_found_there_and_seen_at_home_again(three: Federation) -> None:
    subject = resident(three)
    wajima, kanazawa = three[WAJIMA].desk("w"), three[KANAZAWA].desk("k")
    wajima.check_in([subject], outside=1)
    three.meet(WAJIMA, KANAZAWA)
    assert not facets(three, KANAZAWA, subject)
    wajima.leave([subject], Whereto(municipality=KANAZAWA))
    assert three.meet(WAJIMA, KANAZAWA)
    found = kanazawa.find("ワジマ ハナコ", purpose="reception")
    assert [view.subject for view in found] == [subject]
    assert found[0].expected
    kanazawa.check_in([subject], outside=5)
    assert three.meet(WAJIMA, KANAZAWA)
    assert wajima.person(subject).stay_municipality == KANAZAWA
    assert "resident" not in facets(three, KANAZAWA, subject)


def test_a_third_town_learns_nothing_of_a_temporary_stay(three: Federation) -> None:
    subject = resident(three)
    three[WAJIMA].desk("w").check_in([subject], outside=1)
    three[WAJIMA].desk("w").leave([subject], Whereto(municipality=KANAZAWA))
    for _ in range(2):
        for pair in ((WAJIMA, KANAZAWA), (KANAZAWA, ISHIKAWA), (WAJIMA, ISHIKAWA)):
            assert three.meet(*pair)
    assert facets(three, KANAZAWA, subject)
    assert not facets(three, ISHIKAWA, subject)


def test_the_prefecture_gets_what_was_granted_and_no_more(three: Federation) -> None:
    subject = resident(three, care_codes=("dialysis",), phone="0768-22-0000")
    three[WAJIMA].desk("w").check_in([subject], outside=1)
    application = three.granting(ISHIKAWA).apply(WAJIMA, facets=["identity", "stay"], purpose="aid", area=[])
    three.meet(ISHIKAWA, WAJIMA)
    assert not facets(three, ISHIKAWA, subject)
    three.granting(WAJIMA).grant(application, days=30)
    assert three.meet(ISHIKAWA, WAJIMA)
    assert facets(three, ISHIKAWA, subject) == {"identity", "stay"}


def test_when_a_grant_ends_the_prefecture_holds_nothing_any_more(three: Federation) -> None:
    subject = resident(three)
    three[WAJIMA].desk("w").check_in([subject], outside=1)
    application = three.granting(ISHIKAWA).apply(WAJIMA, facets=["identity", "stay"], purpose="aid", area=[])
    three.meet(ISHIKAWA, WAJIMA)
    three.granting(WAJIMA).grant(application, days=30)
    three.meet(ISHIKAWA, WAJIMA)
    assert "identity" in facets(three, ISHIKAWA, subject)
    three.time.later(days=31)
    three[ISHIKAWA].holdings.sweep(three[ISHIKAWA].room.now())
    assert not facets(three, ISHIKAWA, subject) & {"identity", "stay"}
    assert three.meet(ISHIKAWA, WAJIMA)


def test_a_withdrawal_reaches_the_holder_who_erases_and_signs_a_receipt(three: Federation) -> None:
    subject = resident(three)
    wajima = three[WAJIMA].desk("w")
    wajima.check_in([subject], outside=1)
    wajima.give_consent(subject, facets=["identity", "stay"], organisations=[KANAZAWA])
    assert three.meet(WAJIMA, KANAZAWA)
    assert {"identity", "stay", "consent"} <= facets(three, KANAZAWA, subject)
    slot = wajima.consents(subject)[0].slot
    assert wajima.consents(subject)[0].holders == (KANAZAWA,)
    wajima.withdraw_consent(subject, slot)
    three.meet(WAJIMA, KANAZAWA)
    assert three.meet(WAJIMA, KANAZAWA)
    assert not facets(three, KANAZAWA, subject) & {"identity", "stay"}
    assert wajima.consents(subject)[0].confirmed == (KANAZAWA,)


def test_an_erasure_reaches_the_holder_and_an_old_copy_is_refused(three: Federation) -> None:
    subject = resident(three)
    wajima = three[WAJIMA].desk("w")
    wajima.check_in([subject], outside=1)
    wajima.give_consent(subject, facets=["identity", "stay"], organisations=[KANAZAWA])
    three.meet(WAJIMA, KANAZAWA)
    view = int(exchange_pb2.VIEW_DATA)
    kept = three.parcels(WAJIMA, KANAZAWA, view, three.ids(WAJIMA, KANAZAWA, view))
    assert kept
    wajima.erase(subject)
    assert three.meet(WAJIMA, KANAZAWA)
    assert facets(three, KANAZAWA, subject) <= {"erasure", "receipt"}
    assert facets(three, WAJIMA, subject) <= {"erasure", "receipt"}
    tally = take(three[KANAZAWA].book().inbox(three.peer(WAJIMA)), view, kept)
    assert tally.new == 0
    assert facets(three, KANAZAWA, subject) <= {"erasure", "receipt"}
    assert not three[KANAZAWA].ledger.quarantined()


def test_a_protected_person_is_told_to_nobody(three: Federation) -> None:
    subject = resident(three)
    wajima = three[WAJIMA].desk("w")
    wajima.check_in([subject], outside=1)
    wajima.protect(subject)
    wajima.leave([subject], Whereto(municipality=KANAZAWA))
    assert three.meet(WAJIMA, KANAZAWA)
    assert not facets(three, KANAZAWA, subject)
    assert wajima.find("輪島", purpose="reception")[0].protected


def test_whoever_holds_someone_who_is_protected_later_erases(three: Federation) -> None:
    subject = resident(three)
    wajima = three[WAJIMA].desk("w")
    wajima.check_in([subject], outside=1)
    wajima.give_consent(subject, facets=["identity", "stay"], all_local_governments=True)
    three.meet(WAJIMA, KANAZAWA)
    assert "identity" in facets(three, KANAZAWA, subject)
    wajima.protect(subject)
    three.meet(WAJIMA, KANAZAWA)
    assert three.meet(WAJIMA, KANAZAWA)
    assert not facets(three, KANAZAWA, subject) & {"identity", "stay"}
    assert three[KANAZAWA].desk("k").find("輪島", purpose="reception") == []


def test_two_towns_that_write_about_one_stay_keep_both_and_show_the_conflict(three: Federation) -> None:
    subject = resident(three)
    wajima, kanazawa = three[WAJIMA].desk("w"), three[KANAZAWA].desk("k")
    wajima.check_in([subject], outside=1)
    wajima.leave([subject], Whereto(municipality=KANAZAWA))
    three.meet(WAJIMA, KANAZAWA)
    kanazawa.check_in([subject], outside=5)
    three.meet(WAJIMA, KANAZAWA)
    wajima.leave([subject], Whereto(outside=4))
    kanazawa.leave([subject], Whereto(outside=6))
    assert three.meet(WAJIMA, KANAZAWA)
    assert wajima.person(subject).conflict
    assert kanazawa.person(subject).conflict
    assert wajima.standing().conflicts == kanazawa.standing().conflicts == 1


def test_a_shelter_list_goes_to_everyone(three: Federation) -> None:
    place = three.entropy(16)
    with three[ISHIKAWA].pen.sheet(operator="op", act="import") as sheet:
        sheet.put(place, kinds.PLACE, Place(name="七尾市の体育館", municipality="172022"), kind=A_PLACE)
    assert three.meet(ISHIKAWA, WAJIMA)
    assert three.meet(WAJIMA, KANAZAWA)
    assert [one.name for one in three[KANAZAWA].desk("k").places("体育館")] == ["七尾市の体育館"]


def test_a_laptop_gets_its_towns_people_and_other_towns_nothing(three: Federation) -> None:
    subject = resident(three)
    three.add_field("laptop", WAJIMA)
    assert three.meet(WAJIMA, "laptop")
    assert facets(three, "laptop", subject) == {"resident"}
    laptop = three["laptop"].desk("l")
    laptop.check_in([subject], outside=1)
    assert laptop.standing().not_sent > 0
    assert three.meet("laptop", WAJIMA)
    assert three[WAJIMA].desk("w").person(subject).stay_state == 1
    assert laptop.standing().not_sent == 0
    three.meet(WAJIMA, KANAZAWA)
    assert not facets(three, KANAZAWA, subject)


def test_a_revoked_laptop_writes_nothing_more(three: Federation) -> None:
    subject = resident(three)
    laptop = three.add_field("laptop", WAJIMA)
    three.meet(WAJIMA, "laptop")
    laptop.desk("l").check_in([subject], outside=1)
    three.meet(WAJIMA, "laptop")
    Registrar(three[WAJIMA], lambda: three.key(WAJIMA)).revoke(laptop.key.node, reason="stolen", operator="op")
    before = three[WAJIMA].desk("w").person(subject)
    laptop.desk("l").leave([subject], Whereto(outside=3))
    view = int(exchange_pb2.VIEW_DATA)
    parcels = three.parcels("laptop", WAJIMA, view, three.ids("laptop", WAJIMA, view))
    take(three[WAJIMA].book().inbox(three.peer("laptop")), view, parcels)
    assert three[WAJIMA].desk("w").person(subject) == before
    assert {one.reason for one in three[WAJIMA].ledger.quarantined()} == {"NODE_REVOKED"}
    assert all(peer.node != laptop.key.node for peer in three[WAJIMA].book().peers())


def test_someone_new_in_kanazawa_whose_home_is_wajima_is_known_in_wajima(three: Federation) -> None:
    person = NewPerson(family_name="門前", given_name="太郎", address="輪島市門前町", municipality=WAJIMA)
    subject = three[KANAZAWA].desk("k").register(person).subjects[0]
    assert three.meet(KANAZAWA, WAJIMA)
    assert three[WAJIMA].desk("w").person(subject).family_name == "門前"
    assert not facets(three, ISHIKAWA, subject)


def test_a_node_writes_above_a_counter_it_never_issued(three: Federation) -> None:
    subject = resident(three)
    wajima = three[WAJIMA].desk("w")
    wajima.check_in([subject], outside=1)
    wajima.leave([subject], Whereto(municipality=KANAZAWA))
    three.meet(WAJIMA, KANAZAWA)
    liar = three[KANAZAWA]
    stay = next(held.record for held in liar.ledger.heads(subject, kinds.STAY))
    claimed = three[WAJIMA].ledger.counter() + 1_000
    with liar.ledger.write() as writing:
        version = tuple(sorted({three[WAJIMA].key.node: claimed, liar.key.node: writing.next_counter()}.items()))
    body = body_bytes(
        subject=subject,
        subject_kind=1,
        facet=kinds.STAY,
        slot=stay.slot,
        version=version,
        clock=stay.clock + 1,
        author=liar.key.node,
        organisation=KANAZAWA,
        operator="liar",
        content=stay.content,
    )
    parcel = Parcel(seal(body, liar.key), int(exchange_pb2.BASIS_TEMPORARY_STAY), b"")
    book = three[WAJIMA].book()
    for _ in range(2):
        take(book.inbox(three.peer(KANAZAWA)), int(exchange_pb2.VIEW_DATA), [parcel])
        book.contact(three.peer(KANAZAWA), "DONE")
    assert {one.reason for one in three[WAJIMA].ledger.quarantined()} == {"VERSION_CLAIM"}
    said = three[WAJIMA].ledger.heads(subject, kinds.STAY)
    assert [held.record.counter > claimed for held in said] == [True]
