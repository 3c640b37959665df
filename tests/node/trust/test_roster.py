"""The roster: who may sign it, what it must look like, and that it never goes back."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st

from moyai.v1 import trust_pb2 as wire
from node.errors import (
    KeyUnsound,
    RosterExpired,
    RosterFork,
    RosterMalformed,
    RosterRollback,
    RosterSignaturesTooFew,
    RosterWrongFederation,
    TrustRefused,
    UnknownOrganisation,
)
from node.trust.keys import TrusteeKey
from node.trust.roster import draft_roster, open_roster, read_roster, sign_roster, signers
from tests.builders.trust import (
    DAY_MS,
    ISHIKAWA,
    NOW_MS,
    TRUSTEES,
    VALID_FROM_MS,
    WAJIMA,
    roster,
    seed,
    signed_by,
    signed_roster,
    unsigned,
)

NEWCOMERS = tuple(TrusteeKey(seed(f"newcomer {number}")) for number in range(3))


def resigned(listed: wire.Roster) -> bytes:
    """Signed without looking at the rules, as a careless implementation would."""
    signed = wire.SignedRoster(roster=listed.SerializeToString()).SerializeToString()
    for trustee in TRUSTEES:
        signed = sign_roster(signed, trustee)
    return signed


def test_a_first_roster_needs_its_own_threshold() -> None:
    assert roster().version == 1
    with pytest.raises(RosterSignaturesTooFew) as refused:
        open_roster(signed_by(unsigned(), TRUSTEES[0]), trusted=None, now_ms=NOW_MS)
    assert refused.value.details == {"have": 1, "need": 2, "of": "own"}


def test_one_trustee_signing_twice_counts_once() -> None:
    envelope = wire.SignedRoster.FromString(signed_by(unsigned(), TRUSTEES[0]))
    envelope.signatures.append(envelope.signatures[0])
    with pytest.raises(RosterSignaturesTooFew):
        open_roster(envelope.SerializeToString(), trusted=None, now_ms=NOW_MS)


def test_signing_again_replaces_the_signature() -> None:
    signed = sign_roster(signed_roster(), TRUSTEES[0])
    assert len(wire.SignedRoster.FromString(signed).signatures) == 2
    assert [trustee.public_key for trustee in signers(signed, roster().trustees)] == [
        key.public_key for key in TRUSTEES[:2]
    ]


def test_a_higher_version_replaces_the_held_one() -> None:
    assert open_roster(signed_roster(2), trusted=roster(), now_ms=NOW_MS).version == 2


def test_the_held_roster_again_changes_nothing() -> None:
    again = signed_by(unsigned(), *TRUSTEES)
    assert open_roster(again, trusted=roster(), now_ms=NOW_MS) is roster()


def test_a_roster_never_goes_back() -> None:
    with pytest.raises(RosterRollback):
        open_roster(signed_roster(1), trusted=roster(2), now_ms=NOW_MS)


def test_two_rosters_of_one_version_are_a_fork() -> None:
    other = unsigned()
    other.name = "別の名簿"
    with pytest.raises(RosterFork):
        open_roster(signed_by(other, *TRUSTEES), trusted=roster(), now_ms=NOW_MS)


def test_a_fork_that_nobody_signed_is_no_evidence() -> None:
    other = unsigned()
    other.name = "別の名簿"
    with pytest.raises(RosterSignaturesTooFew):
        open_roster(signed_by(other), trusted=roster(), now_ms=NOW_MS)


def successor_with_newcomers() -> wire.Roster:
    listed = unsigned(2)
    del listed.trustees[:]
    listed.trustees.extend(wire.Trustee(public_key=key.public_key, office="新") for key in NEWCOMERS)
    return listed


def test_new_trustees_cannot_appoint_themselves() -> None:
    with pytest.raises(RosterSignaturesTooFew) as refused:
        open_roster(signed_by(successor_with_newcomers(), *NEWCOMERS), trusted=roster(), now_ms=NOW_MS)
    assert refused.value.details["of"] == "held"


def test_old_trustees_cannot_sign_for_the_new_ones() -> None:
    with pytest.raises(RosterSignaturesTooFew) as refused:
        open_roster(signed_by(successor_with_newcomers(), *TRUSTEES), trusted=roster(), now_ms=NOW_MS)
    assert refused.value.details["of"] == "own"


def test_trustees_change_when_old_and_new_sign() -> None:
    signed = signed_by(successor_with_newcomers(), *TRUSTEES[1:], *NEWCOMERS[:2])
    assert open_roster(signed, trusted=roster(), now_ms=NOW_MS).trustees[0].office == "新"


@pytest.mark.parametrize("change", [{"federation": b"f" * 16}, {"drill": False}])
def test_another_federation_is_refused(change: dict[str, object]) -> None:
    other = unsigned(2)
    other.MergeFrom(wire.Roster(**change))  # type: ignore[arg-type]
    if "drill" in change:
        other.drill = False
    with pytest.raises(RosterWrongFederation):
        open_roster(signed_by(other, *TRUSTEES), trusted=roster(), now_ms=NOW_MS)


def change_code(listed: wire.Roster) -> None:
    listed.organisations[2].code = "172048"


def repeat_organisation(listed: wire.Roster) -> None:
    listed.organisations.insert(2, listed.organisations[2])


def swap_organisations(listed: wire.Roster) -> None:
    first = wire.Organisation.FromString(listed.organisations[0].SerializeToString())
    listed.organisations.append(first)


def share_key(listed: wire.Roster) -> None:
    listed.organisations[0].signing_keys[0].public_key = listed.organisations[1].signing_keys[0].public_key


CHANGES: list[tuple[Callable[[wire.Roster], object], str]] = [
    (change_code, "organisation-code"),
    (repeat_organisation, "organisation-order"),
    (swap_organisations, "organisation-order"),
    (share_key, "key-twice"),
    (lambda listed: listed.ClearField("federation"), "federation"),
    (lambda listed: listed.ClearField("version"), "version"),
    (lambda listed: setattr(listed, "expires_at_ms", listed.issued_at_ms), "dates"),
    (lambda listed: setattr(listed, "threshold", 4), "threshold"),
    (lambda listed: setattr(listed, "threshold", 0), "threshold"),
    (lambda listed: listed.trustees.append(listed.trustees[0]), "trustee-twice"),
    (lambda listed: listed.organisations[2].ClearField("signing_keys"), "signing-key-count"),
    (lambda listed: setattr(listed.organisations[2], "prefecture", ""), "prefecture"),
    (lambda listed: setattr(listed.organisations[2], "box_key", bytes(32)), "box-key"),
    (lambda listed: listed.organisations[2].endpoints.append("nowhere"), "endpoints"),
    (lambda listed: listed.organisations[2].endpoints.append("host:99999"), "endpoints"),
    (lambda listed: listed.organisations[2].endpoints.append("host:" + "9" * 5000), "endpoints"),
    (lambda listed: listed.organisations[2].ClearField("name"), "organisation-name"),
    (lambda listed: listed.organisations[2].ClearField("kind"), "organisation-code"),
]


@pytest.mark.parametrize(("change", "rule"), CHANGES, ids=[f"{n}-{rule}" for n, (_, rule) in enumerate(CHANGES)])
def test_a_roster_out_of_shape_is_refused_with_the_rule(change: Callable[[wire.Roster], object], rule: str) -> None:
    listed = unsigned()
    change(listed)
    with pytest.raises(RosterMalformed) as refused:
        open_roster(resigned(listed), trusted=None, now_ms=NOW_MS)
    assert refused.value.details["rule"] == rule


def test_a_small_order_key_in_a_roster_is_refused() -> None:
    listed = unsigned()
    listed.organisations[2].signing_keys[0].public_key = b"\x01" + bytes(31)
    with pytest.raises(KeyUnsound):
        open_roster(resigned(listed), trusted=None, now_ms=NOW_MS)


def test_a_draft_is_put_in_order() -> None:
    listed = unsigned()
    listed.organisations.reverse()
    assert list(read_roster(draft_roster(listed)).organisations) == sorted(roster().organisations)


def test_unknown_fields_are_kept_as_signed() -> None:
    body = unsigned().SerializeToString() + b"\xfa\x07\x03abc"
    signed = wire.SignedRoster(roster=body).SerializeToString()
    for trustee in TRUSTEES[:2]:
        signed = sign_roster(signed, trustee)
    opened = open_roster(signed, trusted=None, now_ms=NOW_MS)
    assert opened.body == body
    assert opened.signed == signed


def test_an_expired_roster_is_no_first_roster() -> None:
    with pytest.raises(RosterExpired):
        open_roster(signed_roster(), trusted=None, now_ms=NOW_MS + 60 * DAY_MS)


def test_an_expired_successor_is_still_better_than_an_older_one() -> None:
    assert open_roster(signed_roster(2), trusted=roster(), now_ms=NOW_MS + 600 * DAY_MS).version == 2


def test_an_expired_roster_keeps_known_peers() -> None:
    over = NOW_MS + 60 * DAY_MS
    assert roster().is_expired(over)
    assert roster().may_meet(peer_known=True, now_ms=over)
    assert not roster().may_meet(peer_known=False, now_ms=over)
    assert roster().may_meet(peer_known=False, now_ms=over - 1)


def test_its_age_is_never_negative() -> None:
    assert roster().age_ms(VALID_FROM_MS + 5) == 5
    assert roster().age_ms(0) == 0
    assert roster().at_least(0) == VALID_FROM_MS


def test_an_organisation_is_found_by_its_code_or_not_at_all() -> None:
    assert roster().organisation(WAJIMA).prefecture == ISHIKAWA
    with pytest.raises(UnknownOrganisation):
        roster().organisation("131016")


@given(st.binary(max_size=200))
def test_strangers_bytes_are_refused_with_a_reason(strange: bytes) -> None:
    with pytest.raises(TrustRefused):
        open_roster(strange, trusted=None, now_ms=NOW_MS)


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=30), st.integers(-5, 5))
def test_strangers_words_are_refused_with_a_reason(code: str, prefecture: str, endpoint: str, kind: int) -> None:
    listed = unsigned()
    listed.organisations.add(code=code, prefecture=prefecture, endpoints=[endpoint], kind=kind)  # type: ignore[arg-type]
    with pytest.raises(RosterMalformed):
        open_roster(resigned(listed), trusted=None, now_ms=NOW_MS)


@given(st.integers(0, len(signed_roster()) - 1), st.integers(1, 255))
def test_no_changed_byte_makes_another_roster(place: int, change: int) -> None:
    forged = bytearray(signed_roster())
    forged[place] ^= change
    with contextlib.suppress(TrustRefused):
        assert open_roster(bytes(forged), trusted=None, now_ms=NOW_MS).body == roster().body
