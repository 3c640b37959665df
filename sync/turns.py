"""One turn of a conversation: both views compared until they are settled, control before data. Pure.

The dialler leads. It opens with the data view, whose hello carries the root of the control view, so that one round
trip shows that nothing is owed; where the control views differ, or something of ours waits in them, they come first.
A turn in which anything was exchanged ends with a check of both roots at once.
"""

from dataclasses import dataclass, field

from sync.comparison import Answerer, Asker, Dealings, Next, Table
from sync.effects import (
    AskAuditDue,
    LoadIds,
    LoadStanding,
    LoadWaiting,
    MarkAgreed,
    NoteAudited,
    Send,
)
from sync.errors import ProtocolBroken
from sync.frames import CONTROL, DATA, VIEWS, Audit, Check, Equal, Hello, News
from sync.limits import ROUNDS_PER_VIEW_MAX
from sync.ports import Standing, Waiting
from sync.reconcile import SALT_BYTES, Naming, audit_hash, both_roots
from sync.steps import Line, Steps


@dataclass(slots=True, eq=False)
class Turns:
    """The turns of the side that dialled."""

    table: Table
    dealings: dict[int, Dealings] = field(default_factory=lambda: {view: Dealings() for view in VIEWS})
    control_agreed: bool = False
    """The control views were found equal in this conversation, so that data may be pushed ahead."""

    def take(self) -> Steps[bool]:
        """One turn; whether everything is settled as far as it can be."""
        self.table.line.rested()
        self.table.line.news = False
        for dealings in self.dealings.values():
            dealings.new_turn()
        sent = self.table.counts.sent + self.table.counts.received
        settled = yield from self._compare_both()
        if settled and self.table.counts.sent + self.table.counts.received > sent:
            settled = yield from self._check_again()
        if settled and (yield AskAuditDue()):
            yield from self._audit()
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
        roots = []
        for view in VIEWS:
            standing: Standing = yield LoadStanding(view)
            roots.append(standing.root)
        yield Send(Check(both_roots(*roots)))
        answer = yield from self.table.line.hear_or_news()
        if answer is None:
            return False
        if not isinstance(answer, Equal):
            raise ProtocolBroken(expected="EQUAL or NEWS", got=type(answer).__name__)
        for view, root in zip(VIEWS, roots, strict=True):
            self.dealings[view].root = root
            yield MarkAgreed(view, root)
        return True

    def _compare_both(self) -> Steps[bool]:
        control, data = self.dealings[CONTROL], self.dealings[DATA]
        waiting: Waiting | None = yield LoadWaiting(CONTROL, 0)
        control_due = waiting is None
        settled = {CONTROL: True, DATA: False}
        while control.rounds < ROUNDS_PER_VIEW_MAX and data.rounds < ROUNDS_PER_VIEW_MAX:
            if control_due:
                settled[CONTROL] = yield from self._settle(CONTROL)
            standing: Standing = yield LoadStanding(CONTROL)
            asker = Asker(DATA, data, self.table)
            found = yield from asker.compare(control_root=standing.root, push_ahead=self.control_agreed)
            self.control_agreed = self.control_agreed or (found is not Next.CONTROL_FIRST and not control.rounds)
            control_due = found is Next.CONTROL_FIRST
            if found is Next.SETTLED:
                settled[DATA] = True
                now: Standing = yield LoadStanding(CONTROL)
                if now.root == standing.root:
                    control.root = now.root
                    break
                control_due = True  # what came with the data has changed our control view
            elif found is Next.STUCK:
                break
        return all(settled.values())

    def _settle(self, view: int) -> Steps[bool]:
        """Compare until nothing is left to try. Whether the view is settled."""
        dealings = self.dealings[view]
        found = Next.AGAIN
        while found is Next.AGAIN and dealings.rounds < ROUNDS_PER_VIEW_MAX:
            found = yield from Asker(view, dealings, self.table).compare(push_ahead=True)
        self.control_agreed = dealings.equal
        return found is Next.SETTLED

    def _check_again(self) -> Steps[bool]:
        """Both sides' proof that what was exchanged has come to rest; where it has not, the next turn goes on."""
        if not all(dealings.equal for dealings in self.dealings.values() if dealings.rounds):
            return True  # what differs is accounted for
        return (yield from self.check())

    def _audit(self) -> Steps[None]:
        """Compare all ids by a salted hash: finds a root that lies, and a fault in keeping it by addition."""
        for view in VIEWS:
            salt = self.table.entropy(SALT_BYTES)
            whole: bytes = yield LoadIds(view)
            ours = audit_hash(salt, whole)
            now: Standing = yield LoadStanding(view)
            if now.root != self.dealings[view].root:
                return  # written to meanwhile: another time
            yield Send(Audit(view, salt, ours))
            answer = yield from self.table.line.hear_or_news()
            if answer is None:
                return
            if not isinstance(answer, Audit) or answer.view != view:
                raise ProtocolBroken(expected="AUDIT", got=type(answer).__name__)
            yield NoteAudited(view, answer.hash == ours)
            if answer.hash != ours:
                yield from self._mend(view)

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
    control_compared: bool = False

    @property
    def line(self) -> Line:
        """Where the other side is heard."""
        return self.table.line

    def hello(self, hello: Hello) -> Steps[None]:
        """A comparison."""
        self.line.rested()
        root = yield from Answerer(hello, self.table).answer(control_settled=self.control_compared)
        if hello.view == CONTROL:
            self.control_compared = True
        if root:
            self.roots[hello.view] = root

    def check(self, check: Check) -> Steps[None]:
        """Whether both views are what the other side has."""
        self.line.rested()
        standings: list[Standing] = []
        for view in VIEWS:
            standings.append((yield LoadStanding(view)))
        self.roots = {view: one.root for view, one in zip(VIEWS, standings, strict=True)}
        if check.root != both_roots(*(one.root for one in standings)):
            yield Send(News())
            return
        self.table.sent_ahead.clear()
        yield Send(Equal(0))
        for view, root in self.roots.items():
            yield MarkAgreed(view, root)

    def audit(self, audit: Audit) -> Steps[None]:
        """All ids by a salted hash; where the view is another by now than the one agreed on, that is said instead."""
        self.table.scans.take()
        if len(audit.salt) != SALT_BYTES or audit.view not in VIEWS:
            raise ProtocolBroken(rule="salt", got=len(audit.salt))
        whole: bytes = yield LoadIds(audit.view)
        ours = audit_hash(audit.salt, whole)
        now: Standing = yield LoadStanding(audit.view)
        if now.root != self.roots.get(audit.view):
            yield Send(News())
            return
        yield Send(Audit(audit.view, audit.salt, ours))
        yield NoteAudited(audit.view, ours == audit.hash)

    def has_news(self) -> Steps[bool]:
        """Whether a view of ours is another than the other side knows it."""
        for view, root in self.roots.items():
            standing: Standing = yield LoadStanding(view)
            if standing.root != root:
                return True
        return False
