"""What the form says of the field in hand: how it may be typed, what was understood, what to read aloud. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from node.reference.codes import CARE_NEEDS, care_word
from node.reference.municipalities import municipality_written_in
from tui.columns import folded, packed
from tui.reception.typed import birth_told, care_codes, is_unread
from tui.words import Words

CONSONANTS = "bcdfghjklmnpqrstvwxyzBCDFGHJKLMNPQRSTVWXYZ'"
CONSONANTS_MAX = 3
"""A syllable may begin with so many, such as tch: until the vowel comes, nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Advised:
    """What the advice depends on."""

    typed: str
    last_address: str
    town: str
    consent_opens: bool
    readings: tuple[str, ...]
    on: date
    unlisted: bool
    """Whether a reading was looked for and none is known."""
    width: int
    """Cells a line may fill."""


def advice(field: str, about: Advised, words: Words) -> list[str]:
    """The lines below the form for one field."""
    says = SAYS.get(field)
    told = says(about, words) if says else [words(f"advice.{field}")]
    return [line for text in told if text for line in folded(text, about.width)]


def _birth(about: Advised, words: Words) -> list[str]:
    return [words("advice.birth"), birth_told(about.typed, about.on, words)]


def _address(about: Advised, words: Words) -> list[str]:
    same = words("advice.same_address", address=about.last_address) if about.last_address else ""
    named = municipality_written_in(about.typed)
    home = words("advice.home_town", town=named.full_name) if named and named.name != about.town else ""
    return [home, same, words("advice.this_town", town=about.town)]


def _care(about: Advised, words: Words) -> list[str]:
    chosen = words("list.comma").join(care_word(code, words.language) for code in care_codes(about.typed))
    letters = [f"{need.letter}:{care_word(need.code, words.language)}" for need in CARE_NEEDS]
    return [words("advice.care", chosen=chosen or words("advice.none")), *packed(letters, about.width)]


def _kana(about: Advised, words: Words) -> list[str]:
    whole = about.typed.rstrip(CONSONANTS)
    begun = len(about.typed) - len(whole) <= CONSONANTS_MAX and not is_unread(whole)
    told = [words("advice.kana_unread")] if is_unread(about.typed) and not begun else []
    if about.unlisted and not about.typed:
        told.append(words("advice.unlisted"))
    if len(about.readings) > 1:
        told.append(words("advice.readings", readings=words("list.comma").join(about.readings[:6])))
    return [*told, words("advice.kana")]


def _guardian(about: Advised, words: Words) -> list[str]:
    return [words("advice.guardian"), "" if about.consent_opens else words("advice.age_unknown")]


SAYS: Mapping[str, Callable[[Advised, Words], list[str]]] = {
    "birth": _birth,
    "address": _address,
    "care": _care,
    "guardian": _guardian,
    "family_kana": _kana,
    "given_kana": _kana,
}
