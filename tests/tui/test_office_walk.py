"""A walk through the coordinating office at eighty by twenty-four, in both languages: nothing cut off, all legible."""

import pytest

from tests.builders.office import NANAO_CODE, Offices
from tests.builders.screens import coordinate_app
from tests.tui.test_applications import keep_with_passphrase
from tests.tui.test_walk import walk
from tui.applications.apply import ApplyForm
from tui.applications.authority import Passphrase
from tui.applications.decide import Decide
from tui.applications.emergency import EmergencyForm
from tui.applications.review import ReviewPage
from tui.applications.screen import Applications
from tui.dialogs.rooms import Rooms
from tui.notfound.screen import NotFound
from tui.notfound.told import ToldPage
from tui.notfound.writing import WriteList
from tui.search.screen import SearchAcross
from tui.shelters.screen import Shelters
from tui.shelters.trend import TrendPage

TOWN_WALK: list[tuple[str, ...]] = [
    (),
    ("enter",),
    ("f5",),
    ("f1",),
    ("escape", "escape", "f7"),
    ("f5",),
    ("escape", "f6"),
    ("f10",),
    ("1",),
    ("f1",),
    ("escape", "enter"),
    ("f7",),
    ("5", "f6"),
    ("0", "f5"),
    ("f1",),
    ("escape", "escape", "f8"),
    ("escape", "escape", "f10", "2"),
    ("f1",),
    ("escape", "enter"),
    ("enter",),
    ("f5",),
    ("escape", "f1"),
    ("escape", "escape", "f5"),
    ("f5",),
    ("n", "enter"),
    ("enter",),
    ("?",),
    ("escape", "f7"),
    ("f5",),
    ("x", "enter"),
    ("enter",),
    ("f5",),
    (*"kinkyu", "enter"),
    ("enter",),
    ("f7",),
    ("escape", "f1"),
    ("escape", "escape", "f2"),
    ("f3", "1", "森", "enter"),
    ("f6",),
    ("f5", "f6"),
    ("f1",),
]


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_office_is_whole_at_eighty_by_twenty_four(both: Offices, language: str) -> None:
    app = coordinate_app(both.town, language=language)
    await walk(
        app,
        TOWN_WALK,
        over=[
            *(Shelters, TrendPage, NotFound, WriteList, ToldPage, SearchAcross, Rooms),
            *(Applications, ApplyForm, Decide, EmergencyForm, ReviewPage),
        ],
    )


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_question_for_a_passphrase_is_whole(both: Offices, language: str) -> None:
    keep_with_passphrase(both.made[NANAO_CODE].directory.organisation_key)
    steps = [("f10", "2", "enter", "f5"), ("f1",), ("escape", *"wrong", "enter")]
    await walk(coordinate_app(both.town, language=language), steps, over=[Passphrase])


async def test_the_light_office_is_as_legible(both: Offices) -> None:
    await walk(coordinate_app(both.town), [("ctrl+t",), *TOWN_WALK])
