"""This node's own clock when it has gone far ahead: noticed, told, and on somebody's word brought back.

The hybrid clock follows the wall clock up and never goes back, so an hour with the wall clock a year ahead would leave
all that is said here set aside elsewhere for a year. Bringing it back is for a person who has looked at the wall clock:
what was said meanwhile is said again, by the right time, and stands in place of what it said. The counters go on, so
that what others see is only what is newer (decision 0010).
"""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from node.ledger import Ledger
from node.pen import Pen
from node.people.facets import from_content, to_content
from node.records.clock import milliseconds
from node.records.kinds import CONTROL, ERASURE, PERSON_CONTROL, RECEIPT, STAY
from node.records.record import Record
from sync.limits import CLOCK_AHEAD_MS_MAX

ACT: Final = "clock-back"
OPERATOR: Final = "moyai"
"""Who says again what was said: the node, for whoever said it."""
AT_ONCE: Final = 200
HAVE_PASSED: Final = frozenset(
    {
        "since_ms",
        "confirmed_at_ms",
        "from_ms",
        "at_ms",
        "observed_at_ms",
        "withdrawn_at_ms",
        "given_at_ms",
    }
)
"""Fields that tell when something was, of whatever facet."""
NOT_SAID_AGAIN: Final = frozenset({ERASURE, RECEIPT})
"""They wait for no clock, and each is said once."""


def ahead_ms(ledger: Ledger, now_ms: int) -> int:
    """By how much the clock that records are given is ahead of the wall clock; 0 where others do not mind."""
    ahead = milliseconds(ledger.clock()) - now_ms
    return ahead if ahead > CLOCK_AHEAD_MS_MAX else 0


def bring_back(ledger: Ledger, pen: Pen) -> int:
    """Go by the wall clock again, and say again what was said ahead of it. Returns how many records that was.

    Safe to repeat; after a crash in the middle the rest is said by the next call.
    """
    now = pen.now_ms()
    if ahead_ms(ledger, now):
        with pen.sheet(operator=OPERATOR, act=ACT) as sheet:
            sheet.writing.turn_clock_back(now)
            sheet.log(ACT)
        ledger.settle_mark()
    early = [
        held.record
        for held in ledger.own_heads(pen.node)
        if milliseconds(held.record.clock) - now > CLOCK_AHEAD_MS_MAX and held.record.facet not in NOT_SAID_AGAIN
    ]
    rest = iter(early)
    while batch := list(islice(rest, AT_ONCE)):
        _say_again(pen, batch)
    return len(early)


def _say_again(pen: Pen, records: Sequence[Record]) -> None:
    with pen.sheet(operator=OPERATOR, act=ACT) as sheet:
        for record in records:
            content = _righted(record, pen.now_ms())
            sheet.put_anew(record.subject, record.facet, content, slot=record.slot, kind=int(record.subject_kind))


def _righted(record: Record, now_ms: int) -> bytes:
    """What it says, moments that have passed when it was said no later than now: they are of the same wrong clock."""
    if record.facet in CONTROL - PERSON_CONTROL:  # of the federation: signed as they stand
        return record.content
    said = from_content(record.facet, record.content)
    if said is None:
        return record.content
    names = HAVE_PASSED & set(type(said).model_fields) | ({"until_ms"} if record.facet == STAY else set())
    late = {name: now_ms for name in names if (getattr(said, name, None) or 0) > now_ms}
    return to_content(said.model_copy(update=late), record.content) if late else record.content
