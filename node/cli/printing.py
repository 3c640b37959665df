"""`moyai print`: what goes to the printer, as PDF."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter, validators

from node.cli.bar import bar
from node.cli.card import write
from node.cli.options import NO_OPTIONS, Common, place_of, subject_of
from node.desk.forms import AT_ONCE_MAX
from node.exchange.form_number import printed
from node.words import word

app = App(name="print", help="Paper: check-in sheets, the list of who is here, receipts of consent")


@app.command
def forms(
    file: Path,
    *,
    count: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=AT_ONCE_MAX))] = 20,
    common: Common = NO_OPTIONS,
) -> None:
    """Write check-in sheets for the printer, each with a number of its own that is never given out again.

    Args:
        file: File to write.
        count: How many.
    """
    with common.opened() as node, bar(file.name, quiet=common.json, of_bytes=False) as progress:
        desk = node.desk(common.who)
        numbers = desk.forms.issue(count)
        write(file, desk.printing.forms(numbers, progress=progress))
    first, last = printed(numbers[0]), printed(numbers[-1])
    common.say(
        {"file": str(file), "numbers": numbers},
        word("print.forms", common.language, count=count, file=str(file), first=first, last=last),
    )


@app.command
def roster(file: Path, *, place: str, common: Common = NO_OPTIONS) -> None:
    """Write the list of everybody who is at a place, for the day the screen is dark. Logged.

    Args:
        file: File to write.
        place: Id of the place.
    """
    with common.opened() as node:
        write(file, node.desk(common.who).printing.roster(place_of(node, place)))
    common.say({"file": str(file)}, word("print.roster", common.language, file=str(file)))


@app.command
def receipt(subject: str, file: Path, *, common: Common = NO_OPTIONS) -> None:
    """Write what a person has consented to, for them to take along.

    Args:
        subject: The person's id, or key: and the municipality's own key.
        file: File to write.
    """
    with common.opened() as node:
        write(file, node.desk(common.who).printing.receipt(subject_of(node, subject)))
    common.say({"file": str(file)}, word("print.receipt", common.language, file=str(file)))
