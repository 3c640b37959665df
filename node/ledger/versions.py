"""Writes a version vector into a column, and tells which records of one slot are heads."""

from collections.abc import Iterable

from moyai.v1 import record_pb2 as wire
from node.records.version import VersionVector, dominates


def to_column(version: VersionVector) -> bytes:
    """As the version fields of a body, serialised."""
    return wire.Body(
        version=[wire.VersionEntry(author=author, counter=counter) for author, counter in version]
    ).SerializeToString(deterministic=True)


def from_bytes(body: bytes) -> VersionVector:
    """The version vector of a body, or of what `to_column` wrote."""
    return tuple((entry.author, entry.counter) for entry in wire.Body.FromString(body).version)


def is_buried(version: VersionVector, counts: bool, others: Iterable[tuple[VersionVector, bool]]) -> bool:
    """Whether one of the others puts an end to this record.

    A record that does not count buries no record that does: or anyone could lift a protection by writing a later one.
    """
    return any((other_counts or not counts) and dominates(other, version) for other, other_counts in others)
