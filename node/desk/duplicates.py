"""Whether two entries are one person: pairs that wait, and the acts same, not the same and later.

Nothing is ever joined: what is said of a pair is a link record about each of the two, and a link can be undone.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from moyai.v1 import facets_pb2
from node.alike import Alike, portrait_of
from node.desk.post import Post
from node.desk.resemblance import PairView
from node.desk.showing import Showing
from node.desk.views import Done
from node.errors import LedgerRefused, PairOfOne
from node.ledger import Held
from node.people.facets import Link, from_content
from node.people.facets.kinds import LinkRelation
from node.people.matching import compare
from node.records.clock import milliseconds
from node.records.kinds import LINK
from node.records.subjects import pair_slot

FEW: Final = 10
"""Fewer than this have changed: they are compared before the number of pairs is told, in a tenth of a second."""

COMPARED_AT_ONCE: Final = 20
"""People compared whenever somebody opens the list, where no node runs beside the desk."""

LATER: Final = "later"
"""The reason of a link that says nothing yet: somebody has looked."""

_SAID: Final = {
    int(facets_pb2.Link.RELATION_SAME): "same",
    int(facets_pb2.Link.RELATION_NOT_SAME): "not_same",
    int(facets_pb2.Link.RELATION_UNDONE): "undone",
}


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The pairs of one desk."""

    post: Post
    showing: Showing

    @property
    def _alike(self) -> Alike:
        return Alike(self.post.ledger, now_ms=self.post.now_ms)

    # --- looking

    def count(self) -> int:
        """How many pairs wait, those included who came a moment ago; after a bulk load the node is still at it."""
        with suppress(LedgerRefused):  # busy or full: what was found before can be told all the same
            self._alike.catch_up(FEW)
        return self.post.ledger.alike_count()

    def waiting(self, *, limit: int = 100, offset: int = 0) -> list[PairView]:
        """The pairs nobody has decided: those nobody has looked at first, then the most alike. Logged as a read."""
        with suppress(LedgerRefused):
            self._alike.work_ahead(COMPARED_AT_ONCE)
        pairs = self.post.ledger.alike(limit=limit, offset=offset)
        return self._shown([(pair.first, pair.second) for pair in pairs])

    def decided(self, *, limit: int = 100, offset: int = 0) -> list[PairView]:
        """The pairs called the same or not the same, the last one first. Logged as a read."""
        return self._shown(self.post.ledger.pairs_decided(limit=limit, offset=offset))

    def pair(self, first: bytes, second: bytes) -> PairView:
        """Two people side by side. Logged as a read of both. Raises SubjectUnknown."""
        view = self._view(first, second)
        with self.post.pen.sheet(operator=self.post.operator, act="read") as sheet:
            for subject in (first, second):
                sheet.log("read", subject=subject, purpose="duplicates", count=1)
        return view

    # --- saying

    def same(self, first: bytes, second: bytes, *, reason: str = "") -> Done:
        """They are one person: shown as one from now on, each with everything said of them."""
        return self._say(first, second, LinkRelation.SAME, "same", reason)

    def not_same(self, first: bytes, second: bytes, *, reason: str = "") -> Done:
        """They are two: nobody is asked again."""
        return self._say(first, second, LinkRelation.NOT_SAME, "not-same", reason)

    def later(self, first: bytes, second: bytes) -> Done:
        """Left open: the pair goes on waiting, behind those nobody has looked at."""
        return self._say(first, second, LinkRelation.UNDONE, "later", LATER)

    def unlink(self, first: bytes, second: bytes, *, reason: str = "") -> Done:
        """What was said of the pair, whenever and by whom, is said no more; it waits again."""
        return self._say(first, second, LinkRelation.UNDONE, "unlink", reason)

    def _say(self, first: bytes, second: bytes, relation: LinkRelation, act: str, reason: str) -> Done:
        """Written about both, so that whoever looks at one of them finds the other.

        Raises:
            SubjectUnknown: this node knows nobody of that id; nothing is written then.
            PairOfOne: it is one entry, not two.
        """
        if first == second:
            raise PairOfOne
        for subject in (first, second):
            self.post.person(subject)
        slot = pair_slot(first, second)
        with self.post.pen.sheet(operator=self.post.operator, act=act, purpose="duplicates") as sheet:
            for subject, other in ((first, second), (second, first)):
                sheet.put(subject, LINK, Link(other=other, relation=relation, reason=reason), slot=slot)
            undo = sheet.remember(act, self.post.entropy(16))
        return Done((first, second), len(sheet.written), undo)

    # --- showing

    def _shown(self, pairs: list[tuple[bytes, bytes]]) -> list[PairView]:
        known = [pair for pair in pairs if all(self.post.ledger.person(subject) for subject in pair)]
        with self.post.pen.sheet(operator=self.post.operator, act="read") as sheet:
            sheet.log("read", purpose="duplicates", count=len(known))
        return [self._view(first, second) for first, second in known]

    def _view(self, first: bytes, second: bytes) -> PairView:
        rows = self.post.person(first), self.post.person(second)
        compared = compare(*map(portrait_of, rows))
        views = [self.showing.person(row) for row in rows]
        held = self._said_last(first, second)
        link = from_content(LINK, held.record.content) if held else None
        if held is None or not isinstance(link, Link):
            return PairView(views[0], views[1], compared)
        said = _SAID.get(int(link.relation), "")
        return PairView(
            views[0],
            views[1],
            compared,
            said=LATER if said == "undone" and link.reason == LATER else said,
            by=held.record.operator,
            organisation=held.record.organisation,
            at_ms=milliseconds(held.record.clock),
            reason="" if link.reason == LATER else link.reason,
        )

    def _said_last(self, first: bytes, second: bytes) -> Held | None:
        slot = pair_slot(first, second)
        said = [held for subject in (first, second) for held in self.post.ledger.heads(subject, LINK, slot)]
        return max((held for held in said if held.counts), key=lambda held: held.record.newest_first, default=None)
