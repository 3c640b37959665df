"""Safety inquiry (安否照会): asked step by step; who may be meant; the answer as it may be read aloud."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from node.desk.inquiries import DOCUMENTS, Inquirer, InquiryView
from node.desk.inquiring import CHARACTERS_MAX, Sought
from node.desk.views import PersonView
from node.release.inquiry import AGREEABLE, Item, Relation
from node.words import desk_word
from tui.asked import AnswersInquiries
from tui.base import Page, Told, Word
from tui.columns import folded, packed
from tui.dialogs.choice import Choice, by_word
from tui.drafts import Draft
from tui.fields import Field, OneKey
from tui.in_hand import mark_in_hand
from tui.inquiry.answer import AnswerPage
from tui.inquiry.meant import NONE_OF_THEM, Meant
from tui.inquiry.past import Past
from tui.kana_field import KanaField

KEY = "inquiry"
DOCUMENT_KEYS = {str((number + 1) % len(DOCUMENTS)): code for number, code in enumerate(DOCUMENTS)}
"""1 to 6, and 0 for none."""
YES_NO = {"y": "y", "n": "n", "1": "y", "2": "n"}
RELATION_KEYS = {str(number + 1): relation.value for number, relation in enumerate(Relation)}
SEX_KEYS = {"1": "1", "2": "2", "9": "9", "0": "0"}
ROWS: tuple[tuple[str, ...], ...] = (
    ("from_name",),
    ("from_address",),
    ("from_contact",),
    ("document", "agrees"),
    ("without",),
    ("relation", "note"),
    ("name",),
    ("kana",),
    ("address",),
    ("birth", "sex"),
    ("reason",),
)
ONE_KEY = {"document": DOCUMENT_KEYS, "agrees": YES_NO, "relation": RELATION_KEYS, "sex": SEX_KEYS}
FIELDS = tuple(name for names in ROWS for name in names)


class InquiryForm(Page[None]):
    """The steps of Rule 8-3, one field each, with the question to put. What is half typed is kept as a draft."""

    MAIN = True
    TITLE_WORD = "inquiry.title"
    HELP_WORD = "help.inquiry"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.next_field"),
        Binding("f5", "look", "key.look_up"),
        Binding("f6", "refuse", "key.refuse"),
        Binding("f7", "past", "key.past_inquiries"),
        Binding("f8", "anew", "key.anew"),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("escape", "app.focus_previous", "key.field_before"),
    ]
    DEFAULT_CSS = """
    InquiryForm #ask { height: 4; color: $attention; }
    InquiryForm .row { height: 1; }
    InquiryForm .row Word { width: 18; }
    InquiryForm .row Input { width: 1fr; }
    InquiryForm .row OneKey { width: 3; }
    InquiryForm .row .second { width: auto; padding: 0 1; }
    InquiryForm .row Told { height: 1; padding: 0 1; }
    InquiryForm #document_told { width: 40; }
    InquiryForm #relation_told { width: 28; }
    """

    def __init__(self, desk: AnswersInquiries) -> None:
        super().__init__()
        self._desk = desk
        self._draft = Draft(self, desk, KEY)
        self._filling = False
        self._choices_told = False
        """Whether the choices of a field stand at the foot, where a key was none of them."""

    def body(self) -> ComposeResult:
        """The question to put, and every field."""
        yield Told(id="ask")
        for names in ROWS:
            with Horizontal(classes="row"):
                for place, name in enumerate(names):
                    yield Word(f"inquiry.{name}", classes="second" if place else "")
                    if name in ONE_KEY:
                        yield OneKey(name, ONE_KEY[name])
                        if not place:
                            yield Told(id=f"{name}_told")
                    else:
                        kind = KanaField if name == "kana" else Field
                        yield kind(name, max_length=CHARACTERS_MAX)

    def on_mount(self) -> None:
        """What was half typed when the lid was closed is there again."""
        self.ask(lambda: self._desk.draft(KEY), self._found)

    def _found(self, fields: dict[str, str] | None) -> None:
        self._draft.found(fields)
        self._put(fields or {})

    def _put(self, fields: dict[str, str]) -> None:
        self._filling = True
        for name in FIELDS:
            self._field(name).value = fields.get(name, "")
        self._filling = False
        self.fill()

    def fill(self) -> None:
        """The question of the field in hand, and the words of what was chosen."""
        language = self.words.language
        for name, table in (("document", "inquiry_document"), ("relation", "inquiry_relation")):
            chosen = self._chosen(name)
            self.put(f"{name}_told", desk_word(f"{table}.{chosen}", language) if chosen else "")
        self._tell_question()

    def _tell_question(self) -> None:
        focused = self.focused
        name = focused.id if focused is not None and focused.id in FIELDS else FIELDS[0]
        lines = folded(self.words(f"inquiry_ask.{name}"), self.app.size.width - 4)
        lines += packed(self._choices(name or ""), self.app.size.width - 4) if name in ONE_KEY else []
        self.put("ask", "\n".join(lines))

    def _choices(self, name: str) -> list[str]:
        language = self.words.language
        if name == "document":
            return [f"{key}:{desk_word(f'inquiry_document.{code}', language)}" for key, code in DOCUMENT_KEYS.items()]
        if name == "relation":
            return [f"{key}:{desk_word(f'inquiry_relation.{code}', language)}" for key, code in RELATION_KEYS.items()]
        if name == "sex":
            return [f"{key}:{self.words(f'sex_name.{key}')}" for key in SEX_KEYS]
        return [f"{key}:{self.words(f'inquiry_agrees.{key}')}" for key in ("y", "n")]

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def _text(self, name: str) -> str:
        return self._field(name).value.strip()

    def _chosen(self, name: str) -> str:
        return self.query_one(f"#{name}", OneKey).chosen or ""

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Another field is in hand."""
        mark_in_hand(self)
        self._tell_question()
        if self._choices_told:
            self._choices_told = False
            self.say("")

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Keeps what is typed."""
        if not self._filling:
            self._draft.keep({name: self._field(name).value for name in FIELDS})
            self.fill()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Goes on to the next step; from the last, looks."""
        here = FIELDS.index(event.input.id or "")
        if here + 1 < len(FIELDS):
            self.set_focus(self._field(FIELDS[here + 1]))
        else:
            self.action_look()

    def on_one_key_unknown(self, event: OneKey.Unknown) -> None:
        """Says which keys there are."""
        self.say(lambda _words: "  ".join(self._choices(event.name)))
        self._choices_told = True

    # --- acts

    def _inquirer(self) -> Inquirer:
        return Inquirer(
            name=self._text("from_name"),
            address=self._text("from_address"),
            contact=self._text("from_contact"),
            document=self._chosen("document") or "none",
            without=self._text("without"),
            agrees=self._chosen("agrees") == "y",
            relation=self._chosen("relation"),
            relation_note=self._text("note"),
            reason=self._text("reason"),
        )

    def _sought(self) -> Sought:
        return Sought(
            name=self._text("name"),
            kana=self._text("kana"),
            address=self._text("address"),
            birth=self._text("birth"),
            sex=int(self._chosen("sex") or 0),
        )

    def _missing(self) -> str:
        """The first field without which there is no answer; "" where all are there."""
        needed = ("from_name", "from_address", "agrees", "relation", "reason")
        for name in FIELDS:
            if name in needed and not self._text(name):
                return name
            if name == "kana" and not (self._text("name") or self._text("kana")):
                return "name"
            if name == "birth" and not (self._text("birth") or self._text("address")):
                return "birth"
        return ""

    def _complete(self) -> bool:
        missing = self._missing()
        self._choices_told = False
        if missing:
            self.say(lambda words: words("inquiry.missing", field=words(f"inquiry.{missing}")))
            self.set_focus(self._field(missing))
        else:
            self.say("")
        return not missing

    def action_look(self) -> None:
        """Looks who may be meant; then it is said who is, and the answer follows."""
        if self._complete():
            sought = self._sought()
            self.ask(lambda: self._desk.inquiries.candidates(sought), self._compare)

    def _compare(self, found: list[PersonView]) -> None:
        self.frame.push_screen(Meant(found), self._meant)

    def _meant(self, chosen: bytes | None) -> None:
        if chosen == NONE_OF_THEM:
            self._answer(None)
        elif chosen is not None:
            agreed = Choice(
                lambda words: words("inquiry_agreed.question"),
                by_word(*(f"inquiry_agreed.{name}" for name in ("nothing", *sorted(AGREEABLE), "all"))),
                title="inquiry.title",
            )
            self.frame.push_screen(agreed, lambda answer: self._agreed(chosen, answer))

    def _agreed(self, meant: bytes, answer: str | None) -> None:
        if answer is not None:
            items = AGREEABLE if answer == "all" else frozenset({Item(answer)} if answer in set(Item) else ())
            self._answer(meant, agreed=items)

    def action_refuse(self) -> None:
        """An improper purpose is suspected: refuses, and that is logged."""
        if self._complete():
            question = Choice(
                lambda words: words("inquiry_refuse.question"),
                by_word("inquiry_refuse.no", "inquiry_refuse.yes"),
                title="inquiry.title",
            )
            self.frame.push_screen(question, self._refuse)

    def _refuse(self, answer: str | None) -> None:
        if answer == "yes":
            self._answer(None, improper=True)

    def _answer(self, meant: bytes | None, *, improper: bool = False, agreed: frozenset[Item] = frozenset()) -> None:
        inquirer, sought = self._inquirer(), self._sought()
        self.ask(
            lambda: self._desk.inquiries.answer(inquirer, sought, meant=meant, improper=improper, agreed=agreed),
            self._answered,
        )

    def _answered(self, view: InquiryView) -> None:
        """It is kept; the form is empty for the next."""
        self._put({})
        self._draft.drop()
        self.set_focus(self._field(FIELDS[0]))
        self.done()
        self.frame.push_screen(AnswerPage(self._desk, view))

    def action_past(self) -> None:
        """What was answered before."""
        self.frame.push_screen(Past(self._desk))

    def action_anew(self) -> None:
        """Empties the form, once that was confirmed."""
        question = Choice(
            lambda words: words("inquiry_anew.question"),
            by_word("inquiry_anew.no", "inquiry_anew.yes"),
            title="inquiry.title",
        )
        self.frame.push_screen(question, self._emptied)

    def _emptied(self, answer: str | None) -> None:
        if answer == "yes":
            self._put({})
            self._draft.drop()
            self.set_focus(self._field(FIELDS[0]))
