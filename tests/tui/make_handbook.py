"""Draws the pictures of tui/HANDBOOK.ja.md: plays a made-up shelter and its offices, and keeps each screen."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from node.desk.desk import Desk
from node.desk.pin_recovery import PinRecovery
from node.desk.views import NewPerson
from tests.builders.contradiction import contradiction
from tests.builders.nodes import VIEWS, Federation, federation
from tests.builders.office import NANAO_CODE, offices
from tests.builders.screens import NAMED, NEVER_S, SIZE, coordinate_app, desk_app, page, press, settle
from tests.builders.shelter import FIELD, shelter
from tests.builders.trust import ISHIKAWA, KANAZAWA, SUPPORT, WAJIMA
from tests.tui.drawing import drawing
from tui.coordinate_app import CoordinateApp
from tui.frame import Frame

PICTURES = Path(__file__).parents[2] / "tui" / "handbook"

TOWN_HALL = {WAJIMA: "wajima.example:7443"}


@dataclass(frozen=True, slots=True)
class Stage:
    """The screens of one node of a federation."""

    made: Federation
    node: str
    app: Frame
    exchanges: Callable[[], object]
    """What the daemon beside the screens does as time goes by."""


Begin = Callable[[ExitStack, Path], Stage]


@dataclass(frozen=True, slots=True)
class Scene:
    """Keys pressed where the last scene ended; what stands there then is kept under a name, where there is one.

    `room WORD` among the keys goes to a room that has no key of its own.
    """

    name: str
    keys: tuple[str, ...]
    minutes: float = 0
    """What passes before it."""


def typed(text: str) -> tuple[str, ...]:
    """The keys of a text."""
    return tuple(NAMED.get(character, character) for character in text)


PLACE = [Scene("place", ()), Scene("place-new", typed("河井町集会所"))]
DAY = [
    Scene("reception", typed("yam")),
    Scene("household", ("enter",)),
    Scene("outside", ("f7",)),
    Scene("checked-in", ("escape", "enter")),
    Scene("undo", ("f8",)),
    Scene("new-person", ("escape", "f5", "森", "enter", *typed("花子"), *["enter"] * 3, *typed("S230503"))),
    Scene("new-care", ("enter", "2", "full_stop", *typed("河井町2部3番地"), "enter", "enter", *typed("tw"))),
    Scene("new-consent", ("enter",)),
    Scene("unknown", ("y", "f5", "f5", *["enter"] * 11, *typed("紺のジャンパー、白い杖"), "enter", *typed("80"))),
    Scene("", ("enter", *typed("朝市通り"), "f5", *typed("ooyachi"), "enter", "enter"), minutes=20),
    Scene("roster", ("f3", *["down"] * 3, "space", "space"), minutes=40),
    Scene("leaving", ("f7",)),
    Scene("leaving-town", ("7", *typed("kana"))),
    Scene("left", ("enter",)),
    Scene("person", ("home", "down", "enter")),
    Scene("correction", ("w", "enter", "backspace")),
    Scene("consents", ("子", "escape", "f5")),
    Scene("read-aloud", ("f5",)),
    Scene("consent-given", ("f5",)),
    Scene("withdraw", ("f7",)),
    Scene("answers", ("escape", "escape", "a", "y", "y", "n")),
    Scene("history", ("f5", "h")),
    Scene("protect", ("escape", "f6")),
    Scene("protected", ("2",)),
    Scene("lift", ("f6",)),
    Scene("death", ("escape", "escape", *["down"] * 2, "enter", "e")),
    Scene("death-word", ("5",)),
    Scene("rooms", ("escape", "escape", "f10"), minutes=5),
    Scene("rollcall", ("escape", "room rollcall", "f5")),
    Scene("rollcall-seen", ("space", "space"), minutes=1),
    Scene("report", ("room report", *["enter"] * 8, "1", "2", *typed("m")), minutes=10),
    Scene("report-saved", ("f5",)),
    Scene("sending", ("f4",), minutes=1),
    Scene("stick", ("f6", "home", "ctrl+k", *typed("/media/usb"))),
    Scene("help", ("escape", "f2", "f1")),
    Scene("light", ("escape", "ctrl+t", *typed("oo"))),
    Scene("english", ("ctrl+t", "f9")),
]
SIMILAR = [
    Scene("similar", ("f5", *typed("斉藤"), "enter", "博", *["enter"] * 3, *typed("S230503"), "f5")),
    Scene("duplicates", ("escape", "escape", "room duplicates")),
    Scene("pair", ("enter",)),
    Scene("pair-same", ("f5",)),
]
INQUIRY = [
    Scene("", ("room inquiry", *typed("山岸 正"), "enter", *typed("金沢市広坂1-1"), "enter")),
    Scene("inquiry", (*typed("076-000-0001"), "enter", "1", "y", "enter", "1", "弟", "enter",
                             *typed("山岸 正一"), "enter", "enter", "enter", *typed("S230503"), "enter", "1",
                             *typed("無事を知りたい"))),
    Scene("inquiry-meant", ("f5",)),
    Scene("inquiry-agreed", ("down", "enter")),
    Scene("inquiry-answer", ("enter",)),
    Scene("log", ("enter", "room log"), minutes=5),
    Scene("card", ("room card", *typed("yama"))),
    Scene("forms", ("room forms",)),
]  # fmt: skip
LOCK = [Scene("lock", (*typed("4082"), "enter", "ctrl+l", *typed("4082")))]
TOWN = [
    Scene("shelters", ()),
    Scene("trend", (*typed("矢田郷"), "enter")),
    Scene("trend-figures", ("f5",)),
    Scene("notfound", ("escape", "room notfound")),
    Scene("notfound-people", ("f7", "5")),
    Scene("doors", ("f5",)),
    Scene("told-counts", ("escape", "f8")),
    Scene("applications", ("escape", "room applications"), minutes=3),
    Scene("decide", ("end", "enter", "backspace", "backspace", *typed("14"), "enter")),
    Scene("grant-word", ("f5",)),
    Scene("granted", (*typed("mitomeru"), "enter")),
    Scene("declare", ("f7", *typed("土砂で道路が切れ、孤立した集落の人を探すため"), "enter")),
    Scene("", ("f5", *typed("kinkyu"), "enter")),
    Scene("review", ("home", "enter"), minutes=20),
]
PREFECTURE = [
    Scene("towns", ("f6",)),
    Scene("search", ("f3",)),
    Scene("search-found", ("1", *typed("森"), "enter", "f5")),
    Scene("apply", ("f6", *typed("七尾"), "enter")),
    Scene("office-rooms", ("escape", "f10")),
    Scene("", ("escape", "room inquiry", *typed("森 茂"), "enter", *typed("金沢市広坂1-1"), "enter", "enter")),
    Scene("", ("1", "y", "enter", "1", "enter", *typed("森 実"), "enter", "enter", "enter", *typed("S230503"))),
    Scene("", ("enter", "enter", *typed("無事を知りたい"))),
    Scene("office-meant", ("f5",)),
    Scene("office-answer", ("down", "enter", "enter")),
    Scene("past-inquiries", ("enter", "f7"), minutes=4),
]
KNOWN = [Scene("office-log", ("room log",)), Scene("pin-known", ("f8",))]
CONFLICTS = [Scene("conflicts", ("room conflicts",)), Scene("contradiction", ("enter",))]
HIROSHI = NewPerson(
    family_name="齋藤",
    given_name="博",
    family_kana="サイトウ",
    given_kana="ヒロシ",
    birth="19480503",
    sex=1,
    address="石川県輪島市河井町15部13番地",
    phone="0768-22-1111",
)


def nowhere(made: Federation) -> Desk:
    """A laptop on which nobody has chosen a shelter."""
    shelter(made)
    return made[FIELD].desk("tanaka")


def morning(made: Federation) -> Desk:
    """A shelter that has met its town hall, and whose line has been out since."""
    desk = shelter(made)
    made.meet(FIELD, WAJIMA)
    made.time.later(minutes=25)
    made[FIELD].book().contact(made.peer(WAJIMA), "PEER_UNREACHABLE")
    made.time.later(minutes=5)
    return desk


def twice(made: Federation) -> Desk:
    """A shelter at which somebody was written down twice."""
    desk = shelter(made)
    for person in (HIROSHI, replace(HIROSHI, family_name="斎藤", birth="19480305")):
        desk.register(person)
    return desk


def asked_about(made: Federation) -> Desk:
    """A shelter at which the one who is asked about was checked in."""
    desk = shelter(made)
    desk.check_in([desk.find("山岸 正一")[0].subject])
    made.time.later(minutes=30)
    return desk


def staffed(made: Federation) -> Desk:
    """A shelter whose staff sign in."""
    desk = shelter(made)
    desk.operators.add("sato", "chief", "4082")
    desk.sign_in("sato", "4082")
    desk.operators.add("tanaka", "clerk", "7395")
    return desk


def at_the_desk(begin: Callable[[Federation], Desk]) -> Begin:
    """The screens of a shelter."""

    def stage(held: ExitStack, folder: Path) -> Stage:
        made = held.enter_context(federation(folder, WAJIMA, KANAZAWA, ISHIKAWA, endpoints=TOWN_HALL))
        app = desk_app(begin(made), lock_after_minutes=0)
        return Stage(made, FIELD, app, lambda: [made.ids(FIELD, WAJIMA, view) for view in VIEWS])

    return stage


def town(held: ExitStack, folder: Path) -> Stage:
    """The office of a town which its prefecture and a support organisation have asked for records."""
    both = held.enter_context(offices(folder, SUPPORT))
    both.made.granting(SUPPORT).apply(NANAO_CODE, facets=["identity", "stay", "care"], purpose="要配慮者の介助と物資")
    both.made.meet(SUPPORT, NANAO_CODE)
    desk = both.made[NANAO_CODE].desk("tanaka")
    for text in ("ハル", "由美子"):
        desk.check_in([desk.find(text)[0].subject], place=desk.places("矢田郷")[0].subject)
    return Stage(both.made, NANAO_CODE, coordinate_app(both.town), both.meet)


def prefecture(held: ExitStack, folder: Path) -> Stage:
    """The office of the prefecture."""
    both = held.enter_context(offices(folder))
    both.made.time.later(minutes=12)
    return Stage(both.made, ISHIKAWA, coordinate_app(both.prefecture), _nothing)


def recovered(held: ExitStack, folder: Path) -> Stage:
    """The same, where the PIN of the chief was given anew."""
    both = held.enter_context(offices(folder))
    staff = both.prefecture.operators
    staff.add("sato", "chief", "4082")
    office = both.prefecture
    office.sign_in("sato", "4082")
    office.operators.add("chosei", "coordinator", "7395")
    both.made.time.later(minutes=30)
    PinRecovery(both.made[ISHIKAWA].post("root", b""), staff).recover("sato", "5162")
    both.made.time.later(minutes=20)
    app = CoordinateApp(both.prefecture, language="ja", look_every_s=NEVER_S, signed_in=True)
    return Stage(both.made, ISHIKAWA, app, _nothing)


def _nothing() -> None:
    """The line is out."""


PLAYS: list[tuple[Begin, list[Scene]]] = [
    (at_the_desk(nowhere), PLACE),
    (at_the_desk(morning), DAY),
    (at_the_desk(twice), SIMILAR),
    (at_the_desk(lambda made: contradiction(made)[0]), CONFLICTS),
    (at_the_desk(asked_about), INQUIRY),
    (at_the_desk(staffed), LOCK),
    (town, TOWN),
    (prefecture, PREFECTURE),
    (recovered, KNOWN),
]


def names() -> list[str]:
    """Every picture, in the order they are taken."""
    return [scene.name for _, scenes in PLAYS for scene in scenes if scene.name]


async def played(begin: Begin, scenes: list[Scene]) -> dict[str, str]:
    """The pictures of one play, on a federation of its own."""
    pictures = {}
    with TemporaryDirectory() as folder, ExitStack() as held:
        stage = begin(held, Path(folder))
        held.enter_context(stage.made[stage.node].directory.serving.held())
        async with stage.app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            for scene in scenes:
                _pass(stage, scene.minutes)
                for key in scene.keys:
                    await press(pilot, *_keys(stage.app, key))
                if scene.name:
                    pictures[scene.name] = drawing(pilot, title=page(pilot).title_text())
    return pictures


def _pass(stage: Stage, minutes: float) -> None:
    stage.made.time.later(minutes=minutes)
    if minutes:
        stage.exchanges()


def _keys(app: Frame, key: str) -> tuple[str, ...]:
    rooms = [f"room {room.word}" for room in app.far()]
    return ("f10", *["down"] * rooms.index(key), "enter") if key in rooms else (key,)


def main() -> None:
    """Writes every picture, and takes away those nobody draws any more."""
    PICTURES.mkdir(exist_ok=True)
    for begin, scenes in PLAYS:
        for name, picture in asyncio.run(played(begin, scenes)).items():
            (PICTURES / f"{name}.svg").write_text(picture, encoding="utf-8")
    for stray in PICTURES.glob("*.svg"):
        if stray.stem not in names():
            stray.unlink()


if __name__ == "__main__":
    main()
