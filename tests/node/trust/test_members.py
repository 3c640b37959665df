"""Cards: what a member and a trustee hand over in person."""

import json

import pytest

from node.errors import CardMalformed
from node.trust.members import member_card, read_member_card, read_trustee_card, trustee_card
from node.trust.roster import Trustee
from node.trust.tls import new_identity
from tests.builders.trust import ISHIKAWA, NAMES, TRUSTEES, WAJIMA, listed


@pytest.mark.parametrize("code", NAMES)
def test_a_card_reads_back_as_the_roster_entry(code: str) -> None:
    assert read_member_card(member_card(listed(code))) == listed(code)


def test_a_card_carries_endpoints_and_certificates() -> None:
    member = listed(WAJIMA)
    member.endpoints.append("127.0.0.1:7443")
    member.tls_certificates.append(new_identity().certificate)
    assert read_member_card(member_card(member)) == member


def test_a_towns_prefecture_is_filled_in() -> None:
    member = listed(WAJIMA)
    member.prefecture = ""
    assert read_member_card(member_card(member)).prefecture == ISHIKAWA


def test_a_wrong_code_gets_no_card() -> None:
    member = listed(WAJIMA)
    member.code = "172048"
    with pytest.raises(CardMalformed) as refused:
        member_card(member)
    assert refused.value.details["rule"] == "organisation-code"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "x"),
        ("version", 2),
        ("code", None),
        ("kind", "city"),
        ("kind", []),
        ("box_key", "zz"),
        ("signing_keys", []),
        ("signing_keys", [{}]),
        ("signing_keys", 5),
        ("endpoints", [5]),
        ("tls_certificates", ["!"]),
        ("name", {}),
    ],
)
def test_a_card_out_of_shape_is_refused(name: str, value: object) -> None:
    fields = {**json.loads(member_card(listed(WAJIMA))), name: value}
    with pytest.raises(CardMalformed):
        read_member_card(json.dumps(fields).encode())


def test_a_trustees_card_reads_back() -> None:
    trustee = Trustee(TRUSTEES[0].public_key, "石川県知事")
    assert read_trustee_card(trustee_card(trustee)) == trustee


@pytest.mark.parametrize("change", [{"office": ""}, {"public_key": "00"}, {"public_key": "zz"}, {"office": 5}])
def test_a_trustees_card_out_of_shape_is_refused(change: dict[str, object]) -> None:
    fields = {**json.loads(trustee_card(Trustee(TRUSTEES[0].public_key, "知事"))), **change}
    with pytest.raises(CardMalformed):
        read_trustee_card(json.dumps(fields).encode())


def test_a_members_card_is_no_trustees_card() -> None:
    with pytest.raises(CardMalformed):
        read_trustee_card(member_card(listed(WAJIMA)))
