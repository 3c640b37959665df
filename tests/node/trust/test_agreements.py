"""Agreements and activations: each party signs its own words, and nothing is granted that was not asked for."""

import pytest

from moyai.v1 import facets_pb2 as wire
from node.errors import AgreementMalformed, SignatureWrong, UnknownOrganisation
from node.records import kinds
from node.records.record import Record
from node.records.subjects import organisation_subject
from node.trust.agreements import agreement_of, apply, decide, open_agreement
from node.trust.emergencies import EMERGENCY_MS_MAX, activate, emergency_of, open_emergency
from tests.builders.trust import (
    DAY_MS,
    HOUR_MS,
    ISHIKAWA,
    KANAZAWA,
    NOW_MS,
    ORGANISATION_KEYS,
    SUPPORT,
    VALID_UNTIL_MS,
    WAJIMA,
    TestNode,
    node,
    roster,
)

LOCAL = wire.Decision.GROUND_LOCAL_GOVERNMENT
SUPPORTS = wire.Decision.GROUND_SUPPORT_ORGANISATION


def application(applicant: str = KANAZAWA, **changes: object) -> wire.Application:
    asked = wire.Application(
        application=b"a" * 16,
        applicant=applicant,
        holder=WAJIMA,
        facets=[kinds.IDENTITY, kinds.STAY],
        purpose="避難者の安否確認",
        at_ms=NOW_MS,
    )
    for name, value in changes.items():
        asked.ClearField(name)  # type: ignore[arg-type]
        asked.MergeFrom(wire.Application(**{name: value}))  # type: ignore[arg-type]
    return asked


def decision(**changes: object) -> wire.Decision:
    return wire.Decision(
        **{  # type: ignore[arg-type]
            "outcome": wire.Decision.OUTCOME_GRANTED,
            "facets": [kinds.IDENTITY],
            "from_ms": NOW_MS,
            "until_ms": NOW_MS + 30 * DAY_MS,
            "ground": LOCAL,
            "at_ms": NOW_MS,
            **changes,
        }
    )


def applied(applicant: str = KANAZAWA) -> bytes:
    return apply(application(applicant), ORGANISATION_KEYS[applicant])


def decided(**changes: object) -> bytes:
    return decide(applied(), decision(**changes), ORGANISATION_KEYS[WAJIMA])


def test_an_application_alone_opens_nothing() -> None:
    opened = open_agreement(applied(), roster())
    assert opened.decision is None
    assert not opened.in_force(NOW_MS)
    assert opened.area == {WAJIMA}


def test_a_grant_is_in_force_from_its_start_to_its_end() -> None:
    opened = open_agreement(decided(), roster())
    assert opened.granted_facets == {kinds.IDENTITY}
    assert not opened.in_force(NOW_MS - 1)
    assert opened.in_force(NOW_MS)
    assert not opened.in_force(NOW_MS + 30 * DAY_MS)


@pytest.mark.parametrize("outcome", [wire.Decision.OUTCOME_REFUSED, wire.Decision.OUTCOME_ENDED])
def test_a_refusal_and_an_end_are_not_in_force(outcome: int) -> None:
    assert not open_agreement(decided(outcome=outcome), roster()).in_force(NOW_MS)


def test_a_decision_by_another_than_the_holder_is_refused() -> None:
    forged = decide(applied(), decision(), ORGANISATION_KEYS[KANAZAWA])
    with pytest.raises(SignatureWrong) as refused:
        open_agreement(forged, roster())
    assert refused.value.details["what"] == "decision"


def test_an_application_in_anothers_name_is_refused() -> None:
    forged = apply(application(), ORGANISATION_KEYS[ISHIKAWA])
    with pytest.raises(SignatureWrong) as refused:
        open_agreement(forged, roster())
    assert refused.value.details["what"] == "application"


def test_a_decision_does_not_move_to_another_application() -> None:
    granted = wire.Agreement.FromString(decided())
    other = apply(application(purpose="別の目的"), ORGANISATION_KEYS[KANAZAWA])
    moved = wire.Agreement.FromString(other)
    moved.decision, moved.decision_signature = granted.decision, granted.decision_signature
    with pytest.raises(AgreementMalformed) as refused:
        open_agreement(moved.SerializeToString(), roster())
    assert refused.value.details["rule"] == "decision-digest"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"facets": [kinds.MEDICAL]}, "decision-facets"),
        ({"facets": []}, "decision-facets"),
        ({"until_ms": NOW_MS}, "decision-dates"),
        ({"ground": 0}, "decision-ground"),
        ({"outcome": 0}, "decision-outcome"),
        ({"at_ms": 0}, "decision-at"),
    ],
)
def test_a_decision_out_of_shape_is_refused_with_the_rule(changes: dict[str, object], rule: str) -> None:
    with pytest.raises(AgreementMalformed) as refused:
        decided(**changes)
    assert refused.value.details["rule"] == rule


@pytest.mark.parametrize(("applicant", "ground"), [(SUPPORT, LOCAL), (KANAZAWA, SUPPORTS)])
def test_the_ground_must_fit_the_applicant(applicant: str, ground: int) -> None:
    granted = decide(applied(applicant), decision(ground=ground), ORGANISATION_KEYS[WAJIMA])
    with pytest.raises(AgreementMalformed) as refused:
        open_agreement(granted, roster())
    assert refused.value.details["rule"] == "decision-ground"


def test_a_support_organisation_is_granted_under_its_own_ground() -> None:
    granted = decide(applied(SUPPORT), decision(ground=SUPPORTS), ORGANISATION_KEYS[WAJIMA])
    assert open_agreement(granted, roster()).in_force(NOW_MS)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"facets": [kinds.RESIDENT]}, "facets"),
        ({"facets": []}, "facets"),
        ({"purpose": ""}, "purpose"),
        ({"holder": KANAZAWA}, "parties"),
        ({"area": ["172048"]}, "area"),
        ({"subjects": [b"short"]}, "subjects"),
        ({"application": b""}, "application-id"),
    ],
)
def test_an_application_out_of_shape_is_refused_with_the_rule(changes: dict[str, object], rule: str) -> None:
    with pytest.raises(AgreementMalformed) as refused:
        apply(application(**changes), ORGANISATION_KEYS[KANAZAWA])
    assert refused.value.details["rule"] == rule


def test_a_key_that_was_over_when_it_signed_does_not_count() -> None:
    late = apply(application(at_ms=VALID_UNTIL_MS), ORGANISATION_KEYS[KANAZAWA])
    with pytest.raises(SignatureWrong):
        open_agreement(late, roster())


def test_an_applicant_that_is_not_listed_is_unknown() -> None:
    with pytest.raises(UnknownOrganisation):
        open_agreement(apply(application("131016"), ORGANISATION_KEYS[KANAZAWA]), roster())


def activation(**changes: object) -> wire.Activation:
    return wire.Activation(
        **{  # type: ignore[arg-type]
            "activation": b"e" * 16,
            "organisation": WAJIMA,
            "area": [WAJIMA],
            "from_ms": NOW_MS,
            "until_ms": NOW_MS + HOUR_MS,
            "reason": "救助",
            **changes,
        }
    )


def test_an_activation_ends_when_it_says() -> None:
    opened = open_emergency(activate(activation(), ORGANISATION_KEYS[WAJIMA]), roster())
    assert opened.in_force(NOW_MS)
    assert not opened.in_force(NOW_MS + HOUR_MS)


def test_an_activation_ends_after_72_hours_whatever_it_says() -> None:
    body = activation(until_ms=NOW_MS + 90 * DAY_MS).SerializeToString()
    long = wire.Emergency(
        activation=body, activation_signature=ORGANISATION_KEYS[WAJIMA].sign(b"moyai.v1 activation\n", body)
    )
    opened = open_emergency(long.SerializeToString(), roster())
    assert opened.until_ms == NOW_MS + EMERGENCY_MS_MAX == NOW_MS + 72 * HOUR_MS
    cut = open_emergency(activate(activation(until_ms=NOW_MS + 90 * DAY_MS), ORGANISATION_KEYS[WAJIMA]), roster())
    assert cut.until_ms == opened.until_ms


def test_a_governor_activates_for_towns_of_the_prefecture() -> None:
    whole = activation(organisation=ISHIKAWA, area=[WAJIMA, KANAZAWA])
    assert open_emergency(activate(whole, ORGANISATION_KEYS[ISHIKAWA]), roster()).area == {WAJIMA, KANAZAWA}


@pytest.mark.parametrize(
    ("organisation", "area"),
    [(WAJIMA, [KANAZAWA]), (WAJIMA, [WAJIMA, KANAZAWA]), (WAJIMA, []), (ISHIKAWA, ["131016"]), (SUPPORT, [WAJIMA])],
)
def test_nobody_activates_for_anothers_area(organisation: str, area: list[str]) -> None:
    with pytest.raises(AgreementMalformed) as refused:
        activate(activation(organisation=organisation, area=area), ORGANISATION_KEYS[organisation])
    assert refused.value.details["rule"] == "activation-area"


def test_an_activation_by_another_key_is_refused() -> None:
    with pytest.raises(SignatureWrong):
        open_emergency(activate(activation(), ORGANISATION_KEYS[KANAZAWA]), roster())


@pytest.mark.parametrize("strange", [b"", b"\xff", b"\x0a\x02\xff\xff"])
def test_strangers_bytes_are_refused_with_a_reason(strange: bytes) -> None:
    with pytest.raises(AgreementMalformed):
        open_agreement(strange, roster())
    with pytest.raises(AgreementMalformed):
        open_emergency(strange, roster())


def carried(by: TestNode, content: bytes, slot: bytes, *, about: str = WAJIMA, facet: int = kinds.AGREEMENT) -> Record:
    return by.record(subject=organisation_subject(about), subject_kind=3, facet=facet, slot=slot, content=content)


WAJIMA_HOME, KANAZAWA_HOME = node(WAJIMA), node(KANAZAWA)


def test_the_applicant_writes_the_application_and_the_holder_the_decision() -> None:
    assert agreement_of(carried(KANAZAWA_HOME, applied(), b"a" * 16), roster()).decision is None
    assert agreement_of(carried(WAJIMA_HOME, decided(), b"a" * 16), roster()).in_force(NOW_MS)


@pytest.mark.parametrize(
    ("record", "rule"),
    [
        (carried(WAJIMA_HOME, applied(), b"a" * 16), "author"),
        (carried(KANAZAWA_HOME, decided(), b"a" * 16), "author"),
        (carried(WAJIMA_HOME, decided(), b"b" * 16), "subject"),
        (carried(WAJIMA_HOME, decided(), b"a" * 16, about=KANAZAWA), "subject"),
    ],
)
def test_an_agreement_in_the_wrong_place_is_refused(record: Record, rule: str) -> None:
    with pytest.raises(AgreementMalformed) as refused:
        agreement_of(record, roster())
    assert refused.value.details["rule"] == rule


def test_an_activation_is_written_by_its_own_organisation() -> None:
    content = activate(activation(), ORGANISATION_KEYS[WAJIMA])
    assert emergency_of(carried(WAJIMA_HOME, content, b"e" * 16, facet=kinds.EMERGENCY), roster()).area == {WAJIMA}
    with pytest.raises(AgreementMalformed):
        emergency_of(carried(KANAZAWA_HOME, content, b"e" * 16, facet=kinds.EMERGENCY), roster())
