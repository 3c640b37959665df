"""The rule of safety inquiries as a table: who asks, what the person decided, what is told."""

from dataclasses import replace
from itertools import product

import pytest

from node.release.inquiry import AGREEABLE, NOBODY, TIERS, Asked, Item, Meant, Outcome, Relation, Ruling, rule

KNOWN = Meant(known=True)
C, K, W, A = Relation.COHABITING, Relation.KIN, Relation.WORKPLACE, Relation.ACQUAINTANCE
E, P, I, T = Item.EXISTENCE, Item.WHEREABOUTS, Item.CONDITION, Item.CONTACT  # noqa: E741
NOTHING: tuple[Item, ...] = ()


@pytest.mark.parametrize(
    ("meant", "relation", "told"),
    [
        # the three tiers
        (KNOWN, C, (E, P, I, T)),
        (KNOWN, K, (E, I)),
        (KNOWN, W, (E, I)),
        (KNOWN, A, (E,)),
        # nothing is known
        (NOBODY, C, NOTHING),
        (NOBODY, K, NOTHING),
        (NOBODY, W, NOTHING),
        (NOBODY, A, NOTHING),
        # a yes opens nothing more than the tier
        (replace(KNOWN, tell_kin=True, tell_acquaintances=True), C, (E, P, I, T)),
        (replace(KNOWN, tell_kin=True, tell_acquaintances=True), K, (E, I)),
        (replace(KNOWN, tell_kin=True, tell_acquaintances=True), A, (E,)),
        # a no to kin
        (replace(KNOWN, tell_kin=False), C, NOTHING),
        (replace(KNOWN, tell_kin=False), K, NOTHING),
        (replace(KNOWN, tell_kin=False), W, (E, I)),
        (replace(KNOWN, tell_kin=False), A, (E,)),
        # a no to acquaintances
        (replace(KNOWN, tell_acquaintances=False), C, (E, P, I, T)),
        (replace(KNOWN, tell_acquaintances=False), K, (E, I)),
        (replace(KNOWN, tell_acquaintances=False), W, NOTHING),
        (replace(KNOWN, tell_acquaintances=False), A, NOTHING),
        # anyone may be told: wider, but how to reach them is told to their household only
        (replace(KNOWN, tell_anyone=True), C, (E, P, I, T)),
        (replace(KNOWN, tell_anyone=True), K, (E, P, I)),
        (replace(KNOWN, tell_anyone=True), W, (E, P, I)),
        (replace(KNOWN, tell_anyone=True), A, (E, P, I)),
        # anyone but kin: the no stands
        (replace(KNOWN, tell_anyone=True, tell_kin=False), K, NOTHING),
        (replace(KNOWN, tell_anyone=True, tell_kin=False), A, (E, P, I)),
    ],
)
def test_the_table(meant: Meant, relation: Relation, told: tuple[Item, ...]) -> None:
    outcome = Outcome.TOLD if told else Outcome.NO_INFORMATION
    assert rule(Asked(relation, identified=True), meant) == Ruling(outcome, told)


def meanings() -> list[Meant]:
    truths = (True, False)
    choices = (True, False, None)
    return [Meant(*each) for each in product(truths, truths, truths, choices, choices, truths)]


def named(asked: Asked) -> str:
    """The same in every process, whatever the order of its sets."""
    told = [asked.relation.value, "identified" * asked.identified, "improper" * asked.improper, *sorted(asked.agreed)]
    return "-".join(filter(None, told))


def questions() -> list[Asked]:
    agreements = (frozenset(), AGREEABLE)
    return [Asked(*each) for each in product(Relation, (True, False), (True, False), agreements)]


@pytest.mark.parametrize("asked", questions(), ids=named)
def test_a_protected_person_has_the_answer_of_nobody_whatever_else_holds(asked: Asked) -> None:
    for meant in meanings():
        if meant.protected:
            assert rule(asked, meant) == rule(asked, NOBODY)


@pytest.mark.parametrize("asked", questions(), ids=named)
def test_a_refusal_says_nothing_of_the_person(asked: Asked) -> None:
    if asked.improper or not asked.identified:
        assert len({rule(asked, meant) for meant in meanings()}) == 1


@pytest.mark.parametrize("relation", Relation)
def test_the_suspicion_comes_first(relation: Relation) -> None:
    assert rule(Asked(relation, identified=False, improper=True), KNOWN).outcome is Outcome.IMPROPER
    assert rule(Asked(relation, identified=True, improper=True), KNOWN).outcome is Outcome.IMPROPER
    assert rule(Asked(relation, identified=False), KNOWN).outcome is Outcome.UNIDENTIFIED


def test_what_the_person_agrees_to_now_is_told_beside_the_tier() -> None:
    assert rule(Asked(A, True, agreed=frozenset({T})), KNOWN).items == (E, T)
    assert rule(Asked(K, True, agreed=frozenset({P})), KNOWN).items == (E, P, I)


def test_no_agreement_opens_what_the_person_has_barred() -> None:
    assert rule(Asked(A, True, agreed=AGREEABLE), replace(KNOWN, tell_acquaintances=False)).items == NOTHING


@pytest.mark.parametrize(
    ("relation", "outcome"),
    [(C, Outcome.REFERRED), (K, Outcome.REFERRED), (W, Outcome.REFERRED), (A, Outcome.TOLD)],
)
def test_a_death_is_not_told_over_the_counter(relation: Relation, outcome: Outcome) -> None:
    assert rule(Asked(relation, True), replace(KNOWN, died=True)).outcome is outcome


def test_nobody_is_told_more_than_their_tier_without_the_persons_word() -> None:
    for asked, meant in product(questions(), meanings()):
        if not asked.agreed and not meant.tell_anyone:
            assert set(rule(asked, meant).items) <= TIERS[asked.relation]
