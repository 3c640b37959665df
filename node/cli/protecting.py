"""`moyai protect`, `moyai erase` and `moyai erased`: hides a person, erases one, and tells who has confirmed that."""

from dataclasses import asdict
from typing import Literal

from cyclopts import App

from node.cli.moments import moment
from node.cli.options import NO_OPTIONS, Common, listed, subject_of
from node.desk.erasures import ErasureView
from node.words import word

app = App(name="protect", help="Protection: set, lift")


@app.command(name="set")
def set_(
    subject: str,
    *,
    ground: Literal["abuse", "stalking", "other"] = "other",
    recipients: str = "",
    common: Common = NO_OPTIONS,
) -> None:
    """Hide a person: nothing leaves this organisation but to the recipients named.

    Args:
        subject: The person's id, or key: and the municipality's own key.
        ground: Why.
        recipients: Codes of organisations that may still be told, with commas.
    """
    with common.opened() as node:
        done = node.desk(common.who).protect(subject_of(node, subject), ground=ground, recipients=listed(recipients))
    common.say({"undo": done.undo}, word("protect.done", common.language))


@app.command
def lift(subject: str, *, common: Common = NO_OPTIONS) -> None:
    """Lift a protection this organisation has set.

    Args:
        subject: The person's id, or key: and the municipality's own key.
    """
    with common.opened() as node:
        done = node.desk(common.who).lift_protection(subject_of(node, subject))
    common.say({"records": done.records}, word("protect.lifted", common.language))


def erase(
    subject: str,
    *,
    ground: Literal["request", "retention", "mistake"] = "request",
    yes: bool = False,
    common: Common = NO_OPTIONS,
) -> int:
    """Erase a person here and at every holder, for good: what arrives later is refused. Can't be undone.

    Args:
        subject: The person's id, or key: and the municipality's own key.
        ground: On what ground.
        yes: Do it. Without it nothing is erased.
    """
    if not yes:
        common.say({"erased": False}, word("erase.ask", common.language))
        return 1
    with common.opened() as node:
        node.desk(common.who).erase(subject_of(node, subject), ground=ground)
    common.say({"erased": True}, word("erase.done", common.language))
    return 0


def erased(*, common: Common = NO_OPTIONS) -> None:
    """List the erasures ordered here, and which holders have confirmed them with a signed receipt."""
    with common.opened() as node:
        views = node.desk(common.who).erasures()
    answer = [{**asdict(view), "subject": view.subject.hex(), "open": view.open} for view in views]
    lines = [_line(view, common.language) for view in views] or [word("erase.none", common.language)]
    common.say({"erasures": answer}, *lines)


def _line(view: ErasureView, language: str) -> str:
    waits = [*view.open, *(in_part(*one, language) for one in view.awaited.items())]
    nobody = word("erase.nobody", language)
    return word(
        "erase.line",
        language,
        at=moment(view.at_ms, language),
        subject=view.subject.hex(),
        confirmed=", ".join(view.confirmed) or nobody,
        waits=", ".join(waits) or nobody,
    )


def in_part(code: str, left: int, language: str) -> str:
    """An organisation of which so many nodes have not confirmed yet."""
    return word("erase.in_part", language, code=code, left=left)
