"""Works something out for every subject that changed, in bounded steps, and goes on after a restart where it stopped.

Subjects are taken in the order of their last change, so that how far it has come is one number; what changes meanwhile
comes again at the end. For another fingerprint everything is worked out anew, from the first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from node.ledger import Ledger, Progress, Writing


@dataclass(frozen=True, slots=True)
class Worked:
    """How far something is worked out."""

    done: int
    of: int
    """Subjects; both count those that are passed over."""

    @property
    def whole(self) -> bool:
        """Whether nothing is left, so that it may be spoken of."""
        return self.done == self.of


@dataclass(frozen=True, slots=True)
class Step:
    """Some subjects to be worked out, and what was known of the work when they were chosen."""

    subjects: list[bytes]
    noted: Mapping[bytes, int]
    """The moments that were noted for them."""
    since: Progress
    as_of: int


class Walk:
    """What `what` names is worked out for the standing that `fingerprint` tells, by one thread of the process at a
    time."""

    def __init__(
        self,
        ledger: Ledger,
        what: bytes,
        fingerprint: bytes,
        *,
        now_ms: Callable[[], int],
        passing_over: int | None = None,
    ) -> None:
        self._ledger = ledger
        self._what = what
        self._fingerprint = fingerprint
        self._now_ms = now_ms
        self._passing_over = passing_over

    def is_settled(self) -> bool:
        """Whether there is nothing to do: one statement."""
        return self._ledger.is_settled(self._what, self._fingerprint, self._now_ms())

    def step(self, most: int) -> Step | None:
        """The next subjects, first those that changed, then those whose time has come; None: nothing is left."""
        if self.is_settled():
            return None
        state = self._ledger.progress(self._what)
        since = state.as_of if state.fingerprint == self._fingerprint else 0
        as_of, subjects = self._ledger.changed_after(since, most, passing_over=self._passing_over)
        due = (
            self._ledger.rechecks_due(self._what, self._now_ms(), most - len(subjects)) if len(subjects) < most else {}
        )
        subjects = list(dict.fromkeys([*subjects, *due]))
        if not subjects and state == Progress(as_of, self._fingerprint):
            return None
        return Step(subjects, self._ledger.rechecks_of(self._what, subjects), state, as_of)

    def finish(self, writing: Writing, step: Step, moments: Mapping[bytes, int | None]) -> None:
        """Note, in the transaction that writes what was worked out, how far it is and when to look again at whom.

        Who was to be looked at again since the step began is looked at again.
        """
        now = writing.rechecks_of(self._what, moments)
        kept = {subject: at_ms for subject, at_ms in now.items() if step.noted.get(subject) != at_ms and at_ms <= 0}
        writing.replace_rechecks(self._what, {**moments, **kept})
        writing.advance(self._what, since=step.since, as_of=step.as_of, fingerprint=self._fingerprint)

    def worked(self) -> Worked:
        """How far it is: counts an index."""
        left, of = self._ledger.subjects_left(self._what, self._fingerprint, self._now_ms())
        return Worked(max(0, of - left), of)
