"""The organisation's own nodes: a one-time code becomes a certificate, once, and a revocation ends it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from node.errors import CertificateMalformed, CodeExpired, CodeSpent, CodeWrong, NodeUnknown, NotThisNode
from node.registrar import FIELD, HOME, Registrar, wish_of
from node.trust.certificate import open_certificate
from node.vault import CERTIFICATE, CODES
from sync.enrolment import Application
from tests.builders.nodes import Federation, federation
from tests.builders.trust import KANAZAWA, WAJIMA


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA) as federated:
        yield federated


def registrar(made: Federation, code: str = WAJIMA) -> Registrar:
    return Registrar(made[code], lambda: made.key(code))


def laptop(made: Federation, code: str = WAJIMA, kind: int = FIELD) -> Application:
    """What a laptop without a certificate asks with; the code is still to be typed."""
    made._make("laptop", code, "field")
    wish, claim = wish_of(made["laptop"], label="kawai", kind=kind)
    return Application("", wish, claim)


def test_a_code_becomes_a_certificate_once(made: Federation) -> None:
    application = laptop(made)
    typed, expires_ms = registrar(made).open_code(minutes=60, places=[b"place-0000-00001"])
    assert expires_ms == made.time() + 3_600_000
    enrolled = registrar(made).redeem(replace(application, code=typed))
    certificate = open_certificate(enrolled.certificate, made[WAJIMA].room.now().believed.roster)
    assert (certificate.node, certificate.label) == (made["laptop"].key.node, "kawai")
    assert (certificate.kind, certificate.places) == (FIELD, (b"place-0000-00001",))
    with pytest.raises(CodeWrong):
        registrar(made).redeem(replace(application, code=typed))


def test_a_code_typed_in_any_case_and_with_other_hyphens_is_the_code(made: Federation) -> None:
    application = laptop(made)
    typed, _ = registrar(made).open_code(minutes=60, places=[])
    assert registrar(made).redeem(replace(application, code=f" {typed.lower().replace('-', ' ')} "))


def test_a_code_holds_for_its_time(made: Federation) -> None:
    application = laptop(made)
    typed, _ = registrar(made).open_code(minutes=10, places=[])
    made.time.later(minutes=11)
    with pytest.raises(CodeExpired):
        registrar(made).redeem(replace(application, code=typed))


def test_guessing_spends_the_code(made: Federation) -> None:
    application = laptop(made)
    typed, _ = registrar(made).open_code(minutes=60, places=[])
    name, _, rest = typed.partition("-")
    wrong = f"{name}-{'0000' if not rest.startswith('0000') else '1111'}{rest[4:]}"
    seen: set[type[Exception]] = set()
    for _ in range(20):
        with pytest.raises((CodeWrong, CodeSpent)) as refused:
            registrar(made).redeem(replace(application, code=wrong))
        seen.add(refused.type)
    assert CodeSpent in seen
    with pytest.raises(CodeSpent):
        registrar(made).redeem(replace(application, code=typed))


def test_of_a_code_only_its_hash_is_kept(made: Federation) -> None:
    typed, _ = registrar(made).open_code(minutes=60, places=[])
    kept = (made[WAJIMA].ledger.secret(CODES) or b"").decode()
    assert len(json.loads(kept)) == 1
    assert typed not in kept
    assert typed.replace("-", "")[4:] not in kept


@pytest.mark.parametrize(("code", "kind"), [(KANAZAWA, FIELD), (WAJIMA, HOME)])
def test_only_a_field_node_of_its_own_organisation_is_enrolled(made: Federation, code: str, kind: int) -> None:
    application = laptop(made, code, kind)
    typed, _ = registrar(made).open_code(minutes=60, places=[])
    with pytest.raises(CertificateMalformed):
        registrar(made).redeem(replace(application, code=typed))
    assert registrar(made).redeem(replace(laptop_again(made), code=typed))


def laptop_again(made: Federation) -> Application:
    made._make("laptop-2", WAJIMA, "field")
    wish, claim = wish_of(made["laptop-2"], label="kawai", kind=FIELD)
    return Application("", wish, claim)


def test_the_home_node_certifies_itself_once(made: Federation) -> None:
    before = made[WAJIMA].ledger.secret(CERTIFICATE), made[WAJIMA].ledger.newest_seq()
    registrar(made).enrol_self(operator="setup")
    assert (made[WAJIMA].ledger.secret(CERTIFICATE), made[WAJIMA].ledger.newest_seq()) == before


def test_a_revoked_node_is_no_node_any_more(made: Federation) -> None:
    made.add_field("kawai", WAJIMA)
    node = made["kawai"].key.node
    assert registrar(made).revoke(node, reason="lost", operator="tanaka") == made[WAJIMA].ledger.highest_counter(node)
    with pytest.raises(NodeUnknown):
        registrar(made).revoke(node, reason="lost", operator="tanaka")


@pytest.mark.parametrize("node", ["nobody", "another's"])
def test_only_ones_own_nodes_are_revoked(made: Federation, node: str) -> None:
    made.meet(WAJIMA, KANAZAWA)
    meant = made[KANAZAWA].key.node if node == "another's" else b"0" * 16
    before = made[WAJIMA].ledger.newest_seq()
    with pytest.raises(NodeUnknown):
        registrar(made).revoke(meant, reason="lost", operator="tanaka")
    assert made[WAJIMA].ledger.newest_seq() == before


def test_a_laptop_has_no_registry(made: Federation) -> None:
    with pytest.raises(NotThisNode):
        Registrar(made.add_field("kawai", WAJIMA), lambda: made.key(WAJIMA))
