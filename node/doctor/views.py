"""Whether what peers may have is what the rule says: of those who changed last, or by comparing everything."""

from collections.abc import Iterator
from typing import Final

from node.doctor.comparing import Comparison, differing
from node.doctor.finding import Finding, Grade
from node.installation import Installation
from node.peerbook import NodePeerBook
from sync.ports import Peer

SAMPLE: Final = 40
"""Subjects looked at for each peer, of those that changed last: a twentieth of a second."""
PEERS_MOST: Final = 20
NEWEST: Final = 400
"""Sequence numbers in which that many subjects are surely found."""


def look(node: Installation) -> Iterator[Finding]:
    """The newest subjects, for the peers met first; what is still being worked out is no fault."""
    book, rows, wrong, left = node.book(), 0, 0, 0
    met = list(node.ledger.organisations_of_peers().items())
    for peer, organisation in [one for one in met if one[1]][:PEERS_MOST]:
        compared, differ, to_do = _sample(node, book, Peer(peer, organisation))
        rows, wrong, left = rows + compared, wrong + differ, left + to_do
    values = {"rows": rows, "peers": min(len(met), PEERS_MOST)}
    if wrong:
        yield Finding("views", "wrong", Grade.BAD, {**values, "wrong": wrong})
    elif left:
        yield Finding("views", "behind", Grade.OK, {**values, "left": left})
    else:
        yield Finding("views", "sample_right", Grade.OK, values)


def of_comparisons(compared: list[Comparison]) -> Finding:
    """What comparing everything has come to."""
    wrong = sum(not one.well for one in compared)
    values = {"rows": sum(one.compared for one in compared), "wrong": wrong}
    return Finding("views", "wrong" if wrong else "all_right", Grade.BAD if wrong else Grade.OK, values)


def _sample(node: Installation, book: NodePeerBook, peer: Peer) -> tuple[int, int, int]:
    """How many rows were compared, how many subjects differ, and how many are yet to be worked out."""
    outbox = book.outbox(peer)
    worked = outbox.worked()
    if worked.done < worked.of:
        return 0, 0, worked.of - worked.done
    _, subjects = node.ledger.changed_after(max(0, node.ledger.newest_seq() - NEWEST), SAMPLE)
    rows, others = differing(node, outbox, peer.node, subjects)
    if others:  # written meanwhile, or by time alone due to be looked at again
        outbox.refresh()
        rows, others = differing(node, outbox, peer.node, others)
    return rows, len(others), 0
