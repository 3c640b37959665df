"""`moyai leave-federation`: out of the federation in small steps, each of which may be repeated."""

from dataclasses import asdict
from typing import Annotated

from cyclopts import App, Parameter

from node.cli.authority import organisation_key_of
from node.cli.moments import moment
from node.cli.options import NO_OPTIONS, Common
from node.installation import Installation
from node.leaving import Leave, Leaving
from node.words import word

app = App(name="leave-federation", help="Leave the federation: how far it is, begin, erase what is others'")

DONE, ASKED, PARTLY = 0, 1, 5
Yes = Annotated[bool, Parameter(negative="")]


@app.command
def show(*, common: Common = NO_OPTIONS) -> int:
    """Show how far the leaving is, and what to do next. Ends with 0 only when nothing is left to do."""
    with common.opened() as node:
        standing = _leave(node, common).standing()
        _say(node, standing, common)
    return DONE if standing.step == "done" else PARTLY


@app.command
def begin(*, yes: Yes = False, common: Common = NO_OPTIONS) -> int:
    """End everything this organisation has granted to others: they erase what they got on it, and confirm it.

    Args:
        yes: Do it. Without it nothing is done.
    """
    if not yes:
        common.say({"begun": False}, word("leaving.ask_begin", common.language))
        return ASKED
    with common.opened() as node:
        leave = _leave(node, common)
        ended = leave.begin()
        common.say_on_the_way(word("leaving.begun", common.language, ended=ended))
        _say(node, leave.standing(), common)
    return DONE


@app.command
def erase(
    *,
    yes: Yes = False,
    without: Annotated[list[str] | None, Parameter(negative="", consume_multiple=False)] = None,
    common: Common = NO_OPTIONS,
) -> int:
    """Erase everything of people that other organisations wrote, and write the receipts. What our own staff wrote
    stays.

    Args:
        yes: Do it. Without it nothing is erased.
        without: Code of an organisation that can't be reached and need not have been given what is its own first;
            several times.
    """
    if not yes:
        common.say({"erased": 0}, word("leaving.ask_erase", common.language))
        return ASKED
    with common.opened() as node:
        leave = _leave(node, common)
        gone = leave.erase(without=without or ())
        common.say_on_the_way(word("leaving.erased", common.language, records=gone))
        _say(node, leave.standing(), common)
    return DONE


def _leave(node: Installation, common: Common) -> Leave:
    return Leave(node, lambda: organisation_key_of(node, common), operator=common.who)


def _say(node: Installation, standing: Leaving, common: Common) -> None:
    language = common.language
    figures = {name: value for name, value in asdict(standing).items() if name not in ("peers", "since_ms")}
    lines = [word("leaving.head", language, since=moment(standing.since_ms, language), **figures)]
    for peer in standing.peers:
        called = f"{node.neighbours.name(peer.organisation)} {peer.organisation}"
        heard = moment(peer.heard_ms, language)
        lines.append(word("leaving.peer", language, called=called, waiting=peer.waiting, heard=heard))
    common.say({**asdict(standing), "step": standing.step}, *lines, word(f"leaving.next_{standing.step}", language))
