"""Who is at the keyboard, and what they may not do."""

from node.errors.acts import ActRefused


class NotAllowed(ActRefused):
    """The operator's role does not allow the act; `act` says which, `expected` has the roles that may."""

    reason = "NOT_ALLOWED"


class OperatorUnknown(ActRefused):
    """Nobody of that code works here, or no longer. The code is not told: a PIN may have been typed in its place."""

    reason = "OPERATOR_UNKNOWN"


class OperatorExists(ActRefused):
    """Somebody has that code already, or had it."""

    reason = "OPERATOR_EXISTS"


class FirstIsChief(ActRefused):
    """The first operator of a node must be one who can make others."""

    reason = "FIRST_IS_CHIEF"


class NotAChief(ActRefused):
    """Somebody works here under that code, but is no chief."""

    reason = "NOT_A_CHIEF"


class AnotherChief(ActRefused):
    """Another chief works here, who can lend a PIN under their own name."""

    reason = "ANOTHER_CHIEF"


class NothingToAcknowledge(ActRefused):
    """No PIN was given anew that somebody has not acknowledged."""

    reason = "NOTHING_TO_ACKNOWLEDGE"


class NotTheirs(ActRefused):
    """It is their own PIN that was given anew: somebody else has to know of it."""

    reason = "NOT_THEIRS"


class LastChief(ActRefused):
    """Nobody would be left who can make operators and reset PINs."""

    reason = "LAST_CHIEF"


class PinMissing(ActRefused):
    """This node has operators, and nobody typed a PIN."""

    reason = "PIN_MISSING"


class PinWrong(ActRefused):
    """The PIN is another one; `left` says how many tries are left before a pause."""

    reason = "PIN_WRONG"


class PinPaused(ActRefused):
    """Too many wrong PINs in a row: none is looked at for `seconds` more."""

    reason = "PIN_PAUSED"


class PinTooPlain(ActRefused):
    """The PIN is not `least` to `most` digits, or could be guessed at once; `rule` says which."""

    reason = "PIN_TOO_PLAIN"


class InquiryUnknown(ActRefused):
    """There is no such inquiry."""

    reason = "INQUIRY_UNKNOWN"
