"""One conversation between two nodes as a state machine, the same for who dialled and who was called. Pure.

The steps are generators that yield an effect and are handed its result, so that the code reads in the order of the
specification: greetings, rosters, turns in which both views are compared, rests between them, goodbye. Whoever drives
a session does what `start` and every `resume` returns, until `Finished`.
"""

from collections.abc import Callable
from contextlib import suppress

from sync.effects import (
    AskAuditDue,
    CheckGreeting,
    Counts,
    Effect,
    Finished,
    Outcome,
    ReadRoster,
    Receive,
    Rest,
    Send,
    TakeRoster,
    Woken,
)
from sync.errors import (
    LimitPassed,
    MoyaiError,
    NoCommonVersion,
    PeerRefused,
    PeerUnreachable,
    ProtocolBroken,
    WrongFederation,
)
from sync.frames import DATA, VIEWS, Audit, Check, Frame, Goodbye, Greeting, Hello, News, Roster
from sync.limits import GREETING_BYTES_MAX, ROSTER_BYTES_MAX, ROUNDS_PER_VIEW_MAX
from sync.reasons import Reason, heard, said_for
from sync.steps import Line, Scans, Steps, TalliedCounts, speaks_of
from sync.table import Table
from sync.turns import AUDITS_MOST, Answers, Turns

CHECK_S = 60.0
"""How often a resting conversation is asked whether both views are still equal: half of what counts as silence."""


CHECKS_MAX = 1_440
"""After so many a new conversation is begun: who the peer is, and our rosters, are looked at once a day."""


FORGIVEN_AFTER = 60
"""After so many checks what the other side has refused is offered again."""


class Session:
    """One conversation.

    After `start`, every effect is answered by `resume` with its result or by `fail` with the error it ended in; `fail`
    may also be called with `Stopping` in place of any answer. Both return the next effect.
    """

    def __init__(
        self, greeting: Greeting, *, dialled: bool, entropy: Callable[[int], bytes], stays: bool = False
    ) -> None:
        """A conversation.

        Args:
            greeting: what we say first.
            dialled: whether we opened the line, and so lead.
            entropy: random bytes, as many as asked for.
            stays: as the side that dialled, rest when everything is settled, rather than part.
        """
        self._greeting = greeting
        self._dialled = dialled
        self._stays = stays
        self._checks = 0
        self._line = Line()
        counts = TalliedCounts()
        self._table = Table(self._line, counts, Scans(counts), entropy)
        self._steps = self._from_greeting_to_goodbye()
        self._otherwise = Reason.STORE_FAILED
        """What we say goodbye with when the node refuses for a reason that is not for the peer."""
        self._over: Finished | None = None

    @property
    def counts(self) -> Counts:
        """What has been moved so far."""
        return self._table.counts.frozen()

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
            return Outcome(reason, not self._dialled, self._table.counts.frozen())
        except PeerRefused as end:
            said = _said(end)
            early = Reason.PROTOCOL_BROKEN if said is Reason.DONE else said
            return Outcome(early, True, self._table.counts.frozen())
        except PeerUnreachable as error:
            return Outcome(error.reason, False, self._table.counts.frozen())
        except MoyaiError as error:
            return (yield from self._leave(said_for(error, self._otherwise), error.reason))

    def _leave(self, said: Reason, reason: str) -> Steps[Outcome]:
        with suppress(MoyaiError):  # nobody is left to hear it, or the other side has said its own
            yield Send(Goodbye(said))
        return Outcome(reason, False, self._table.counts.frozen())

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
        """Turn after turn: until everything is settled, or as long as the conversation is to stay."""
        said = yield from self._turns()
        yield Send(Goodbye(said))
        with suppress(MoyaiError):  # everything is said already: an answer is a courtesy
            yield from self._line.hear()
        return said

    def _turns(self) -> Steps[Reason]:
        turns = Turns(self._table)
        unproved = 0
        while (yield from turns.take()):
            if not turns.proved:
                unproved += 1
                if self._stays or unproved < ROUNDS_PER_VIEW_MAX:
                    continue
                return Reason.NOT_SETTLED
            if not (yield from turns.audit_if_due()):
                return Reason.NOT_SETTLED
            if not self._stays or self._checks >= CHECKS_MAX:
                return Reason.DONE
            yield from self._rest_until_news(turns)
        return Reason.NOT_SETTLED

    def _rest_until_news(self, turns: Turns) -> Steps[None]:
        """Nothing is owed: wait for news of either side, and see from time to time whether that is still so."""
        while not self._line.news:
            woken: Frame | Woken | None = yield Rest(CHECK_S, Outcome(Reason.DONE, False, self._table.counts.frozen()))
            if woken is Woken.NEWS:
                if (yield from turns.has_news()):
                    return
            elif woken is Woken.TIME:
                self._line.worthwhile()
                self._checks += 1
                if not self._checks % FORGIVEN_AFTER:
                    turns.forget_refusals()
                if self._checks >= CHECKS_MAX or not (yield from turns.check()):
                    return
                if turns.audits < AUDITS_MOST and (yield AskAuditDue()):
                    return  # the next turn ends with it
            elif self._line.known(woken) is not None:
                raise ProtocolBroken(expected="NEWS", got=type(woken).__name__)

    def _called(self) -> Steps[Reason]:
        """Answers whatever the dialler begins, until goodbye."""
        answers = Answers(self._table)
        while True:
            try:
                frame = yield from self._next_or_news(answers)
            except PeerRefused as end:
                said = _said(end)
                if said not in {Reason.DONE, Reason.NOT_SETTLED}:
                    raise
                return (yield from self._part(said, answers))
            match frame:
                case Hello():
                    speaks_of(frame.view, VIEWS)
                    yield from answers.hello(frame)
                case Check():
                    yield from answers.check(frame)
                case Audit():
                    speaks_of(frame.view, VIEWS)
                    yield from answers.audit(frame)
                case _:
                    raise ProtocolBroken(expected="HELLO", got=type(frame).__name__)

    def _next_or_news(self, answers: Answers) -> Steps[Frame]:
        """The dialler's next step; meanwhile it is told, once, when there is something new here."""
        told = False
        while True:
            if self._line.has_held_back:
                return (yield from self._line.hear())
            heard: Frame | Woken | None = (
                yield Rest(None, Outcome(Reason.DONE, False, self._table.counts.frozen()))
                if DATA in answers.roots
                else Receive()
            )
            if isinstance(heard, Woken):
                if not told and (yield from answers.has_news()):
                    yield Send(News())
                    self._table.sent_ahead.clear()
                    told = True
                continue
            frame = self._line.known(heard)
            if frame is not None:
                return frame

    def _part(self, said: Reason, answers: Answers) -> Steps[Reason]:
        """The dialler has said goodbye. That is its word and no proof: nothing is marked for it."""
        agreed = said if DATA in answers.roots else Reason.NOT_SETTLED
        with suppress(MoyaiError):  # it has said all it wanted to say
            yield Send(Goodbye(agreed))
        return agreed


def _said(end: PeerRefused) -> Reason:
    return heard(str(end.details["peer_reason"]))
