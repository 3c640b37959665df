"""Node certificates: what organisation and node must both have said."""

import pytest
from hypothesis import given, strategies as st

from moyai.v1 import trust_pb2 as wire
from node.errors import (
    CertificateExpired,
    CertificateMalformed,
    CertificateNotYetValid,
    KeyUnsound,
    NodeIdMismatch,
    PossessionMissing,
    SignatureWrong,
    TrustRefused,
    UnknownOrganisation,
)
from node.trust import labels
from node.trust.certificate import admit, certify, open_certificate
from node.trust.keys import NodeKey
from tests.builders.trust import (
    KANAZAWA,
    NOW_MS,
    ORGANISATION_KEYS,
    VALID_FROM_MS,
    VALID_UNTIL_MS,
    WAJIMA,
    node,
    roster,
    seed,
)

FIELD = node(WAJIMA, "field", kind=wire.NODE_KIND_FIELD, places=(b"p" * 16,))


def resigned(certificate: wire.NodeCertificate, *, by: str = WAJIMA) -> bytes:
    """Signed without looking at the rules."""
    body = certificate.SerializeToString()
    key = ORGANISATION_KEYS[by]
    possession = FIELD.key.claim(certificate.organisation)
    return wire.SignedNodeCertificate(
        certificate=body, signature=key.sign(labels.CERTIFICATE, body), possession=possession
    ).SerializeToString()


def said() -> wire.NodeCertificate:
    return wire.NodeCertificate.FromString(wire.SignedNodeCertificate.FromString(FIELD.signed_certificate).certificate)


def test_a_certificate_reads_back_what_was_certified() -> None:
    opened = open_certificate(FIELD.signed_certificate, roster())
    assert (opened.node, opened.organisation, opened.label) == (FIELD.node, WAJIMA, "field")
    assert opened.places == (b"p" * 16,)
    assert opened.kind == wire.NODE_KIND_FIELD


def test_another_organisations_key_does_not_certify() -> None:
    with pytest.raises(SignatureWrong):
        open_certificate(resigned(said(), by=KANAZAWA), roster())


def test_nobody_certifies_another_organisations_node_as_its_own() -> None:
    stolen = said()
    stolen.organisation = KANAZAWA
    body = stolen.SerializeToString()
    taken = wire.SignedNodeCertificate(
        certificate=body,
        signature=ORGANISATION_KEYS[KANAZAWA].sign(labels.CERTIFICATE, body),
        possession=FIELD.key.claim(WAJIMA),
    ).SerializeToString()
    with pytest.raises(PossessionMissing):
        open_certificate(taken, roster())


def test_an_organisation_that_is_not_listed_certifies_nobody() -> None:
    unlisted = said()
    unlisted.organisation = "131016"
    with pytest.raises(UnknownOrganisation):
        open_certificate(resigned(unlisted), roster())


def test_a_node_id_that_is_not_its_keys_is_refused() -> None:
    other = said()
    other.node = b"n" * 16
    with pytest.raises(NodeIdMismatch):
        open_certificate(resigned(other), roster())


def test_a_small_order_node_key_is_refused() -> None:
    weak = b"\x01" + bytes(31)
    with pytest.raises(KeyUnsound):
        certify(
            ORGANISATION_KEYS[WAJIMA],
            organisation=WAJIMA,
            public_key=weak,
            possession=bytes(64),
            kind=2,
            label="weak",
            places=(),
            valid_from_ms=1,
            valid_until_ms=2,
            tls_certificate=b"",
            box_key=b"b" * 32,
        )


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("public_key", b"", "public-key"),
        ("organisation", "17", "organisation"),
        ("kind", 0, "kind"),
        ("label", "", "label"),
        ("label", "x" * 65, "label"),
        ("valid_from_ms", VALID_UNTIL_MS, "dates"),
        ("tls_certificate", b"x" * 5000, "tls-certificate"),
        ("box_key", bytes(32), "box-key"),
    ],
)
def test_a_certificate_out_of_shape_is_refused_with_the_rule(field: str, value: object, rule: str) -> None:
    broken = said()
    setattr(broken, field, value)
    with pytest.raises(CertificateMalformed) as refused:
        open_certificate(resigned(broken), roster())
    assert refused.value.details["rule"] == rule


def test_a_kind_of_node_from_a_newer_version_is_accepted() -> None:
    newer = said()
    newer.kind = 7  # type: ignore[assignment]
    assert open_certificate(resigned(newer), roster()).kind == 7


def test_a_peers_certificate_must_be_valid_now() -> None:
    signed = FIELD.signed_certificate
    assert admit(signed, roster(), now_ms=VALID_FROM_MS)
    assert admit(signed, roster(), now_ms=VALID_UNTIL_MS - 1)
    with pytest.raises(CertificateExpired):
        admit(signed, roster(), now_ms=VALID_UNTIL_MS)


def test_a_certificate_from_the_near_future_is_a_wrong_clock() -> None:
    later = node(WAJIMA, "later", valid_from_ms=NOW_MS)
    assert admit(later.signed_certificate, roster(), now_ms=NOW_MS - 300_000)
    with pytest.raises(CertificateNotYetValid):
        admit(later.signed_certificate, roster(), now_ms=NOW_MS - 300_001)


def test_a_renewal_keeps_the_nodes_claim() -> None:
    key = NodeKey(seed("renewed"))
    assert key.claim(WAJIMA) == key.claim(WAJIMA) != key.claim(KANAZAWA)


@given(st.integers(0, len(FIELD.signed_certificate) - 1), st.integers(1, 255))
def test_no_changed_byte_makes_another_certificate(place: int, change: int) -> None:
    forged = bytearray(FIELD.signed_certificate)
    forged[place] ^= change
    with pytest.raises(TrustRefused):
        open_certificate(bytes(forged), roster())
