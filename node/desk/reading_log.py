"""The log (記録) as people read it: who looked, who received; by day, by person; looking at it is logged too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from node.desk.log_lines import CHANGED, KINDS, WHICH, LogLine, line_of
from node.desk.post import JAPAN, Post
from node.desk.rights import Right
from node.errors import AuditBroken, WordUnknown
from node.ledger import AuditEntry, Logged
from node.reference.organisations import organisation_name

PAGE: Final = 200
_ALL_BUT_CHANGED: Final = frozenset(act for acts in KINDS.values() for act in acts)

Progress = Callable[[int, int], None]


def nobody(_done: int, _whole: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class ChainView:
    """Whether the log is as it was written."""

    entries: int
    """How many hold."""
    broken_at: int | None
    """The first entry that does not; None: all hold."""
    witnesses: int
    """Nodes that keep a copy of its end, so that a tail cut off is found as well."""
    contradicted: tuple[str, ...]
    """Names of organisations whose own logs are not what was kept of them here."""

    @property
    def holds(self) -> bool:
        """Whether nothing was rewritten here."""
        return self.broken_at is None


@dataclass(frozen=True, slots=True)
class ReadingLog:
    """The log, seen from one desk. What everybody did, coordinators and chiefs may read; what concerns one person,
    whoever serves that person."""

    _post: Post

    def day(self, day: date, *, which: str = "all", before: int | None = None, limit: int = PAGE) -> list[LogLine]:
        """The entries of one day in Japan, newest first; `before` goes on from a number. Logged.

        Raises:
            NotAllowed: the operator's role may not.
            WordUnknown: `which` is none of WHICH.
        """
        self._post.need(Right.READ_LOG)
        _check(which)
        since = datetime.combine(day, time(), JAPAN)
        acts = KINDS.get(which, frozenset())
        found = self._post.ledger.audit_page(
            since_ms=_ms(since),
            until_ms=_ms(since + timedelta(days=1)),
            acts=acts,
            but=_ALL_BUT_CHANGED if which == CHANGED else (),
            before=before,
            limit=limit,
        )
        self._log("read-log", "log", None, len(found))
        return self._lines(found)

    def about(self, subject: bytes, *, which: str = "all", purpose: str = "request") -> list[LogLine]:
        """Every entry about one person, newest first; they may be erased by now. Logged. Raises WordUnknown."""
        _check(which)
        lines = [line for line in self._lines(self._post.ledger.audit_about(subject)) if which in ("all", line.kind)]
        self._log("read-log", purpose, subject, len(lines))
        return lines[::-1]

    def chain(self, progress: Progress = nobody) -> ChainView:
        """Whether the chain holds: walks all of it, about 100,000 entries a second. Logged."""
        broken_at = None
        try:
            entries = self._post.ledger.verify_audit(progress)
        except AuditBroken as error:
            broken_at = int(error.details["entry"])
            entries = broken_at - 1
        contradicted = {witness.node for witness in self._post.ledger.broken_witnesses()}
        codes = self._post.ledger.organisations_of_peers()
        names = sorted({organisation_name(codes.get(node, "")) or node.hex()[:8] for node in contradicted})
        told = sum(peer.last_done_ms is not None for peer in self._post.ledger.peers())
        self._log("verify-log", "log", None, entries)
        return ChainView(entries, broken_at, told, tuple(names))

    def _lines(self, found: Sequence[Logged]) -> list[LogLine]:
        """With names: each person is looked up once."""
        known: dict[bytes, tuple[str, bool]] = {}
        for logged in found:
            subject = logged.entry.subject
            if subject is not None and subject not in known:
                row = self._post.ledger.person(subject)
                name = "" if row is None else row.name
                place = self._post.ledger.place(subject) if row is None else None
                known[subject] = (name or (place.name if place is not None else ""), row is not None and row.protected)
        return [line_of(logged, *known.get(logged.entry.subject or b"", ("", False))) for logged in found]

    def _log(self, act: str, purpose: str, subject: bytes | None, count: int) -> None:
        with self._post.ledger.write() as writing:
            writing.log(
                AuditEntry(
                    at_ms=self._post.now_ms(),
                    act=act,
                    operator=self._post.operator,
                    node=self._post.pen.node,
                    organisation=self._post.organisation,
                    purpose=purpose,
                    subject=subject,
                    count=count,
                )
            )


def _check(which: str) -> None:
    if which not in WHICH:
        raise WordUnknown(field="which", expected=", ".join(WHICH))


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
