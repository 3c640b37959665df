"""Sending (通信): what waits for whom, who is there now or was heard when, and that nothing is lost meanwhile."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.views import CarriedView, PeerView
from tui.asked import Node
from tui.base import Answer, Page, Told
from tui.columns import folded, pad_left, row, widths
from tui.dialogs.to_file import ask_where
from tui.lines import Lines
from tui.sending.meaning import Size, line, meaning, was_read, why, written
from tui.sending.stick import Stick
from tui.sending.trying import Tries
from tui.tenths import Tenths

if TYPE_CHECKING:
    from node.forecast import Forecast


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
        self._is_served = True
        self._as_of: tuple[int, bool] | None = None
        """The ledger, and whether anybody speaks, when the peers were asked for last."""
        self._tries = Tries()
        self._waits: tuple[bytes, Size | None] = (b"", None)
        """Of which peer it is known how much waits, and how much that is."""

    def body(self) -> ComposeResult:
        """What it means, the peers, why the marked one was not reached."""
        yield Told(id="meaning")
        yield Told(id="head")
        yield Lines(id="peers")
        yield Told(id="why")

    def on_mount(self) -> None:
        """Follows the standing line, whose figures this screen explains, and looks at the peers as often."""
        self.watch(self.frame, "standing", self._explain, init=False)
        self.set_interval(self.frame.look_every_s, self._look)

    def resumed(self) -> None:
        """What was said before another screen was in front is old by now."""
        self.say("")
        self.news()

    def news(self) -> None:
        """Asks anew."""
        self._as_of = None
        self._look()

    def _look(self) -> None:
        """Who comes and goes changes no figure above: the peers are looked at where the ledger or the line changed."""
        if self.is_current:
            self.ask(self._changed_peers, self._show, group="peers", newest_only=True)

    def _changed_peers(self) -> tuple[list[PeerView], bool] | None:
        as_of = (self._node.changed(), self._node.is_served())
        if as_of == self._as_of:
            return None
        peers = self._node.peers()
        self._as_of = as_of
        return peers, as_of[1]

    def _show(self, asked: tuple[list[PeerView], bool] | None) -> None:
        if asked is None:
            return
        self._peers, self._is_served = asked
        self.fill()
        if self._tries.heard(self._peers):
            self.say(self._tries.told)

    def fill(self) -> None:
        """One line a peer."""
        self._explain()
        words, now = self.words, self._node.now_ms()
        lines = self.query_one("#peers", Lines)
        laid = widths(lines.room, [0, 10, 16, 24], 10)
        head = [words(f"sending.{name}") for name in ("peer", "waiting", "last_contact", "state")]
        self.put("head", "  " + row([head[0], pad_left(head[1], 8), *head[2:]], laid) if self._peers else "")
        told = [line(peer, now, words) for peer in self._peers]
        lines.show(
            [row([name, pad_left(waiting, 8), *rest], laid) for name, waiting, *rest in told], keep=lines.highlighted
        )
        self._why()
        self._weigh()

    def _explain(self) -> None:
        standing = self.frame.standing
        told = meaning(standing, self._peers, self.words, is_served=self._is_served) if standing is not None else ""
        self.put("meaning", "\n".join(folded(told, self.app.size.width - 4)))

    def on_option_list_option_highlighted(self) -> None:
        """Another peer is marked."""
        self._why()
        self._weigh()

    def _marked(self) -> PeerView | None:
        number = self.query_one("#peers", Lines).highlighted
        return self._peers[number] if number is not None and number < len(self._peers) else None

    def _weigh(self) -> None:
        """Asks how much waits for the one marked, before anything is sent."""
        peer = self._marked()
        if peer is not None and peer.waiting:
            node = peer.node
            self.ask(lambda: self._node.forecast(node), lambda told: self._weighed(node, told), group="weigh")

    def _weighed(self, node: bytes, told: "Forecast") -> None:
        self._waits = (node, Size(told.records, told.bytes, told.seconds))
        self._why()

    def _why(self) -> None:
        peer = self._marked()
        told = []
        if peer is not None:
            size = self._waits[1] if self._waits[0] == peer.node and peer.waiting else None
            told = why(peer, size, self._node.now_ms(), self.words)
        lines = [part for text in told for part in folded(text, self.app.size.width - 4)]
        self.put("why", "\n".join(lines))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tries the one marked."""
        peer = self._peers[event.option_index]
        self._try([peer], peer.organisation)

    def action_try_all(self) -> None:
        """Tries all."""
        self._try(self._peers, None)

    def _try(self, peers: list[PeerView], organisation: str | None) -> None:
        self._tries = Tries.of(peers, is_served=self._is_served)
        self.say(self._tries.told)
        if self._is_served:
            self.ask(lambda: self._node.poke(organisation), lambda _: self.done())

    # --- by hand

    def action_write_bundle(self) -> None:
        """Asks where to, and writes what waits for the one marked."""
        peer = self._marked()
        if peer is None:
            self.say(lambda words: words("stick.nobody"))
            return
        ask_where(
            self, lambda: Stick(self._node, "write", peer.called), lambda path: self._write(peer, path), self._written
        )

    def action_read_bundle(self) -> None:
        """Asks where from, and reads what lies there."""
        ask_where(self, lambda: Stick(self._node, "read"), self._read, self._was_read)

    def _write(self, peer: PeerView, path: str) -> list[CarriedView]:
        """In the worker."""
        return self._node.write_bundle(peer.organisation, peer.node, path, progress=self._shares())

    def _read(self, path: str) -> list[CarriedView]:
        """In the worker."""
        return self._node.read_bundle(path, progress=self._shares())

    def _shares(self) -> Tenths:
        self.post_message(Answer(lambda: self._tell_share(0)))
        return Tenths(self, self._tell_share)

    def _written(self, done: list[CarriedView]) -> None:
        self.say(lambda words: " ".join(written(one, words) for one in done))

    def _was_read(self, done: list[CarriedView]) -> None:
        self.say(lambda words: " ".join(was_read(one, words) for one in done))
        self.done()

    def _tell_share(self, percent: int) -> None:
        self.say(lambda words: words("stick.under_way", percent=percent))
