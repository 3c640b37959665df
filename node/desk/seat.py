"""What everybody at a keyboard has, clerk or coordinator: who they are, how it stands, inquiries, the log, drafts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from node.desk import carrying, looking
from node.desk.carrying import Carrier, Progress, nobody
from node.desk.inquiries import Inquiries
from node.desk.inquiry_words import printed
from node.desk.operators import CODE_CHARACTERS_MAX, Operators
from node.desk.own_list import own_list
from node.desk.pin_recovery import PinRecovery
from node.desk.post import Post
from node.desk.reading_log import ReadingLog
from node.desk.sheets import write_sheet
from node.desk.showing import Showing
from node.desk.views import CarriedView, PeerView, PersonView, StandingLine
from node.errors import FieldRefused

if TYPE_CHECKING:
    from node.desk.card_reading import Office
    from node.forecast import Forecast


class Seat:
    """One operator of one organisation. Calls block and may come from any thread."""

    def __init__(
        self,
        post: Post,
        *,
        poke: Callable[[str | None], None] = lambda _organisation: None,
        carrier: Callable[[], Carrier] | None = None,
        office: "Callable[[], Office] | None" = None,
    ) -> None:
        self._post = post
        self._poke = poke
        self._carrier = carrier
        self._office = office

    @property
    def organisation(self) -> str:
        """Code of the organisation."""
        return self._post.organisation

    @property
    def organisation_name(self) -> str:
        """Its name."""
        return self._post.organisation_name

    @property
    def operator(self) -> str:
        """Who is at the keyboard, as the organisation names its staff."""
        return self._post.operator

    @property
    def is_drill(self) -> bool:
        """Whether all this is a drill (訓練), which every screen says."""
        return self._post.is_drill

    @property
    def operators(self) -> Operators:
        """The staff of this node."""
        return Operators(self._post)

    def sign_in(self, operator: str, pin: str) -> bool:
        """Another member of staff takes over, or the same goes on; whether their PIN is lent and they need their own.

        On a node where no operator was made yet, nobody has a PIN: whoever gives a name works under it.

        Raises:
            OperatorUnknown, PinPaused, PinWrong: it is not them; who was there before still is.
            FieldRefused: no name was given.
        """
        operators = self.operators
        if operators.exist():
            view = operators.sign_in(operator, pin)
        elif not operator.strip():
            raise FieldRefused(field="operator", rule="missing")
        else:
            view = None
        self._post = replace(self._post, operator=operator.strip()[:CODE_CHARACTERS_MAX])
        return view is not None and view.pin_is_lent

    def staffed(self) -> bool:
        """Whether the staff of this node are known, so that who works here signs in."""
        return self.operators.exist()

    def known_operator(self) -> str:
        """Who is at the keyboard; "" where nobody of that code works here."""
        return self.operator if not self.staffed() or self._post.works_here() else ""

    def change_pin(self, operator: str, pin: str, new: str) -> None:
        """Choose a PIN of one's own. Raises OperatorUnknown, PinPaused, PinWrong, PinTooPlain."""
        self.operators.change_pin(operator, pin, new)

    @property
    def pin_recovery(self) -> PinRecovery:
        """A PIN that was given anew from outside, and saying that one knows of it."""
        return PinRecovery(self._post, self.operators)

    def note_lock(self) -> None:
        """Write down that the screens were locked."""
        self.operators.locked()

    def now_ms(self) -> int:
        """The time every act is given, and ages are counted from."""
        return self._post.now_ms()

    def standing(self) -> StandingLine:
        """The line that is always visible."""
        return looking.standing(self._post)

    def changed(self) -> int:
        """A number that is another one whenever the ledger has changed, by this process or another."""
        return self._post.ledger.data_version()

    def find(self, text: str, *, purpose: str, limit: int = 20) -> list[PersonView]:
        """People by name, kana, romaji, birth date, phone or address; the likeliest first. Logged.

        Raises:
            PurposeMissing, WordUnknown: no purpose was given, or none of the list.
        """
        return looking.find(self._post, self._showing, text, purpose=purpose, limit=limit)

    def make_ready(self) -> None:
        """Before the first search: so that it takes no longer than the others."""
        looking.make_ready(self._post)

    # --- inquiries and the log

    @property
    def inquiries(self) -> Inquiries:
        """Safety inquiries: who may be meant, the answer, what was answered before."""
        return Inquiries(self._post, self._showing)

    def write_inquiry(self, inquiry: bytes, language: str, path: str) -> str:
        """One inquiry and its answer into a file, or into a folder; returns where it is. Logged.

        Raises:
            FileNotWritten: it can't be written there.
        """
        told = printed(self.inquiries.one(inquiry), language, self.organisation_name)
        return write_sheet(path, f"inquiry-{inquiry.hex()[:8]}.txt", told)

    @property
    def reading_log(self) -> ReadingLog:
        """Who looked at, wrote and received what."""
        return ReadingLog(self._post)

    def own_list(self, subject: bytes, language: str) -> str:
        """What is held on a person and who looked at or received it, as a text to hand to them. Logged."""
        return own_list(self._post, subject, language)

    def write_own_list(self, subject: bytes, language: str, path: str) -> str:
        """The same into a file, or into a folder; returns where it is. Raises FileNotWritten."""
        return write_sheet(path, f"list-{subject.hex()[:8]}.txt", self.own_list(subject, language))

    # --- drafts

    def save_draft(self, key: str, fields: Mapping[str, str], *, operator: str = "") -> None:
        """Keep a half-typed form; durable when it returns. `operator`: who typed it, where another is here by now."""
        with self._post.ledger.write() as writing:
            writing.save_draft(operator or self._post.operator, key, dict(fields), self._post.now_ms())

    def draft(self, key: str) -> dict[str, str] | None:
        """A half-typed form, if one was kept."""
        return self._post.ledger.draft(self._post.operator, key)

    def drop_draft(self, key: str, *, operator: str = "") -> None:
        """The form was finished or given up."""
        with self._post.ledger.write() as writing:
            writing.drop_draft(operator or self._post.operator, key)

    # --- peers

    def peers(self) -> list[PeerView]:
        """How things stand with every node this one speaks to."""
        return looking.peers(self._post)

    def forecast(self, node: bytes) -> "Forecast":
        """How much waits for this node, packed, and how long the line would take."""
        from node.forecast import forecast  # noqa: PLC0415 -- takes long to load, and is seldom needed

        return forecast(self._post.ledger, node)

    def is_served(self) -> bool:
        """Whether a process of this node speaks with its peers now; else nothing is sent until one does."""
        return self._post.neighbours.is_served()

    def poke(self, organisation: str | None = None) -> None:
        """Ask for an exchange now, with one organisation or all."""
        self._poke(organisation)

    def stick(self) -> str:
        """The folder of a stick that is plugged in; empty: none was found."""
        return carrying.stick()

    def write_bundle(
        self, organisation: str, node: bytes, path: str, *, progress: Progress = nobody
    ) -> list[CarriedView]:
        """Write what waits for a peer to a file or into a folder. It counts as sent when the answer says so."""
        return carrying.write(self._post, self._carrier, organisation, node, path, progress=progress)

    def read_bundle(self, path: str, *, progress: Progress = nobody) -> list[CarriedView]:
        """Read a bundle, or all that lie in a folder for this node."""
        return carrying.read(self._post, self._carrier, path, progress=progress)

    @property
    def _showing(self) -> Showing:
        return Showing(self._post.ledger, self._post.organisation, self._post.place)
