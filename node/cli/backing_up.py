"""`moyai backup`: makes a backup beside the daemon, reads one through, and drills the day on which it is needed."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter, validators

from node.backup.drill import FOLDER, Drill, Step
from node.backup.making import Made, make_backup
from node.backup.reading import Checked, verify_backup
from node.chance import entropy, wall_clock_ms
from node.cli.bar import bar
from node.cli.keys_of_backup import NO_KEYS, Keys
from node.cli.moments import moment
from node.cli.options import NO_OPTIONS, Common, can_be_missing
from node.words import word
from sync.errors import MoyaiError

app = App(name="backup", help="Backups: make one, read one through, drill the day it is needed")


@app.default
def make(
    file: Path,
    *,
    keep: Annotated[int | None, Parameter(validator=validators.Number(gte=1))] = None,
    common: Common = NO_OPTIONS,
) -> None:
    """Make a backup of this node while it works: sealed to the organisation's key and to the recovery key, read back
    whole before it counts. Everything a new machine needs is in it.

    Args:
        file: File to write, or a folder, in which it names itself.
        keep: In a folder: so many of this node's backups stay, the older ones go.
    """
    with common.opened(unattended=True) as node, bar(file.name, quiet=common.json) as progress:
        made = make_backup(node, file, operator=common.who, keep=keep, progress=progress)
    common.say(_made(made), *_lines_of_made(made, common.language))


@app.command
def verify(file: Path, *, keys: Keys = NO_KEYS, common: Common = NO_OPTIONS) -> None:
    """Read a backup through without putting it back: every piece opens, the ledger in it is sound, its log has no gap.

    Args:
        file: The backup.
    """
    found = keys.all(common)
    with can_be_missing(file), bar(file.name, quiet=common.json) as progress, _scratch(common) as folder:
        for keyed in found:
            checked = verify_backup(file, keyed.key, Path(folder) / "check.db", progress)
    common.say(_checked(checked), line_of_checked(checked, common.language))


@app.command
def drill(file: Path | None = None, *, keys: Keys = NO_KEYS, common: Common = NO_OPTIONS) -> int:
    """Play the day the server drowns on a copy, without a network and without any effect on this node: say line by line
    what was checked, and how long it took.

    Args:
        file: The backup to drill with. Default: one that is made for it now.
    """
    found, began = keys.all(common), time.monotonic()
    steps: list[Step] = []
    with bar(FOLDER, quiet=common.json) as progress, _scratch(common) as folder:
        played = Drill(Path(folder) / FOLDER, wall_clock_ms, entropy, time.monotonic, progress)
        try:
            if file is None:
                with common.opened(unattended=True) as node:
                    _play(played.play(None, found, node), steps, common)
            else:
                with can_be_missing(file):
                    _play(played.play(file, found, None), steps, common)
        except MoyaiError:
            common.say_on_the_way(word("backup_drill.failed", common.language, steps=len(steps)))
            raise
    seconds = time.monotonic() - began
    answer = {"steps": [_step(one) for one in steps], "seconds": round(seconds, 1)}
    common.say(answer, word("backup_drill.done", common.language, steps=len(steps), seconds=f"{seconds:.1f}"))
    return 0


def _play(steps: Iterator[Step], done: list[Step], common: Common) -> None:
    for step in steps:
        done.append(step)
        said = word(f"backup_drill.{step.name}", common.language, **step.figures)
        common.say_on_the_way(word("backup_drill.line", common.language, said=said, seconds=f"{step.seconds:.1f}"))


def _scratch(common: Common) -> tempfile.TemporaryDirectory[str]:
    """In the node's own folder where there is one: as well guarded as it is, and on a disk of the right size."""
    return tempfile.TemporaryDirectory(prefix=".moyai-", dir=common.node if common.node.is_dir() else None)


def line_of_checked(checked: Checked, language: str) -> str:
    """Whose backup it is, of when, and what is in it."""
    inside = checked.inside
    return word(
        "backup.verified",
        language,
        organisation=checked.head.organisation,
        node=checked.head.node.hex()[:8],
        made=moment(checked.head.made_at_ms, language),
        records=inside.records,
        people=inside.people,
        entries=inside.entries,
    )


def _made(made: Made) -> dict[str, Any]:
    return {
        "file": str(made.file),
        "made_at_ms": made.made_at_ms,
        "bytes": made.bytes,
        "opens_with": [lock.kind for lock in made.checked.head.locks],
        "dropped": [str(path) for path in made.dropped],
        "ahead": [str(path) for path in made.ahead],
        **_inside(made.checked),
    }


def _checked(checked: Checked) -> dict[str, Any]:
    return {
        "organisation": checked.head.organisation,
        "node": checked.head.node.hex(),
        "made_at_ms": checked.head.made_at_ms,
        "opens_with": [lock.kind for lock in checked.head.locks],
        "software": checked.content.software,
        **_inside(checked),
    }


def _inside(checked: Checked) -> dict[str, int]:
    return {
        "records": checked.inside.records,
        "people": checked.inside.people,
        "log_entries": checked.inside.entries,
    }


def _lines_of_made(made: Made, language: str) -> list[str]:
    figures = {"records": made.checked.inside.records, "people": made.checked.inside.people, "bytes": made.bytes}
    kinds = ", ".join(word(f"backup.key_{lock.kind}", language) for lock in made.checked.head.locks)
    lines = [word("backup.made", language, file=str(made.file), keys=kinds, **figures)]
    lines += [word("backup.dropped", language, file=path.name) for path in made.dropped]
    return [*lines, *(word("backup.ahead", language, file=path.name) for path in made.ahead)]


def _step(step: Step) -> dict[str, Any]:
    return {"step": step.name, "seconds": round(step.seconds, 2), **step.figures}
