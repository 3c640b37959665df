"""A card, a wristband or a paper form that can't be taken, or can't be made."""

from sync.errors import MoyaiError


class CardRefused(MoyaiError):
    """What a person carried can't be taken, or can't be made for them."""

    reason = "CARD_REFUSED"


class CardSymbolDamaged(CardRefused):
    """What was scanned of a card is not as it was printed: digits are missing or others."""

    reason = "CARD_SYMBOL_DAMAGED"


class ScannerThroughInputMethod(CardRefused):
    """What the scanner typed went through a Japanese input method that made other characters of it."""

    reason = "SCANNER_THROUGH_INPUT_METHOD"


class CardPartsMissing(CardRefused):
    """Not all symbols of the card were scanned; `missing` says which, `parts` how many there are."""

    reason = "CARD_PARTS_MISSING"


class CardPartsMixed(CardRefused):
    """The symbols are of different cards."""

    reason = "CARD_PARTS_MIXED"


class CardUnreadable(CardRefused):
    """The symbols were read, but what is in them breaks a rule of the specification; `rule` names which."""

    reason = "CARD_UNREADABLE"


class CardOfAnotherFederation(CardRefused):
    """The card was made in another federation, or in a drill where this is none."""

    reason = "CARD_OF_ANOTHER_FEDERATION"


class CardForged(CardRefused):
    """The node that the card says has made it did not sign it."""

    reason = "CARD_FORGED"


class CardTooOld(CardRefused):
    """The card was made longer ago than a card is taken; `days` and `days_max` say how long."""

    reason = "CARD_TOO_OLD"


class CardFromLater(CardRefused):
    """The card says that it was made later than now by our clock: here or there the clock is wrong."""

    reason = "CARD_FROM_LATER"


class CardTooLarge(CardRefused):
    """What the person would carry does not fit on a card; `parts` symbols are needed, `parts_max` can be scanned."""

    reason = "CARD_TOO_LARGE"


class CardOfErased(CardRefused):
    """What was held of this person was erased for good, and an older copy does not bring it back."""

    reason = "CARD_OF_ERASED"


class CardOfProtected(CardRefused):
    """No card is made for a person who is protected: it would name the town that wrote it."""

    reason = "CARD_OF_PROTECTED"


class NothingToCarry(CardRefused):
    """Nothing is held of this person that goes on a card."""

    reason = "NOTHING_TO_CARRY"


class WristbandMisread(CardRefused):
    """What was scanned of a wristband is not as it was printed."""

    reason = "WRISTBAND_MISREAD"


class WristbandUnknown(CardRefused):
    """Nobody this node knows wears that wristband."""

    reason = "WRISTBAND_UNKNOWN"


class FormNumberWrong(CardRefused):
    """The number of a check-in sheet does not fit its check digit: it was mistyped."""

    reason = "FORM_NUMBER_WRONG"


class FormNeverPrinted(CardRefused):
    """This node has not printed a sheet of that number, though it would have been the one to print it."""

    reason = "FORM_NEVER_PRINTED"


class FormCameBack(CardRefused):
    """The sheet of that number was typed in before."""

    reason = "FORM_CAME_BACK"


class FormSpoilt(CardRefused):
    """The sheet of that number was noted as spoilt."""

    reason = "FORM_SPOILT"
