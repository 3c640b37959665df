"""Who is linked with whom: rows made from the records of links, as the rows of people are from theirs."""

# What is joined into statements here are this module's own constants; values are always bound.
# ruff: noqa: S608

from collections.abc import Iterator, Sequence
from typing import Final

from google.protobuf.message import DecodeError

from moyai.v1 import facets_pb2 as wire
from node.ledger.records import marks, parts
from node.ledger.store import Rows, Value
from node.records import kinds
from node.records.record import Record

SAME: Final = int(wire.Link.RELATION_SAME)
NOT_SAME: Final = int(wire.Link.RELATION_NOT_SAME)

INSERT: Final = "INSERT INTO links (number, slot, other, relation, clock) VALUES (?, ?, ?, ?, ?)"


def stood_for(stay: str) -> str:
    """Of a row of stays under this name in a statement: whether somebody linked as the same person stands in the same
    list of the same place already."""
    return f"""EXISTS (SELECT 1 FROM links same JOIN subjects other ON other.subject = same.other
        JOIN stays beside ON beside.number = other.number
        WHERE same.number = {stay}.number AND same.relation = {SAME} AND other.number < {stay}.number
        AND beside.place IS {stay}.place AND beside.state = {stay}.state)"""


def link_rows(number: int, heads: Sequence[Record]) -> Iterator[tuple[Value, ...]]:
    """The rows of one person, of each pair the newest word."""
    newest: dict[bytes, Record] = {}
    for record in heads:
        other = newest.get(record.slot)
        if record.facet == kinds.LINK and (other is None or record.newest_first > other.newest_first):
            newest[record.slot] = record
    for slot, record in newest.items():
        try:
            link = wire.Link.FromString(record.content)
        except DecodeError:  # kept before this was checked: links nobody
            continue
        yield number, slot, link.other, int(link.relation), record.clock


class LinksRead(Rows):
    """Questions about links."""

    def linked(self, subjects: Sequence[bytes]) -> dict[bytes, tuple[bytes, ...]]:
        """Those of these people who are linked, with everybody they are linked with as the same person."""
        found: dict[bytes, list[bytes]] = {}
        for part in parts(list(subjects)):
            sql = f"""SELECT s.subject, l.other FROM subjects s JOIN links l ON l.number = s.number
                WHERE s.subject IN ({marks(part)}) AND l.relation = {SAME}"""
            for subject, other in self._rows().execute(sql, part):
                found.setdefault(subject, []).append(other)
        return {subject: tuple(others) for subject, others in found.items()}

    def pairs_decided(self, *, limit: int = 100, offset: int = 0) -> list[tuple[bytes, bytes]]:
        """The pairs called the same or not the same, what was said last first; each once."""
        sql = f"""SELECT s.subject, l.other FROM links l JOIN subjects s ON s.number = l.number
            WHERE l.relation IN ({SAME}, {NOT_SAME}) AND NOT EXISTS (SELECT 1 FROM links n WHERE n.slot = l.slot
                AND (n.clock > l.clock OR (n.clock = l.clock AND n.number < l.number)))
            ORDER BY l.clock DESC LIMIT ? OFFSET ?"""
        return [(subject, other) for subject, other in self._rows().execute(sql, (limit, offset))]
