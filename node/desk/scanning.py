"""Says what was typed or scanned into a field, before anything is asked of the ledger. Pure."""

from enum import Enum

from node.exchange.card_symbols import is_part
from node.exchange.form_number import is_form_number
from node.exchange.wristband import is_wristband


class Scanned(Enum):
    """What a text is."""

    NOTHING = "nothing"
    """Something typed by a person: to be searched for."""
    CARD = "card"
    """A symbol of an evacuee card."""
    WRISTBAND = "wristband"
    """The symbol on a wristband."""
    FORM = "form"
    """The number of a check-in sheet."""


def scanned(text: str) -> Scanned:
    """What this is, by its shape alone: whether it was read rightly is found out when it is taken."""
    if is_form_number(text):
        return Scanned.FORM
    if is_wristband(text):
        return Scanned.WRISTBAND
    return Scanned.CARD if is_part(text) else Scanned.NOTHING
