"""At the door of the screens in a browser: who does not come in, and why."""

from sync.errors import MoyaiError


class DoorRefused(MoyaiError):
    """The screens can't be opened in a browser."""

    reason = "DOOR_REFUSED"


class DoorCodeWrong(DoorRefused):
    """It is not the code that stands on the terminal, or it was used already."""

    reason = "DOOR_CODE_WRONG"


class DoorPaused(DoorRefused):
    """Too many wrong tries: for so many `seconds` nothing is looked at."""

    reason = "DOOR_PAUSED"


class DoorFull(DoorRefused):
    """So many people are in already."""

    reason = "DOOR_FULL"


class DoorOpenToOthers(DoorRefused):
    """Other machines can reach the address, and nobody said that they may, or the way there is not encrypted."""

    reason = "DOOR_OPEN_TO_OTHERS"
