"""Answers a version vector that claims more of this node than it ever issued: nothing it says stays buried.

The false record itself stays in quarantine, as evidence. But third towns can't know that the claim is false: to them
the records this node issues next would be old. So the node counts on from above the claim, and says again what it last
said in that place.
"""

from typing import Final

from node.knowing import known_of
from node.ledger import Ledger
from node.pen import OPERATOR, Pen
from node.records.record import Record, open_record

VERSION_CLAIM: Final = "VERSION_CLAIM"
CLAIM_MAX: Final = 1 << 62
"""Above this there is no room to write: 2^22 incarnations of 2^40 records are left below it."""

AT_ONCE: Final = 100


class CounterClaims:
    """Looks through the claims that were set aside."""

    def __init__(self, ledger: Ledger, pen: Pen) -> None:
        self._ledger = ledger
        self._pen = pen

    def answer(self) -> int:
        """Write above every claim that has not been answered. Returns how many records were said again."""
        written = 0
        for aside in self._ledger.quarantined(reason=VERSION_CLAIM, limit=AT_ONCE):
            record = open_record(aside.sealed)
            claimed = dict(record.version).get(self._pen.node, 0)
            if self._ledger.counter() < claimed < CLAIM_MAX and self._is_heard(record):
                written += self._write_above(record, claimed)
        return written

    def _is_heard(self, record: Record) -> bool:
        """Whether third towns would take the record: who holds nothing of the person is heard by nobody."""
        organisations = self._ledger.organisations_of_peers()
        known = known_of(self._ledger, record.subject, self._pen.organisation, organisations)
        return record.organisation in known.holders

    def _write_above(self, record: Record, claimed: int) -> int:
        with self._pen.sheet(operator=OPERATOR, act="write-above") as sheet:
            sheet.writing.skip_to(claimed)
            heads = sheet.heads(record.subject, record.facet, record.slot)
            own = [head for head in heads if head.author == self._pen.node]
            if own:
                sheet.put_anew(record.subject, record.facet, own[0].content, slot=record.slot, kind=record.subject_kind)
        return len(sheet.written)
