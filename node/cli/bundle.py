"""`moyai bundle`: the exchange by hand, written to a stick for a node, read from one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter, validators

from node.bundles.carrying import BundlesNotRead, Read, Written
from node.bundles.reading import is_folder
from node.cli.bar import bar
from node.cli.options import NO_OPTIONS, Common
from node.neighbours import Neighbours
from node.words import word

app = App(name="bundle", help="The exchange by hand: write a bundle to a stick, read one")

MEGABYTE = 1_000_000


@app.command
def write(
    file: Path,
    *,
    to: str,
    part_size: Annotated[int | None, Parameter(validator=validators.Number(gte=1))] = None,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    common: Common = NO_OPTIONS,
) -> None:
    """Write what waits for a node, sealed to it. It counts as sent when a bundle from there says that it has arrived.

    Args:
        file: File to write, or a folder, such as that of the stick, in which it names itself.
        to: Code of the organisation, for its home node; or the own organisation's code, a slash, and a laptop's label
            or id.
        part_size: At most so many megabytes a part; parts are named FILE-1of3 and so on.
        dry_run: Only say how much it would be.
    """
    with common.opened() as node:
        bundles, neighbours = node.bundles(), node.neighbours
        if dry_run:
            peer, records, size = bundles.plan(to)
            called = neighbours.called(peer.organisation, peer.node)
            planned = {"organisation": peer.organisation, "node": peer.node, "records": records, "bytes_max": size}
            common.say(
                planned,
                word("bundle.planned", common.language, called=called, records=records, bytes=size),
            )
            return
        with bar(file.name, quiet=common.json) as progress:
            done = bundles.write(
                to,
                file,
                operator=common.who,
                part_bytes=part_size * MEGABYTE if part_size else None,
                progress=progress,
            )
        called = neighbours.called(done.organisation, done.node)
    common.say(_written(done), *_lines_of_written(done, called, common.language))


@app.command
def read(*files: Path, common: Common = NO_OPTIONS) -> None:
    """Read a bundle. All of it is checked before anything is taken; read once more after a crash, it goes on.

    Args:
        files: The file, or all its parts in any order; or a folder, such as that of the stick: all for this node in it.
    """
    with common.opened() as node, bar(files[0].name if files else "", quiet=common.json) as progress:
        bundles = node.bundles()
        neighbours = node.neighbours
        try:
            if len(files) == 1 and is_folder(files[0]):
                done = bundles.read_all(files[0], operator=common.who, progress=progress)
            else:
                done = [bundles.read(files, operator=common.who, progress=progress)]
        except BundlesNotRead as error:
            _say(error.done, neighbours, common)
            raise
        _say(done, neighbours, common)


def _say(done: Sequence[Read], neighbours: Neighbours, common: Common) -> None:
    lines = [line for one in done for line in _lines_of_read(one, neighbours, common.language)]
    answer = _read(done[0]) if len(done) == 1 else {"bundles": [_read(one) for one in done]}
    common.say(answer, *lines)


def _written(done: Written) -> dict[str, Any]:
    return {
        "organisation": done.organisation,
        "node": done.node,
        "records": done.records,
        "bytes": done.bytes,
        "files": [str(file) for file in done.files],
    }


def _lines_of_written(done: Written, called: str, language: str) -> list[str]:
    files = ", ".join(str(file) for file in done.files)
    lines = [
        word("bundle.written", language, called=called, files=files, records=done.records, bytes=done.bytes),
    ]
    return lines if done.node else [*lines, word("bundle.greeting", language)]


def _read(done: Read) -> dict[str, Any]:
    return {
        "organisation": done.organisation,
        "node": done.node,
        "records": done.records,
        "new": done.new,
        "quarantined": done.quarantined,
        "arrived": done.arrived,
        "waiting": done.waiting,
        "lacking": done.lacking,
    }


def _lines_of_read(done: Read, neighbours: Neighbours, language: str) -> list[str]:
    """What was read; where something came or waits, what to carry back."""
    figures = {name: value for name, value in _read(done).items() if name not in ("node", "organisation")}
    lines = [word("bundle.read", language, called=neighbours.called(done.organisation, done.node), **figures)]
    if done.records or done.waiting or done.lacking:
        lines.append(word("bundle.answer", language, to=neighbours.address(done.organisation, done.node)))
    return [*lines, word("bundle.lacking", language, lacking=done.lacking)] if done.lacking else lines
