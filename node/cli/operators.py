"""`moyai operator`: the staff of this node: add, list, role, pin, retire."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from node.cli.moments import moment
from node.cli.options import NO_OPTIONS, Common
from node.cli.signing_in import read_pin
from node.desk.operators import Operators, OperatorView
from node.desk.pin_recovery import PinRecovery
from node.installation import Installation
from node.words import word

app = App(name="operator", help="Staff of this node: add, list, role, pin, reset-pin, acknowledge, retire")

RoleWord = Literal["clerk", "coordinator", "chief"]
NewPin = Annotated[Path | None, Parameter(name="--new-pin-file")]


@app.command
def add(code: str, *, role: RoleWord | None = None, new_pin_file: NewPin = None, common: Common = NO_OPTIONS) -> None:
    """Make an operator known. The first must be a chief; from then on whoever works here signs in with a PIN.

    Args:
        code: Their staff code, as it will stand in every record they write.
        role: clerk (receives people), coordinator (looks across, second person), chief (erases, lifts protections,
            makes staff). Default: clerk; of the first: chief.
        new_pin_file: File whose first line is the PIN, in place of a prompt. They choose their own when they first
            sign in.
    """
    with common.opened() as node:
        staff = _staff(node, common)
        first = not staff.exist()
        chosen = role or ("chief" if first else "clerk")
        made = staff.add(code, chosen, _new_pin(new_pin_file, common))
        chiefs = _chiefs(staff)
    _say(
        made,
        common,
        "added_first" if first else "added",
        *([word("operator.one_chief", common.language)] if chiefs == 1 else []),
    )


@app.command(name="list")
def list_(*, common: Common = NO_OPTIONS) -> None:
    """List the staff of this node, those who have retired included."""
    with common.opened() as node:
        views = _staff(node, common).listed()
    lines = [_line(view, common) for view in views] or [word("operator.nobody", common.language)]
    common.say({"operators": [asdict(view) for view in views]}, *lines)


@app.command
def role(code: str, role: RoleWord, *, common: Common = NO_OPTIONS) -> None:
    """Give an operator another role. Only a chief can.

    Args:
        code: Their staff code.
        role: clerk, coordinator or chief.
    """
    with common.opened() as node:
        _say(_staff(node, common).set_role(code, role), common, "changed")


@app.command
def pin(code: str = "", *, new_pin_file: NewPin = None, common: Common = NO_OPTIONS) -> None:
    """Change one's own PIN; or, as a chief, lend a new one to somebody who forgot theirs.

    Args:
        code: The staff code of who forgot theirs. Default: oneself.
        new_pin_file: File whose first line is the new PIN, in place of a prompt.
    """
    with common.opened(unattended=not code) as node:
        staff = _staff(node, common)
        if code and code != common.who:
            _say(staff.reset_pin(code, _new_pin(new_pin_file, common)), common, "pin_lent")
            return
        old = read_pin(common.pin_file, f"{common.drill_mark}PIN: ")
        _say(
            staff.change_pin(common.who, old, _new_pin(new_pin_file, common)),
            common,
            "pin_changed",
        )


@app.command
def reset_pin(code: str, *, new_pin_file: NewPin = None, common: Common = NO_OPTIONS) -> None:
    """Give the only chief a new PIN when they forgot theirs. Whoever can open the node can do it, and everybody sees
    that it was done.

    Args:
        code: The chief's staff code.
        new_pin_file: File whose first line is the new PIN, in place of a prompt.
    """
    with common.opened(unattended=True) as node:
        view = _recovery(node, common).recover(code, _new_pin(new_pin_file, common))
    _say(view, common, "pin_recovered")


@app.command
def acknowledge(*, common: Common = NO_OPTIONS) -> None:
    """Say that you know of the PIN that was given anew with the node's key: the notice goes from everybody's screen."""
    with common.opened() as node:
        told = _recovery(node, common).acknowledge()
    at = moment(told.at_ms, common.language)
    said = word("operator.acknowledged", common.language, operator=told.code, by=told.by, at=at)
    common.say(asdict(told), said)


@app.command
def retire(code: str, *, common: Common = NO_OPTIONS) -> None:
    """An operator no longer works here; what they wrote stays theirs, and nobody gets their code. Only a chief can.

    Args:
        code: Their staff code.
    """
    with common.opened() as node:
        _say(_staff(node, common).retire(code), common, "retired")


def _new_pin(file: Path | None, common: Common) -> str:
    return read_pin(file, f"{common.drill_mark}new PIN: ", option="--new-pin-file")


def _recovery(node: Installation, common: Common) -> PinRecovery:
    return PinRecovery(node.post(common.who, b""), _staff(node, common))


def _staff(node: Installation, common: Common) -> Operators:
    return node.desk(common.who).operators


def _chiefs(staff: Operators) -> int:
    return sum(view.role == "chief" and not view.retired for view in staff.listed())


def _say(view: OperatorView, common: Common, done: str, *more: str) -> None:
    common.say(asdict(view), word(f"operator.{done}", common.language, operator=view.code), *more)


def _line(view: OperatorView, common: Common) -> str:
    state = "retired_mark" if view.retired else "paused_mark" if view.paused_s else "working_mark"
    return word(
        "operator.line",
        common.language,
        operator=view.code,
        role=word(f"operator.role_{view.role}", common.language),
        state=word(f"operator.{state}", common.language, seconds=view.paused_s),
    ).rstrip()
