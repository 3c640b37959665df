"""`moyai enrol held`: what a lost or stolen laptop held."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from node.cli.card import write
from node.cli.options import NO_OPTIONS, Common, hex_id
from node.held_by import HeldPerson, counted, held_by
from node.words import word


def held(lost: str, *, report: Path | None = None, common: Common = NO_OPTIONS) -> None:
    """List what a node of this organisation held, such as a laptop that was lost: how many people, which facets.
    Logged.

    Args:
        lost: The node's id, from `moyai enrol list`.
        report: File to write the list of the people to, as CSV, for whoever must tell them.
    """
    with common.opened() as home:
        people = held_by(home, hex_id(lost), operator=common.who)
    protected = sum(one.protected for one in people)
    facets = counted(people)
    shown = ", ".join(f"{name} {count}" for name, count in facets.items())
    lines = [word("held_by.head", common.language, people=len(people), protected=protected, facets=shown or "-")]
    if report is not None:
        write(report, _csv(people))
        lines.append(word("held_by.written", common.language, file=str(report)))
    answer = {
        "people": len(people),
        "protected": protected,
        "facets": facets,
        "subjects": [one.subject for one in people],
        "report": str(report) if report else None,
    }
    common.say(answer, *lines)


def _csv(people: Sequence[HeldPerson]) -> bytes:
    """With a byte order mark, by which spreadsheets in Japan know UTF-8."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", "氏名", "電話番号", "秘匿", "項目"])
    for one in people:
        rows.writerow([one.subject.hex(), one.name, one.phone, "秘匿" if one.protected else "", " ".join(one.facets)])
    return out.getvalue().encode("utf-8-sig")
