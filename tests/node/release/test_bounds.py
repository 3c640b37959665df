"""The instant at which a decision changes by time alone is the one foretold."""

from collections.abc import Sequence

import pytest

from moyai.v1 import facets_pb2
from node.records import kinds
from node.release.bounds import next_change_ms, recipients
from node.release.federation import Activation, Grant, Recipient
from node.release.known import Fact
from node.release.rule import may_release
from tests.builders.release import (
    DAY,
    HOUR,
    KANAZAWA,
    NOW,
    SUZU,
    WAJIMA,
    activation,
    closure,
    consent,
    fact,
    federation,
    grant,
    identity,
    known,
    left,
    residence,
    stay,
    written,
)

CARE = fact(written(WAJIMA, kinds.CARE))
NAME = fact(written(WAJIMA, kinds.IDENTITY, identity()))
HOME = fact(written(WAJIMA, kinds.RESIDENCE, residence()))
AWAY = fact(written(WAJIMA, kinds.STAY, left(to=KANAZAWA, until_ms=NOW - DAY), slot=b"1"))
FORGOTTEN = fact(written(WAJIMA, kinds.STAY, stay(KANAZAWA, since_ms=NOW - 9 * DAY), slot=b"1"))
CLOSED = fact(written(WAJIMA, kinds.CLOSURE, closure(at_ms=NOW - DAY)))
GUESSED = facets_pb2.BirthDate(estimated_age=18, estimated_on="2024-01-07")


def agreed(**more: object) -> Fact:
    return fact(written(WAJIMA, kinds.CONSENT, consent(SUZU, **more), slot=b"c"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("to", "held", "grants", "activations", "moment"),
    [
        pytest.param(SUZU, [NAME, agreed(until_ms=NOW + 5)], [], [], NOW + 5, id="a consent ends"),
        pytest.param(SUZU, [NAME, agreed(from_ms=NOW + 5)], [], [], NOW + 5, id="a consent begins"),
        pytest.param(KANAZAWA, [HOME, AWAY], [], [], NOW + 29 * DAY, id="a stay is no longer recent"),
        pytest.param(
            KANAZAWA, [HOME, FORGOTTEN, CLOSED], [], [], NOW + 29 * DAY, id="a forgotten stay fades after the close"
        ),
        pytest.param(SUZU, [HOME], [grant(until_ms=NOW + 5)], [], NOW + 5, id="a grant ends"),
        pytest.param(SUZU, [HOME], [grant(from_ms=NOW + 5)], [], NOW + 5, id="a grant begins"),
        pytest.param(SUZU, [HOME], [], [activation(until_ms=NOW + 5)], NOW + 5, id="an emergency ends"),
        pytest.param(
            SUZU, [HOME], [], [activation(until_ms=NOW + 99 * DAY)], NOW + 71 * HOUR, id="an emergency ends by itself"
        ),
    ],
)
def test_the_change_comes_when_foretold(
    to: str, held: Sequence[Fact], grants: Sequence[Grant], activations: Sequence[Activation], moment: int
) -> None:
    subject, members = known([*held, CARE]), federation(grants=grants, activations=activations)
    moments = [NOW]
    while (change := next_change_ms(subject, members, now_ms=moments[-1])) is not None:
        moments.append(change)
    assert moment in moments
    before, after = (
        may_release(CARE, subject, Recipient(to), members, now_ms=instant) for instant in (moment - 1, moment)
    )
    assert (before is None) != (after is None)


def test_a_guessed_age_counts_two_years_less() -> None:
    guessed = fact(written(WAJIMA, kinds.IDENTITY, facets_pb2.Identity(description="若い人", birth=GUESSED)))
    assert known([guessed]).sixteen_ms == NOW + 8 * HOUR + DAY


def test_nothing_changes_where_nothing_ends() -> None:
    assert next_change_ms(known([NAME, HOME, CARE]), federation(), now_ms=NOW) is None


def test_only_we_ourselves_get_a_record_that_nothing_opens() -> None:
    assert recipients(known([NAME, HOME, CARE]), federation(), now_ms=NOW) == {WAJIMA}


def test_a_stranger_to_the_roster_is_no_recipient() -> None:
    named = fact(written(WAJIMA, kinds.CONSENT, consent("999999"), slot=b"c"))
    assert recipients(known([NAME, CARE, named]), federation(), now_ms=NOW) == {WAJIMA}
