"""The pictures of the handbook are the screens of today: played again, each comes out as it is kept."""

import pytest

from tests.tui.make_handbook import PICTURES, PLAYS, Begin, Scene, played


@pytest.mark.parametrize(("begin", "scenes"), PLAYS, ids=[f"{play}" for play, _ in enumerate(PLAYS)])
async def test_a_play_comes_out_as_the_pictures_that_are_kept(begin: Begin, scenes: list[Scene]) -> None:
    drawn = await played(begin, scenes)
    assert [name for name, picture in drawn.items() if kept(name) != picture] == []  # else: make handbook


def kept(name: str) -> str:
    """The picture of this name."""
    return (PICTURES / f"{name}.svg").read_text(encoding="utf-8")
