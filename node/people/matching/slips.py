"""Whether two readings are one slip apart: one kana left out, doubled, changed places, or taken for another."""

from typing import Final

_VOICED: Final = (
    "カガ キギ クグ ケゲ コゴ サザ シジ スズ セゼ ソゾ タダ チヂ ツヅ テデ トド ハバパ ヒビピ フブプ ヘベペ ホボポ"
)
"""One sound with and without its marks: the commonest slip of ear and hand."""
_ALIKE: Final = "シツ ソン ンシ クワ ワウ フラ ヌス ルレ コユ チテ アマ ナメ ヨコ セヤ ロコ"
"""Kana that handwriting makes alike."""
_TAKEN_FOR: Final = frozenset(
    (first, second) for group in f"{_VOICED} {_ALIKE}".split() for first in group for second in group if first != second
)
_SHORT: Final = 2
"""Of readings this short (アキ, ユキ) one kana is half of it: another name, not a slip."""


def one_slip(first: str, second: str) -> bool:
    """Whether a hand or an ear easily makes one of the other; equal readings are no slip."""
    if first == second or max(len(first), len(second)) <= _SHORT:
        return False
    if len(first) != len(second):
        return _one_left_out(first, second)
    places = _differing(first, second)
    if len(places) == 1:
        return (first[places[0]], second[places[0]]) in _TAKEN_FOR
    return _changed_places(first, second, places)


def one_kana_apart(first: str, second: str) -> bool:
    """Whether exactly one kana is another one, whichever."""
    same_length = len(first) == len(second) > _SHORT
    return same_length and len(_differing(first, second)) == 1


def one_digit_slip(first: str, second: str) -> bool:
    """The same of two numbers: one digit wrong, left out, doubled, or two neighbours changed."""
    if first == second or not first or not second:
        return False
    if len(first) != len(second):
        return _one_left_out(first, second)
    places = _differing(first, second)
    return len(places) == 1 or _changed_places(first, second, places)


def _differing(first: str, second: str) -> list[int]:
    return [place for place, (one, other) in enumerate(zip(first, second, strict=True)) if one != other]


def _changed_places(first: str, second: str, places: list[int]) -> bool:
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    here, there = places
    return first[here] == second[there] and first[there] == second[here]


def _one_left_out(first: str, second: str) -> bool:
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    if len(longer) != len(shorter) + 1:
        return False
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
