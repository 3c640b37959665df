"""What two towns live through between the conversations that a release's recording holds. Made-up people only."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace

import numpy as np

from moyai.v1 import trust_pb2
from node.desk.views import NewPerson
from node.installation import Installation
from node.peerbook import install_roster
from node.trust.roster import read_roster
from sync.frames import Frame, Hello, Sketch
from sync.mapping import checksum
from sync.reconcile import key_of
from sync.sketch import Cells
from tests.builders.nodes import Federation
from tests.builders.trust import KANAZAWA, TRUSTEES, WAJIMA, signed_by
from tests.protocol.sessions.conversing import CALLED, DIALLER, Tamper
from tests.protocol.sessions.states import config_of, node_of, plain_copy

SOME = 14
"""People at once, so many on either side that a first sketch, made by how the numbers differ, can't tell them."""

ALIEN = 0x0123456789ABCDEF


@dataclass(frozen=True, slots=True)
class Scene:
    """One conversation of the story: what happens before it, and how it goes."""

    name: str
    description: str
    before: Callable[["Story"], None]
    stays: bool = False
    """It rests when all is settled; then the called side writes something, says so, and parts when that has come. Only
    the dialler's side is then played again."""
    liar: Callable[[], Tamper] | None = None
    """Where the called side is faulty: what becomes of its frames. Only the dialler's side is then played again."""


class Story:
    """Two towns under one roster, of which Kanazawa has the newer."""

    def __init__(self, made: Federation) -> None:
        self.made = made
        self.people: list[bytes] = []
        self._number = 0
        self._backup = b""
        self._put_back = ExitStack()

    def close(self) -> None:
        """Close what was put back."""
        self._put_back.close()

    def keep_backup(self) -> None:
        """How Kanazawa stands now is kept."""
        self._backup = plain_copy(self.kanazawa, self.made.folder)

    def put_back(self) -> None:
        """Kanazawa's disk is gone; what was kept of it goes on."""
        old, folder = self.kanazawa, self.made.folder / "put back"
        node = node_of(folder, self._backup, config_of(old), now_ms=self.made.time, seed=3)
        old.close()
        self.made.nodes[KANAZAWA] = self._put_back.enter_context(node)

    @property
    def wajima(self) -> Installation:
        """It dials."""
        return self.made[WAJIMA]

    @property
    def kanazawa(self) -> Installation:
        """It is called."""
        return self.made[KANAZAWA]

    def renew_roster(self) -> None:
        """Kanazawa has been given the next roster."""
        listed = trust_pb2.Roster()
        listed.ParseFromString(read_roster(self.kanazawa.book().roster()).body)
        listed.version += 1
        signed = signed_by(listed, *TRUSTEES[:2])
        install_roster(self.kanazawa.ledger, signed, now_ms=self.made.time())

    def register(self, node: Installation, count: int = 1) -> None:
        """Somebody unknown comes to a desk, and agrees that all local governments are told."""
        for _ in range(count):
            self._number += 1
            person = NewPerson(
                family_name="見本",
                given_name=f"{self._number}号",
                family_kana="ミホン",
                birth=f"19480{self._number % 9 + 1}03",
                share=True,
            )
            self.people.append(node.desk("op-1").register(person).subjects[0])

    def withdraw(self, node: Installation, subject: bytes) -> None:
        """They take their consent back."""
        desk = node.desk("op-1")
        desk.withdraw_consent(subject, desk.consents(subject)[0].slot)

    def a_day_later(self) -> None:
        """So long that all ids are compared once more."""
        self.made.time.later(days=1)


def contradicting() -> Tamper:
    """The called side's sketches contradict themselves, with salt and without: a symbol in a cell that is not its own,
    which only crafted ids or a fault bring about."""
    salt = b""

    def tamper(said_by: str, frame: Frame) -> Frame:
        nonlocal salt
        if said_by == DIALLER and isinstance(frame, Hello):
            salt = frame.salt
        if said_by == CALLED and isinstance(frame, Sketch) and frame.start == 0 and frame.count > 1:
            cells = Cells.from_bytes(frame.symbols, frame.counts)
            cells.sums[1] ^= np.uint64(ALIEN)
            cells.checks[1] ^= np.uint32(checksum(ALIEN, key_of(salt)))
            return replace(frame, symbols=cells.to_bytes())
        return frame

    return tamper


def _nothing(_story: Story) -> None:
    """Nothing has happened since."""


def _withdrawn_and_somebody_new(story: Story) -> None:
    story.withdraw(story.kanazawa, story.people[-1])
    story.register(story.wajima)


def _some_come_to_wajima(story: Story) -> None:
    story.keep_backup()
    story.register(story.wajima, SOME)


def _put_back_and_gone_on(story: Story) -> None:
    story.put_back()
    story.register(story.kanazawa, SOME)


SCENES = (
    Scene("greeting-roster", "They meet; the called side has a newer roster.", Story.renew_roster),
    Scene("in-sync", "Nothing is owed.", _nothing),
    Scene("hint", "The dialler pushes what is new along with its hello.", _some_come_to_wajima),
    Scene(
        "id-list",
        "The called side was put back as it stood before, and its sketches contradict themselves: it lists its ids.",
        _put_back_and_gone_on,
        liar=contradicting,
    ),
    Scene("sketch-more", "It was put back and has gone on: a first sketch does not tell what differs.", _nothing),
    Scene("records", "The called side has what the dialler lacks.", lambda story: story.register(story.kanazawa, 3)),
    Scene("control-first", "A consent was withdrawn at the called side.", _withdrawn_and_somebody_new),
    Scene("audit", "A day later all ids are compared by a salted hash.", Story.a_day_later),
    Scene("news", "The line rests; then something is written at the called side, which says so.", _nothing, stays=True),
)
"""In this order: each begins where the one before has ended, but for those with a liar, which leave nothing behind."""
