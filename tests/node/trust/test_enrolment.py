"""Enrolment: from a wish to a certificate, and its renewal by a new key."""

import pytest

from moyai.v1 import trust_pb2 as wire
from node.errors import CertificateMalformed, PossessionMissing
from node.trust.believed import Believed
from node.trust.certificate import open_certificate
from node.trust.enrolment import ask, grant, renew
from node.trust.keys import BoxKey, NodeKey, OrganisationKey
from node.trust.roster import open_roster
from tests.builders.trust import (
    DAY_MS,
    KANAZAWA,
    NOW_MS,
    ORGANISATION_KEYS,
    TRUSTEES,
    VALID_FROM_MS,
    VALID_UNTIL_MS,
    WAJIMA,
    node,
    roster,
    seed,
    signed_by,
    unsigned,
)

KEY = NodeKey(seed("newcomer"))


def granted(wish: bytes, claim: bytes, organisation: str = WAJIMA) -> bytes:
    return grant(
        wish,
        claim,
        ORGANISATION_KEYS[organisation],
        organisation=organisation,
        places=[b"q" * 16, b"p" * 16],
        valid_from_ms=NOW_MS,
        valid_until_ms=NOW_MS + DAY_MS,
    )


def wish(organisation: str = WAJIMA) -> tuple[bytes, bytes]:
    return ask(
        KEY,
        organisation=organisation,
        kind=wire.NODE_KIND_FIELD,
        label="shelter-3",
        tls_certificate=b"tls",
        box_key=BoxKey(seed("b")).public_key,
    )


def test_a_wish_is_granted_with_the_organisations_scope_and_dates() -> None:
    opened = open_certificate(granted(*wish()), roster())
    assert (opened.node, opened.label, opened.kind) == (KEY.node, "shelter-3", wire.NODE_KIND_FIELD)
    assert opened.places == (b"p" * 16, b"q" * 16)
    assert (opened.valid_from_ms, opened.valid_until_ms) == (NOW_MS, NOW_MS + DAY_MS)


def test_a_wish_for_another_organisation_is_not_granted() -> None:
    with pytest.raises(PossessionMissing):
        granted(*wish(WAJIMA), organisation=KANAZAWA)


def test_a_wish_without_the_nodes_own_claim_is_not_granted() -> None:
    with pytest.raises(PossessionMissing):
        granted(wish()[0], NodeKey(seed("thief")).claim(WAJIMA))


@pytest.mark.parametrize("strange", [b"", b"\xff", b"x" * 20_000])
def test_strangers_bytes_are_no_wish(strange: bytes) -> None:
    with pytest.raises(CertificateMalformed):
        granted(strange, bytes(64))


def test_a_new_organisation_key_takes_over_old_records() -> None:
    """The drilled procedure for a lost key: new roster, new certificates, and old records go on to verify."""
    home, new_key = node(WAJIMA, "home"), OrganisationKey(seed("new organisation key"))
    replaced = unsigned(2)
    entry = next(organisation for organisation in replaced.organisations if organisation.code == WAJIMA)
    entry.signing_keys[0].public_key = new_key.public_key
    entry.signing_keys[0].valid_from_ms = NOW_MS + DAY_MS
    later = open_roster(signed_by(replaced, *TRUSTEES), trusted=roster(), now_ms=NOW_MS)
    renewed = open_certificate(renew(home.certificate(), new_key, valid_until_ms=VALID_UNTIL_MS), later)
    assert renewed.valid_from_ms == VALID_FROM_MS
    again = type(home)(home.key, WAJIMA, renewed.signed)
    state = Believed.of(later, [home.enrolment(), again.enrolment(2, at_ms=NOW_MS + DAY_MS)])
    assert state.judge(home.record(at_ms=NOW_MS)) == renewed
