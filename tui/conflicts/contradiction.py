"""One contradiction: two versions side by side, field by field; one is taken, or each field from where it is right."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.desk.settling import ID_SHOWN, Contradiction, Version
from node.desk.views import Done, FieldView
from tui.asked import Desk
from tui.base import Page, Told
from tui.columns import cut, row, widths
from tui.dialogs.statements import field_text, field_word, says_something
from tui.lines import Lines
from tui.towns import name_of
from tui.when import clock

WORD_CELLS, TAKEN_CELLS = 16, 5


class ContradictionPage(Page[Done | None]):
    """Answers the act that settled it, or None when it is left as it is."""

    TITLE_WORD = "contradiction.title"
    HELP_WORD = "help.contradiction"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "take_all(0)", "key.take_left"),
        Binding("f6", "take_all(1)", "key.take_right"),
        Binding("space", "take_other", "key.take_other"),
        Binding("left", "beside(-1)", show=False),
        Binding("right", "beside(1)", show=False),
        Binding("f7", "settle", "key.settle"),
    ]
    DEFAULT_CSS = "ContradictionPage #about { height: 1; } ContradictionPage #who { height: 2; }"

    def __init__(self, desk: Desk, seen: Contradiction) -> None:
        super().__init__()
        self._desk = desk
        self._seen = seen
        self._right = 1
        self._taken = dict.fromkeys(seen.fields, 0)
        """Field to the number of the version it is taken from."""
        self._acting = False

    def body(self) -> ComposeResult:
        """What it is about, who said either version and when, the fields."""
        yield Told(id="about")
        yield Told(id="who")
        yield Lines(id="fields")

    @property
    def _sides(self) -> tuple[int, int]:
        return 0, self._right

    def fill(self) -> None:
        """Says it all anew."""
        words, seen, width = self.words, self._seen, self.app.size.width - 2
        facet = words.either(f"facet.{seen.facet_word}", seen.facet_word)
        count = len(seen.versions)
        told = words("contradiction.about", about=seen.about, facet=facet, n=count)
        if count > 2:
            told += words("contradiction.turn", shown=self._right + 1, n=count)
        self.put("about", cut(told, width))
        lines = self.query_one("#fields", Lines)
        laid = widths(lines.room, [WORD_CELLS, 0, 0, TAKEN_CELLS], 10)
        heads = [self._who(number) for number in self._sides]
        by = [self._by(seen.versions[number]) for number in self._sides]
        self.put("who", "\n".join(f"  {row(['', *cells, ''], laid)}" for cells in (heads, by)))
        lines.show([self._row(field, laid) for field in seen.fields], keep=lines.highlighted)

    def _who(self, number: int) -> str:
        version = self._seen.versions[number]
        town = name_of(version.organisation)
        return f"{number + 1}: {town} {version.device}" if self._seen.of_one_town else f"{number + 1}: {town}"

    def _by(self, version: Version) -> str:
        return f"{clock(version.at_ms, self._desk.now_ms(), self.words)} {version.operator}"

    def _row(self, field: str, laid: list[int]) -> str:
        versions = self._seen.versions
        word = self._said(field, versions[0])
        cells = [self._text(field, versions[number]) for number in self._sides]
        taken = f"[{self._taken[field] + 1}]" if self._seen.differs(field) else "="
        return row([field_word(word, self.words).partition(" ")[2], *cells, taken], laid)

    def _text(self, field: str, version: Version) -> str:
        said = self._said(field, version)
        if not said.text:
            return self.words("contradiction.nothing")
        return field_text(said, self.words) if says_something(said) else said.text[:ID_SHOWN]

    def _said(self, field: str, version: Version) -> FieldView:
        text = version.fields.get(field, "")
        return FieldView(
            self._seen.facet_word, field, text, version.organisation, version.operator, version.at_ms, conflict=True
        )

    # --- choosing

    def action_take_all(self, side: int) -> None:
        """Every field from this side."""
        self._taken = dict.fromkeys(self._seen.fields, self._sides[side])
        self.fill()

    def action_take_other(self) -> None:
        """This field from the other side; goes down."""
        lines = self.query_one("#fields", Lines)
        if lines.highlighted is None:
            return
        field = self._seen.fields[lines.highlighted]
        if self._seen.differs(field):
            left, right = self._sides
            self._taken[field] = right if self._taken[field] != right else left
        self.fill()
        lines.action_cursor_down()

    def action_beside(self, by: int) -> None:
        """Where there are more than two versions: another one on the right."""
        others = len(self._seen.versions) - 1
        self._right = (self._right - 1 + by) % others + 1
        self.fill()

    def action_settle(self) -> None:
        """Writes what was chosen; the version most fields are from stands for what no field shows."""
        if self._acting:
            return
        self._acting = True
        seen, taken = self._seen, dict(self._taken)
        numbers = [number for field, number in taken.items() if seen.differs(field)]
        base = max(range(len(seen.versions)), key=lambda number: (numbers.count(number), -number))
        ids = [version.record for version in seen.versions]
        fields = {field: ids[number] for field, number in taken.items() if seen.differs(field) and number != base}
        self.ask(lambda: self._desk.settling.combine(seen, ids[base], fields), self.dismiss)

    def refused(self, error: Exception) -> None:
        """Says why; another choice can be made."""
        self._acting = False
        super().refused(error)
