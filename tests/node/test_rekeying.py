"""A lost organisation's key: a new one needs none of the old, and every node goes on, also one that was away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moyai.v1 import exchange_pb2
from node.errors import CertificateExpired, OrganisationKeyNotListed
from node.installation import Installation
from node.peerbook import install_roster
from node.pen import ORGANISATION
from node.people.facets import Enrolment
from node.records.kinds import ENROLMENT
from node.records.subjects import organisation_subject
from node.registrar import HOME, wish_of
from node.rekeying import renew_certificates, replace_key
from node.trust.certificate import open_certificate
from node.trust.enrolment import grant
from node.trust.keys import OrganisationKey
from node.trust.members import read_member_card
from node.vault import CERTIFICATE
from sync.envelope import Parcel
from tests.builders.backups import LAPTOP, registered
from tests.builders.nodes import VIEWS, Federation, federation, take
from tests.builders.trust import DAY_MS, KANAZAWA, TRUSTEES, WAJIMA, of_members, signed_by


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        made.add_field(LAPTOP, WAJIMA)
        for pair in ((WAJIMA, LAPTOP), (WAJIMA, KANAZAWA)):
            assert made.meet(*pair)
        made.time.later(days=1)
        yield made


def replaced(towns: Federation, *, old_days: int = 0) -> OrganisationKey:
    """The key is gone, and a new one is made."""
    towns[WAJIMA].directory.organisation_key.unlink()
    until = towns.time() + old_days * DAY_MS
    key, aside = replace_key(towns[WAJIMA], passphrase=None, old_until_ms=until, now_ms=towns.time())
    assert aside is None
    return key


def next_roster(towns: Federation) -> bytes:
    """What the trustees issue of the cards as they are now."""
    before = towns[WAJIMA].room.now().believed.roster
    cards = [read_member_card(towns[code].directory.member_card.read_bytes()) for code in (WAJIMA, KANAZAWA)]
    following = of_members(
        cards, federation=before.federation, version=before.version + 1, issued_at_ms=towns.time(), drill=before.drill
    )
    return signed_by(following, *TRUSTEES[:2])


def installed(towns: Federation, *names: str) -> None:
    signed = next_roster(towns)
    for name in names:
        install_roster(towns[name].ledger, signed, now_ms=towns.time())


def renewed(towns: Federation) -> list[str]:
    done = renew_certificates(towns[WAJIMA], lambda: towns.key(WAJIMA), within_ms=365 * DAY_MS, operator="setup")
    return [one.label for one in done.certified]


def own(node: Installation) -> bytes:
    return node.ledger.secret(CERTIFICATE) or b""


def test_the_new_key_is_on_the_card_and_the_old_one_ends_there(towns: Federation) -> None:
    old = towns[WAJIMA].room.now().believed.roster.organisation(WAJIMA).signing_keys
    key = replaced(towns, old_days=30)
    card = read_member_card(towns[WAJIMA].directory.member_card.read_bytes())
    assert [one.public_key for one in card.signing_keys] == [old[0].public_key, key.public_key]
    assert card.signing_keys[0].valid_until_ms == towns.time() + 30 * DAY_MS
    assert towns.key(WAJIMA).public_key == key.public_key


def test_the_old_key_file_is_set_aside_where_there_is_one(towns: Federation) -> None:
    old = towns[WAJIMA].directory.organisation_key.read_bytes()
    _, aside = replace_key(towns[WAJIMA], passphrase=None, old_until_ms=towns.time(), now_ms=towns.time())
    assert aside is not None
    assert aside.read_bytes() == old


def test_before_the_roster_lists_it_it_certifies_nobody(towns: Federation) -> None:
    replaced(towns)
    before = own(towns[WAJIMA])
    with pytest.raises(OrganisationKeyNotListed):
        renew_certificates(towns[WAJIMA], lambda: towns.key(WAJIMA), within_ms=3650 * DAY_MS, operator="setup")
    assert own(towns[WAJIMA]) == before


def test_every_node_is_certified_anew_once(towns: Federation) -> None:
    replaced(towns)
    installed(towns, WAJIMA)
    assert sorted(renewed(towns)) == sorted([WAJIMA, LAPTOP])
    assert renewed(towns) == []


def test_each_takes_up_its_own_and_what_was_written_before_stands(towns: Federation) -> None:
    before = registered(towns[LAPTOP], "前")
    assert towns.meet(WAJIMA, LAPTOP)
    replaced(towns)
    installed(towns, WAJIMA, KANAZAWA, LAPTOP)
    renewed(towns)
    held = own(towns[LAPTOP])
    assert towns.meet(WAJIMA, LAPTOP)
    roster = towns[LAPTOP].room.now().believed.roster
    assert own(towns[LAPTOP]) != held
    assert open_certificate(own(towns[LAPTOP]), roster).valid_until_ms > towns.time() + 365 * DAY_MS
    after = registered(towns[LAPTOP], "後")
    assert towns.meet(WAJIMA, LAPTOP)
    assert towns.meet(WAJIMA, KANAZAWA)
    for subject in (before, after):
        assert towns[KANAZAWA].ledger.person(subject)
    assert [node.ledger.counts().quarantined for node in towns.nodes.values()] == [0, 0, 0]


def test_one_that_was_away_is_met_by_the_renewal_that_is_held(towns: Federation) -> None:
    replaced(towns)
    installed(towns, WAJIMA)
    shown = own(towns[LAPTOP])
    tls = open_certificate(shown, towns[WAJIMA].room.now().believed.roster).tls_certificate
    with pytest.raises(CertificateExpired):
        towns[WAJIMA].room.now().believed.meet(shown, now_ms=towns.time(), shown_tls=tls)
    renewed(towns)
    met = towns[WAJIMA].room.now().believed.meet(shown, now_ms=towns.time(), shown_tls=tls)
    assert met.node == towns[LAPTOP].key.node
    assert met.signed != shown


def test_who_gets_the_renewals_before_the_roster_takes_them_when_it_has_come(towns: Federation) -> None:
    replaced(towns)
    installed(towns, WAJIMA)
    renewed(towns)
    towns.meet(WAJIMA, KANAZAWA)
    kanazawa = towns[KANAZAWA]
    assert {one.reason for one in kanazawa.ledger.quarantined()} == {"SIGNATURE_WRONG"}
    install_roster(kanazawa.ledger, next_roster(towns), now_ms=towns.time())
    assert towns.meet(WAJIMA, KANAZAWA)
    assert not kanazawa.ledger.quarantined()


def test_a_thief_of_the_old_key_gets_no_new_certificate(towns: Federation) -> None:
    """He has certified a node of his own with it, has written its enrolment himself, and a laptop has handed it on."""
    towns._make("thief", WAJIMA, "field")
    thief, wajima = towns["thief"], towns[WAJIMA]
    wish, claim = wish_of(thief, label="laptop-7", kind=HOME)
    now = towns.time()
    span = {"valid_from_ms": now, "valid_until_ms": now + 300 * DAY_MS}
    signed = grant(wish, claim, towns.key(WAJIMA), organisation=WAJIMA, places=(), **span)
    install_roster(thief.ledger, wajima.room.now().believed.roster.signed, now_ms=now)
    with thief.pen.sheet(operator="x", act="enrol") as sheet:
        enrolment = Enrolment(certificate=signed)
        sheet.put(organisation_subject(WAJIMA), ENROLMENT, enrolment, slot=thief.key.node, kind=ORGANISATION)
    [written] = thief.ledger.heads(organisation_subject(WAJIMA), ENROLMENT)
    parcel = Parcel(written.record.sealed, int(exchange_pb2.BASIS_INTERNAL), b"")
    take(wajima.book().inbox(towns.peer(LAPTOP)), VIEWS[0], [parcel])
    assert thief.key.node in {one.node for one in wajima.room.now().believed.nodes_of(WAJIMA)}  # by the stolen key

    replaced(towns)
    installed(towns, WAJIMA)
    done = renew_certificates(wajima, lambda: towns.key(WAJIMA), within_ms=3650 * DAY_MS, operator="setup")
    assert [one.node for one in done.strange] == [thief.key.node]
    assert thief.key.node not in {one.node for one in done.certified}
    towns.time.later(days=1)
    with pytest.raises(CertificateExpired):
        wajima.room.now().believed.meet(signed, now_ms=towns.time())
