"""Carries out an erasure record: deletes what it names and makes sure that it does not come back."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from moyai.v1 import facets_pb2
from node.ledger import Writing
from node.records.record import Record
from node.records.version import VersionVector
from node.release.known import SubjectKnown


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure has taken here."""

    ids: Sequence[bytes]
    given: Set[bytes]
    """Nodes to or from which some of it has gone."""


def carry_out(writing: Writing, erasure: Record, known: SubjectKnown) -> Erased:
    """Erase within the transaction that keeps the erasure record.

    With no facets named everything about the subject goes, and its id is barred for good. Else the versions of those
    facets go that do not dominate `up_to`, or of a mistake those that it covers; where the author is no more than an
    author, its own only. `known` includes the erasure.
    """
    said = facets_pb2.Erasure.FromString(erasure.content)
    about = [held.record for held in writing.about(erasure.subject)]
    if not said.facets:
        given = writing.shared_with([record.id for record in about]).keys()
        gone = writing.erase(erasure.subject, None, keep_control=False)
        writing.suppress(erasure.subject, None, (), erasure.id)
        return Erased(gone, given)
    gone = [record.id for record in about if known.erased_by(record)]
    given = writing.shared_with(gone).keys()
    writing.erase_records(gone)
    if said.ground != facets_pb2.Erasure.GROUND_MISTAKE and erasure.organisation in known.erasers:
        up_to: VersionVector = tuple((entry.author, entry.counter) for entry in said.up_to)
        writing.suppress(erasure.subject, {int(facet) for facet in said.facets}, up_to, erasure.id)
    return Erased(gone, given)


def is_of_a_mistake(erasure: Record) -> bool:
    """Whether it only takes back what was written in error; nobody has to confirm that."""
    return facets_pb2.Erasure.FromString(erasure.content).ground == facets_pb2.Erasure.GROUND_MISTAKE
