"""What a lost laptop held: about whom, which facets, who of them is protected. For whoever must be told of the loss."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from node.errors import NodeUnknown
from node.installation import Installation
from node.ledger import AuditEntry
from node.records.kinds import PERSON_CONTROL, facet_name

AT_ONCE = 500
ACT = "export"
PURPOSE = "correction"


@dataclass(frozen=True, slots=True)
class HeldPerson:
    """One person about whom it held something."""

    subject: bytes
    name: str
    """As this node has it; empty where nothing is held here any more."""
    phone: str
    protected: bool
    facets: tuple[str, ...]


def held_by(node: Installation, lost: bytes, *, operator: str) -> list[HeldPerson]:
    """Everybody about whom records had passed between this node and that one, either way. Logged.

    Raises:
        NodeUnknown: this node has never exchanged with it.
    """
    ledger = node.ledger
    if lost not in ledger.organisations_of_peers():
        raise NodeUnknown(node=lost.hex()[:8])
    subjects = sorted(ledger.subjects_held_by(lost))
    found: list[HeldPerson] = []
    for start in range(0, len(subjects), AT_ONCE):
        found += _held(node, lost, subjects[start : start + AT_ONCE])
    with ledger.write() as writing:
        writing.log(
            AuditEntry(
                at_ms=node.now_ms(),
                act=ACT,
                operator=operator,
                node=node.key.node,
                organisation=node.config.organisation,
                purpose=PURPOSE,
                count=len(found),
            )
        )
    return found


def counted(people: Sequence[HeldPerson]) -> dict[str, int]:
    """How many people there are of each facet, the most first."""
    return dict(Counter(facet for one in people for facet in one.facets).most_common())


def _held(node: Installation, lost: bytes, subjects: Sequence[bytes]) -> list[HeldPerson]:
    about = node.ledger.about_many(subjects)
    facet_of = {held.record.id: held.record.facet for some in about.values() for held in some}
    passed = set(node.ledger.shared_with(list(facet_of)).get(lost, ()))
    found = []
    for subject, some in about.items():
        facets = {one.record.facet for one in some if one.record.id in passed} - PERSON_CONTROL
        row = node.ledger.person(subject)
        found.append(
            HeldPerson(
                subject=subject,
                name=row.name if row else "",
                phone=row.phone if row else "",
                protected=bool(row and row.protected),
                facets=tuple(facet_name(facet) for facet in sorted(facets)),
            )
        )
    return found
