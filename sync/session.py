"""One conversation between two nodes as a state machine, the same for who dialled and who was called. Pure.

The steps are generators that yield an effect and are handed its result, so that the code reads in the order of the
specification: greetings, rosters, the control view, the data view, goodbye. Whoever drives a session does what
`start` and every `resume` returns, until `Finished`.
"""

from contextlib import suppress

from sync.comparison import Answerer, Asker, Dealings
from sync.effects import (
    CheckGreeting,
    Effect,
    Finished,
    LoadView,
    Outcome,
    ReadRoster,
    Send,
    TakeRoster,
)
from sync.errors import (
    LimitPassed,
    MoyaiError,
    NoCommonVersion,
    NotSettled,
    PeerRefused,
    PeerUnreachable,
    ProtocolBroken,
    Stopping,
    WrongFederation,
)
from sync.frames import CONTROL, DATA, VIEWS, Goodbye, Greeting, Hello, Roster
from sync.limits import GREETING_BYTES_MAX, ROSTER_BYTES_MAX, ROUNDS_PER_VIEW_MAX
from sync.reasons import Reason, heard, said_for
from sync.reconcile import Snapshot
from sync.steps import Line, Steps, TalliedCounts


class Session:
    """One conversation.

    After `start`, every effect is answered by `resume` with its result or by `fail` with the error it ended in; `fail`
    may also be called with `Stopping` in place of any answer. Both return the next effect.
    """

    def __init__(self, greeting: Greeting, *, dialled: bool) -> None:
        self._greeting = greeting
        self._dialled = dialled
        self._line = Line()
        self._counts = TalliedCounts()
        self._steps = self._from_greeting_to_goodbye()
        self._otherwise = Reason.STORE_FAILED
        """What we say goodbye with when the node refuses for a reason that is not for the peer."""
        self._over: Finished | None = None

    def start(self) -> Effect:
        """The first effect."""
        return self._next(None)

    def resume(self, result: object) -> Effect:
        """The next effect, given the result of the last."""
        return self._next(result)

    def fail(self, error: MoyaiError) -> Effect:
        """The next effect, given that the last ended in an error; a broken line is `PeerUnreachable`."""
        if self._over is not None:
            return self._over
        try:
            return self._steps.throw(error)
        except StopIteration as end:
            return self._finish(end.value)

    def hang_up(self, reason: Reason) -> Effect:
        """The next effect, given that the peer said goodbye while we were sending."""
        if self._over is not None:
            return self._over
        try:
            return self._steps.throw(PeerRefused(peer_reason=reason))
        except StopIteration as end:
            return self._finish(end.value)

    def _next(self, result: object) -> Effect:
        if self._over is not None:
            return self._over
        try:
            return self._steps.send(result)
        except StopIteration as end:
            return self._finish(end.value)

    def _finish(self, outcome: Outcome) -> Finished:
        self._over = Finished(outcome)
        return self._over

    def _from_greeting_to_goodbye(self) -> Steps[Outcome]:
        """The conversation, and the goodbye that every error but a broken line deserves."""
        try:
            yield from self._greetings()
            reason = yield from self._dialler() if self._dialled else self._called()
            return Outcome(reason, not self._dialled, self._counts.frozen())
        except PeerRefused as end:
            said = _said(end)
            early = Reason.PROTOCOL_BROKEN if said is Reason.DONE else said
            return Outcome(early, True, self._counts.frozen())
        except PeerUnreachable as error:
            return Outcome(error.reason, False, self._counts.frozen())
        except MoyaiError as error:
            return (yield from self._leave(said_for(error, self._otherwise), error.reason))

    def _leave(self, said: Reason, reason: str) -> Steps[Outcome]:
        with suppress(PeerUnreachable, Stopping):  # nobody is left to hear it
            yield Send(Goodbye(said))
        return Outcome(reason, False, self._counts.frozen())

    def _greetings(self) -> Steps[None]:
        """Both sides greet; the newer roster goes to the other side; by it the greeting's certificate is judged."""
        yield Send(self._greeting)
        theirs = yield from self._line.expect(Greeting)
        if len(theirs.serialised) > GREETING_BYTES_MAX:
            raise LimitPassed(limit="GREETING_BYTES_MAX", got=len(theirs.serialised))
        if theirs.federation != self._greeting.federation:
            raise WrongFederation
        if not set(theirs.versions) & set(self._greeting.versions):
            raise NoCommonVersion(highest=max(theirs.versions, default=0))
        if theirs.roster_version < self._greeting.roster_version:
            signed = yield ReadRoster()
            yield Send(Roster(signed))
        elif theirs.roster_version > self._greeting.roster_version:
            yield from self._take_roster()
        self._otherwise = Reason.CERTIFICATE_REFUSED
        yield CheckGreeting(theirs.serialised)
        self._otherwise = Reason.STORE_FAILED

    def _take_roster(self) -> Steps[None]:
        offered = yield from self._line.expect(Roster)
        if len(offered.signed) > ROSTER_BYTES_MAX:
            raise LimitPassed(limit="ROSTER_BYTES_MAX", got=len(offered.signed))
        self._otherwise = Reason.ROSTER_REFUSED
        yield TakeRoster(offered.signed)

    def _dialler(self) -> Steps[Reason]:
        """Control to its end, then data; control once more where the exchange of data has changed it."""
        dealings = {view: Dealings() for view in VIEWS}
        for view in VIEWS:
            yield from self._settle(view, dealings[view])
        if dealings[CONTROL].rounds < ROUNDS_PER_VIEW_MAX:
            now: Snapshot = yield LoadView(CONTROL)
            if now.root != dealings[CONTROL].root:
                yield from self._settle(CONTROL, dealings[CONTROL])
        settled = all(one.settled for one in dealings.values())
        said = Reason.DONE if settled else Reason.NOT_SETTLED
        yield Send(Goodbye(said))
        with suppress(PeerRefused, PeerUnreachable):  # everything is settled already: an answer is a courtesy
            yield from self._line.hear()
        return said

    def _settle(self, view: int, dealings: Dealings) -> Steps[None]:
        """Compare and exchange until the views are equal, nothing is left to try, or ROUNDS_PER_VIEW_MAX is reached."""
        more = True
        while more and dealings.rounds < ROUNDS_PER_VIEW_MAX:
            more = yield from Asker(view, dealings, self._line, self._counts).compare()

    def _called(self) -> Steps[Reason]:
        """Answers comparisons in whatever order they come, as long as control comes before data, until goodbye."""
        rounds = dict.fromkeys(VIEWS, 0)
        while True:
            try:
                hello = yield from self._line.expect(Hello)
            except PeerRefused as end:
                said = _said(end)
                if said not in {Reason.DONE, Reason.NOT_SETTLED}:
                    raise
                with suppress(PeerUnreachable):  # it has said all it wanted to say
                    yield Send(Goodbye(Reason.DONE))
                return said if rounds[DATA] else Reason.NOT_SETTLED
            if hello.view == DATA and not rounds[CONTROL]:
                raise ProtocolBroken(rule="control before data")
            rounds[hello.view] += 1
            if rounds[hello.view] > ROUNDS_PER_VIEW_MAX:
                raise NotSettled(view=hello.view)
            yield from Answerer(hello, self._line, self._counts).answer()


def _said(end: PeerRefused) -> Reason:
    return heard(str(end.details["peer_reason"]))
