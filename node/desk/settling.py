"""Contradictions: two statements of equal standing; one is chosen, or one is made of both, field by field.

What is written dominates every head, so that it stands alone everywhere; what it replaces stays in the history. An
undo writes again what was shown before: no node can bring back two heads, since it has seen both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from moyai.v1 import record_pb2
from node.desk.post import Post
from node.desk.saying import told_by_name
from node.desk.showing import Showing
from node.desk.views import Done
from node.errors import ContentMalformed, NotSettledHere, SettledMeanwhile
from node.ledger import Held
from node.people.facets import FacetModel, from_content, to_content
from node.records import kinds
from node.records.clock import milliseconds

_PERSON: Final = int(record_pb2.SUBJECT_KIND_PERSON)
_PLACE: Final = int(record_pb2.SUBJECT_KIND_PLACE)
SETTLED: Final = frozenset(range(kinds.RESIDENT, kinds.CLOSURE + 1)) | {kinds.PLACE, kinds.STATUS}
"""Facets a desk may settle. Erasures, receipts and what organisations sign are decided elsewhere."""


ID_SHOWN: Final = 8
"""Of an id that only machines read, so many letters tell two apart."""

_NOTHING: Final = (None, "", (), b"", 0)


@dataclass(frozen=True, slots=True)
class Version:
    """One of the statements that contradict each other."""

    record: bytes
    """Id of the record."""
    organisation: str
    device: str
    """What the node that wrote it is called where it is one of ours, else the beginning of its id."""
    operator: str
    at_ms: int
    fields: Mapping[str, str]
    """What it says, field by field, as one line of text each; what it leaves out is not there."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements about one thing of which none has put an end to the other."""

    subject: bytes
    facet: int
    slot: bytes
    facet_word: str
    about: str
    """The name of the person or place."""
    versions: tuple[Version, ...]
    """The one that is shown until then first."""
    can_settle: bool

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that some version has, in the order of the schema."""
        return tuple(dict.fromkeys(name for version in self.versions for name in version.fields))

    @property
    def of_one_town(self) -> bool:
        """Whether one organisation said all of it: then its name tells nothing apart."""
        return len({version.organisation for version in self.versions}) == 1

    def differs(self, field: str) -> bool:
        """Whether the versions say different things there."""
        return len({version.fields.get(field, "") for version in self.versions}) > 1


@dataclass(frozen=True, slots=True)
class Settling:
    """The contradictions of one desk."""

    post: Post
    showing: Showing

    def waiting(self, *, limit: int = 100, offset: int = 0) -> list[Contradiction]:
        """Those nobody has settled. Logged as a read."""
        found = self.post.ledger.conflicts()[offset : offset + limit]
        self._log(count=len(found))
        return [self._shown(*each) for each in found]

    def of(self, subject: bytes) -> list[Contradiction]:
        """Those about one person or place. Logged as a read."""
        found = [each for each in self.post.ledger.conflicts() if each[0] == subject]
        self._log(count=1, subject=subject)
        return [self._shown(*each) for each in found]

    def choose(self, seen: Contradiction, record: bytes) -> Done:
        """One version stands, as it is. Raises as `combine`."""
        return self.combine(seen, record, {})

    def combine(self, seen: Contradiction, record: bytes, fields: Mapping[str, bytes]) -> Done:
        """One version stands, with some fields as other versions have them.

        Args:
            seen: the contradiction as it was shown.
            record: id of the version that stands for every field not named.
            fields: field to the id of the version whose word it is.

        Raises:
            NotSettledHere: the facet is not for a desk to decide.
            SettledMeanwhile: other statements stand now than were shown; nothing is written then.
        """
        if not self._can_settle(seen.facet, seen.slot):
            raise NotSettledHere(facet=seen.facet_word)
        with self.post.pen.sheet(operator=self.post.operator, act="settle", purpose="correction") as sheet:
            heads = {head.id: head.content for head in sheet.heads(seen.subject, seen.facet, seen.slot)}
            if set(heads) != {version.record for version in seen.versions} or record not in heads:
                raise SettledMeanwhile
            if not set(fields.values()) <= set(heads):
                raise SettledMeanwhile
            content = _combined(seen.facet, heads, record, fields)
            kind = _PLACE if seen.facet in (kinds.PLACE, kinds.STATUS) else _PERSON
            sheet.put_anew(seen.subject, seen.facet, content, slot=seen.slot, kind=kind)
            undo = sheet.remember("settle", self.post.entropy(16))
        return Done((seen.subject,), len(sheet.written), undo)

    def _shown(self, subject: bytes, facet: int, slot: bytes) -> Contradiction:
        heads = self.post.ledger.heads(subject, facet, slot)
        return Contradiction(
            subject=subject,
            facet=facet,
            slot=slot,
            facet_word=kinds.facet_name(facet),
            about=self._about(subject),
            versions=tuple(map(self._version, heads)),
            can_settle=self._can_settle(facet, slot),
        )

    def _can_settle(self, facet: int, slot: bytes) -> bool:
        """A protection is settled by whoever set it: from anybody else a statement about it does not count."""
        return facet in SETTLED and (facet != kinds.PROTECTION or slot == self.post.organisation.encode())

    def _about(self, subject: bytes) -> str:
        row = self.post.ledger.person(subject)
        if row is None:
            return self.showing.place_name(subject)
        return row.name

    def _version(self, held: Held) -> Version:
        record, said = held.record, _read(held.record.facet, held.record.content)
        values = {name: getattr(said, name) for name in type(said).model_fields} if said else {}
        return Version(
            record=record.id,
            organisation=record.organisation,
            device=self.post.neighbours.label(record.organisation, record.author) or record.author.hex()[:ID_SHOWN],
            operator=record.operator,
            at_ms=milliseconds(record.clock),
            fields={name: self._told(name, value) for name, value in values.items() if value not in _NOTHING},
        )

    def _told(self, field: str, value: object) -> str:
        """A place by its name, everything else as it is said everywhere."""
        name = self.showing.place_name(value) if field == "place" and isinstance(value, bytes) else ""
        return name or told_by_name(value, self.showing.place_name)

    def _log(self, *, count: int, subject: bytes | None = None) -> None:
        with self.post.pen.sheet(operator=self.post.operator, act="read") as sheet:
            sheet.log("read", subject=subject, purpose="correction", count=count)


def _combined(facet: int, heads: Mapping[bytes, bytes], record: bytes, fields: Mapping[str, bytes]) -> bytes:
    """The content, with what newer versions of the program know of the chosen one carried over."""
    chosen = heads[record]
    if not fields:
        return chosen
    base = from_content(facet, chosen)
    if base is None:
        raise NotSettledHere(facet=kinds.facet_name(facet))
    others = {id_: from_content(facet, heads[id_]) for id_ in set(fields.values())}
    return to_content(
        base.model_copy(update={name: getattr(others[id_], name) for name, id_ in fields.items()}), chosen
    )


def _read(facet: int, content: bytes) -> FacetModel | None:
    try:
        return from_content(facet, content)
    except ContentMalformed:  # kept before this was checked: it says nothing that can be shown
        return None
