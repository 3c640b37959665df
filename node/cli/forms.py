"""`moyai forms`: which check-in sheets are out, which came back, which are spoilt."""

from dataclasses import asdict
from typing import Any, Literal

from cyclopts import App

from node.cli.options import NO_OPTIONS, Common, subject_of
from node.desk.forms import SheetView, counted
from node.words import word

app = App(name="forms", help="Check-in sheets: which are out, came back, are spoilt")


@app.command(name="list")
def list_(*, state: Literal["", "out", "back", "spoilt"] = "", common: Common = NO_OPTIONS) -> None:
    """List the sheets printed here, and those that came back here.

    Args:
        state: Only those that are out, back or spoilt.
    """
    with common.opened() as node:
        sheets = node.desk(common.who).forms.listed()
    shown = [sheet for sheet in sheets if state in ("", sheet.state)]
    common.say(
        {"sheets": [_shown(sheet) for sheet in shown], **counted(sheets)},
        word("forms.count", common.language, **counted(sheets)),
        *(_line(sheet, common.language) for sheet in shown),
    )


@app.command
def back(number: str, subject: str, *, common: Common = NO_OPTIONS) -> None:
    """Say that a sheet came back, and whose it is. Told if that number was used before.

    Args:
        number: The number on the sheet.
        subject: The person's id, or key: and the municipality's own key.
    """
    with common.opened() as node:
        done = node.desk(common.who).forms.came_back(number, subject_of(node, subject))
    common.say(
        {"subjects": list(done.subjects), "records": done.records}, f"{number}  {word('forms.back', common.language)}"
    )


@app.command
def spoil(number: str, *, undo: bool = False, common: Common = NO_OPTIONS) -> None:
    """Note a sheet as spoilt: nobody waits for it any more.

    Args:
        number: The number on the sheet.
        undo: It is good after all.
    """
    with common.opened() as node:
        forms = node.desk(common.who).forms
        (forms.unspoil if undo else forms.spoil)(number)
    said = word("forms.taken_back" if undo else "forms.noted", common.language, number=number)
    common.say({"number": number, "spoilt": not undo}, said)


def _shown(sheet: SheetView) -> dict[str, Any]:
    return {**asdict(sheet), "printed": sheet.printed}


def _line(sheet: SheetView, language: str) -> str:
    parts = (sheet.printed, word(f"forms.{sheet.state}", language), sheet.operator, sheet.name)
    return "  ".join(part for part in parts if part)
