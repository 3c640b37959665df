"""Finds who may be one person, in bounded steps: everybody who changed, beside whoever resembles them.

Residents nobody has seen are not compared with each other, since a register holds nobody twice; they are found beside
those who were. When a register is loaded, everybody is compared anew.
"""

from collections.abc import Callable, Mapping
from typing import Final

from node.ledger import Ledger, PersonRow
from node.people.matching import Comparison, Portrait, compare, portrait
from node.records.kinds import RESIDENT
from node.walk import Step, Walk, Worked

WHAT: Final = b"alike"
MATCHER: Final = b"1"
"""Goes up when comparisons come out otherwise: all pairs are found anew."""


class Alike:
    """Keeps the pairs that wait for somebody to look."""

    def __init__(self, ledger: Ledger, *, now_ms: Callable[[], int]) -> None:
        self._ledger = ledger
        self._now_ms = now_ms

    def work_ahead(self, most: int) -> bool:
        """Look at no more than so many people, in one transaction. Returns whether nobody is left."""
        walk = self._walk()
        if walk.is_settled():
            return True
        with self._ledger.turn(WHAT):
            step = walk.step(most)
            if step is not None:
                self._look(walk, step)
        return walk.is_settled()

    def catch_up(self, few: int) -> bool:
        """Look at those who changed where they are fewer than this, else at nobody: a screen waits for the answer."""
        walk = self._walk()
        if walk.is_settled():
            return True
        with self._ledger.turn(WHAT):
            step = walk.step(few)
            if step is not None and len(step.subjects) < few:
                self._look(walk, step)
        return walk.is_settled()

    def worked(self) -> Worked:
        """How far it is."""
        return self._walk().worked()

    def _walk(self) -> Walk:
        fingerprint = MATCHER + b"/%d" % self._ledger.newest_of_facet(RESIDENT)
        return Walk(self._ledger, WHAT, fingerprint, now_ms=self._now_ms, passing_over=RESIDENT)

    def _look(self, walk: Walk, step: Step) -> None:
        found = {subject: self._alike(subject) for subject in step.subjects}
        with self._ledger.write() as writing:
            for subject, scores in found.items():
                writing.replace_alike(subject, scores)
            walk.finish(writing, step, dict.fromkeys(step.subjects))

    def _alike(self, subject: bytes) -> Mapping[bytes, float]:
        row = self._ledger.person(subject)
        if row is None or row.resident_only:
            return {}
        compared = resembling(self._ledger, portrait_of(row))
        return {other.subject: one.score for other, one in compared if one.is_possible and other.subject != subject}


def resembling(ledger: Ledger, person: Portrait) -> list[tuple[PersonRow, Comparison]]:
    """Everybody the index finds alike in some way, compared, the most alike first."""
    compared = [(row, compare(person, portrait_of(row))) for row in ledger.candidates(person)]
    return sorted(compared, key=lambda one: (-one[1].score, one[0].subject))


def portrait_of(row: PersonRow) -> Portrait:
    """What a row is compared by."""
    family_kana, _, given_kana = row.kana.partition(" ")
    return portrait(
        family_name=row.family_name,
        given_name=row.given_name,
        family_kana=family_kana,
        given_kana=given_kana,
        other_names=(row.former_name, row.alias),
        birth=row.birth,
        sex=row.sex,
        address=row.address,
        municipality=row.municipality,
        phones=(row.phone,),
        municipal_key=row.municipal_key,
    )
