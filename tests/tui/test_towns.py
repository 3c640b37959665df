"""Towns by what is typed of them, also in the middle of a syllable."""

import pytest

from tui.towns import towns_like


@pytest.mark.parametrize("typed", ["kanazawa"[:length] for length in range(4, 9)])
def test_a_town_is_found_in_the_middle_of_a_syllable(typed: str) -> None:
    assert "金沢市" in [town.name for town in towns_like(typed)]


@pytest.mark.parametrize("typed", ["kanaq", "x", "kanazawax"])
def test_letters_of_no_syllable_find_nothing(typed: str) -> None:
    assert towns_like(typed) == []
