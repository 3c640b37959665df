"""Not yet found (未確認者): residents nobody has confirmed, by district and age, and the list to look for them."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.coordination.unconfirmed import District, Heard, Unconfirmed, Wanted
from node.people import ages
from tui.asked import Coordination
from tui.base import Page, Told
from tui.columns import folded, packed, pad_left, row, widths
from tui.lines import Lines
from tui.notfound.told import ToldPage, heard_table
from tui.notfound.writing import WriteList
from tui.people import needs, short_address, where
from tui.when import today
from tui.words import Words

BAND_KEYS = {str(number + 1): band for number, band in enumerate(ages.ALL)}


class NotFound(Page[None]):
    """Districts first; Enter opens the people of one, the digits keep to one age, 0 is everybody again."""

    MAIN = True
    TITLE_WORD = "notfound.title"
    HELP_WORD = "help.notfound"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.people"),
        *[Binding(key, f"band('{band}')", show=False) for key, band in BAND_KEYS.items()],
        Binding("0", "band('')", show=False),
        Binding("f5", "write", "key.write_list"),
        Binding("f6", "care", "key.care_only"),
        Binding("f7", "everybody", "key.all_districts"),
        Binding("f8", "told", "key.told_counts"),
        Binding("escape", "districts", "key.districts"),
    ]
    DEFAULT_CSS = """
    NotFound #count { height: auto; }
    NotFound #filters { height: auto; color: $quiet; }
    NotFound #head { height: 1; color: $quiet; }
    """

    def __init__(self, coordination: Coordination) -> None:
        super().__init__()
        self._coordination = coordination
        self._districts: list[District] | None = None
        self._heard: list[Heard] = []
        self._found: Unconfirmed | None = None
        self._wanted = Wanted()
        self._path = ""

    def body(self) -> ComposeResult:
        """How many, what narrows, the list."""
        yield Told(id="count")
        yield Told(id="filters")
        yield Told(id="head")
        yield Lines(id="rows")

    def news(self) -> None:
        """Somebody may have been found."""
        missing = self._coordination.missing

        def ask() -> tuple[list[District], list[Heard]]:
            return missing.districts(), missing.heard()

        self.ask(ask, lambda found: self._count(*found), group="districts", newest_only=True)
        if self._found is not None:
            self._list()

    def _count(self, districts: list[District], heard: list[Heard]) -> None:
        self._districts = districts
        self._heard = [each for each in heard if each.organisation != self._coordination.organisation]
        self.fill()

    def _list(self) -> None:
        wanted = self._wanted
        self.ask(lambda: self._coordination.missing.listed(wanted), self._show, group="missing", newest_only=True)

    def _show(self, found: Unconfirmed) -> None:
        self._found = found
        self.fill()

    def fill(self) -> None:
        """The districts, or the people of one."""
        words, lines = self.words, self.query_one("#rows", Lines)
        if self._districts is None:
            return
        self.put("count", "\n".join(folded(count_line(self._districts, words), self.app.size.width - 2)))
        self.put("filters", "\n".join(self._filters()))
        if self._found is not None:
            head, rows = people_table(self._found, today(self._coordination.now_ms()), words, lines.room)
        elif self._districts:
            head, rows = district_table(self._districts, words, lines.room)
        else:
            head, rows = heard_table(self._heard, self._coordination.now_ms(), words, lines.room)
        self.put("head", "  " + head)
        lines.show(rows, keep=lines.highlighted)

    def _filters(self) -> list[str]:
        words, wanted = self.words, self._wanted
        if self._found is None and not self._districts:
            return folded(words("notfound.heard" if self._heard else "notfound.nothing_heard"), self.app.size.width - 2)
        if self._found is None:
            return packed([words("notfound.choose")], self.app.size.width - 2)
        where = words("notfound.all") if wanted.district is None else wanted.district or words("notfound.nowhere")
        keys = {"0": ""} | BAND_KEYS
        named = [
            (band == wanted.band, f"{key} {words(f'band.{band}' if band else 'band.all')}")
            for key, band in keys.items()
        ]
        bands = [f"[{name}]" if chosen else f" {name} " for chosen, name in named]
        care = words("notfound.care_only") if wanted.care_only else words("notfound.care_first")
        shown = words("notfound.shown", n=len(self._found.people), of=self._found.count)
        return packed([where, shown, care, *bands], self.app.size.width - 2)

    # --- what narrows

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Opens the people of the district marked."""
        if self._found is None and self._districts:
            self._narrow(Wanted(district=self._districts[event.option_index].name))

    def action_everybody(self) -> None:
        """The people of all districts."""
        self._narrow(replace(self._wanted, district=None))

    def action_band(self, band: str) -> None:
        """Keeps to one age band."""
        self._narrow(replace(self._wanted, band=band))

    def action_care(self) -> None:
        """Only people with special needs, or all again."""
        self._narrow(replace(self._wanted, care_only=not self._wanted.care_only))

    def action_districts(self) -> None:
        """Back to the districts."""
        self._found, self._wanted = None, Wanted()
        self.query_one("#rows", Lines).highlighted = None
        self.fill()

    def _narrow(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.query_one("#rows", Lines).highlighted = None
        self._list()

    # --- what is written

    def action_write(self) -> None:
        """Asks where to, and writes the list as it is narrowed."""
        self.frame.push_screen(WriteList(self._path), self._write)

    def _write(self, path: str | None) -> None:
        if path is None:
            return
        self._path = path
        wanted, language = self._wanted, self.words.language
        file = Path(path).expanduser()
        self.ask(lambda: self._coordination.missing.write(file, wanted, language), self._wrote)

    def _wrote(self, figures: tuple[int, int]) -> None:
        people, left_out = figures

        def told(words: Words) -> str:
            return words("notfound.written", n=people) + (words("notfound.left_out", n=left_out) if left_out else "")

        self.say(told)

    def action_told(self) -> None:
        """The counts that may be told to others."""
        self.frame.push_screen(ToldPage(self._coordination))


def count_line(districts: list[District], words: Words) -> str:
    """How many of how many, and how many of them have special needs."""
    residents = sum(each.residents for each in districts)
    if not residents:
        return words("notfound.no_register")
    return words(
        "notfound.count",
        n=sum(each.unconfirmed for each in districts),
        of=residents,
        care=sum(each.care for each in districts),
    )


def district_table(districts: list[District], words: Words, width: int) -> tuple[str, list[str]]:
    """Head and lines, one a district: unconfirmed of residents, special needs, and each age band."""
    laid = widths(width, [0, 12, 7, *[6] * len(ages.ALL)], 10)
    heads = [words("notfound.district"), words("notfound.of"), words("notfound.care")]
    heads += [pad_left(words(f"band.{band}"), 6) for band in ages.ALL]
    rows = [
        row(
            [
                each.name or words("notfound.nowhere"),
                pad_left(f"{each.unconfirmed}/{each.residents}", 12),
                pad_left(str(each.care), 7),
                *(pad_left(str(count), 6) for count in each.by_band),
            ],
            laid,
        )
        for each in districts
    ]
    return row([heads[0], pad_left(heads[1], 12), pad_left(heads[2], 7), *heads[3:]], laid), rows


def people_table(found: Unconfirmed, on: date, words: Words, width: int) -> tuple[str, list[str]]:
    """Head and lines, one a person; who is protected bears the mark, and their address is not in the list."""
    laid = widths(width, [8, 14, 4, 0, 13, 16], 10)
    head = row([words(f"notfound.{name}") for name in ("district", "name", "age", "address", "phone", "care")], laid)
    rows = []
    for person, district in zip(found.people, found.districts, strict=True):
        years = ages.age_on(person.birth, on)
        hidden = person.protected
        rows.append(
            row(
                [
                    "" if hidden else district,
                    person.name,
                    "" if years is None else pad_left(str(years), 3),
                    where(person, words) if hidden else short_address(person, person.municipality_name),
                    "" if hidden else person.phone,
                    needs(person, words),
                ],
                laid,
            )
        )
    return head, rows
