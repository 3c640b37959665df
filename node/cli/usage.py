"""Says what is wrong with a command by the names of its options, never by what was typed: that may be a name."""

import re
from typing import Final

from cyclopts.exceptions import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
    ValidationError,
)

from node.words import word

_OPTION: Final = re.compile(r"--?[a-z][a-z-]{0,30}")
_SENTENCES: Final[tuple[tuple[type[CycloptsError], str], ...]] = (
    (UnknownOptionError, "unknown_option"),
    (RepeatArgumentError, "twice"),
    (CoercionError, "not_of_its_kind"),
    (ValidationError, "not_of_its_kind"),
    (MissingArgumentError, "missing"),
    (UnknownCommandError, "unknown_command"),
    (UnusedCliTokensError, "too_many"),
)


def misused(error: CycloptsError, language: str) -> tuple[str, str]:
    """The sentence and the hint for a command that can't be understood."""
    key = next((key for kind, key in _SENTENCES if isinstance(error, kind)), "misused")
    return (
        word(f"usage.{key}", language, option=_option(error)),
        word("usage.help", language, command=" ".join(("moyai", *(error.command_chain or ())))),
    )


def _option(error: CycloptsError) -> str:
    """The name of the option meant, "-" where what was typed is no such name."""
    token = getattr(error, "token", None)
    if error.argument is not None:
        return error.argument.name  # of the command's own, not typed
    named = getattr(token, "keyword", None)
    return named if named and _OPTION.fullmatch(named) else "-"
