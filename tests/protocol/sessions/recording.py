"""Records what this release says to its peers, for later ones to be held against: `make release-sessions`."""

import json
import sys
from contextlib import closing
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from node.installation import Installation
from tests.builders.carrying import Stick
from tests.builders.nodes import Federation, federation
from tests.builders.trust import KANAZAWA, WAJIMA
from tests.protocol.sessions import states
from tests.protocol.sessions.conversing import CALLED, DIALLER, Recorder, honest, kind_of, peer_of, result_of, side_of
from tests.protocol.sessions.states import config_of
from tests.protocol.sessions.story import SCENES, Scene, Story

RELEASED = Path(__file__).resolve().parents[3] / "protocol" / "released"
CODES = {DIALLER: WAJIMA, CALLED: KANAZAWA}
SIDES = {DIALLER: 1, CALLED: 2}
TLS = "tls-certificate"


class Recording:
    """What is written down, piece by piece."""

    def __init__(self, made: Federation) -> None:
        self.made = made
        self.story = Story(made)
        self.states: dict[str, bytes] = {}
        self.files: dict[str, dict[str, object]] = {}

    def scene(self, scene: Scene) -> None:
        """One conversation, and how both nodes stood before it."""
        scene.before(self.story)
        seeds = {name: 10 * len(self.files) + number for name, number in SIDES.items()}
        played = {name: code for name, code in CODES.items() if name == DIALLER or not (scene.stays or scene.liar)}
        before = {name: self._state(code) for name, code in CODES.items()}
        self.states |= {f"{scene.name}-{name}": before[name] for name in played}
        at_ms = self.made.time()
        if scene.liar is None:
            said, ended = _recorded(scene, self.story, self.story.wajima, self.story.kanazawa, seeds)
        else:
            with TemporaryDirectory() as folder:
                pair = [
                    states.node_of(
                        Path(folder) / name,
                        before[name],
                        config_of(self.made[code]),
                        now_ms=self.made.time,
                        seed=seeds[name],
                    )
                    for name, code in CODES.items()
                ]
                with pair[0] as dialler, pair[1] as called:
                    said, ended = _recorded(scene, self.story, dialler, called, seeds)
        self.files[scene.name] = {
            "kind": "session",
            "description": scene.description,
            "at_ms": at_ms,
            "stays": scene.stays,
            "sides": {
                name: {
                    "config": config_of(self.made[code]),
                    "peer_tls": _tls(self.made[WAJIMA if name == CALLED else KANAZAWA]).hex(),
                    "seed": seeds[name],
                    "result": ended[name],
                }
                for name, code in played.items()
            },
            "conversation": [{"said_by": name, "kind": kind_of(frame), "frame": frame.hex()} for name, frame in said],
        }

    def bundle(self, folder: Path) -> None:
        """Somebody new at one town, carried to the other by hand."""
        self.story.register(self.story.wajima)
        self.states["bundle-A"] = self._state(KANAZAWA)
        stick = Stick(self.made, folder / "stick")
        (file,) = stick.write(WAJIMA, KANAZAWA)
        packed = file.read_bytes()
        read = stick.read(KANAZAWA, [file])
        self.files["bundle"] = {
            **self._read_at("A bundle, sealed to the reader.", "bundle"),
            "bundle": packed.hex(),
            "result": {"records": read.records, "new": read.new, "quarantined": read.quarantined},
        }

    def card(self) -> None:
        """Somebody new at one town walks to the other with their card."""
        self.story.register(self.story.wajima)
        self.states["card-A"] = self._state(KANAZAWA)
        packed = self.story.wajima.desk("op-1").cards.make(self.story.people[-1]).packed
        taken = self.story.kanazawa.desk("op-1").cards.take(packed)
        self.files["card"] = {
            **self._read_at("An evacuee card of a person the reader has not heard of.", "card"),
            "card": packed.hex(),
            "result": {
                "organisation": taken.organisation,
                "records": taken.records,
                "new": taken.new,
                "turned": [list(one) for one in taken.turned],
            },
        }

    def _read_at(self, description: str, kind: str) -> dict[str, object]:
        return {
            "kind": kind,
            "description": description,
            "at_ms": self.made.time(),
            "config": config_of(self.story.kanazawa),
            "seed": 1,
        }

    def _state(self, code: str) -> bytes:
        return states.plain_copy(self.made[code], self.made.folder)


def _recorded(
    scene: Scene, story: Story, dialler: Installation, called: Installation, seeds: dict[str, int]
) -> tuple[list[tuple[str, bytes]], dict[str, dict[str, object]]]:
    dialler, called = (
        replace(node, entropy=Random(seeds[name]).randbytes) for name, node in ((DIALLER, dialler), (CALLED, called))
    )
    sides = (
        side_of(dialler, peer_of(dialler, _tls(called)), dialled=True, seed=seeds[DIALLER], stays=scene.stays),
        side_of(called, peer_of(called, _tls(dialler)), dialled=False, seed=seeds[CALLED]),
    )
    recorder = Recorder(*sides, scene.liar() if scene.liar else honest)
    recorder.to_its_end()
    if scene.stays:
        story.register(called)
        recorder.wake(CALLED)
        recorder.part(CALLED)
    ended = {DIALLER: result_of(dialler, sides[0])}
    if sides[1].outcome is not None:
        ended[CALLED] = result_of(called, sides[1])
    for side, node in zip(sides, (dialler, called), strict=True):
        node.book().contact(side.portside.peer, str(side.outcome.reason if side.outcome else ""))
    return recorder.said, ended


def _tls(node: Installation) -> bytes:
    certificate = node.ledger.secret(TLS)
    assert certificate is not None
    return certificate


def record(folder: Path) -> None:
    """Write the recording of this release into a new folder."""
    folder.mkdir(parents=True)
    with TemporaryDirectory() as place, federation(Path(place), WAJIMA, KANAZAWA) as made:
        made.chance = Random("a recording")
        recording = Recording(made)
        with closing(recording.story):
            for scene in SCENES:
                recording.scene(scene)
            recording.bundle(Path(place))
            recording.card()
    for name, said in recording.files.items():
        text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    (folder / states.ARCHIVE).write_bytes(states.pack(recording.states))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else RELEASED / f"v{version('moyai')}-sessions"
    record(target)
    print(target)
