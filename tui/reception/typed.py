"""Reads the form: what was typed in its fields, as someone new for the desk. Pure."""

import unicodedata
from collections.abc import Mapping
from datetime import date

from node.desk.views import NewPerson
from node.errors import MoyaiError
from node.people.calendar import age_on, in_japanese_era, parse_birth
from node.people.facets import BirthDate
from node.people.kana import is_kana
from node.people.kana_typed import katakana_typed
from node.reference.codes import BY_LETTER
from node.release.age import AGE_OF_CONSENT
from tui.words import Words

SEX = {"1": "1", "m": "1", "男": "1", "2": "2", "f": "2", "w": "2", "女": "2", "0": "0", "9": "9"}
DOUBLED = "\N{KATAKANA LETTER SMALL TU}"
"""What becomes of a consonant without a vowel."""
YES_NO = {"y": "y", "1": "y", "n": "n", "2": "n"}
CARRIED = ("family", "family_kana", "address", "phone")
"""What the next member of a household has in common with the last."""


def new_person(fields: Mapping[str, str], *, household: bytes) -> NewPerson:
    """The fields as the desk takes them."""
    age = fields.get("age", "")
    return NewPerson(
        family_name=fields.get("family", "").strip(),
        given_name=fields.get("given", "").strip(),
        family_kana=kana(fields.get("family_kana", "")),
        given_kana=kana(fields.get("given_kana", "")),
        birth=fields.get("birth", "").strip(),
        estimated_age=int(age) if age.isdigit() else None,
        sex=int(SEX.get(fields.get("sex", ""), "0")),
        address=fields.get("address", "").strip(),
        phone=fields.get("phone", "").strip(),
        care_codes=care_codes(fields.get("care", "")),
        description=fields.get("description", "").strip(),
        found_where=fields.get("found", "").strip(),
        household=household,
        share={"y": True, "n": False}.get(YES_NO.get(fields.get("share", ""), "")),
        guardian_relation=fields.get("guardian", "").strip(),
    )


def kana(text: str) -> str:
    """What was typed in a field for kana, as katakana; what can't be read as a reading stays as it was typed."""
    return text.strip() if is_unread(text) else katakana_typed(text)


def is_unread(text: str) -> bool:
    """Whether something stands there that is neither kana nor romaji of Japanese, or nothing but doubled consonants."""
    if not text.strip():
        return False
    read = katakana_typed(text)
    return not is_kana(read) or not read.replace(DOUBLED, "").strip()


def consent_opens(fields: Mapping[str, str]) -> bool:
    """Whether a yes would open anything: of someone whose age nobody knows a guardian must have said it."""
    told = fields.get("birth", "") or fields.get("age", "") or fields.get("guardian", "")
    return YES_NO.get(fields.get("share", "")) != "y" or bool(told.strip())


def care_codes(letters: str) -> tuple[str, ...]:
    """The codes of the letters typed; a letter that stands for nothing is left out."""
    return tuple(dict.fromkeys(BY_LETTER[letter].code for letter in _letters(letters) if letter in BY_LETTER))


def care_unread(letters: str) -> str:
    """The letters that stand for nothing."""
    return "".join(dict.fromkeys(letter for letter in _letters(letters) if letter not in BY_LETTER))


def _letters(letters: str) -> str:
    """Of any width, without what stands between them."""
    plain = unicodedata.normalize("NFKC", letters).lower()
    return "".join(each for each in plain if unicodedata.category(each)[0] not in "PZ")


def birth_is_unread(text: str, today: date) -> bool:
    """Whether something stands there from which no birth date can be read."""
    return bool(text.strip()) and _birth(text, today) is None


def may_be_a_child(fields: Mapping[str, str], today: date) -> bool:
    """Whether a guardian may have to consent: as long as nothing tells that they are old enough."""
    birth = _birth(fields.get("birth", ""), today)
    age = age_on(birth, today) if birth is not None else None
    return age is None or age < AGE_OF_CONSENT


def birth_told(text: str, today: date, words: Words) -> str:
    """What was understood of the birth date, with the age; or that it was not."""
    if not text.strip():
        return ""
    birth = _birth(text, today)
    if birth is None:
        return words("amiss.birth")
    age = age_on(birth, today)
    told = birth.date
    if birth.date and words.language == "ja":
        told = f"{birth.date} {in_japanese_era(birth.date)}"
    return words("form.birth_understood", birth=told, age="" if age is None else age)


def _birth(text: str, today: date) -> BirthDate | None:
    try:
        return parse_birth(text, today=today) if text.strip() else None
    except MoyaiError:
        return None
