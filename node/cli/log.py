"""`moyai log`: who looked, who received, whether the log was rewritten, and a person's own list."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter, validators

from node.cli.options import NO_OPTIONS, Common, can_be_missing, subject_of
from node.desk.held_words import time_word
from node.desk.log_lines import LogLine, act_word, basis_word, facets_word, recipient_word, whom_word, why_word
from node.files import write_durably
from node.reference.organisations import organisation_name
from node.words import desk_word, word

app = App(name="log", help="Who looked, who received, whether the log holds, a person's own list")

Which = Literal["all", "looked", "received", "changed", "inquiry", "staff"]
HOLDS, BROKEN = 0, 1


@app.command
def day(
    on: date | None = None,
    *,
    which: Which = "all",
    limit: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=10_000))] = 200,
    before: int | None = None,
    common: Common = NO_OPTIONS,
) -> None:
    """Show the log of one day, newest first. That it was looked at is logged.

    Args:
        on: The day. Default: today.
        which: Who looked, who received, what was written, inquiries, or the staff.
        limit: At most so many.
        before: Go on from this number.
    """
    with common.opened() as node:
        desk = node.desk(common.who)
        asked = on or node.post(common.who, b"").today()
        lines = desk.reading_log.day(asked, which=which, before=before, limit=limit)
    _say(lines, common)


@app.command
def person(subject: str, *, which: Which = "all", purpose: str = "request", common: Common = NO_OPTIONS) -> None:
    """Show everyone who looked at, wrote or received a person's data. That it was looked at is logged.

    Args:
        subject: The person's id, or key: and the municipality's own key.
        which: Who looked, who received, what was written, or inquiries.
        purpose: What for.
    """
    with common.opened() as node:
        lines = node.desk(common.who).reading_log.about(subject_of(node, subject), which=which, purpose=purpose)
    _say(lines, common)


@app.command
def verify(*, common: Common = NO_OPTIONS) -> int:
    """Walk the hash chain of the log: whether an entry was changed, taken out or put in since."""
    with common.opened() as node:
        chain = node.desk(common.who).reading_log.chain()
    told = "holds" if chain.holds else "broken"
    entry = chain.broken_at or 0
    lines = [desk_word(f"log_chain.{told}", common.language, entries=chain.entries, entry=entry)]
    kept = "witnessed" if chain.witnesses else "alone"
    lines.append(desk_word(f"log_chain.{kept}", common.language, peers=chain.witnesses))
    if chain.contradicted:
        names = ", ".join(chain.contradicted)
        lines.append(desk_word("log_chain.contradicted", common.language, organisations=names))
    common.say({"holds": chain.holds, **asdict(chain)}, *lines)
    return HOLDS if chain.holds else BROKEN


@app.command(name="own-list")
def own_list(subject: str, *, out: Path | None = None, common: Common = NO_OPTIONS) -> None:
    """Make a person's own list, to hand to them: what is held, who looked, who received, who asked after them.

    Args:
        subject: The person's id, or key: and the municipality's own key.
        out: File to write it to, readable by its owner only. Default: it is printed.
    """
    with common.opened() as node:
        told = node.desk(common.who).own_list(subject_of(node, subject), common.language)
    if out is None:
        common.say({"text": told}, *told.splitlines())
        return
    with can_be_missing(out):
        write_durably(out, told.encode(), mode=0o600)
    common.say({"file": out}, word("log.written", common.language, file=str(out)))


def _say(lines: list[LogLine], common: Common) -> None:
    told = [{**asdict(line), "facets": list(line.facets)} for line in lines]
    common.say({"entries": told, "count": len(lines)}, *(_line(line, common.language) for line in lines))


def _line(line: LogLine, language: str) -> str:
    parts = (
        time_word(line.at_ms),
        f"{organisation_name(line.organisation)} {line.operator}",
        act_word(line, language),
        whom_word(line, language),
        recipient_word(line, language),
        facets_word(line, language),
        basis_word(line.basis, language),
        why_word(line.purpose, language),
    )
    return f"{line.number}  " + "  ".join(part for part in parts if part)
