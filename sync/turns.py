"""One turn of a conversation: both views compared until they are settled, control before data. Pure.

The dialler leads. It opens with the data view, whose hello carries the root of the control view, so that one round
trip shows that nothing is owed; where the control views differ, or something of ours waits in them, they come first.
A turn in which anything was exchanged ends with a check of both roots at once, unless both sides have seen them.
"""

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from sync.answering import Answerer
from sync.comparison import Asker, Dealings, Next
from sync.effects import AskAuditDue, LoadIds, LoadStanding, LoadWaiting, NoteAudited, Reckon, Send
from sync.errors import ProtocolBroken
from sync.frames import CONTROL, DATA, VIEWS, Audit, Check, Equal, Hello
from sync.limits import ROUNDS_PER_VIEW_MAX
from sync.ports import Standing, Waiting
from sync.reconcile import HASH_BYTES, NONE, SALT_BYTES, Naming, audit_hash, both_roots
from sync.steps import Steps
from sync.table import PUSHED_AHEAD_MOST, ControlRoots, Table

AUDITS_MOST = 4
"""Audits begun in one conversation: each is a scan of both views on both sides."""


@dataclass(slots=True, eq=False)
class Turns:
    """The turns of the side that dialled."""

    table: Table
    dealings: dict[int, Dealings] = field(default_factory=lambda: {view: Dealings() for view in VIEWS})
    proved: bool = True
    """What the last turn exchanged has come to rest on both sides, as far as could be seen."""
    audits: int = 0
    """How often an audit was begun: one that is always crossed by something new is left for the next conversation."""

    def take(self) -> Steps[bool]:
        """One turn; whether everything is settled as far as it can be."""
        self.table.line.news = False
        self.proved = True
        for dealings in self.dealings.values():
            dealings.new_turn()
        moved = self.table.counts.moved
        settled = yield from self._compare_both()
        if self.table.counts.moved > moved:
            self.table.line.worthwhile()
            if settled:
                yield from self._check_again()
        return settled

    def has_news(self) -> Steps[bool]:
        """Whether a view of ours is another than at the end of the last turn."""
        for view in VIEWS:
            standing: Standing = yield LoadStanding(view)
            if standing.root != self.dealings[view].root:
                return True
        return False

    def check(self) -> Steps[bool]:
        """Whether both views are equal on both sides, for a few bytes."""
        roots: list[bytes] = []
        for view in VIEWS:
            standing: Standing = yield LoadStanding(view)
            roots.append(standing.root)
        yield Send(Check(both_roots(*roots)))
        answer = yield from self.table.line.hear()
        if isinstance(answer, Check):
            self.table.line.in_vain()
            return False
        if not isinstance(answer, Equal):
            raise ProtocolBroken(expected="EQUAL or CHECK", got=type(answer).__name__)
        for view, root in zip(VIEWS, roots, strict=True):
            dealings = self.dealings[view]
            dealings.root, dealings.equal, dealings.both_know = root, True, True
            yield from self.table.mark_agreed(view, root)
        return True

    def forget_refusals(self) -> None:
        """What the other side did not hold may be sent again: it may have learnt what it lacked."""
        for dealings in self.dealings.values():
            dealings.refused = NONE

    def audit_if_due(self) -> Steps[bool]:
        """Compare all ids by a salted hash where that is due: finds a root that lies, and a fault in keeping it.

        False: the ids are still not the same once what differed has been exchanged.
        """
        if self.audits >= AUDITS_MOST or not (yield AskAuditDue()):
            return True
        self.audits += 1
        for view in VIEWS:
            if self.dealings[view].equal and not (yield from self._audit(view)):
                yield from self._mend(view)
                if not (yield from self._audit(view)):
                    return False
        return True

    def _compare_both(self) -> Steps[bool]:
        control, data = self.dealings[CONTROL], self.dealings[DATA]
        waiting: Waiting | None = yield LoadWaiting(CONTROL, PUSHED_AHEAD_MOST)
        control_due = waiting is None or len(np.setdiff1d(waiting.prefixes, control.refused)) > 0
        settled = True
        while control.rounds < ROUNDS_PER_VIEW_MAX and data.rounds < ROUNDS_PER_VIEW_MAX:
            if control_due:
                settled = yield from self._settle(CONTROL)
            standing: Standing = yield LoadStanding(CONTROL)
            asker = Asker(DATA, data, self.table)
            found = yield from asker.compare(control_root=standing.root, push_ahead=control.equal)
            control_due = found is Next.CONTROL_FIRST
            if not (control_due or control.rounds or control.root):
                control.root, control.equal = standing.root, True  # else control would have come first
            if found is Next.SETTLED:
                now: Standing = yield LoadStanding(CONTROL)
                if now.root == control.root:
                    return settled
                control_due = True  # written to since, or by what came with the data
            elif found is Next.STUCK:
                return False
        return False

    def _settle(self, view: int) -> Steps[bool]:
        """Compare until nothing is left to try. Whether the view is settled."""
        dealings = self.dealings[view]
        found = Next.AGAIN
        while found is Next.AGAIN and dealings.rounds < ROUNDS_PER_VIEW_MAX:
            found = yield from Asker(view, dealings, self.table).compare(push_ahead=True)
        return found is Next.SETTLED

    def _check_again(self) -> Steps[None]:
        """The other side's proof of what only we have seen; if something new came between, another turn is due."""
        compared = [dealings for dealings in self.dealings.values() if dealings.rounds]
        if all(dealings.equal for dealings in compared) and not all(dealings.both_know for dealings in compared):
            self.proved = yield from self.check()

    def _audit(self, view: int) -> Steps[bool]:
        """Whether nothing was found; the other side answers under a salt of its own, so that it cannot repeat ours."""
        salt = self.table.entropy(SALT_BYTES)
        whole: bytes = yield LoadIds(view)
        now: Standing = yield LoadStanding(view)
        if now.root != self.dealings[view].root:
            return True  # written to meanwhile: another time
        yield Send(Audit(view, salt, (yield Reckon(partial(audit_hash, salt, whole)))))
        answer = yield from self.table.line.expect(Audit, view)
        if not answer.hash:
            return True  # the same there
        if answer.salt == salt or len(answer.salt) != SALT_BYTES:
            raise ProtocolBroken(rule="a salt of its own", got=len(answer.salt))
        theirs: bytes = yield Reckon(partial(audit_hash, answer.salt, whole))
        yield NoteAudited(view, answer.hash == theirs)
        return answer.hash == theirs

    def _mend(self, view: int) -> Steps[None]:
        """Equal roots over different ids: only the ids themselves can tell."""
        dealings = self.dealings[view]
        dealings.new_turn()
        dealings.naming = Naming.WHOLE
        standing: Standing = yield LoadStanding(CONTROL)
        control_root = standing.root if view == DATA else b""
        yield from Asker(view, dealings, self.table).compare(control_root=control_root)


@dataclass(slots=True, eq=False)
class Answers:
    """The turns of the side that was called."""

    table: Table
    roots: dict[int, bytes] = field(default_factory=dict)
    """Of each view, ours as the other side knew it last."""
    control: ControlRoots = field(default_factory=ControlRoots)

    def hello(self, hello: Hello) -> Steps[None]:
        """A comparison."""
        moved = self.table.counts.moved
        root = yield from Answerer(hello, self.table).answer(self.control)
        if self.table.counts.moved > moved:
            self.table.line.worthwhile()
        else:
            self.table.line.in_vain()
        if root:
            self.roots[hello.view] = root
        if hello.view == CONTROL:
            self.control.have_been_compared(root)
        elif root and self.control.ours == self.control.theirs:
            self.roots[CONTROL] = self.control.ours

    def check(self, check: Check) -> Steps[None]:
        """Whether both views are what the other side has; where they are not, it hears what ours are."""
        standings: list[Standing] = []
        for view in VIEWS:
            standings.append((yield LoadStanding(view)))
        self.roots = {view: one.root for view, one in zip(VIEWS, standings, strict=True)}
        ours = both_roots(*self.roots.values())
        if check.root != ours:
            self.table.line.in_vain()
            yield Send(Check(ours))
            return
        self.table.line.worthwhile()
        self.table.sent_ahead.clear()
        yield Send(Equal(0))
        for view, root in self.roots.items():
            yield from self.table.mark_agreed(view, root)

    def audit(self, audit: Audit) -> Steps[None]:
        """All ids by a salted hash; without one where the view is another by now than the one agreed on."""
        if len(audit.salt) != SALT_BYTES or len(audit.hash) != HASH_BYTES:
            raise ProtocolBroken(rule="salt and hash", got=len(audit.salt))
        self.table.scans.take()
        whole: bytes = yield LoadIds(audit.view)
        now: Standing = yield LoadStanding(audit.view)
        if now.root != self.roots.get(audit.view):
            yield Send(Audit(audit.view, b"", b""))
            return
        salt = self.table.entropy(SALT_BYTES)
        equal = audit.hash == (yield Reckon(partial(audit_hash, audit.salt, whole)))
        yield Send(Audit(audit.view, salt, (yield Reckon(partial(audit_hash, salt, whole)))))
        yield NoteAudited(audit.view, equal)

    def has_news(self) -> Steps[bool]:
        """Whether a view of ours is another than the other side knows it."""
        for view, root in self.roots.items():
            standing: Standing = yield LoadStanding(view)
            if standing.root != root:
                return True
        return False
