"""Carries out an erasure record: deletes what it names and makes sure that it does not come back."""

from moyai.v1 import facets_pb2
from node.ledger import Writing
from node.records.record import Record
from node.records.version import VersionVector, dominates


def carry_out(writing: Writing, erasure: Record) -> list[bytes]:
    """Erase within the transaction that keeps the erasure record; returns the ids that are gone.

    With no facets named everything about the subject goes and its id is barred for good; else the versions of those facets that do not
    dominate `up_to` go and are barred.
    """
    said = facets_pb2.Erasure.FromString(erasure.content)
    if not said.facets:
        gone = writing.erase(erasure.subject)
        writing.suppress(erasure.subject, None, (), erasure.id)
        return gone
    facets = {int(facet) for facet in said.facets}
    up_to: VersionVector = tuple((entry.author, entry.counter) for entry in said.up_to)
    gone = [
        held.record.id
        for held in writing.about(erasure.subject)
        if held.record.facet in facets and not dominates(held.record.version, up_to)
    ]
    writing.erase_records(gone)
    writing.suppress(erasure.subject, facets, up_to, erasure.id)
    return gone
