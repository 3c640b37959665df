"""Search across (横断検索): purpose first; then who was found, what the answer draws on, how old, what it lacks."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from node.desk.views import Answered, Laptops, PersonView, SourceView
from node.purposes import PURPOSES
from tui.applications.apply import ApplyForm
from tui.asked import Coordination
from tui.base import Page, Told, Word
from tui.columns import cut, packed, pad, pad_left
from tui.fields import Field, OneKey
from tui.in_hand import mark_in_hand
from tui.lines import Lines
from tui.people import across_row
from tui.when import ago, clock, today
from tui.words import LANGUAGES, Words

KEYS = {str(number + 1): purpose for number, purpose in enumerate(PURPOSES)}
WIDE_KEYS = dict(zip("１２３４５６７８９", KEYS, strict=False))
SOURCES_SHOWN = 6


class SearchAcross(Page[None]):
    """Nothing is searched before the purpose is said; both are logged. It runs on Enter, not while typing."""

    MAIN = True
    TITLE_WORD = "search.title"
    HELP_WORD = "help.search"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.search"),
        Binding("tab", "app.focus_next", "key.next_field"),
        Binding("f5", "tick", "key.tick_found"),
        Binding("f6", "apply", "key.apply_for"),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("escape", "anew", "key.anew"),
    ]
    DEFAULT_CSS = """
    SearchAcross .row { height: 1; }
    SearchAcross .row Word { width: 12; }
    SearchAcross #purpose { width: 3; margin: 0 1 0 0; }
    SearchAcross #purpose_told { width: 1fr; height: 1; }
    SearchAcross #purposes { height: auto; color: $quiet; }
    SearchAcross #text { width: 1fr; }
    SearchAcross #heard { height: 1; color: $quiet; }
    SearchAcross #sources { height: auto; max-height: 11; background: $field-paper; padding: 0 1; }
    """

    def __init__(self, coordination: Coordination) -> None:
        super().__init__()
        self._coordination = coordination
        self._answered: Answered | None = None
        self._searched_ms = 0
        self._ticked: dict[bytes, PersonView] = {}
        self._half: dict[str, str] = {}

    def body(self) -> ComposeResult:
        """Purpose, text, the people found, the sources."""
        with Horizontal(classes="row"):
            yield Word("search.purpose")
            yield OneKey("purpose", {key: key for key in KEYS} | WIDE_KEYS)
            yield Told(id="purpose_told")
        yield Told(id="purposes")
        with Horizontal(classes="row"):
            yield Word("search.text")
            yield Field("text")
        yield Told(id="heard")
        yield Lines(id="found")
        yield Told(id="sources")

    def on_mount(self) -> None:
        """The list belongs to the field."""
        self.query_one("#found", Lines).can_focus = False

    @property
    def _purpose(self) -> str:
        return KEYS.get(self.query_one("#purpose", OneKey).chosen or "", "")

    def fill(self) -> None:
        """The purpose, the people, the sources."""
        words, now, width = self.words, self._coordination.now_ms(), self.app.size.width - 2
        language = LANGUAGES.index(words.language)
        told = PURPOSES[self._purpose][language] if self._purpose else ""
        self.put("purpose_told", told)
        choice = packed([f"{key}:{PURPOSES[code][language]}" for key, code in KEYS.items()], width)
        self.put("purposes", "\n".join(choice))
        self.query_one("#purposes", Told).display = not told
        self.query_one("#sources", Told).display = self._answered is not None
        if self._answered is None:
            return
        lines = self.query_one("#found", Lines)
        people = self._answered.people
        rows: list[str | None] = [
            across_row(each, today(now), words, lines.room, tick="[x]" if each.subject in self._ticked else "[ ]")
            for each in people
        ]
        lines.show(rows, keep=lines.highlighted)
        heard = words("search.found", n=len(people)) if people else words("search.not_found")
        self.put("heard", f"{heard}  {words('search.asked_at', at=clock(self._searched_ms, now, words))}")
        sources = source_lines(self._answered, now, words, width - 2)
        self.put("sources", "\n".join(sources))

    def on_descendant_focus(self) -> None:
        """Another field is in hand."""
        mark_in_hand(self)

    def on_input_changed(self, event: Input.Changed) -> None:
        """The purpose was said, or taken back."""
        if event.input.id == "purpose":
            self.fill()

    def on_input_submitted(self) -> None:
        """Searches, once purpose and text are there."""
        text, purpose = self.query_one("#text", Field).value.strip(), self._purpose
        if not purpose:
            self.say(lambda words: words("search.purpose_first"))
            self.query_one("#purpose", OneKey).focus()
        elif not text:
            self.query_one("#text", Field).focus()
        else:
            self.say("")
            self.ask(
                lambda: self._coordination.search(text, purpose=purpose), self._show, group="search", newest_only=True
            )

    def _show(self, answered: Answered) -> None:
        self._answered, self._searched_ms = answered, self._coordination.now_ms()
        self._ticked = {}
        self.query_one("#found", Lines).highlighted = None
        self.fill()

    def action_move(self, by: int) -> None:
        """Moves the mark while the field keeps the focus."""
        lines = self.query_one("#found", Lines)
        if lines.option_count:
            lines.highlighted = max(0, min(lines.option_count - 1, (lines.highlighted or 0) + by))

    def action_tick(self) -> None:
        """Ticks the one marked, for an application."""
        number = self.query_one("#found", Lines).highlighted
        people = self._answered.people if self._answered is not None else ()
        if number is not None and number < len(people):
            marked = people[number]
            if self._ticked.pop(marked.subject, None) is None:
                self._ticked[marked.subject] = marked
            self.fill()

    def action_apply(self) -> None:
        """Applies for more about those ticked."""
        if not self._ticked:
            self.say(lambda words: words("search.tick_first"))
            return
        form = ApplyForm(self._coordination, self._half, people=list(self._ticked.values()))
        self.frame.push_screen(form, self._applied)

    def _applied(self, said: str | None) -> None:
        if said:
            self._ticked = {}
            self.fill()
            self.done()
            self.say(lambda words: words(said))

    def action_anew(self) -> None:
        """The next key typed replaces what stands in the field."""
        text = self.query_one("#text", Field)
        text.focus()
        text.action_select_all()


def source_lines(answered: Answered, now_ms: int, words: Words, width: int) -> list[str]:
    """Which nodes replied within the hour, whose records are older, and of whom there are none: silence is not
    absence."""
    sources = answered.sources
    held = sorted((each for each in sources if each.people), key=lambda each: (not each.silent, -each.people))
    replied = sum(not each.silent for each in sources)
    lines = [words("search.draws_on", n=replied, of=len(sources)), "  " + own_line(answered.laptops, now_ms, words)]
    lines += ["  " + source_line(each, now_ms, words) for each in held[:SOURCES_SHOWN]]
    if len(held) > SOURCES_SHOWN:
        lines.append("  " + words("search.more_sources", n=len(held) - SOURCES_SHOWN))
    for key, missing in (
        ("search.nobody_known", [each for each in sources if not each.people and not each.silent]),
        ("search.missing", [each for each in sources if not each.people and each.silent]),
    ):
        if missing:
            lines.append(words(key, names=words("list.comma").join(each.organisation_name for each in missing)))
    return [cut(line, width) for line in lines]


def own_line(laptops: Laptops | None, now_ms: int, words: Words) -> str:
    """The own records, and whether laptops have not brought theirs."""
    if laptops is None or not laptops.count:
        return words("search.own")
    if not laptops.silent:
        return words("search.own_heard", n=laptops.count)
    since = ago(laptops.oldest_contact_ms, now_ms, words)
    return words("search.own_silent", n=laptops.silent, of=laptops.count, ago=since)


def source_line(source: SourceView, now_ms: int, words: Words) -> str:
    """One organisation: how many are known of, when it was last heard, and a mark where that is an hour or longer."""
    people = words("search.people", n=source.people)
    key = "search.silent" if source.silent else "search.as_of"
    told = words(key, ago=ago(source.last_contact_ms, now_ms, words))
    return f"{pad(source.organisation_name, 16)} {pad_left(people, 14)}  {told}"
