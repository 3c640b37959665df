"""Says what is wrong with a command by the names of its options, never by what was typed: that may be a name."""

import re
from collections.abc import Iterable
from typing import Final

from cyclopts import validators
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
    choices, least = (_choices(error), _least(error)) if key == "not_of_its_kind" else ("", "")
    key = "none_of_them" if choices else "too_small" if least else key
    return (
        word(f"usage.{key}", language, option=_option(error), choices=choices, least=least),
        word("usage.help", language, command=" ".join(("moyai", *(error.command_chain or ())))),
    )


def _choices(error: CycloptsError) -> str:
    """What the option meant takes, where that is one of a few words."""
    argument = error.argument
    return ", ".join(one for one in argument.get_choices(force=True) or () if one) if argument is not None else ""


def _least(error: CycloptsError) -> str:
    """The least number the option meant takes, where there is one and a number was given."""
    if error.argument is None or not isinstance(error, ValidationError):
        return ""
    held = error.argument.parameter.validator
    limits = (one.gte for one in (held if isinstance(held, Iterable) else [held]) if isinstance(one, validators.Number))
    return next((str(least) for least in limits if least is not None), "")


def _option(error: CycloptsError) -> str:
    """The name of the option meant, "-" where what was typed is no such name."""
    token = getattr(error, "token", None)
    if error.argument is not None:
        return error.argument.name  # of the command's own, not typed
    named = getattr(token, "keyword", None)
    return named if named and _OPTION.fullmatch(named) else "-"
