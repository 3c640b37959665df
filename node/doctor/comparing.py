"""Looks whether what the ledger keeps by addition is what follows from its records, and sets right what is not.

Each says what it compared; it reads only, unless it is to repair. Another is another entry in `COMPARISONS`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from node.clock_ahead import ahead_ms, bring_back
from node.installation import Installation
from node.ledger import Contact, ViewRow
from node.views import PeerViews
from sync.ports import Peer

SUBJECTS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one comparison found in one place."""

    check: str
    """Its name in `COMPARISONS`."""
    compared: int
    """How many things were compared: ids, rows."""
    wrong: int
    """How many were not as they should be; of sums, which are right or not, one."""
    repaired: bool = False
    organisation: str = ""
    """Of the peer whose view it is; empty where it is nobody's."""
    node: bytes = b""
    view: int | None = None
    """One of `moyai.v1.View`; None: both."""

    @property
    def well(self) -> bool:
        """Whether it is now as it should be."""
        return not self.wrong or self.repaired


def compare(node: Installation, *, repair: bool, without: Sequence[str] = ()) -> Iterator[Comparison]:
    """Make all comparisons but those `without`, one after the other."""
    for name, check in COMPARISONS.items():
        if name not in without:
            yield from check(node, repair)


def _sums(node: Installation, repair: bool) -> Iterator[Comparison]:
    """Count, root and sketch of each view against all its ids."""
    ledger = node.ledger
    organisations = ledger.organisations_of_peers()
    for peer, view in ledger.views_kept():
        with ledger.one_moment():
            found = ledger.check_sums(peer, view)
        if repair and not found.equal:
            with ledger.write() as writing:
                writing.repair_sums(peer, view)
        wrong = int(not found.equal)
        yield Comparison("sums", found.ids, wrong, bool(repair and wrong), organisations.get(peer, ""), peer, view)


def _waiting(node: Installation, repair: bool) -> Iterator[Comparison]:
    """Whether what a view names as waiting is what has not passed."""
    rows, wrong = node.ledger.check_waiting()
    if repair and wrong:
        with node.ledger.write() as writing:
            writing.repair_waiting()
    yield Comparison("waiting", rows, wrong, bool(repair and wrong))


def _rows(node: Installation, repair: bool) -> Iterator[Comparison]:
    """The rows of each view, brought up to date, against the rule applied to every subject."""
    for contact in node.ledger.peers():
        if not contact.organisation:
            continue
        outbox = node.book().outbox(Peer(contact.node, contact.organisation))
        yield _rows_of(node, outbox, contact, repair)


def _rows_of(node: Installation, outbox: PeerViews, contact: Contact, repair: bool) -> Comparison:
    outbox.refresh()
    compared, suspect, as_of = 0, list[bytes](), 0
    while True:
        as_of, subjects = node.ledger.changed_after(as_of, SUBJECTS_AT_ONCE)
        if not subjects:
            break
        rows, others = differing(node, outbox, contact.node, subjects)
        compared += rows
        suspect += others
    # What was written meanwhile is no fault: who seemed wrong is looked at once more.
    outbox.refresh()
    wrong = [one for one in suspect if differing(node, outbox, contact.node, [one])[1]]
    if repair and wrong:
        with node.ledger.write() as writing:
            writing.recheck_now(contact.node, wrong)
        outbox.refresh()
    return Comparison("rows", compared, len(wrong), bool(repair and wrong), contact.organisation, contact.node)


def differing(
    node: Installation, outbox: PeerViews, peer: bytes, subjects: Sequence[bytes]
) -> tuple[int, Sequence[bytes]]:
    """How many rows these subjects have; and the subjects themselves, unless their rows are those of the rule."""
    kept, ruled = _by_record(node.ledger.view_rows_about(peer, subjects)), _by_record(outbox.rows_by_rule(subjects))
    if kept == ruled:
        return len(kept), ()
    if len(subjects) == 1:
        return len(kept), subjects
    halves = subjects[: len(subjects) // 2], subjects[len(subjects) // 2 :]
    return len(kept), [one for half in halves for one in differing(node, outbox, peer, half)[1]]


def _by_record(rows: Sequence[ViewRow]) -> dict[bytes, ViewRow]:
    return {row.record: row for row in rows}


def _clock(node: Installation, repair: bool) -> Iterator[Comparison]:
    """Whether what is written here is given a time that others would wait for."""
    is_ahead = ahead_ms(node.ledger, node.now_ms()) > 0
    said_again = bring_back(node.ledger, node.pen) if repair else 0
    yield Comparison("clock", 1, int(is_ahead or said_again > 0), repair and (is_ahead or said_again > 0))


COMPARISONS: Final[Mapping[str, Callable[[Installation, bool], Iterator[Comparison]]]] = {
    "clock": _clock,
    "waiting": _waiting,
    "rows": _rows,
    "sums": _sums,
}
"""In the order in which what one repairs is there for the next."""
