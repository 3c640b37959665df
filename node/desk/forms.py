"""Check-in sheets (受付票): which were printed, which came back and whose they were, which are spoilt.

What was printed here and what is spoilt is this node's own affair, kept with its settings. Whose a sheet was is a note
on the person, in a slot that follows from the sheet's number: so it travels within the town like every other word about
them, and the town hall sees what came back at its shelters.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from node.desk.post import JAPAN, Post
from node.desk.views import Done
from node.errors import FieldRefused, FormCameBack, FormNeverPrinted, FormNumberWrong, FormSpoilt
from node.exchange.form_number import COUNT_MAX, form_number, printed, read_form_number, series_of, slot_of
from node.ledger import Held
from node.ledger.names import NamesRead
from node.people.facets import Note
from node.records.clock import milliseconds
from node.records.kinds import NOTE

KEPT_AS: Final = "forms"
AT_ONCE_MAX: Final = 500
"""A pack of paper."""

OUT: Final = "out"
BACK: Final = "back"
SPOILT: Final = "spoilt"


@dataclass(frozen=True, slots=True)
class SheetView:
    """One sheet."""

    number: str
    state: str
    """One of OUT, BACK, SPOILT."""
    at_ms: int
    """When it was printed, came back, or was noted as spoilt."""
    operator: str
    """Who did that."""
    subject: bytes = b""
    """Whose it is, once it came back."""
    name: str = ""

    @property
    def printed(self) -> str:
        """The number as it stands on paper."""
        return printed(self.number)


@dataclass(slots=True)
class _Printed:
    """What this node remembers of its own sheets."""

    runs: list[tuple[int, int, int, str]] = field(default_factory=list)
    """First and last count of each run, when it was printed, by whom."""
    spoilt: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Number to when and by whom it was noted."""

    @property
    def last(self) -> int:
        return self.runs[-1][1] if self.runs else 0


@dataclass(frozen=True, slots=True)
class Forms:
    """The check-in sheets as one desk sees them."""

    post: Post

    def issue(self, count: int) -> list[str]:
        """The numbers of sheets to be printed now, never given out before.

        Raises:
            FieldRefused: too many at once, or the numbers are used up.
        """
        with self.post.ledger.write() as writing:
            remembered = _read(writing)
            first, last = remembered.last + 1, remembered.last + count
            if not 1 <= count <= AT_ONCE_MAX or last > COUNT_MAX:
                raise FieldRefused(field="count", rule=f"1-{min(AT_ONCE_MAX, COUNT_MAX - remembered.last)}")
            remembered.runs.append((first, last, self.post.now_ms(), self.post.operator))
            writing.set_meta(KEPT_AS, _text(remembered))
        return [form_number(self._series, number) for number in range(first, last + 1)]

    def listed(self) -> list[SheetView]:
        """All sheets printed here, and those of other nodes that came back here; the newest first."""
        remembered, notes = _read(self.post.ledger), self._notes()
        sheets = []
        for first, last, at_ms, operator in remembered.runs:
            for count in range(first, last + 1):
                number = form_number(self._series, count)
                sheets.append(self._view(number, at_ms, operator, remembered, notes.pop(slot_of(number), None)))
        for held in notes.values():
            number = _number_in(held)
            if number:
                sheets.append(self._view(number, 0, "", remembered, held))
        return sorted(sheets, key=lambda sheet: sheet.number, reverse=True)

    def check(self, typed: str) -> str:
        """The number of a sheet that is about to be typed in.

        Raises:
            FormNumberWrong: it was mistyped.
            FormNeverPrinted: it is of this node, and was not printed.
            FormCameBack: it was typed in before; `at` says when.
            FormSpoilt: it was noted as spoilt.
        """
        number = read_form_number(typed)
        remembered = _read(self.post.ledger)
        if int(number[1:5]) == self._series and not 1 <= int(number[5:9]) <= remembered.last:
            raise FormNeverPrinted
        before = self._notes().get(slot_of(number))
        if before is not None:
            at = datetime.fromtimestamp(milliseconds(before.record.clock) / 1000, tz=JAPAN)
            raise FormCameBack(at=f"{at:%m-%d %H:%M}")
        if number in remembered.spoilt:
            raise FormSpoilt
        return number

    def came_back(self, typed: str, subject: bytes) -> Done:
        """The sheet was typed in, and this is the person on it.

        Raises:
            SubjectUnknown: this node knows nobody of that id.
            FormNumberWrong, FormNeverPrinted, FormCameBack, FormSpoilt: as `check`.
        """
        self.post.person(subject)
        number = self.check(typed)
        with self.post.pen.sheet(operator=self.post.operator, act="form") as sheet:
            sheet.put(subject, NOTE, Note(text=printed(number)), slot=slot_of(number))
        return Done((subject,), len(sheet.written), b"")

    def spoil(self, typed: str) -> None:
        """The sheet is torn or written over: nobody is to wait for it. Raises as `check`."""
        number = self.check(typed)
        with self.post.ledger.write() as writing:
            remembered = _read(writing)
            remembered.spoilt[number] = (self.post.now_ms(), self.post.operator)
            writing.set_meta(KEPT_AS, _text(remembered))

    def unspoil(self, typed: str) -> None:
        """It is good after all. Raises FormNumberWrong."""
        number = read_form_number(typed)
        with self.post.ledger.write() as writing:
            remembered = _read(writing)
            if remembered.spoilt.pop(number, None) is None:
                raise FormNumberWrong
            writing.set_meta(KEPT_AS, _text(remembered))

    @property
    def _series(self) -> int:
        return series_of(self.post.pen.node, is_home=self.post.is_home)

    def _notes(self) -> dict[bytes, Held]:
        """The notes of this town that say whose sheet one was, by slot."""
        return {
            held.record.slot: held
            for held in self.post.ledger.heads_of_facet(NOTE)
            if held.record.organisation == self.post.organisation and _number_in(held)
        }

    def _view(self, number: str, at_ms: int, operator: str, remembered: _Printed, back: Held | None) -> SheetView:
        if back is not None:
            row = self.post.ledger.person(back.record.subject)
            name = "" if row is None or row.protected else row.name
            return SheetView(
                number, BACK, milliseconds(back.record.clock), back.record.operator, back.record.subject, name
            )
        if number in remembered.spoilt:
            return SheetView(number, SPOILT, *remembered.spoilt[number])
        return SheetView(number, OUT, at_ms, operator)


def counted(sheets: list[SheetView]) -> Mapping[str, int]:
    """How many are in which state."""
    return {state: sum(sheet.state == state for sheet in sheets) for state in (OUT, BACK, SPOILT)}


def _number_in(held: Held) -> str:
    """The number that a note is the note of; empty: it is another note."""
    text = held.record.content.decode("utf-8", "ignore")
    try:
        number = read_form_number(text[text.find("F") :])
    except FormNumberWrong:
        return ""
    return number if slot_of(number) == held.record.slot else ""


def _read(ledger: NamesRead) -> _Printed:
    kept = json.loads(ledger.meta(KEPT_AS) or "{}")
    runs = [(int(first), int(last), int(at_ms), str(operator)) for first, last, at_ms, operator in kept.get("runs", [])]
    spoilt = {str(number): (int(at_ms), str(operator)) for number, (at_ms, operator) in kept.get("spoilt", {}).items()}
    return _Printed(runs, spoilt)


def _text(remembered: _Printed) -> str:
    return json.dumps({"runs": remembered.runs, "spoilt": remembered.spoilt}, ensure_ascii=False)
