"""Plays the day the server drowns on a copy: backup, both keys, an empty place, a new life; says how long each took."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from node.backup.making import make_backup
from node.backup.reading import verify_backup
from node.backup.restoring import Restored, restore
from node.backup.sealing import Progress, nobody
from node.config import NodeDirectory
from node.errors import BackupUnsound, RestorePlaceTaken
from node.installation import Installation, open_node
from node.trust.keys import BoxKey, Entropy

FOLDER: Final = "drill"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was checked, and held."""

    name: str
    """Under which its words stand in the locales."""
    seconds: float
    figures: dict[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A key to try, and which of the two it is."""

    kind: str
    key: BoxKey


@dataclass(slots=True)
class Drill:
    """One drill, in a folder that is there for it alone: no network, and nothing of the live node is changed."""

    place: Path
    now_ms: Callable[[], int]
    entropy: Entropy
    ticks: Callable[[], float]
    """Seconds, from any beginning."""
    progress: Progress = nobody

    def play(self, file: Path | None, keys: Sequence[Keyed], node: Installation | None) -> Iterator[Step]:
        """Each step when it was done. Without a `file` a backup of the live `node` is made first.

        Raises:
            MoyaiError: what does not hold, with its reason; the steps before it did.
        """
        with self._swept():
            if file is None:
                assert node is not None  # noqa: S101 -- one of the two is given
                file = self.place / "drill.moyai-backup"
                yield self._made(node, file)
            for one in keys:
                yield self._opens(file, one)
            began = self.ticks()
            at, key_file = NodeDirectory(self.place / "node"), self.place / "ledger.key"
            restored = restore(file, keys[0].key, at, key_file=key_file, now_ms=self.now_ms, progress=self.progress)
            age_hours = max(0, self.now_ms() - restored.head.made_at_ms) // 3_600_000
            yield Step("restored", self.ticks() - began, {"age_hours": age_hours})
            yield self._lives(at, restored)
            yield self._refuses_what_is_there(file, keys[0].key, at, key_file)
        yield Step("swept", 0.0)

    def _made(self, node: Installation, file: Path) -> Step:
        began = self.ticks()
        made = make_backup(node, file, operator="", progress=self.progress, for_drill=True)
        figures = {"megabytes": -(-made.bytes // 1_000_000), "records": made.checked.inside.records}
        return Step("made", self.ticks() - began, dict(figures))

    def _opens(self, file: Path, keyed: Keyed) -> Step:
        """With this key, every piece of it; the ledger in it sound, its log without a gap, as full as it was."""
        began = self.ticks()
        inside = verify_backup(file, keyed.key, self.place / "check.db", self.progress).inside
        figures: dict[str, int | str] = {"records": inside.records, "people": inside.people, "entries": inside.entries}
        return Step(f"opens_{keyed.kind}", self.ticks() - began, figures)

    def _lives(self, at: NodeDirectory, restored: Restored) -> Step:
        """The node opens with its own keys, and numbers and times what it writes above all it had."""
        began, inside = self.ticks(), restored.content.inside
        with closing(open_node(at.path, passphrase=lambda: "", now_ms=self.now_ms, entropy=self.entropy)) as opened:
            for what, holds in (
                ("node", opened.key.node == restored.head.node),
                ("counter", opened.ledger.counter() > inside.counter),
                ("clock", opened.ledger.clock() >= inside.clock),
                ("records", opened.ledger.newest_seq() >= inside.records),
                ("log", opened.ledger.verify_audit() > inside.entries),
                ("organisation.key", opened.directory.organisation_key.exists() or not opened.is_home),
                ("earlier life", opened.ledger.earlier_life() is None),
            ):
                if not holds:
                    raise BackupUnsound(what=what)
        return Step("lives", self.ticks() - began, {"incarnation": restored.incarnation})

    def _refuses_what_is_there(self, file: Path, key: BoxKey, at: NodeDirectory, key_file: Path) -> Step:
        began = self.ticks()
        with suppress(RestorePlaceTaken):
            restore(file, key, at, key_file=key_file, now_ms=self.now_ms)
            raise BackupUnsound(what="place")
        return Step("refused", self.ticks() - began)

    @contextmanager
    def _swept(self) -> Iterator[None]:
        """What a drill has left that was killed goes first; what this one has made goes last."""
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(parents=True, mode=0o700)
        try:
            yield
        finally:
            shutil.rmtree(self.place)
