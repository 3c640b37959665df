"""A hostile member invents what it likes: it gets nothing, opens nothing for its friends, and erases nothing."""

from collections.abc import Callable

import pytest

from moyai.v1 import facets_pb2
from node.records import kinds
from node.records.record import Record
from node.release.authorship import Outcome, may_write, recount
from node.release.federation import Recipient
from node.release.holding import may_hold
from node.release.known import Fact, SubjectKnown
from node.release.rule import RETURN, releases
from tests.builders.release import (
    DAY,
    ISHIKAWA,
    KANAZAWA,
    NANAO,
    NOW,
    SUZU,
    WAJIMA,
    closure,
    consent,
    fact,
    federation,
    grant,
    identity,
    left,
    protection,
    residence,
    stay,
    withdrawal,
    written,
)

EVERYTHING = [*range(2, 15)]
CONSENT = written(WAJIMA, kinds.CONSENT, consent(ISHIKAWA), slot=b"c")
PROTECTED = written(WAJIMA, kinds.PROTECTION, protection())
ERASURE = facets_pb2.Erasure(ground=facets_pb2.Erasure.GROUND_REQUEST)


class Town:
    """Wajima's ledger for one person: it judges what it hears and keeps what it should."""

    def __init__(self, *own: Record, holders: frozenset[str] = frozenset()) -> None:
        self.facts = [fact(record) for record in own]
        self.holders = holders

    @property
    def known(self) -> SubjectKnown:
        return SubjectKnown.of(self.facts, here=WAJIMA, minted_by=WAJIMA, holders=self.holders)

    def hears(self, record: Record) -> Outcome:
        verdict = may_write(record, self.known, federation(), now_ms=NOW, came_from=record.organisation)
        if verdict.kept:
            self.facts.append(fact(record, basis="TEMPORARY_STAY", counts=verdict.counts))
        counted = recount(self.known, federation(), now_ms=NOW)
        self.facts = [
            Fact(held.record, held.came_from, held.basis, held.basis_record, held.counts or held.record.id in counted)
            for held in self.facts
        ]
        return verdict.outcome

    def tells(self, code: str) -> set[bytes]:
        """What goes to an organisation, but for what is only given back."""
        told = releases(self.known, Recipient(code), federation(grants=[AGREED]), now_ms=NOW)
        return {held.record.id for held, release in told if release.basis != RETURN}

    def still_holds(self, record: Record) -> bool:
        known = self.known
        held = next(other for other in known.facts if other.record == record)
        return may_hold(held, known, federation(), now_ms=NOW).may


AGREED = grant(SUZU, facets=[kinds.IDENTITY])
"""The hostile member Suzu lawfully has names, by an agreement, and so knows subject ids."""

NAME = written(WAJIMA, kinds.IDENTITY, identity())
HOME = written(WAJIMA, kinds.RESIDENCE, residence())
HERE = written(WAJIMA, kinds.STAY, stay(), slot=b"1")
CARE = written(WAJIMA, kinds.CARE)
MEDICAL = written(WAJIMA, kinds.MEDICAL)


def wajima(*more: Record) -> Town:
    return Town(NAME, HOME, HERE, CARE, MEDICAL, CONSENT, *more, holders=frozenset({SUZU}))


def by(code: str) -> dict[str, Callable[[], Record]]:
    """Everything a hostile member could think of."""
    return {
        "a stay at itself": lambda: written(code, kinds.STAY, stay(code), slot=b"x"),
        "a stay over ours": lambda: written(code, kinds.STAY, stay(code), slot=b"1", after=[HERE]),
        "a transfer to a friend": lambda: written(code, kinds.STAY, left(code, to=NANAO), slot=b"y"),
        "a residence at itself": lambda: written(code, kinds.RESIDENCE, residence(code), after=[HOME]),
        "a consent to itself": lambda: written(code, kinds.CONSENT, consent(code, facets=EVERYTHING), slot=b"z"),
        "a consent to all": lambda: written(code, kinds.CONSENT, consent(everyone=True, facets=EVERYTHING), slot=b"z"),
        "a consent over ours": lambda: written(code, kinds.CONSENT, consent(code), slot=b"c", after=[CONSENT]),
        "a withdrawal of ours": lambda: written(code, kinds.CONSENT, withdrawal(), slot=b"c", after=[CONSENT]),
        "an older birth date": lambda: written(code, kinds.IDENTITY, identity("1900"), after=[NAME]),
        "a protection": lambda: written(code, kinds.PROTECTION, protection(code, NANAO)),
        "the end of ours": lambda: written(code, kinds.PROTECTION, protection(active=False), after=[PROTECTED]),
        "a protection over ours": lambda: written(code, kinds.PROTECTION, protection(code), after=[PROTECTED]),
        "an erasure": lambda: written(code, kinds.ERASURE, ERASURE),
        "an erasure of care": lambda: written(
            code, kinds.ERASURE, facets_pb2.Erasure(ground=ERASURE.ground, facets=[kinds.CARE])
        ),
        "a closure": lambda: written(code, kinds.CLOSURE, closure("MOVED", at_ms=NOW - 90 * DAY)),
        "a death": lambda: written(
            code, kinds.CLOSURE, closure("DIED", reported_by="op-1", confirmed_by="op-2"), operator="op-2"
        ),
    }


STORIES = list(by(SUZU))


@pytest.mark.parametrize("liar", [SUZU, NANAO], ids=["a holder by agreement", "a stranger who learnt the id"])
@pytest.mark.parametrize("invention", STORIES)
def test_one_invention_gets_nothing(invention: str, liar: str) -> None:
    town = wajima()
    before = {code: town.tells(code) for code in (SUZU, NANAO, KANAZAWA)}
    lie = by(liar)[invention]()
    town.hears(lie)
    for code, told in before.items():
        assert town.tells(code) - {lie.id} <= told, code


@pytest.mark.parametrize("invention", STORIES)
def test_one_invention_about_a_protected_person_gets_nothing(invention: str) -> None:
    town = wajima(PROTECTED)
    lie = by(SUZU)[invention]()
    town.hears(lie)
    for code in (SUZU, NANAO, KANAZAWA, ISHIKAWA):
        assert town.tells(code) - {lie.id} <= {PROTECTED.id}, code


def test_all_inventions_of_two_friends_together_get_nothing() -> None:
    town = wajima()
    before = {code: town.tells(code) for code in (SUZU, NANAO, KANAZAWA)}
    lies = [make() for liar in (SUZU, NANAO) for make in by(liar).values()]
    for lie in lies * 2:
        town.hears(lie)
    for code, told in before.items():
        assert town.tells(code) - {lie.id for lie in lies} <= told, code


def test_no_invention_erases_anything() -> None:
    host = Town(NAME, HOME, HERE, CARE, MEDICAL)
    for make in [*by(SUZU).values(), *by(NANAO).values()]:
        host.hears(make())
    assert all(host.still_holds(record) for record in (NAME, HOME, HERE, CARE, MEDICAL))


def test_no_invention_takes_from_a_holder_what_it_got_from_home() -> None:
    copy = fact(CARE, basis="CONSENT", basis_record=CONSENT.id)
    held = [copy, fact(NAME, basis="CONSENT"), fact(HOME, basis="CONSENT"), fact(CONSENT, basis="HOLDER")]
    for make in by(SUZU).values():
        lie = make()
        before = SubjectKnown.of(held, here=ISHIKAWA, minted_by=WAJIMA)
        verdict = may_write(lie, before, federation(ISHIKAWA), now_ms=NOW, came_from=SUZU)
        if verdict.kept:
            held.append(fact(lie, counts=verdict.counts))
    after = SubjectKnown.of(held, here=ISHIKAWA, minted_by=WAJIMA)
    assert may_hold(copy, after, federation(ISHIKAWA), now_ms=NOW).reason == "CONSENT"


def test_what_home_opened_stays_open_when_a_liar_writes_over_it() -> None:
    town = wajima()
    assert CARE.id in town.tells(ISHIKAWA)
    town.hears(by(SUZU)["a withdrawal of ours"]())
    town.hears(by(SUZU)["a consent over ours"]())
    assert CARE.id in town.tells(ISHIKAWA)


def test_a_true_host_gets_what_a_host_gets_and_no_more() -> None:
    town = wajima()
    assert town.hears(written(KANAZAWA, kinds.STAY, stay(KANAZAWA), slot=b"k")) is Outcome.QUARANTINE
    assert town.hears(written(WAJIMA, kinds.STAY, left(to=KANAZAWA), slot=b"1", after=[HERE])) is Outcome.TAKE
    assert town.hears(written(KANAZAWA, kinds.STAY, stay(KANAZAWA), slot=b"k")) is Outcome.TAKE
    told = town.tells(KANAZAWA)
    assert CARE.id in told
    assert MEDICAL.id not in told


def test_a_hostile_host_lets_nobody_erase() -> None:
    town = wajima(written(WAJIMA, kinds.STAY, left(to=KANAZAWA), slot=b"1", after=[HERE]))
    town.hears(written(KANAZAWA, kinds.RESIDENCE, residence(NANAO), after=[HOME]))
    assert town.hears(written(NANAO, kinds.ERASURE, ERASURE)) is Outcome.REFUSE
    assert town.hears(written(KANAZAWA, kinds.ERASURE, ERASURE)) is Outcome.REFUSE
