"""Makes sure who types a command, on a node whose staff are known: by a PIN from a file, or typed unseen."""

import getpass
import sys
from pathlib import Path

from node.desk.operators import Operators
from node.errors import PinMissing
from node.installation import Installation


def sign_in(node: Installation, operator: str, pin_file: Path | None, *, before: str = "") -> None:
    """Nothing, where no operator was made yet; `before` stands before what is asked.

    Raises:
        PinMissing: there is no file, and nobody to type.
        OperatorUnknown, PinPaused, PinWrong: it is not them.
    """
    operators = Operators(node.post(operator, b""))
    if operators.exist():
        operators.sign_in(operator, read_pin(pin_file, f"{before}PIN: "))


def read_pin(file: Path | None, prompt: str, *, option: str = "--pin-file") -> str:
    """The first line of the file that `option` names, or what is typed. Raises PinMissing, FileMissing."""
    from node.cli.options import read_file  # noqa: PLC0415 -- options sign in

    if file is not None:
        return (read_file(file).decode("utf-8", "replace").splitlines() or [""])[0]
    if not sys.stdin.isatty():
        raise PinMissing(option=option)
    return getpass.getpass(prompt)
