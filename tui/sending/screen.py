"""Sending (通信): what waits for whom, when they were last reached, why not, and that nothing is lost meanwhile."""

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.views import CarriedView, PeerView
from node.forecast import Forecast
from node.words import reason_sentence
from tui.asked import Node
from tui.base import Answer, Page, Told
from tui.columns import folded, pad_left, row, widths
from tui.lines import Lines
from tui.sending.stick import Stick
from tui.when import ago, clock
from tui.words import Words

DONE = "DONE"
BY_HAND = "BY_HAND"
TENTH = 10
"""Progress is said at every tenth: a slow line is repainted seldom."""


class Sending(Page[None]):
    """Every peer in a line; what stopped the last try in words below."""

    MAIN = True
    TITLE_WORD = "sending.title"
    HELP_WORD = "help.sending"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.try_one"),
        Binding("f5", "try_all", "key.try_all"),
        Binding("f6", "write_bundle", "key.write_bundle"),
        Binding("f7", "read_bundle", "key.read_bundle"),
        Binding("escape", "nothing", show=False),
    ]
    DEFAULT_CSS = """
    Sending #meaning { height: auto; padding: 1 0; }
    Sending #head { height: 1; color: $quiet; }
    Sending #peers { height: 1fr; }
    Sending #why { height: 4; }
    """

    def __init__(self, node: Node) -> None:
        super().__init__()
        self._node = node
        self._peers: list[PeerView] = []
        self._weight: tuple[bytes, str] = (b"", "")
        """Of which peer it is known how much waits, and that in words."""

    def body(self) -> ComposeResult:
        """What it means, the peers, why the marked one was not reached."""
        yield Told(id="meaning")
        yield Told(id="head")
        yield Lines(id="peers")
        yield Told(id="why")

    def on_mount(self) -> None:
        """Follows the standing line, whose figures this screen explains."""
        self.watch(self.frame, "standing", self._explain, init=False)

    def news(self) -> None:
        """Asks anew."""
        self.ask(self._node.peers, self._show, group="peers", newest_only=True)

    def _show(self, peers: list[PeerView]) -> None:
        self._peers = peers
        self.fill()

    def fill(self) -> None:
        """One line a peer."""
        self._explain()
        words, now = self.words, self._node.now_ms()
        lines = self.query_one("#peers", Lines)
        laid = widths(lines.room, [0, 10, 16, 24], 10)
        head = [words(f"sending.{name}") for name in ("peer", "waiting", "last_contact", "state")]
        self.put("head", "  " + row(head, laid))
        told = []
        for peer in self._peers:
            contact = ago(peer.last_contact_ms, now, words)
            untried = words("sending.never_tried" if peer.endpoints else "sending.they_call")
            state = {DONE: words("sending.reached"), BY_HAND: words("sending.by_hand"), "": untried}.get(
                peer.last_reason
            )
            told.append(
                row(
                    [
                        peer.organisation_name,
                        pad_left(str(peer.waiting), 8),
                        contact,
                        state or words("sending.not_reached"),
                    ],
                    laid,
                )
            )
        lines.show(told, keep=lines.highlighted)
        self._why()
        self._weigh()

    def _explain(self) -> None:
        standing = self.frame.standing
        told = ""
        if standing is not None:
            key = "sending.online"
            # The sum of the rows; where they say nothing waits and the line above does, nothing is called sent.
            waiting = sum(peer.waiting for peer in self._peers) or standing.not_sent
            if not waiting:
                key = "sending.all_sent"
            elif standing.offline_since_ms is not None:
                key = "sending.offline"
            elif standing.last_contact_ms is None:
                key = "sending.never"
            told = self.words(key, n=waiting)
        lines = folded(told, self.app.size.width - 4)
        self.put("meaning", "\n".join(lines))

    def on_option_list_option_highlighted(self) -> None:
        """Another peer is marked."""
        self._why()
        self._weigh()

    def _weigh(self) -> None:
        """Asks how much waits for the one marked, before anything is sent."""
        number = self.query_one("#peers", Lines).highlighted
        if number is not None and number < len(self._peers) and self._peers[number].waiting:
            node = self._peers[number].node
            self.ask(lambda: self._node.forecast(node), lambda told: self._weighed(node, told), group="weigh")

    def _weighed(self, node: bytes, told: Forecast) -> None:
        kilobytes = -(-told.bytes // 1_000)
        text = self.words("sending.size", n=told.records, kilobytes=kilobytes)
        if told.seconds is not None:
            text = self.words(
                "sending.takes", n=told.records, kilobytes=kilobytes, time=_time(told.seconds, self.words)
            )
        self._weight = (node, text)
        self._why()

    def _why(self) -> None:
        number = self.query_one("#peers", Lines).highlighted
        told: list[str] = []
        if number is not None and number < len(self._peers):
            peer = self._peers[number]
            if self._weight[0] == peer.node and peer.waiting:
                told.append(self._weight[1])
            if peer.last_reason not in ("", DONE, BY_HAND) and peer.last_try_ms is not None:
                time = clock(peer.last_try_ms, self._node.now_ms(), self.words)
                reason = reason_sentence(peer.last_reason, self.words.language)
                told.append(self.words("sending.why", time=time, reason=reason))
            if peer.endpoints:
                told.append(self.words("sending.address", address=", ".join(peer.endpoints)))
            else:
                standing = self.frame.standing
                own = standing is not None and peer.organisation_name == standing.organisation_name
                told.append(self.words("sending.own_laptop" if own else "sending.no_address"))
        lines = [line for text in told for line in folded(text, self.app.size.width - 4)]
        self.put("why", "\n".join(lines))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tries the one marked."""
        self._try(self._peers[event.option_index].organisation)

    def action_try_all(self) -> None:
        """Tries all."""
        self._try(None)

    def _try(self, organisation: str | None) -> None:
        self.say(self.words("sending.trying"))
        self.ask(lambda: self._node.poke(organisation), lambda _: self.done())

    # --- by hand

    def action_write_bundle(self) -> None:
        """Asks where to, and writes what waits for the one marked."""
        number = self.query_one("#peers", Lines).highlighted
        if number is None or number >= len(self._peers):
            self.say(self.words("stick.nobody"))
            return
        peer = self._peers[number]
        ask_where = Stick(self._node, "write", peer.organisation_name)
        self.frame.push_screen(ask_where, lambda path: self._write(peer, path))

    def action_read_bundle(self) -> None:
        """Asks where from, and reads what lies there."""
        self.frame.push_screen(Stick(self._node, "read"), self._read)

    def _write(self, peer: PeerView, path: str | None) -> None:
        if path:
            self._tell_share(0)
            self.ask(
                lambda: self._node.write_bundle(peer.organisation, peer.node, path, progress=self._progress()),
                self._written,
            )

    def _read(self, path: str | None) -> None:
        if path:
            self._tell_share(0)
            self.ask(lambda: self._node.read_bundle(path, progress=self._progress()), self._was_read)

    def _written(self, done: list[CarriedView]) -> None:
        told = [
            self.words(
                "stick.greeting" if one.is_greeting else "stick.written",
                name=one.organisation_name,
                n=one.records,
                files=", ".join(one.files),
            )
            for one in done
        ]
        self.say(" ".join(told))

    def _was_read(self, done: list[CarriedView]) -> None:
        told = [
            self.words(
                "stick.was_read", name=one.organisation_name, n=one.records, arrived=one.arrived, waiting=one.waiting
            )
            for one in done
        ]
        self.say(" ".join(told))
        self.done()

    def _progress(self) -> "_Tenths":
        return _Tenths(self)

    def _tell_share(self, tenths: int) -> None:
        self.say(self.words("stick.under_way", percent=tenths * TENTH))


def _time(seconds: float, words: Words) -> str:
    return words("sending.under_minute") if seconds < 60 else words("sending.minutes", n=-(-int(seconds) // 60))


class _Tenths:
    """Hears in the worker how far it is, and has the screen say it at every tenth."""

    def __init__(self, screen: Sending) -> None:
        self._screen = screen
        self._told = 0

    def __call__(self, done: int, total: int) -> None:
        tenths = done * TENTH // total if total else 0
        if tenths > self._told:
            self._told = tenths
            self._screen.post_message(Answer(partial(self._screen._tell_share, tenths)))
