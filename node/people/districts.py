"""Of an address the part of the town it lies in (河井町, 本郷), by which door-to-door checks are sorted. Pure."""

import re
from typing import Final

from node.people.addresses import fold_address

_TOWN: Final = re.compile(r"^[^市区町村0-9]{1,7}?[市区](?=.)|^[^市区町村0-9]{1,6}[町村](?=[^0-9-])")
"""The municipality itself, as it stands at the beginning; a ward after its city is taken off by a second look."""
_QUARTER: Final = re.compile(r"^.+?町|^[^0-9-]+")
_PLOT_LETTER: Final = re.compile(r"(?<=[一-鿿])[イロハニホヘトチリヌルヲワカヨタレソツネナラム]?[のノ]?$")
"""Land is numbered by letters in Noto: 川島ラの174."""
_CHARACTERS_MAX: Final = 12


def district(address: str, municipality: str = "") -> str:
    """The part of the town, "" where the address tells none. `municipality` is the town's name, taken off if it is
    there."""
    rest = fold_address(address)
    folded = fold_address(municipality)
    rest = rest.removeprefix(folded) if folded and rest.startswith(folded) else _TOWN.sub("", rest, count=1)
    if municipality.endswith("市"):
        rest = re.sub(r"^[^0-9町]{1,4}区(?=.)", "", rest)
    found = _QUARTER.match(rest)
    return _PLOT_LETTER.sub("", found[0])[:_CHARACTERS_MAX] if found else ""
