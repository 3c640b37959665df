"""`moyai disaster`: an event is declared for an area, and closed when it is over; the close starts the retention."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from cyclopts import App, Parameter

from node.cli.moments import day
from node.cli.options import NO_OPTIONS, Common
from node.desk.disasters import DisasterView
from node.desk.post import JAPAN
from node.errors import BirthDateRefused, InputRefused
from node.people.calendar import read_date
from node.reference.organisations import organisation_name
from node.retention_of_people import Foretold
from node.words import word

app = App(name="disaster", help="Disasters: declare, close, reopen, list with who falls due for erasure")

DONE, ASKED = 0, 1
EXAMPLE = "2024-01-01"
Yes = Annotated[bool, Parameter(negative="")]


@app.command
def declare(
    name: str,
    *,
    area: Annotated[list[str] | None, Parameter(negative="", consume_multiple=True)] = None,
    from_: Annotated[str, Parameter(name="--from")] = "",
    common: Common = NO_OPTIONS,
) -> None:
    """Declare a disaster for this organisation's own area: as long as it is open, nothing runs out.

    Args:
        name: What it is called.
        area: Codes of the municipalities it is about. Default: the municipality itself, or all of the prefecture's.
        from_: The day it began, such as 2024-01-01 or R6.1.1. Default: now.
    """
    with common.opened() as node:
        node.need_home()
        at_ms = _midnight_ms(from_, node.now_ms()) if from_ else None
        view = node.disasters(common.who).declare(name, area=area or (), from_ms=at_ms)
    common.say(_shown(view), word("disaster.declared", common.language, **_values(view, common.language)))


@app.command
def close(disaster: str, *, yes: Yes = False, common: Common = NO_OPTIONS) -> int:
    """Close a disaster: what is held of the people it touched is erased here and at every holder when the retention
    period is over.

    Args:
        disaster: Its name, or the code that moyai disaster list shows.
        yes: Do it. Without it only what would follow is told.
    """
    with common.opened() as node:
        node.need_home()
        disasters = node.disasters(common.who)
        following = disasters.following(disaster)
        view = disasters.close(disaster) if yes else following.disaster
        days = node.config.retention_days
    values: dict[str, str | int] = {
        "from": day(following.from_ms, common.language),
        "people": following.people,
        "days": days,
    }
    lines = [word("disaster.follows", common.language, **values)]
    if following.held_back:
        lines.append(word("disaster.held_back", common.language, people=following.held_back))
    said = word("disaster.closed" if yes else "disaster.ask", common.language, **_values(view, common.language))
    answer = {**asdict(following), "disaster": _shown(view), "closed": yes, "retention_days": days}
    common.say(answer, *(said, *lines) if yes else (*lines, said))
    return DONE if yes else ASKED


@app.command
def reopen(disaster: str, *, common: Common = NO_OPTIONS) -> None:
    """Open a closed disaster again: nothing runs out any more. What is erased stays erased.

    Args:
        disaster: Its name, or the code that moyai disaster list shows.
    """
    with common.opened() as node:
        node.need_home()
        view = node.disasters(common.who).reopen(disaster)
    common.say(_shown(view), word("disaster.reopened", common.language, **_values(view, common.language)))


@app.command(name="list")
def list_(*, common: Common = NO_OPTIONS) -> None:
    """List the disasters known here, and how many people fall due for erasure in the next 30 days, and when."""
    with common.opened() as node:
        disasters = node.disasters(common.who)
        views, foretold = disasters.listed(), disasters.foretold()
    lines = [_line(view, common.language) for view in views] or [word("disaster.nobody", common.language)]
    answer = {"disasters": [_shown(view) for view in views], "due": asdict(foretold)}
    common.say(answer, *lines, *_due(foretold, common.language))


def _due(foretold: Foretold, language: str) -> list[str]:
    if foretold.first_ms is None:
        return [] if foretold.whole else [word("disaster.not_worked_out", language)]
    said = "soon" if foretold.soon else "later"
    lines = [word(f"disaster.{said}", language, people=foretold.soon, first=day(foretold.first_ms, language))]
    return lines if foretold.whole else [*lines, word("disaster.not_worked_out", language)]


def _midnight_ms(text: str, now_ms: int) -> int:
    """When that day began in Japan. Raises InputRefused where it is no whole day that has come."""
    try:
        read = read_date(text, today=datetime.fromtimestamp(now_ms / 1000, tz=JAPAN).date())
        midnight = datetime.strptime(read, "%Y-%m-%d").replace(tzinfo=JAPAN)
    except (BirthDateRefused, ValueError) as error:
        raise InputRefused(expected=EXAMPLE, got=len(text)) from error
    return int(midnight.timestamp() * 1000)


def _shown(view: DisasterView) -> dict[str, Any]:
    return {**asdict(view), "disaster": view.disaster.hex()}


def _values(view: DisasterView, language: str) -> dict[str, str | int]:
    return {
        "code": view.code,
        "name": view.name,
        "organisation": organisation_name(view.organisation),
        "area": ", ".join(map(organisation_name, view.area)),
        "from": day(view.from_ms, language),
        "closed": day(view.closed_at_ms, language),
    }


def _line(view: DisasterView, language: str) -> str:
    stands = "open" if view.closed_at_ms is None else "over"
    line = word(f"disaster.{stands}", language, **_values(view, language))
    return f"{line}  {word('disaster.contested', language)}" if view.contested else line
