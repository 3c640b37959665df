"""The table of what a node may go on holding, as Kanazawa sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from moyai.v1 import facets_pb2
from node.records import kinds
from node.release.federation import Activation, Grant
from node.release.holding import may_hold
from node.release.known import Fact
from tests.builders.release import (
    DAY,
    ISHIKAWA,
    KANAZAWA,
    MEDICS,
    NOW,
    PLACE,
    SUZU,
    TAKAOKA,
    TARO,
    TOYAMA,
    WAJIMA,
    activation,
    closure,
    consent,
    fact,
    federation,
    grant,
    known,
    left,
    protection,
    residence,
    stay,
    withdrawal,
    written,
)

HOME = fact(written(WAJIMA, kinds.RESIDENCE, residence()), basis="TEMPORARY_STAY")
GONE = fact(written(WAJIMA, kinds.STAY, left(to=KANAZAWA), slot=b"1"), basis="TEMPORARY_STAY")
LONG_GONE = fact(
    written(WAJIMA, kinds.STAY, left(to=KANAZAWA, until_ms=NOW - 30 * DAY), slot=b"1"), basis="TEMPORARY_STAY"
)
CONSENT = fact(written(WAJIMA, kinds.CONSENT, consent(KANAZAWA), slot=b"c"), basis="HOLDER")
WITHDRAWAL = fact(written(WAJIMA, kinds.CONSENT, withdrawal(), slot=b"c", after=[CONSENT.record]), basis="HOLDER")
OWN_NOTE = fact(written(KANAZAWA, kinds.NOTE, slot=b"n"))
ERASURE = fact(written(WAJIMA, kinds.ERASURE, facets_pb2.Erasure(ground=facets_pb2.Erasure.GROUND_REQUEST)))
NOTES_ERASED = fact(
    written(
        SUZU,
        kinds.ERASURE,
        facets_pb2.Erasure(ground=facets_pb2.Erasure.GROUND_MISTAKE, facets=[kinds.CARE, kinds.NOTE]),
    )
)
PROTECTED = fact(written(WAJIMA, kinds.PROTECTION, protection()), basis="HOLDER")
NAMED = fact(written(WAJIMA, kinds.PROTECTION, protection(KANAZAWA)), basis="HOLDER")


def came(facet: int, basis: str, rests_on: bytes = b"", by: str = WAJIMA, came_from: str | None = None) -> Fact:
    return fact(written(by, facet), basis=basis, basis_record=rests_on, came_from=came_from)


CARE = came(kinds.CARE, "CONSENT", CONSENT.record.id)
BY_STAY = came(kinds.CARE, "TEMPORARY_STAY")
BY_GRANT = came(kinds.CARE, "AGREEMENT", grant().record)
BY_EMERGENCY = came(kinds.MEDICAL, "EMERGENCY", activation().record)
AREA = (WAJIMA, KANAZAWA)


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    sentence: str
    record: Fact
    may: bool
    reason: str
    among: Sequence[Fact] = ()
    here: str = KANAZAWA
    grants: Sequence[Grant] = ()
    activations: Sequence[Activation] = ()
    because_of: bytes = b""


TABLE = [
    Line("our own records stay", OWN_NOTE, True, "OWN"),
    Line("a place stays", fact(written(WAJIMA, kinds.PLACE, kind=PLACE), basis="NOT_PERSONAL"), True, "NOT_PERSONAL"),
    Line("a consent stays, to know what it was", CONSENT, True, "CONTROL"),
    Line("a protection stays, so that it is kept to", PROTECTED, True, "CONTROL"),
    Line("an erasure stays, so that it sticks", ERASURE, True, "CONTROL"),
    Line("another's resident register never stays", came(kinds.RESIDENT, "CONSENT"), False, "INTERNAL_ONLY", [CONSENT]),
    # --- consent
    Line("what came on a consent stays with it", CARE, True, "CONSENT", [CONSENT]),
    Line("a withdrawal takes it", CARE, False, "WITHDRAWN", [CONSENT, WITHDRAWAL], because_of=WITHDRAWAL.record.id),
    Line(
        "a withdrawal leaves it where the stay holds it",
        CARE,
        True,
        "TEMPORARY_STAY",
        [CONSENT, WITHDRAWAL, HOME, GONE],
    ),
    Line(
        "a withdrawal leaves it where another consent holds it",
        CARE,
        True,
        "CONSENT",
        [CONSENT, WITHDRAWAL, fact(written(WAJIMA, kinds.CONSENT, consent(everyone=True), slot=b"d"))],
    ),
    Line(
        "a withdrawal that does not count takes nothing",
        CARE,
        True,
        "CONSENT",
        [CONSENT, fact(WITHDRAWAL.record, counts=False)],
    ),
    Line(
        "a consent that ran out takes it",
        CARE,
        False,
        "ENDED",
        [fact(written(WAJIMA, kinds.CONSENT, consent(KANAZAWA, until_ms=NOW), slot=b"c"))],
        because_of=CONSENT.record.id,
    ),
    Line("a consent for another facet does not hold it", came(kinds.DAMAGE, "CONSENT"), False, "ENDED", [CONSENT]),
    Line(
        "a consent for another organisation does not hold it",
        CARE,
        False,
        "ENDED",
        [fact(written(WAJIMA, kinds.CONSENT, consent(SUZU), slot=b"c"))],
    ),
    Line(
        "a consent that does not count here was judged by who sent it",
        CARE,
        True,
        "CONSENT",
        [fact(CONSENT.record, counts=False)],
    ),
    Line("a consent the receiver can't check the age for holds as well", CARE, True, "CONSENT", [CONSENT]),
    Line("what came without anything stands on nothing", CARE, False, "ENDED"),
    # --- stays
    Line("what came with a stay stays with it", BY_STAY, True, "TEMPORARY_STAY", [HOME, GONE]),
    Line("it goes 30 days after the stay", BY_STAY, False, "ENDED", [HOME, LONG_GONE]),
    Line(
        "our own word that the person is here keeps it",
        BY_STAY,
        True,
        "TEMPORARY_STAY",
        [HOME, LONG_GONE, fact(written(KANAZAWA, kinds.STAY, stay(KANAZAWA), slot=b"k"))],
    ),
    Line("medical data does not stay with a stay", came(kinds.MEDICAL, "TEMPORARY_STAY"), False, "ENDED", [HOME, GONE]),
    Line(
        "an unknown facet stays with the stay it came with",
        came(99, "TEMPORARY_STAY"),
        True,
        "TEMPORARY_STAY",
        [HOME, GONE],
    ),
    Line("a third town holds nothing by a stay", BY_STAY, False, "ENDED", [HOME, GONE], here=SUZU),
    Line(
        "both prefectures hold it across prefectures",
        BY_STAY,
        True,
        "TEMPORARY_STAY",
        [HOME, fact(written(WAJIMA, kinds.STAY, left(to=TAKAOKA), slot=b"1"))],
        here=TOYAMA,
    ),
    Line("the prefecture holds nothing within itself", BY_STAY, False, "ENDED", [HOME, GONE], here=ISHIKAWA),
    Line(
        "home keeps what the host told it of its resident",
        came(kinds.CARE, "TEMPORARY_STAY", by=KANAZAWA),
        True,
        "HOME",
        [fact(written(WAJIMA, kinds.RESIDENCE, residence()))],
        here=WAJIMA,
    ),
    Line(
        "home keeps nothing that came on a consent alone",
        came(kinds.CARE, "CONSENT", by=KANAZAWA),
        False,
        "ENDED",
        [fact(written(WAJIMA, kinds.RESIDENCE, residence()))],
        here=WAJIMA,
    ),
    # --- agreements
    Line("what was granted stays while it is granted", BY_GRANT, True, "AGREEMENT", grants=[grant(KANAZAWA)]),
    Line(
        "it goes when the grant ends",
        BY_GRANT,
        False,
        "ENDED",
        grants=[grant(KANAZAWA, until_ms=NOW)],
        because_of=grant().record,
    ),
    Line("it goes when the grant is gone", BY_GRANT, False, "ENDED", because_of=grant().record),
    Line("a grant to another does not hold it", BY_GRANT, False, "ENDED", grants=[grant(SUZU)]),
    Line(
        "a grant for another person does not hold it",
        BY_GRANT,
        False,
        "ENDED",
        grants=[grant(KANAZAWA, subjects=[TARO])],
    ),
    Line("a grant by another does not hold it", BY_GRANT, False, "ENDED", grants=[grant(KANAZAWA, holder=SUZU)]),
    Line(
        "a support organisation holds what it was granted",
        came(kinds.CARE, "SUPPORT_ORGANISATION"),
        True,
        "AGREEMENT",
        here=MEDICS,
        grants=[grant(MEDICS, support=True)],
    ),
    Line(
        "a field node holds what its home node may",
        came(kinds.CARE, "INTERNAL", came_from=KANAZAWA),
        True,
        "AGREEMENT",
        grants=[grant(KANAZAWA)],
    ),
    Line(
        "a field node lets go when its home node must",
        came(kinds.CARE, "INTERNAL", came_from=KANAZAWA),
        False,
        "ENDED",
    ),
    # --- emergencies
    Line(
        "what an emergency opened stays while it stands",
        BY_EMERGENCY,
        True,
        "EMERGENCY",
        activations=[activation(ISHIKAWA, *AREA)],
    ),
    Line(
        "it goes when the emergency is over",
        BY_EMERGENCY,
        False,
        "ENDED",
        activations=[activation(ISHIKAWA, *AREA, until_ms=NOW)],
        because_of=activation().record,
    ),
    Line(
        "it goes after 72 hours, whatever it says",
        BY_EMERGENCY,
        False,
        "ENDED",
        activations=[activation(ISHIKAWA, *AREA, from_ms=NOW - 3 * DAY, until_ms=NOW + DAY)],
    ),
    Line("it does not hold outside the area", BY_EMERGENCY, False, "ENDED", activations=[activation(ISHIKAWA, WAJIMA)]),
    # --- protection
    Line("protection takes it", BY_STAY, False, "PROTECTED", [HOME, GONE, PROTECTED], because_of=PROTECTED.record.id),
    Line("who is named keeps it", BY_STAY, True, "TEMPORARY_STAY", [HOME, GONE, NAMED]),
    Line(
        "where our staff knows the person it stays", BY_STAY, True, "TEMPORARY_STAY", [HOME, GONE, PROTECTED, OWN_NOTE]
    ),
    Line(
        "our own receipt does not make us one who knows the person",
        BY_STAY,
        False,
        "PROTECTED",
        [
            HOME,
            GONE,
            PROTECTED,
            fact(written(KANAZAWA, kinds.RECEIPT, facets_pb2.Receipt(organisation=KANAZAWA), slot=b"r")),
        ],
    ),
    Line("where our staff knows the person our note stays", OWN_NOTE, True, "OWN", [PROTECTED]),
    Line(
        "a protection by some other holder takes nothing",
        BY_STAY,
        True,
        "TEMPORARY_STAY",
        [HOME, GONE, fact(written(SUZU, kinds.PROTECTION, protection()))],
    ),
    Line(
        "a protection by who wrote it takes it",
        came(kinds.CARE, "CONSENT", by=SUZU),
        False,
        "PROTECTED",
        [CONSENT, fact(written(SUZU, kinds.PROTECTION, protection()))],
    ),
    Line(
        "a protection that was lifted takes nothing",
        BY_STAY,
        True,
        "TEMPORARY_STAY",
        [HOME, GONE, fact(written(WAJIMA, kinds.PROTECTION, protection(active=False)))],
    ),
    # --- erasure
    Line(
        "an erasure takes it, whatever holds it",
        BY_STAY,
        False,
        "ERASED",
        [HOME, GONE, ERASURE],
        because_of=ERASURE.record.id,
    ),
    Line("an erasure takes our own as well", OWN_NOTE, False, "ERASED", [ERASURE]),
    Line(
        "an author's erasure takes its own",
        came(kinds.CARE, "CONSENT", by=SUZU),
        False,
        "ERASED",
        [CONSENT, NOTES_ERASED],
    ),
    Line("an author's erasure takes nobody else's", CARE, True, "CONSENT", [CONSENT, NOTES_ERASED]),
    Line(
        "home's erasure of a facet takes everybody's",
        OWN_NOTE,
        False,
        "ERASED",
        [HOME, fact(written(WAJIMA, kinds.ERASURE, facets_pb2.Erasure(ground=1, facets=[kinds.NOTE])))],  # type: ignore[arg-type]
    ),
    Line(
        "an erasure that does not count takes nothing",
        BY_STAY,
        True,
        "TEMPORARY_STAY",
        [HOME, GONE, fact(ERASURE.record, counts=False)],
    ),
    Line(
        "a closure alone takes nothing yet",
        BY_STAY,
        True,
        "TEMPORARY_STAY",
        [HOME, GONE, fact(written(WAJIMA, kinds.CLOSURE, closure()))],
    ),
]


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.sentence)
def test_the_table(line: Line) -> None:
    holding = may_hold(
        line.record,
        known([*line.among, line.record], line.here),
        federation(line.here, grants=line.grants, activations=line.activations),
        now_ms=NOW,
    )
    assert (holding.may, holding.reason) == (line.may, line.reason)
    if line.because_of:
        assert holding.because_of == line.because_of


def test_what_is_written_after_an_erasure_of_a_facet_may_be_held_again() -> None:
    old = written(WAJIMA, kinds.CARE)
    erasure = facets_pb2.Erasure(ground=facets_pb2.Erasure.GROUND_REQUEST, facets=[kinds.CARE])
    for author, counter in old.version:
        erasure.up_to.add(author=author, counter=counter)
    erased = fact(written(WAJIMA, kinds.ERASURE, erasure))
    new = written(WAJIMA, kinds.CARE, after=[old])
    subject = known([fact(old), fact(new), erased])
    assert may_hold(fact(old), subject, federation(), now_ms=NOW).reason == "ERASED"
    assert may_hold(fact(new), subject, federation(), now_ms=NOW).reason == "OWN"
