"""A record is believed when its author's certificate, organisation, clock, counter and signature all hold."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from node.errors import (
    AuthorOfAnotherOrganisation,
    AuthorUnknown,
    CertificateExpired,
    NodeRevoked,
    RosterExpired,
    SignatureWrong,
    TlsCertificateOther,
    TrustRefused,
)
from node.records import kinds
from node.records.record import open_record
from node.trust.believed import Believed
from node.trust.certificate import NodeCertificate
from node.trust.roster import open_roster
from sync.envelope import SealedRecord
from tests.builders.trust import (
    DAY_MS,
    KANAZAWA,
    NOW_MS,
    ORGANISATION_KEYS,
    TRUSTEES,
    VALID_UNTIL_MS,
    WAJIMA,
    believed,
    node,
    roster,
    signed_by,
    unsigned,
)

HOME = node(WAJIMA, "home")
FIELD = node(WAJIMA, "field")
OTHER = node(KANAZAWA, "home")


def test_a_record_by_a_certified_node_is_believed() -> None:
    assert believed(HOME).judge(HOME.record()).label == "home"


def test_an_author_without_certificate_is_unknown() -> None:
    with pytest.raises(AuthorUnknown):
        believed(HOME).judge(FIELD.record())


def test_a_first_enrolment_vouches_for_its_own_author() -> None:
    assert Believed(roster()).judge(FIELD.enrolment()).node == FIELD.node


def test_an_enrolment_does_not_vouch_for_whoever_carries_it() -> None:
    with pytest.raises(AuthorUnknown):
        Believed(roster()).judge(HOME.enrolment(of=FIELD))


def test_a_home_node_may_carry_its_field_nodes_enrolment() -> None:
    state = believed(HOME)
    carried = HOME.enrolment(2, of=FIELD)
    assert state.judge(carried).node == HOME.node
    assert state.learn([carried]).judge(FIELD.record()).node == FIELD.node


def test_nobody_learns_another_organisations_node_from_an_enrolment() -> None:
    carried = OTHER.enrolment(2, of=FIELD)
    with pytest.raises(AuthorUnknown):
        believed(OTHER).learn([carried]).judge(FIELD.record())


def test_a_record_in_another_organisations_name_is_refused() -> None:
    with pytest.raises(AuthorOfAnotherOrganisation):
        believed(HOME).judge(HOME.record(organisation=KANAZAWA))


def test_a_changed_byte_breaks_the_seal() -> None:
    good = HOME.record()
    forged = open_record(SealedRecord(good.sealed.body, good.sealed.signature[:-1] + b"\x00"))
    with pytest.raises(SignatureWrong):
        believed(HOME).judge(forged)


def test_an_old_record_is_believed_after_its_certificate_ended() -> None:
    short = node(WAJIMA, "short", valid_until_ms=NOW_MS)
    assert believed(short).judge(short.record(at_ms=NOW_MS - 1)).node == short.node
    with pytest.raises(CertificateExpired):
        believed(short).judge(short.record(at_ms=NOW_MS))


def test_a_slow_clock_loses_no_record() -> None:
    assert believed(HOME).judge(HOME.record(at_ms=1))


def test_a_certificate_ends_with_the_key_that_signed_it() -> None:
    shorter = unsigned(2)
    shorter.organisations[-2].signing_keys[0].valid_until_ms = NOW_MS
    assert shorter.organisations[-2].code == WAJIMA
    state = Believed.of(open_roster(signed_by(shorter, *TRUSTEES), trusted=None, now_ms=NOW_MS), [HOME.enrolment()])
    assert state.judge(HOME.record(at_ms=NOW_MS - 1))
    with pytest.raises(CertificateExpired):
        state.judge(HOME.record(at_ms=NOW_MS))


def test_a_new_key_takes_over_the_certificates_of_a_lost_one() -> None:
    replaced = unsigned(2)
    replaced.organisations[-2].signing_keys[0].public_key = ORGANISATION_KEYS["S00001"].public_key
    del replaced.organisations[-1]
    later = open_roster(signed_by(replaced, *TRUSTEES), trusted=roster(), now_ms=NOW_MS)
    with pytest.raises(AuthorUnknown):
        Believed.of(later, [HOME.enrolment()]).judge(HOME.record())


def test_what_a_revoked_node_wrote_up_to_the_cut_off_stands() -> None:
    state = believed(HOME, FIELD).learn([HOME.revocation(FIELD, last_counter=5)])
    assert state.judge(FIELD.record(5))
    with pytest.raises(NodeRevoked):
        state.judge(FIELD.record(6))


def test_of_two_revocations_the_lower_cut_off_decides() -> None:
    state = believed(HOME, FIELD).learn([HOME.revocation(FIELD, 9, 2), HOME.revocation(FIELD, 5, 3)])
    with pytest.raises(NodeRevoked):
        state.judge(FIELD.record(6))


def test_nobody_revokes_another_organisations_node() -> None:
    state = believed(HOME, OTHER).learn([OTHER.revocation(HOME, last_counter=0)])
    assert state.judge(HOME.record())


def test_a_revoked_node_is_not_met() -> None:
    state = believed(HOME, FIELD).learn([HOME.revocation(FIELD, last_counter=5)])
    with pytest.raises(NodeRevoked):
        state.meet(FIELD.signed_certificate, now_ms=NOW_MS)
    assert [certificate.node for certificate in state.nodes_of(WAJIMA)] == [HOME.node]


def test_an_expired_roster_keeps_known_peers_and_lets_no_new_one_in() -> None:
    state, much_later = believed(HOME), NOW_MS + 61 * DAY_MS
    assert state.meet(HOME.signed_certificate, now_ms=much_later).node == HOME.node
    with pytest.raises(RosterExpired):
        state.meet(FIELD.signed_certificate, now_ms=much_later)


def test_a_clock_that_fell_back_does_not_refuse_peers() -> None:
    assert believed().meet(HOME.signed_certificate, now_ms=0).node == HOME.node


def test_a_peer_with_an_expired_certificate_is_not_met() -> None:
    with pytest.raises(CertificateExpired):
        believed(HOME).meet(HOME.signed_certificate, now_ms=VALID_UNTIL_MS)


def test_a_batch_is_judged_as_its_records_one_by_one() -> None:
    state = believed(HOME, FIELD).learn([HOME.revocation(FIELD, last_counter=50)])
    records = [FIELD.record(counter) for counter in range(1, 100)] + [HOME.record(organisation=KANAZAWA)] * 2
    records[3] = open_record(SealedRecord(records[3].sealed.body, records[4].sealed.signature))
    with ThreadPoolExecutor(2) as executor:
        verdicts = state.judge_many(records, executor)
    for record, verdict in zip(records, verdicts, strict=True):
        if isinstance(verdict, NodeCertificate):
            assert state.judge(record) == verdict
        else:
            with pytest.raises(TrustRefused) as refused:
                state.judge(record)
            assert refused.value.reason == verdict.reason


def test_a_tls_certificate_that_two_nodes_claim_is_nobodys() -> None:
    one = node(WAJIMA, "one", tls_certificate=b"certificate")
    two = node(KANAZAWA, "two", tls_certificate=b"certificate")
    assert believed(one).by_tls(b"certificate") == (WAJIMA, one.node)
    assert believed(one, two).by_tls(b"certificate") is None
    assert believed(one).by_tls(b"another") is None


def test_a_peer_cannot_greet_with_a_certificate_that_is_not_its_own() -> None:
    field = node(WAJIMA, "one", tls_certificate=b"field")
    home = node(WAJIMA, "main", tls_certificate=b"home")
    state = believed(field, home)
    assert state.meet(field.signed_certificate, shown_tls=b"field", now_ms=NOW_MS).node == field.node
    with pytest.raises(TlsCertificateOther):
        state.meet(home.signed_certificate, shown_tls=b"field", now_ms=NOW_MS)


def test_a_home_node_may_show_what_the_roster_pins() -> None:
    pinned = unsigned(2)
    next(member for member in pinned.organisations if member.code == WAJIMA).tls_certificates.append(b"pinned")
    state = Believed(open_roster(signed_by(pinned, *TRUSTEES), trusted=None, now_ms=NOW_MS))
    field = node(WAJIMA, "one", kind=2, tls_certificate=b"pinned")
    assert state.meet(HOME.signed_certificate, shown_tls=b"pinned", now_ms=NOW_MS).node == HOME.node
    for other in (field, OTHER):
        with pytest.raises(TlsCertificateOther):
            state.meet(other.signed_certificate, shown_tls=b"pinned", now_ms=NOW_MS)
    assert state.by_tls(b"pinned") == (WAJIMA, b"")


def test_nobody_buries_another_organisations_enrolment() -> None:
    over = (*HOME.enrolment().version, (OTHER.node, 7))
    rubbish = HOME.enrolment()
    burying = OTHER.record(
        7,
        subject=rubbish.subject,
        subject_kind=3,
        facet=rubbish.facet,
        slot=HOME.node,
        version=tuple(sorted(over)),
        content=rubbish.content,
    )
    with pytest.raises(AuthorOfAnotherOrganisation):
        believed(HOME, OTHER).judge(burying)


@pytest.mark.parametrize("facet", [kinds.ENROLMENT, kinds.REVOCATION, kinds.AGREEMENT, kinds.EMERGENCY])
def test_a_statement_that_says_nothing_is_refused(facet: int) -> None:
    with pytest.raises(TrustRefused):
        believed(HOME).judge(HOME.record(facet=facet, subject_kind=3))
