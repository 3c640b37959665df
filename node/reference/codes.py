"""Codes of special needs (要配慮, Art. 90-3(2) no. 7), with their words and the letter that sets each on the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class CareNeed:
    """One kind of special need."""

    code: str
    letter: str
    """One letter, unique in the list."""
    japanese: str
    english: str


CARE_NEEDS: Final = (
    CareNeed("elderly", "e", "高齢", "elderly"),
    CareNeed("care-level", "k", "要介護", "certified need of long-term care"),
    CareNeed("dementia", "n", "認知症", "dementia"),
    CareNeed("disability-physical", "p", "身体障害", "physical disability"),
    CareNeed("disability-intellectual", "i", "知的障害", "intellectual disability"),
    CareNeed("disability-mental", "m", "精神障害", "mental disability"),
    CareNeed("wheelchair", "w", "車いす", "wheelchair"),
    CareNeed("blind", "b", "視覚障害", "blind or low vision"),
    CareNeed("deaf", "d", "聴覚障害", "deaf or hard of hearing"),
    CareNeed("pregnant", "g", "妊産婦", "pregnant or just given birth"),
    CareNeed("infant", "f", "乳幼児", "infant"),
    CareNeed("child-alone", "c", "保護者のいない子ども", "child without guardian"),
    CareNeed("allergy", "a", "アレルギー", "allergy"),
    CareNeed("medical-device", "v", "医療機器(電源)", "medical device that needs power"),
    CareNeed("oxygen", "o", "在宅酸素", "oxygen"),
    CareNeed("dialysis", "t", "人工透析", "dialysis"),
    CareNeed("illness", "s", "持病・難病", "chronic or rare illness"),
    CareNeed("language", "l", "日本語の支援", "needs another language"),
    CareNeed("other", "x", "その他", "other"),
)
"""In the order the form shows them. Codes are never renamed: records carry them (SPECIFICATION 3.6)."""

BY_CODE: Final[Mapping[str, CareNeed]] = {need.code: need for need in CARE_NEEDS}
BY_LETTER: Final[Mapping[str, CareNeed]] = {need.letter: need for need in CARE_NEEDS}


def care_word(code: str, language: str = "ja") -> str:
    """The word for a code in "ja" or "en"; the code itself where it comes from a newer version."""
    need = BY_CODE.get(code)
    if need is None:
        return code
    return need.english if language == "en" else need.japanese
