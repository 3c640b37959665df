"""Draws check-in sheets (受付票) in the order in which the form on the screen asks, each with its own number."""

from collections.abc import Callable, Sequence
from datetime import datetime

from node.exchange.form_number import printed
from node.paper.leaf import WIDTH_MM, Leaf
from node.paper.words import en, ja
from node.reference.codes import CARE_NEEDS

LEFT = 12.0
RIGHT = WIDTH_MM - 12.0
MIDDLE = WIDTH_MM / 2
SYMBOL_MM = 30.0
COLUMNS = 4
ERAS = ("era_m", "era_t", "era_s", "era_h", "era_r", "era_none")
ANSWERS = ("answer_kin", "answer_acquaintances", "answer_anyone")
SHARE = ("share", "take_back", "same_help")


def draw_forms(
    numbers: Sequence[str],
    *,
    organisation_name: str,
    made_at: datetime,
    drill: bool = False,
    progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> bytes:
    """A PDF with one page for each number; `progress` hears of every page, for some forty take a second."""
    leaf = Leaf(title=ja("form.title"), made_at=made_at, drill=drill)
    for done, number in enumerate(numbers, 1):
        leaf.page()
        _Sheet(leaf, number, organisation_name).draw()
        progress(done, len(numbers))
    return leaf.written()


class _Sheet:
    """One page, from the top down."""

    def __init__(self, leaf: Leaf, number: str, organisation_name: str) -> None:
        self._leaf = leaf
        self._number = number
        self._organisation = organisation_name

    def draw(self) -> None:
        """Everything on it."""
        y = self._head()
        y = self._names(y)
        y = self._birth_and_sex(y)
        y = self._address_and_phone(y)
        y = self._care(y)
        y = self._consent(y)
        y = self._answers(y)
        self._office(y)

    def _head(self) -> float:
        leaf = self._leaf
        leaf.text(LEFT, 11, ja("form.title_reading"), size=8, grey=True)
        leaf.text(LEFT, 14.5, ja("form.title"), size=22)
        leaf.text(LEFT + 52, 18.5, en("form.title"), size=11)
        leaf.symbol(RIGHT - SYMBOL_MM + 3, 6, SYMBOL_MM, self._number, error="Q")
        leaf.text(RIGHT - SYMBOL_MM - 2, 11, self._organisation, size=9, right=True)
        leaf.text(RIGHT - SYMBOL_MM - 2, 17, printed(self._number), size=15, right=True)
        width = RIGHT - SYMBOL_MM - LEFT - 2
        y = leaf.paragraph(LEFT, 26, width, ja("form.how"), size=9.5)
        leaf.fitted(LEFT, y, width, en("form.how"), size=8, grey=True)
        leaf.text(LEFT, y + 4.2, f"{ja('form.no_my_number')}  {en('form.no_my_number')}", size=8)
        return y + 9.5

    def _label(self, x: float, y: float, key: str, *, size: float = 9) -> float:
        """A word with the English behind it. Returns where it ends."""
        return self._both(x, y, ja(f"form.{key}"), en(f"form.{key}"), size=size)

    def _both(self, x: float, y: float, said: str, english: str, *, size: float = 9) -> float:
        leaf = self._leaf
        leaf.text(x, y, said, size=size)
        x += leaf.width(said, size) + 1.5
        leaf.text(x, y + 0.5, english, size=size - 2, grey=True)
        return x + leaf.width(english, size - 2)

    def _names(self, y: float) -> float:
        leaf = self._leaf
        for x, key in ((LEFT, "family"), (MIDDLE, "given")):
            leaf.box(x, y, MIDDLE - LEFT, 20, line=0.4)
            self._label(x + 1.5, y + 1.2, key)
            leaf.box(x, y + 20, MIDDLE - LEFT, 12)
            self._label(x + 1.5, y + 21.2, "kana", size=8)
        return y + 32

    def _birth_and_sex(self, y: float) -> float:
        leaf = self._leaf
        leaf.box(LEFT, y, RIGHT - LEFT, 22)
        leaf.line(LEFT + 128, y, LEFT + 128, y + 22)
        x = self._label(LEFT + 1.5, y + 1.2, "birth")
        x = LEFT + 1.5
        for era in ERAS:
            x = leaf.tick(x, y + 6, ja(f"form.{era}"), size=8.5) + 2.2
        x = LEFT + 1.5
        for count, unit in ((4, "year"), (2, "month"), (2, "day")):
            x = leaf.cells(x, y + 12, count, side=7.5) + 1
            leaf.text(x, y + 14, ja(f"form.{unit}"), size=10)
            leaf.text(x, y + 18, en(f"form.{unit}"), size=6.5, grey=True)
            x += 9
        self._label(LEFT + 129.5, y + 1.2, "sex")
        for number, key in enumerate(("sex_1", "sex_2", "sex_9")):
            end = leaf.tick(LEFT + 130, y + 6 + number * 5, ja(f"form.{key}"), size=8.5)
            leaf.text(end + 1.5, y + 6.8 + number * 5, en(f"form.{key}")[2:], size=6.5, grey=True)
        return y + 22

    def _address_and_phone(self, y: float) -> float:
        leaf = self._leaf
        leaf.box(LEFT, y, RIGHT - LEFT, 25)
        self._label(LEFT + 1.5, y + 1.2, "address")
        end = leaf.tick(LEFT + 1.5, y + 19.8, ja("form.same_address"), size=8.5)
        leaf.text(end + 2, y + 20.6, en("form.same_address"), size=6.5, grey=True)
        leaf.box(LEFT, y + 25, RIGHT - LEFT, 13)
        self._label(LEFT + 1.5, y + 26.2, "phone")
        return y + 38

    def _care(self, y: float) -> float:
        leaf = self._leaf
        rows = -(-len(CARE_NEEDS) // COLUMNS)
        height = 6.5 + rows * 5.6 + 11
        leaf.box(LEFT, y, RIGHT - LEFT, height)
        self._label(LEFT + 1.5, y + 1.2, "care")
        column = (RIGHT - LEFT) / COLUMNS
        for number, need in enumerate(CARE_NEEDS):
            x, line = LEFT + 1.5 + number // rows * column, y + 6.8 + number % rows * 5.6
            end = leaf.tick(x, line, f"{need.letter} {need.japanese}", size=8.5)
            room = x + column - end - 3
            if leaf.width(need.english, 6.5) <= room:
                leaf.text(end + 1, line + 0.8, need.english, size=6.5, grey=True)
            else:
                leaf.paragraph(end + 1, line - 0.4, room, need.english, size=5.2, grey=True, leading=1.15)
        self._label(LEFT + 1.5, y + height - 10, "care_text", size=8.5)
        return y + height

    def _consent(self, y: float) -> float:
        leaf, width = self._leaf, RIGHT - LEFT - 34
        inside = LEFT + 1.5
        said, english = (" ".join(say(f"easy.{key}", to=say("easy.to_all")) for key in SHARE) for say in (ja, en))
        end = leaf.paragraph(inside, y + 6.3, width, said, size=8.8, leading=1.3)
        end = leaf.paragraph(inside, end + 0.3, width, english, size=6.5, grey=True, leading=1.25)
        self._both(inside, end + 1.5, ja("easy.guardian"), en("easy.guardian"), size=8.5)
        height = end - y + 21
        leaf.box(LEFT, y, RIGHT - LEFT, height, line=0.4)
        self._label(inside, y + 1.2, "share")
        for number, key in enumerate(("yes", "no")):
            leaf.box(RIGHT - 29, y + 5 + number * 9, 5, 5, line=0.4)
            leaf.text(RIGHT - 22, y + 5 + number * 9, ja(f"form.{key}"), size=11)
            leaf.text(RIGHT - 22, y + 9.3 + number * 9, en(f"form.{key}")[2:], size=6.5, grey=True)
        for number, key in enumerate(("guardian", "signature")):
            x = self._label(inside, end + 6.5 + number * 7, key, size=8.5)
            leaf.line(x + 2, end + 10.5 + number * 7, max(x + 30, inside + 120), end + 10.5 + number * 7)
        return y + height

    def _answers(self, y: float) -> float:
        leaf = self._leaf
        leaf.box(LEFT, y, RIGHT - LEFT, 24)
        said, english = (f"{say('form.answers')}{say('easy.answers')}" for say in (ja, en))
        self._both(LEFT + 1.5, y + 1.2, said, english)
        for number, key in enumerate(ANSWERS):
            line = y + 7 + number * 5.5
            self._both(LEFT + 4, line, ja(f"easy.{key}"), en(f"easy.{key}"))
            for x, answer in ((RIGHT - 50, "answer_yes"), (RIGHT - 25, "answer_no")):
                end = leaf.tick(x, line, ja(f"easy.{answer}"), size=9)
                leaf.text(end + 1.2, line + 0.8, en(f"easy.{answer}"), size=6.5, grey=True)
        return y + 24

    def _office(self, y: float) -> None:
        leaf = self._leaf
        leaf.box(LEFT, y + 3, RIGHT - LEFT, 14, pale=True)
        self._label(LEFT + 1.5, y + 4, "office", size=8)
        x = LEFT + 1.5
        for key, room in (("place", 46.0), ("at", 38.0), ("staff", 24.0)):
            x = self._label(x, y + 10.5, key, size=8) + 1
            leaf.line(x, y + 15, x + room - 18, y + 15)
            x += room - 14
        for x, key in ((RIGHT - 44, "typed"), (RIGHT - 44, "spoilt")):
            line = y + 5 + (6 if key == "spoilt" else 0)
            end = leaf.tick(x, line, ja(f"form.{key}"), size=8)
            leaf.text(end + 1.2, line + 0.8, en(f"form.{key}"), size=6.5, grey=True)
