"""Kana where there is no input method: they come syllable by syllable, and a hyphen behind a vowel makes it long."""

import re
from typing import Final

from node.people.kana import LONG, is_kana, is_romaji, is_syllables, to_katakana

_VOWELS = "aiueoāâīîūûēêōôAIUEOĀĪŪĒŌ"
_HYPHEN: Final = re.compile(rf"(?<=[{_VOWELS}ァ-ヶ])(?<![ッン])-")
_UP_TO_A_VOWEL: Final = re.compile(rf".*[{_VOWELS}{LONG}]")
_LETTERS: Final = re.compile(r"[A-Za-z'\-]+")
_N_LEFT: Final = re.compile(r"(?<=[ァ-ヶー])[nN]{1,2}'?(?![A-Za-z])")
"""An n behind which a word was left."""
_HALF_SYLLABLE: Final = re.compile(
    r"(?<=[aiueon])(?:([kstp])\1|[kgsztdnhbpmr]y|sh|ch|ts|[kgsztcdhbpmyrwjf])$", re.IGNORECASE
)


def katakana_typed(text: str) -> str:
    """What was typed in a field for kana, as katakana: `ko-hi-` is コーヒー. What is no Japanese stays as it is."""
    marked = with_long_marks(text.strip())
    if is_syllables(marked):
        return to_katakana(marked)
    if is_romaji(text):
        return text.strip()
    return to_katakana(_LETTERS.sub(lambda run: _read(run[0]), _N_LEFT.sub("ン", marked)))


def with_long_marks(text: str) -> str:
    """The text with a mark of length for each hyphen directly behind a vowel, as input methods have it. In front of a
    capital it joins two names (Sato-Tanaka, Anne-Marie); so does one behind a consonant (Jean-Pierre)."""

    def marked(hyphen: re.Match[str]) -> str:
        before, behind = text[hyphen.start() - 1], text[hyphen.end() : hyphen.end() + 1]
        return "-" if before.islower() and behind.isupper() else LONG

    return _HYPHEN.sub(marked, text)


def as_typed(text: str) -> str:
    """Romaji as far as it is typed: its whole syllables as katakana, and behind them the letters of the next one. What
    is no Japanese stays as it is."""
    marked = with_long_marks(text)
    whole = _UP_TO_A_VOWEL.match(marked)
    if whole is None or not is_syllables(whole[0]):
        return text
    made = to_katakana(whole[0])
    return f"{made}{marked[whole.end() :]}" if is_kana(made) else text


def without_half_syllable(text: str) -> str:
    """Romaji without the syllable that is still being typed: "yam" is on its way to "yama", and "ya" finds it."""
    return _HALF_SYLLABLE.sub("", text) if is_romaji(text) else text


def _read(letters: str) -> str:
    """Letters among kana are read by themselves."""
    return to_katakana(letters) if is_syllables(letters) else letters
