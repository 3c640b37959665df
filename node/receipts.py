"""Signed receipts: what a node has erased on somebody's word, and which of its organisation's nodes still owe one."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from node.erasing import Erased
from node.errors import ContentMalformed
from node.ledger import Writing
from node.ledger.reading import Reading
from node.pen import OPERATOR, Pen, Sheet
from node.people.facets import Receipt, from_content
from node.records.kinds import RECEIPT
from node.records.record import Record


@dataclass(frozen=True, slots=True)
class Receipts:
    """What a node confirms with; a receipt stands in the transaction that erased."""

    pen: Pen
    now_ms: Callable[[], int]
    entropy: Callable[[int], bytes]

    def confirm(
        self, sheet: Sheet, subject: bytes, because_of: bytes, *, erased: int, given: Collection[bytes]
    ) -> None:
        """Write that so many records went because of this one.

        `given`: other nodes of our organisation that had some of it; those that have confirmed already are left out.
        """
        confirmed = {record.author for record, _ in _for(sheet.writing, subject, because_of)}
        receipt = Receipt(
            because_of=because_of,
            organisation=self.pen.organisation,
            erased=erased,
            at_ms=self.now_ms(),
            awaiting=tuple(sorted(set(given) - confirmed)),
        )
        sheet.put(subject, RECEIPT, receipt, slot=self.entropy(16))

    def confirm_erasure(self, writing: Writing, erasure: Record, erased: Erased) -> None:
        """The same for an erasure, in the transaction that has carried it out."""
        sheet = Sheet(self.pen, writing, OPERATOR)
        own = own_nodes(writing, self.pen.organisation)
        self.confirm(sheet, erasure.subject, erasure.id, erased=len(erased.ids), given=own & erased.given)
        sheet.close("receipt", "")


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Who has confirmed that they hold nothing more of what one record has called back."""

    organisations: frozenset[str]
    """Those of which every node that was known to hold some of it has confirmed."""
    awaited: Mapping[str, int]
    """Those of which some have, and how many nodes are still awaited."""


def confirmations(ledger: Reading, subject: bytes, because_of: bytes) -> Confirmations:
    """How far a withdrawal, an erasure or a protection has come."""
    authors: dict[str, set[bytes]] = {}
    owing: dict[str, set[bytes]] = {}
    for record, receipt in _for(ledger, subject, because_of):
        authors.setdefault(record.organisation, set()).add(record.author)
        owing.setdefault(record.organisation, set()).update(receipt.awaiting)
    awaited = {code: len(owing[code] - authors[code]) for code in authors}
    return Confirmations(
        frozenset(code for code, count in awaited.items() if not count),
        {code: count for code, count in awaited.items() if count},
    )


def _for(ledger: Reading, subject: bytes, because_of: bytes) -> Iterator[tuple[Record, Receipt]]:
    for head in ledger.heads(subject, RECEIPT):
        try:
            receipt = from_content(RECEIPT, head.record.content)
        except ContentMalformed:  # kept before this was checked: confirms nothing
            continue
        if isinstance(receipt, Receipt) and receipt.because_of == because_of:
            yield head.record, receipt


def own_nodes(ledger: Reading, here: str) -> frozenset[bytes]:
    """The other nodes of our own organisation with which we have ever spoken."""
    return frozenset(node for node, organisation in ledger.organisations_of_peers().items() if organisation == here)
