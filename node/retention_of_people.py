"""Erases what is held of people when the disasters that touched them are long over (DOMAIN rule 6, decision 0017).

1. As long as no disaster was ever closed there is nothing to do: a look at the few records that declare one.
2. Else everybody whose records changed is looked at, in steps, and the day they go is noted: from then on who goes
   when is read off an index, at 100,000 people too.
3. Who is due goes only after it was announced for NOTICE_DAYS, and by a clock that is believed; else it is asked again
   a day later.
4. Each goes as by an erasure of the whole person: recorded, carried out, confirmed and logged in one transaction, told
   to every holder. Of a resident the register's row goes on under a new id that nobody else has ever heard of.

The erasure names no facets, for one that does leaves consents in force, which would open the next disaster's records.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import structlog

from node.believable import doubt_of
from node.disasters import declared_disasters
from node.erasing import carry_out
from node.federation import StandingRoom
from node.knowing import known_from, known_of
from node.ledger import Ledger
from node.pen import OPERATOR, Pen, Sheet
from node.people.facets import Erasure, ErasureGround, Protection, from_content, to_content
from node.receipts import Receipts
from node.records.kinds import ERASURE, PROTECTION, RESIDENT
from node.records.subjects import mint_person
from node.release.known import SubjectKnown
from node.release.retention import NOTICE_DAYS, Declared, announced_for_ms, erase_from_ms, may_be_retired
from node.release.statements import DAY_MS
from node.walk import Step, Walk

WHAT: Final = b"retention"
"""Name under which the ledger keeps how far this has been worked out, and on what day who goes."""
ACT: Final = "retention"
ERASED_AT_ONCE: Final = 20
"""In one transaction: a tenth of a second, which a check-in can wait for."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Foretold:
    """What is known beforehand."""

    soon: int
    """How many people go within NOTICE_DAYS."""
    first_ms: int | None
    """When the first goes; None: nobody has a day yet."""
    whole: bool
    """Whether everybody was looked at."""


@dataclass(frozen=True, slots=True)
class PeopleRetention:
    """The people of one organisation's home node, and how many days they are kept."""

    ledger: Ledger
    pen: Pen
    room: StandingRoom
    days: int
    now_ms: Callable[[], int]
    entropy: Callable[[int], bytes]

    def work_ahead(self, most: int) -> bool:
        """Look at so many people, and erase who is due, in one short transaction. Returns whether nothing is left."""
        disasters = declared_disasters(self.ledger)
        ever_closed = any(one.closed_at_ms is not None for one in disasters)
        if not ever_closed and not self.ledger.progress(WHAT).fingerprint:
            return True
        walk = self._walk(disasters)
        if walk.is_settled():
            return True
        with self.ledger.turn(WHAT):
            step = walk.step(most)
            if step is not None:
                self._look_at(walk, step, disasters)
        return step is None

    def foretold(self) -> Foretold:
        """Who goes soon."""
        disasters = declared_disasters(self.ledger)
        if not self.ledger.progress(WHAT).fingerprint:
            return Foretold(0, None, whole=not any(one.closed_at_ms is not None for one in disasters))
        soon, first = self.ledger.rechecks_until(WHAT, self.now_ms() + NOTICE_DAYS * DAY_MS)
        return Foretold(soon, first, whole=self._walk(disasters).is_settled())

    def _walk(self, disasters: Iterable[Declared]) -> Walk:
        now = self.now_ms()
        said = sorted(
            (sorted(one.area), one.closed_at_ms or 0, one.closed_at_ms is not None and one.closed_at_ms <= now)
            for one in disasters
        )
        of = (said, self.days, self.ledger.times_set_back())
        fingerprint = sha256(repr(of).encode()).digest()[:16]
        return Walk(self.ledger, WHAT, fingerprint, now_ms=self.now_ms, passing_over=RESIDENT)

    def _look_at(self, walk: Walk, step: Step, disasters: Sequence[Declared]) -> None:
        now = self.now_ms()
        organisations = self.ledger.organisations_of_peers()
        moments: dict[bytes, int | None] = dict.fromkeys(step.subjects)
        over: list[bytes] = []
        for subject, about in self.ledger.about_many(step.subjects).items():
            due = self._due(known_from(self.ledger, subject, about, self._here, organisations), disasters, now)
            if due is None:
                continue
            moments[subject] = goes = announced_for_ms(due, step.noted.get(subject), now)
            if goes <= now:
                over.append(subject)
        doubt = doubt_of(self.ledger, self.room, self._here, now) if over else None
        if doubt is not None:
            _log.warning("retention_waits", people=len(over), why=doubt.value)
            moments.update(dict.fromkeys(over, now + DAY_MS))
            over = []
        over = over[:ERASED_AT_ONCE]  # the others are due still, and come in the next step
        if not over:
            with self.ledger.write() as writing:
                walk.finish(writing, step, moments)
            return
        with self.pen.sheet(operator=OPERATOR, act=ACT, purpose=ACT) as sheet:
            walk.finish(sheet.writing, step, {**moments, **dict.fromkeys(over)})
            gone = sum(self._retire(sheet, subject, disasters, organisations, now) for subject in over)
        _log.info("people_erased", why=ACT, people=gone)

    def _retire(
        self,
        sheet: Sheet,
        subject: bytes,
        disasters: Sequence[Declared],
        organisations: Mapping[bytes, str],
        now: int,
    ) -> bool:
        """Erase somebody, if they are still due: something may have been written before this transaction, and whoever
        it is about is looked at again."""
        known = known_of(sheet.writing, subject, self._here, organisations)
        due = self._due(known, disasters, now)
        if due is None or due > now:
            return False
        row = next((one.record for one in sheet.writing.heads(subject, RESIDENT)), None)
        if row is not None:
            self._keep_row(sheet, row.content, known)
        erasure = sheet.put_anew(subject, ERASURE, to_content(Erasure(ground=ErasureGround.RETENTION)))
        erased = carry_out(sheet.writing, erasure, known_of(sheet.writing, subject, self._here, organisations))
        Receipts(self.pen, self.now_ms, self.entropy).confirm_erasure(sheet.writing, erasure, erased)
        return True

    def _keep_row(self, sheet: Sheet, row: bytes, known: SubjectKnown) -> None:
        """The register has a law of its own: its row stays, and so does our own word that nobody may know of them."""
        anew = mint_person(self._here, self.entropy)
        sheet.put_anew(anew, RESIDENT, row)
        for fact in known.facts:
            if fact.record.id == known.protections.get(self._here):
                said = from_content(PROTECTION, fact.record.content)
                if isinstance(said, Protection):
                    sheet.put_bare(anew, PROTECTION, said, slot=self._here.encode())

    def _due(self, known: SubjectKnown, disasters: Sequence[Declared], now: int) -> int | None:
        if not may_be_retired(known):
            return None
        return erase_from_ms(known, disasters, now_ms=now, retention_days=self.days)

    @property
    def _here(self) -> str:
        return self.pen.organisation
