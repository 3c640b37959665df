"""Disasters as an organisation declares, closes and reopens them: the close is what starts the retention period."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from moyai.v1 import record_pb2
from node.desk.fields import naming_the_field
from node.desk.post import Post
from node.desk.rights import Right
from node.disasters import held_disasters
from node.errors import DisasterNotYours, DisasterStands, DisasterUnknown, NotEnrolled, NothingToGoBy
from node.people.facets import Disaster
from node.records.kinds import DISASTER
from node.records.subjects import minted_by
from node.release.federation import Federation
from node.release.statements import DAY_MS

if TYPE_CHECKING:
    from node.retention_of_people import Foretold

SHORT: Final = 8
"""So many digits of an id name a disaster: of 16 random bytes no two begin alike in them."""
KIND: Final = int(record_pb2.SUBJECT_KIND_DISASTER)


@dataclass(frozen=True, slots=True)
class DisasterView:
    """One disaster, open or closed."""

    disaster: bytes
    """Its subject."""
    name: str
    area: tuple[str, ...]
    from_ms: int
    closed_at_ms: int | None
    """When it was closed; None: it is open."""
    organisation: str
    """Who said so last."""
    ours: bool
    """Whether this organisation may close and reopen it."""
    contested: bool = False
    """Whether several have said different things at once; while one of them says that it is open, nothing runs."""

    @property
    def code(self) -> str:
        """What a person types for it where names are alike."""
        return self.disaster.hex()[:SHORT]

    def is_meant(self, which: str) -> bool:
        """Whether `which` is its name, its code or more of its id."""
        return which == self.name or (len(which) >= SHORT and self.disaster.hex().startswith(which.lower()))


@dataclass(frozen=True, slots=True)
class Following:
    """What the close of a disaster sets going."""

    disaster: DisasterView
    people: int
    """Of how many people this organisation would erase what is held, as their rows tell where they live and stay."""
    held_back: int
    """How many more there are that another open disaster keeps."""
    from_ms: int
    """Not before that day."""


class Disasters:
    """The disasters of one organisation's realm; `federation` says what that is, and raises NotEnrolled where there is
    none. To list what is known takes none: nothing of it is this organisation's to close then."""

    def __init__(
        self,
        post: Post,
        federation: Callable[[], Federation],
        *,
        retention_days: int,
        foretold: "Callable[[], Foretold]",
    ) -> None:
        self._post = post
        self._federation = federation
        self._retention_days = retention_days
        self._foretold = foretold

    def listed(self) -> list[DisasterView]:
        """Every disaster that is known here, of all organisations, the newest first."""
        heads: dict[bytes, list[tuple[str, Disaster]]] = {}
        for held, said in held_disasters(self._post.ledger):
            heads.setdefault(held.record.subject, []).append((held.record.organisation, said))
        views = [self._view(subject, words) for subject, words in heads.items()]
        return sorted(views, key=lambda view: (view.from_ms, view.disaster), reverse=True)

    def foretold(self) -> "Foretold":
        """Of how many people what is held goes soon, and from when on."""
        return self._foretold()

    @naming_the_field()
    def declare(self, name: str, *, area: Sequence[str] = (), from_ms: int | None = None) -> DisasterView:
        """Declare one. Without an area: a municipality itself, or every municipality of the prefecture that is a
        member.

        Raises:
            NothingToGoBy: the name is empty.
            NotEnrolled: there is no federation that could know of it.
            DisasterNotYours: the area is not, or reaches beyond, the organisation's own.
        """
        if not name.strip():
            raise NothingToGoBy
        own = self._federation().municipalities_of(self._post.organisation)
        said = Disaster(
            name=name.strip(),
            area=tuple(sorted(set(area) or own)),
            from_ms=self._post.now_ms() if from_ms is None else from_ms,
        )
        self._need_own(said.area)
        return self._write(self._post.entropy(16), said, act="declare-disaster")

    def following(self, which: str) -> Following:
        """What would follow if it were closed now. Raises as `close` does."""
        self._post.need(Right.CLOSE_DISASTER)
        view = self._open(which)
        others = [
            frozenset(one.area) for one in self.listed() if one.closed_at_ms is None and one.disaster != view.disaster
        ]
        people = held_back = 0
        area = frozenset(view.area)
        for subject, home, stays in self._post.ledger.whereabouts():
            where = frozenset({home} - {""}) | stays or {self._post.organisation}
            if area.isdisjoint(where) or not self._may_erase(subject, home):
                continue
            if any(not other.isdisjoint(where) for other in others):
                held_back += 1
            else:
                people += 1
        return Following(view, people, held_back, self._post.now_ms() + self._retention_days * DAY_MS)

    def close(self, which: str) -> DisasterView:
        """Close one by its id, the code shown for it, or its name: from now on the retention period runs.

        Raises:
            NotAllowed: the operator's role may not.
            DisasterUnknown: none of that id or name, or several.
            DisasterNotYours: its area reaches beyond the organisation's own.
            DisasterStands: it is closed already.
        """
        self._post.need(Right.CLOSE_DISASTER)
        view = self._open(which)
        return self._write(view.disaster, _said(view, closed_at_ms=self._post.now_ms()), act="close-disaster")

    def reopen(self, which: str) -> DisasterView:
        """Open one again: nothing runs any more, and what is erased stays so. Anybody may, for it destroys nothing.

        Raises:
            DisasterUnknown, DisasterNotYours: as above.
            DisasterStands: it is open.
        """
        view = self._own(which)
        if view.closed_at_ms is None:
            raise DisasterStands(what="open")
        return self._write(view.disaster, _said(view), act="reopen-disaster")

    def _open(self, which: str) -> DisasterView:
        view = self._own(which)
        if view.closed_at_ms is not None:
            raise DisasterStands(what="closed")
        return view

    def _own(self, which: str) -> DisasterView:
        found = [view for view in self.listed() if view.is_meant(which)]
        if len(found) != 1:
            raise DisasterUnknown(found=len(found))
        self._need_own(found[0].area)
        return found[0]

    def _need_own(self, area: Sequence[str]) -> None:
        """As every other node judges it: one that could not pass there is not written."""
        own = self._federation().realm(self._post.organisation)
        if not area or not own.issuperset(area):
            raise DisasterNotYours(area=", ".join(sorted(set(area) - own)) or "-")

    def _realm(self) -> frozenset[str]:
        try:
            return self._federation().realm(self._post.organisation)
        except NotEnrolled:
            return frozenset()

    def _may_erase(self, subject: bytes, home: str) -> bool:
        return home == self._post.organisation or minted_by(subject, self._post.organisation)

    def _write(self, subject: bytes, said: Disaster, *, act: str) -> DisasterView:
        with self._post.pen.sheet(operator=self._post.operator, act=act) as sheet:
            sheet.put(subject, DISASTER, said, kind=KIND)
        return self._view(subject, [(self._post.organisation, said)])

    def _view(self, subject: bytes, words: Sequence[tuple[str, Disaster]]) -> DisasterView:
        """Of several words that nobody has settled the one that keeps is shown: that it is open, or was closed last."""
        organisation, said = max(words, key=lambda one: (one[1].closed_at_ms is None, one[1].closed_at_ms or 0))
        area = frozenset(code for _, each in words for code in each.area)
        return DisasterView(
            disaster=subject,
            name=said.name,
            area=tuple(sorted(area)),
            from_ms=said.from_ms,
            closed_at_ms=said.closed_at_ms,
            organisation=organisation,
            ours=bool(area) and self._realm().issuperset(area),
            contested=len(words) > 1,
        )


def _said(view: DisasterView, *, closed_at_ms: int | None = None) -> Disaster:
    return Disaster(name=view.name, area=view.area, from_ms=view.from_ms, closed_at_ms=closed_at_ms)
