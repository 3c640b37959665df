"""Carries out an erasure record: deletes what it names and makes sure that it does not come back."""

from moyai.v1 import facets_pb2
from node.ledger import Writing
from node.records.record import Record
from node.records.version import VersionVector
from node.release.known import SubjectKnown


def carry_out(writing: Writing, erasure: Record, known: SubjectKnown) -> list[bytes]:
    """Erase within the transaction that keeps the erasure record; returns the ids that are gone.

    With no facets named everything about the subject goes, and its id is barred for good. Else the versions of those
    facets go that do not dominate `up_to`, or of a mistake those that it covers; where the author is no more than an
    author, its own only. `known` includes the erasure.
    """
    said = facets_pb2.Erasure.FromString(erasure.content)
    if not said.facets:
        gone = writing.erase(erasure.subject, None, keep_control=False)
        writing.suppress(erasure.subject, None, (), erasure.id)
        return gone
    gone = [held.record.id for held in writing.about(erasure.subject) if known.erased_by(held.record)]
    writing.erase_records(gone)
    if said.ground != facets_pb2.Erasure.GROUND_MISTAKE and erasure.organisation in known.erasers:
        up_to: VersionVector = tuple((entry.author, entry.counter) for entry in said.up_to)
        writing.suppress(erasure.subject, {int(facet) for facet in said.facets}, up_to, erasure.id)
    return gone
