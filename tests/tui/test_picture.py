"""The picture on the README's first screen is what the desk shows."""

from tests.tui.make_picture import PICTURE, drawn


async def test_the_picture_in_the_readme_is_the_screen_of_today() -> None:
    assert await drawn() == PICTURE.read_text(encoding="utf-8")
