"""What every screen is made of: the standing line, its title, its words, the last thing said, its keys."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen, ScreenResultType
from textual.widgets import Static
from textual.worker import Worker, get_current_worker

from node.errors import MoyaiError
from node.words import reason_sentence, told
from tui.acting import ACTS, Acting
from tui.columns import cut, folded, packed
from tui.frame import Frame
from tui.remembered import remember
from tui.standing import Standing
from tui.words import Words

T = TypeVar("T")
SHOWN_KEYS = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "delete": "Del",
    "tab": "Tab",
    "down": "Down",
    "up": "Up",
    "left": "Left",
    "right": "Right",
    "ctrl+e": "^E",
    "ctrl+y": "^Y",
}


KEYS_AT_THE_HEAD = [("^L", "F1", "F9", "^Q"), ("F1", "F9", "^Q"), ("F1", "F9"), ("F1",)]
"""What of the keys stands beside the main screens; as many as there is room for."""


class Answer(Message):
    """What a worker brought back; delivered on the screen's own thread."""

    def __init__(self, deliver: Callable[[], object]) -> None:
        self.deliver = deliver
        super().__init__()


class Word(Static):
    """A label that names its word and says it in whatever language is spoken."""

    DEFAULT_CSS = "Word { height: auto; }"

    def __init__(self, key: str, *, classes: str | None = None) -> None:
        super().__init__("", markup=False, classes=classes)
        self.key = key
        self._words: Words | None = None
        self._before = ""

    def translate(self, words: Words) -> None:
        """Says the word anew."""
        self._words = words
        self.update(Content(f"{self._before}{words(self.key)}"))

    def mark(self, before: str) -> None:
        """Puts a mark before the word."""
        if before != self._before:
            self._before = before
            if self._words is not None:
                self.translate(self._words)


class Told(Static):
    """Text that is repainted only where it changed, and that moves the rest only where it grew: lines can be slow."""

    def __init__(self, *, classes: str | None = None, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__("", markup=False, classes=classes, id=id)

    def tell(self, text: str) -> None:
        """Shows the text."""
        before = str(self.content)
        if text != before:
            grown = text.count("\n") != before.count("\n") or bool(text) != bool(before)
            self.update(Content(text), layout=grown and self.styles.is_auto_height)


class Page(Acting, Screen[ScreenResultType], Generic[ScreenResultType]):
    """A screen. Its BINDINGS hold word keys, `key.…`, which are translated here and shown at its foot."""

    TITLE_WORD: ClassVar[str] = ""
    """The word at its head."""
    HELP_WORD: ClassVar[str] = ""
    """The text behind F1."""
    MAIN: ClassVar[bool] = False
    """Whether it is one of the screens with a key of its own, rather than something opened from one."""
    ASKS: ClassVar[bool] = False
    """Whether it asks what nobody could have known: what was typed before it was there is no answer to it."""
    _saying: str | Callable[[Words], str] = ""
    """What was said last."""

    AUTO_FOCUS = "*"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "key.help", show=False),
        Binding("question_mark", "help", "key.help", show=False),
        Binding("escape", "back", "key.back"),
    ]
    DEFAULT_CSS = """
    Page { background: $paper; color: $ink; layout: vertical; }
    Page #title { height: 1; background: $field-paper; color: $ink; padding: 0 1; }
    Page #body { height: 1fr; padding: 0 1; }
    Page #said { height: auto; max-height: 4; color: $attention; text-style: bold; padding: 0 1; }
    Page #keys { height: auto; max-height: 2; background: $field-paper; color: $ink; padding: 0 1; }
    Page Input {
        border: none; height: 1; padding: 0; background: $field-paper; color: $ink; text-style: underline;
    }
    Page Input:focus { border: none; background: $line-paper; background-tint: $paper 0%; color: $line-ink; }
    Page Input > .input--placeholder { color: $quiet; }
    Page Input > .input--selection { color: $line-ink; background: $line-paper; text-style: reverse; }
    """

    def compose(self) -> ComposeResult:
        """The frame around `body`."""
        yield Standing(markup=False)
        yield Told(id="title")
        with Vertical(id="body"):
            yield from self.body()
        yield Told(id="said")
        yield Told(id="keys")

    def body(self) -> ComposeResult:
        """What this screen is about."""
        yield from ()

    def fill(self) -> None:
        """Says everything that is not a `Word` anew: at the start, in another language, at another width."""

    def news(self) -> None:
        """People or places changed: asks anew for what is shown, where that is worth the read it is logged as."""

    def resumed(self) -> None:
        """The page is in front, for the first time or again."""
        self.news()

    # What the frame does for every screen.

    @property
    def frame(self) -> Frame:
        """The application."""
        app = self.app
        if not isinstance(app, Frame):
            raise TypeError("a page lives in a Frame")
        return app

    @property
    def words(self) -> Words:
        """The words of the language spoken now."""
        return self.frame.words

    def on_mount(self) -> None:
        """Listens to what changes for all screens. Textual calls this beside the `on_mount` of the screen itself."""
        self.watch(self.frame, "language", self._translate, init=False)
        self.watch(self.frame, "standing", self._tell_standing, init=False)
        self.watch(self.frame, "changed", self._on_news, init=False)
        self._translate()
        remember(self)

    def on_resize(self) -> None:
        """Lays everything out for the new width."""
        self._translate()

    def on_screen_resume(self, resume: events.ScreenResume) -> None:
        """Something may have happened while another screen was in front; but not to its colours, which are set
        whenever the theme changes."""
        resume.refresh_styles = False
        self._tell_standing()
        self._tell_title()
        if self.is_current:  # else it is made ahead: nobody has come to read anything, nor to type
            self.resumed()
            self.call_after_refresh(self.frame.first_shown, self)

    def _translate(self) -> None:
        for word in self.query(Word):
            word.translate(self.words)
        self._tell_standing()
        self._tell_title()
        if not isinstance(self._saying, str):
            self.say(self._saying)
        self.fill()
        self.show_keys()

    def _tell_standing(self) -> None:
        self.query_one(Standing).tell(self.frame.standing, self.frame.node.now_ms(), self.words)

    def _tell_title(self) -> None:
        self.put("title", f"{self._drill()}{self._title()}")

    def _on_news(self) -> None:
        if self.is_current:
            self.news()

    def title_text(self) -> str:
        """The words at the head of a page that is not a main screen."""
        return self.words(self.TITLE_WORD)

    def _drill(self) -> str:
        """Before the title of every screen of a drill: that it is one."""
        return self.words("drill.mark") if self.frame.node.is_drill else ""

    def _title(self) -> str:
        """The main screens with their keys, this one marked; or the page's own title."""
        words = self.words
        keys = [("^L", "key.lock"), ("F1", "key.help"), ("F9", "key.language"), ("^Q", "key.quit")]
        told = {key: f"{key} {words(word)}" for key, word in keys}
        width = self.app.size.width - 2 - cell_len(self._drill())
        if not self.MAIN:
            right = f"{told['F1']}  {told['F9']}"
            left = cut(self.title_text(), width - cell_len(right) - 2)
        else:
            # The names of the rooms before the keys that the help tells as well.
            rights = ["  ".join(told[key] for key in some) for some in KEYS_AT_THE_HEAD]
            left = self._rooms(width - 2 - cell_len(rights[-1]))
            right = next((each for each in rights if cell_len(left) + cell_len(each) + 2 <= width), rights[-1])
        gap = width - cell_len(left) - cell_len(right)
        return f"{left}{' ' * max(2, gap)}{right}"

    def _rooms(self, width: int) -> str:
        """The rooms by their keys, the one we are in marked; where that is too wide, the others by their keys alone."""
        words, here = self.words, self.frame.current_mode
        far = next((room.word for room in self.frame.far() if room.word == here), None)
        named = [(key, room.word == here, words(f"{room.word}.title")) for key, room in self.frame.near()]
        if self.frame.far():
            named.append(("F10", far is not None, words(f"{far}.title") if far else words("key.rooms")))
        wide = " ".join(f"[{key} {word}]" if marked else f" {key} {word} " for key, marked, word in named)
        if cell_len(wide) <= width:
            return wide
        return " ".join(f"[{key} {word}]" if marked else key for key, marked, word in named)

    def key_words(self) -> list[tuple[str, str]]:
        """The keys at the foot: key and word."""
        bound = [binding for each in self._bindings.key_to_bindings.values() for binding in each if binding.show]
        ordered = sorted(bound, key=lambda binding: binding.key == "escape")
        return [(SHOWN_KEYS.get(each.key, each.key.upper()), self.words(each.description)) for each in ordered]

    def show_keys(self) -> None:
        """Shows the keys at the foot, on as few lines as they need."""
        told = packed([f"[{key}]{word}" for key, word in self.key_words()], self.app.size.width - 2)
        self.put("keys", "\n".join(told))

    # What screens do.

    def put(self, name: str, text: str) -> None:
        """Shows text in the `Told` of this id."""
        self.query_one(f"#{name}", Told).tell(text)

    def say(self, text: str | Callable[[Words], str]) -> None:
        """Says what was done or why not; it stays until something else is said. What is given as a question to the
        words is said anew in another language."""
        self._saying = text
        told = text if isinstance(text, str) else text(self.words)
        self.put("said", "\n".join(folded(told, self.app.size.width - 2)))

    def ask(
        self, question: Callable[[], T], then: Callable[[T], object], *, group: str = ACTS, newest_only: bool = False
    ) -> None:
        """Asks the node in a worker, then goes on with `then` here; with `newest_only`, older ones stay unanswered.
        For what is asked as an act, the keys typed after it wait."""

        def work() -> None:
            worker = get_current_worker()
            try:
                answered = question()
            except Exception as error:  # noqa: BLE001  a fault must not close the screen: what was typed stays
                answer = Answer(partial(self.refused, error))
            else:
                answer = Answer(partial(then, answered))
            if not worker.is_cancelled:
                self.post_message(answer)

        self.begin(self.run_worker(work, thread=True, group=group, exclusive=newest_only))

    def ask_at_once(self, question: Callable[[], T], then: Callable[[T], object]) -> None:
        """As `ask` with `newest_only`, for what is mostly answered before the letter that asks could be painted: both
        are then painted together. For longer than a blink nothing waits."""
        asked = self.frame.asker.ask(question)
        if self.frame.asker.has_answered(asked):
            self._deliver(asked, then)
        else:
            asked.add_done_callback(lambda _: self.post_message(Answer(lambda: self._deliver(asked, then))))

    def _deliver(self, asked: Future[T], then: Callable[[T], object]) -> None:
        if asked.cancelled():
            return
        error = asked.exception()
        if error is None:
            then(asked.result())
        elif isinstance(error, Exception):
            self.refused(error)

    def on_answer(self, answer: Answer) -> None:
        """Delivers what a worker brought back; with it the page may have been left."""
        was_acting = self.is_acting
        answer.deliver()
        if was_acting:
            self.acted()

    def on_worker_state_changed(self, change: Worker.StateChanged) -> None:
        """Comes behind the answer, and without one where the worker was stopped."""
        if change.worker.is_finished and self.is_acting:
            self.end(change.worker)
            self.acted()

    def acted(self) -> None:
        """Something was answered: what was typed meanwhile goes on, now or as soon as the next screen is shown."""
        self.frame.call_later(self.frame.go_on)

    def refused(self, error: Exception) -> None:
        """Says why the node refused."""
        self.say(lambda _words: self.told(error))

    def told(self, error: Exception) -> str:
        """The sentence and the hint for an error."""
        if isinstance(error, MoyaiError):
            return " ".join(told(error, self.words.language))
        return reason_sentence("UNKNOWN", self.words.language)

    def done(self) -> None:
        """After an act: the standing line is asked anew at once."""
        self.frame.look(again=True)

    def action_help(self) -> None:
        """Shows what this screen is for and its keys."""
        self.frame.show_help(self.HELP_WORD, self.key_words())

    def action_back(self) -> None:
        """Goes back; a main screen has nowhere to go."""
        if not self.MAIN:
            self.dismiss(self.left())

    def action_nothing(self) -> None:
        """For keys that the widget in focus answers, and that are shown at the foot."""

    def left(self) -> Any:
        """What the page answers when it is left with Escape."""
        return None
