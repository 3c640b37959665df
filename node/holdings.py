"""Sees to it that nothing is held here without a ground: erases what lost its last one, with a signed receipt."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from node.federation import Standing
from node.knowing import known_from
from node.ledger import AuditEntry, Held, Ledger, TurnedAway
from node.pen import OPERATOR, PERSON, Pen, Sheet
from node.receipts import Receipts, own_nodes
from node.records.kinds import CONTROL, ERASURE, PERSON_CONTROL, RECEIPT
from node.release.bounds import next_change_ms
from node.release.holding import Holding, may_hold
from node.release.known import SubjectKnown
from node.views import CONTROL_VIEW, DATA_VIEW
from node.walk import Step, Walk

WHAT: Final = b"holdings"
"""Name under which the ledger keeps how far this has been worked out."""

SUBJECTS_PER_STEP: Final = 4_000
"""Looked at, mostly to find that all of it is our own: a write for each two hundred waits its turn too often."""

LOST_PER_TRANSACTION: Final = 200
NO_BASIS: Final = "NO_BASIS"
LEFT: Final = "left"


@dataclass(frozen=True, slots=True)
class _Lost:
    """A record that must go, and why."""

    held: Held
    why: Holding


class Holdings:
    """Looks again at every subject that changed, whose time has come, or all after a change of the federation."""

    def __init__(self, ledger: Ledger, pen: Pen, *, now_ms: Callable[[], int], entropy: Callable[[int], bytes]) -> None:
        self._ledger = ledger
        self._pen = pen
        self._now_ms = now_ms
        self.receipts = Receipts(pen, now_ms, entropy)

    def sweep(self, standing: Standing) -> int:
        """Erase what may no longer be held. Returns how many records went. To be called after an exchange and at
        times."""
        walk = Walk(self._ledger, WHAT, standing.fingerprint, now_ms=self._now_ms)
        gone = 0
        while True:
            with self._ledger.turn(WHAT):
                step = walk.step(SUBJECTS_PER_STEP)
                if step is None:
                    return gone
                gone += self._look_at(walk, step, standing, self._now_ms())

    def let_go_of_others(self) -> int:
        """Erase everything of people that other organisations wrote, whatever it is held on, with receipts: for who
        leaves the federation. Safe to repeat. Returns how many records went."""
        gone = as_of = 0
        while True:
            as_of, subjects = self._ledger.changed_after(as_of, LOST_PER_TRANSACTION)
            if not subjects:
                return gone
            now = self._now_ms()
            with self._pen.sheet(operator=OPERATOR, act="receipt") as sheet:
                for subject in self._ledger.with_foreign(subjects, self._pen.node):
                    ones = [_Lost(held, _left(held)) for held in others_of(sheet.writing.about(subject), self._here)]
                    gone += len(ones)
                    if ones:
                        self._let_go(sheet, subject, ones, now, purpose=LEFT)

    @property
    def _here(self) -> str:
        return self._pen.organisation

    def _look_at(self, walk: Walk, step: Step, standing: Standing, now: int) -> int:
        organisations = self._ledger.organisations_of_peers()
        lost: list[bytes] = []
        moments: dict[bytes, int | None] = dict.fromkeys(step.subjects)
        for subject, about in self._ledger.about_many(self._ledger.with_foreign(step.subjects, self._pen.node)).items():
            known = known_from(self._ledger, subject, about, standing.federation.here, organisations)
            if self._without_ground(about, known, standing, now):
                lost.append(subject)
            moments[subject] = next_change_ms(known, standing.federation, now_ms=now)
        gone = 0
        while len(lost) > LOST_PER_TRANSACTION:
            some, lost = lost[:LOST_PER_TRANSACTION], lost[LOST_PER_TRANSACTION:]
            with self._pen.sheet(operator=OPERATOR, act="receipt") as sheet:
                gone += self._let_go_of(sheet, some, standing, now)
        if not lost:
            with self._ledger.write() as writing:
                walk.finish(writing, step, moments)
            return gone
        with self._pen.sheet(operator=OPERATOR, act="receipt") as sheet:
            walk.finish(sheet.writing, step, moments)
            return gone + self._let_go_of(sheet, lost, standing, now)

    def _let_go_of(self, sheet: Sheet, subjects: Sequence[bytes], standing: Standing, now: int) -> int:
        """Let go what is judged once more to be without ground: a new one may have come in before this transaction."""
        organisations = sheet.writing.organisations_of_peers()
        gone = 0
        for subject in subjects:
            about = sheet.writing.about(subject)
            known = known_from(sheet.writing, subject, about, standing.federation.here, organisations)
            ones = self._without_ground(about, known, standing, now)
            gone += len(ones)
            if ones:
                self._let_go(sheet, subject, ones, now)
        return gone

    def _without_ground(self, about: Sequence[Held], known: SubjectKnown, standing: Standing, now: int) -> list[_Lost]:
        judged = ((held, may_hold(held, known, standing.federation, now_ms=now)) for held in about)
        return [_Lost(held, why) for held, why in judged if not why.may]

    def _let_go(
        self, sheet: Sheet, subject: bytes, ones: Sequence[_Lost], now: int, *, purpose: str = "no-basis"
    ) -> None:
        """Erase, remember the ids so that nobody sends them again for the same ground, write the receipts.

        The ids are remembered of everyone with whom the record was shared, whoever sent it: their views have it.
        """
        facets = {one.held.record.id: one.held.record.facet for one in ones}
        shared = sheet.writing.shared_with(list(facets))
        for node, ids in shared.items():
            views = {id_: CONTROL_VIEW if facets[id_] in CONTROL else DATA_VIEW for id_ in ids}
            sheet.writing.turn_away(node, [TurnedAway(id_, view, subject, NO_BASIS) for id_, view in views.items()])
        sheet.writing.erase_records([one.held.record.id for one in ones])
        own = own_nodes(sheet.writing, self._pen.organisation)
        for because_of, gone in _by_cause(ones).items():
            given = {node for node, ids in shared.items() if node in own and not gone.isdisjoint(ids)}
            self.receipts.confirm(sheet, subject, because_of, erased=len(gone), given=given)
        sheet.writing.log(
            AuditEntry(
                at_ms=now,
                act="erase",
                operator=OPERATOR,
                node=self._pen.node,
                organisation=self._pen.organisation,
                purpose=purpose,
                subject=subject,
                facets=tuple(sorted({one.held.record.facet for one in ones})),
                count=len(ones),
            )
        )


def others_of(about: Sequence[Held], here: str) -> list[Held]:
    """Of what is held about one person, what must go when this organisation leaves: all that others wrote. What they
    said about the handling of a person stays while something of our own does, which it binds; erasures and receipts
    say nothing of anybody."""
    of_people = [held for held in about if held.record.subject_kind == PERSON]
    binds = any(held.record.organisation == here and held.record.facet not in PERSON_CONTROL for held in of_people)
    stays = PERSON_CONTROL if binds else frozenset({ERASURE, RECEIPT})
    return [held for held in of_people if held.record.organisation != here and held.record.facet not in stays]


def _left(held: Held) -> Holding:
    """The receipt names what it came on, or where that is no record, the record itself."""
    return Holding(False, "LEFT", held.basis_record or held.record.id)


def _by_cause(ones: Iterable[_Lost]) -> dict[bytes, set[bytes]]:
    """Which records each withdrawal, protection or erasure has taken; what simply ended needs no receipt."""
    causes: dict[bytes, set[bytes]] = {}
    for one in ones:
        if one.why.because_of:
            causes.setdefault(one.why.because_of, set()).add(one.held.record.id)
    return causes
