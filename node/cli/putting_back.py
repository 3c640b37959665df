"""`moyai restore`: puts a node back from a backup, and says what comes back by itself."""

from pathlib import Path

from node.backup.restoring import Restored, restore as put_back
from node.chance import wall_clock_ms
from node.cli.bar import bar
from node.cli.keys_of_backup import NO_KEYS, Keys
from node.cli.moments import moment
from node.cli.options import NO_OPTIONS, Common, can_be_missing
from node.config import NodeDirectory
from node.words import word

HOUR_MS = 3_600_000


def restore(file: Path, *, key_file: Path | None = None, keys: Keys = NO_KEYS, common: Common = NO_OPTIONS) -> None:
    """Put a node back from a backup, in a place where there is nothing yet. It counts on from above everything the lost
    one can have written, and gets back from the others what was exchanged since.

    Args:
        file: The backup.
        key_file: File for the key of the ledger. Default: where it was, or under the passphrase it had.
    """
    found = keys.all(common)
    with can_be_missing(file), bar(file.name, quiet=common.json) as progress:
        done = put_back(
            file,
            found[0].key,
            NodeDirectory(common.node),
            key_file=key_file,
            now_ms=wall_clock_ms,
            progress=progress,
        )
    age_ms = wall_clock_ms() - done.head.made_at_ms
    answer = {
        "node": str(common.node),
        "organisation": done.head.organisation,
        "role": done.config.role,
        "made_at_ms": done.head.made_at_ms,
        "age_hours": max(0, age_ms) // HOUR_MS,
        "clock_before_backup": age_ms < 0,
        "records": done.content.inside.records,
        "people": done.content.inside.people,
        "incarnation": done.incarnation,
        "key_file": done.config.key_file,
    }
    common.say(answer, *_lines(done, age_ms, common))


def _lines(done: Restored, age_ms: int, common: Common) -> list[str]:
    """What it is, of when; what comes back by itself, what does not, and what is to be done next."""
    language = common.language
    figures = {"records": done.content.inside.records, "people": done.content.inside.people}
    made = moment(done.head.made_at_ms, language)
    lines = [
        word("restore.done", language, node=str(common.node), **figures),
        word("restore.age", language, made=made, hours=max(0, age_ms) // HOUR_MS),
        *(word(f"restore.{name}", language) for name in ("comes_back", "is_lost", "old_machine")),
        word(f"restore.next_{done.config.role}", language),
    ]
    if age_ms < 0:
        lines.insert(2, word("restore.clock", language))
    return lines
