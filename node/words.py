"""Says in Japanese or English what an error or an answer means, from the word lists in node/locales."""

import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from sync.errors import MoyaiError

LANGUAGES = ("ja", "en")


@cache
def _table(name: str, language: str) -> dict[str, Any]:
    return tomllib.loads(files("node.locales").joinpath(f"{name}.{language}.toml").read_text(encoding="utf-8"))


class _Lenient(Formatter):
    """Leaves a placeholder as a dash when the error carries no such detail: a message must never fail."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:  # noqa: ARG002
        return kwargs.get(key, "-") if isinstance(key, str) else "-"


def told(error: MoyaiError, language: str) -> tuple[str, str]:
    """The sentence and the hint for an error."""
    table = _table("errors", language)
    words = table.get(error.reason) or table["UNKNOWN"]
    hint = table.get(str(error.details.get("peer_reason", "")), words)["hint"]
    details = {name: _shown(words, name, str(value), language) for name, value in error.details.items()}
    return (
        _Lenient().vformat(words["sentence"], (), details),
        _Lenient().vformat(hint, (), details),
    )


def _shown(words: dict[str, Any], name: str, value: str, language: str) -> str:
    """A detail as a person reads it: what is a code has its words beside the sentence, and a peer's reason is a
    sentence of its own."""
    if name == "peer_reason":
        return reason_sentence(value, language)
    table: dict[str, str] = words.get(name, {})
    inner = value.rpartition(".")[2] if name == "field" else value  # a field within a field: contact.phone
    return table.get(value, table.get(inner, value))


def reason_sentence(reason: str, language: str) -> str:
    """The sentence for a reason alone, as it is kept for a peer or a quarantined record."""
    table = _table("errors", language)
    words = table.get(reason) or table["UNKNOWN"]
    return _Lenient().vformat(words["sentence"], (), {})


def reason_hint(reason: str, language: str) -> str:
    """What to do next, for a reason alone."""
    table = _table("errors", language)
    words = table.get(reason) or table["UNKNOWN"]
    return _Lenient().vformat(words["hint"], (), {})


def word(key: str, language: str, **values: str | int) -> str:
    """A word or sentence of the command line. `key` is "table.name"."""
    section, name = key.split(".", 1)
    sentence: str = _table("commands", language)[section][name]
    return _Lenient().vformat(sentence, (), values)


def word_for(table: str, value: str, language: str) -> str:
    """The word for a value, the value itself where there is none: newer nodes may send others."""
    words: dict[str, str] = _table("commands", language)[table]
    return words.get(value, value)


def help_words(language: str) -> dict[str, str]:
    """What the commands say of themselves, by how it is said in English."""
    said: dict[str, str] = _table("help", language)["help"]
    english: dict[str, str] = _table("help", "en")["help"]
    return {english[key]: text for key, text in said.items()}


def help_mark(mark: str, language: str, **values: str) -> str:
    """What stands in brackets behind the description of an option."""
    sentence: str = _table("help", language)["mark"][mark]
    return _Lenient().vformat(sentence, (), values)


def paper_word(key: str, language: str, **values: str | int) -> str:
    """A word or sentence that is printed. `key` is "table.name"."""
    section, name = key.split(".", 1)
    sentence: str = _table("paper", language)[section][name]
    return _Lenient().vformat(sentence, (), values)


def desk_word(key: str, language: str, **values: str | int) -> str:
    """A word or sentence of what a desk hands out: answers that are read aloud, the log in words. As `word`."""
    section, name = key.split(".", 1)
    sentence: str = _table("desk", language)[section][name]
    return _Lenient().vformat(sentence, (), values)


def desk_word_or(key: str, language: str, fallback: str) -> str:
    """The same for a code that a newer version may have written: `fallback` where there is no word for it."""
    section, name = key.split(".", 1)
    return str(_table("desk", language).get(section, {}).get(name, fallback))


def pair_word(key: str, language: str, **values: str | int) -> str:
    """A word about two entries that may be one person, as the screens say it. As `word`."""
    section, name = key.split(".", 1)
    sentence: str = _table("pairs", language)[section][name]
    return _Lenient().vformat(sentence, (), values)


def doctor_word(key: str, language: str, **values: str | int) -> str:
    """A word or sentence of the doctor's. As `word`."""
    section, name = key.split(".", 1)
    sentence: str = _table("doctor", language)[section][name]
    return _Lenient().vformat(sentence, (), values)


def preferred_language(environment: dict[str, str]) -> str:
    """The language of MOYAI_LANG, else of the machine; Japanese unless either says English."""
    for name in ("MOYAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value[:2] in LANGUAGES:
            return value[:2]
    return "ja"
