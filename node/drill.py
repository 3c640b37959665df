"""Keeps drills (訓練) apart from what is real: a node is of one or the other for good, and so is a federation.

The roster says under its signatures whether a federation is a drill, and the federation's id begins with `drill` where
it is: every greeting, bundle and card carries that id, so that nothing of a drill is taken elsewhere, nor the other
way round. Until a node has a roster, its ledger knows what it was made for, and takes no first roster of another kind.
"""

from collections.abc import Callable

from node.errors import NotEnrolled, RosterWrongFederation
from node.federation import installed_roster
from node.ledger.names import NamesRead
from node.trust.roster import DRILL_ID, FEDERATION_BYTES, Roster
from node.vault import DRILL

_YES, _NO = "yes", "no"


def federation_id(entropy: Callable[[int], bytes], *, drill: bool) -> bytes:
    """The id of a new federation."""
    begins = DRILL_ID if drill else b""
    while True:
        made = begins + entropy(FEDERATION_BYTES - len(begins))
        if made.startswith(DRILL_ID) == drill:
            return made


def said(*, drill: bool) -> str:
    """What the ledger keeps of it."""
    return _YES if drill else _NO


def made_for_drills(names: NamesRead) -> bool | None:
    """What a node was made for; None: it was made before that was written down."""
    return {_YES: True, _NO: False}.get(names.meta(DRILL) or "")


def is_drill(names: NamesRead) -> bool:
    """Whether this is a drill: as the roster says; before there is one, as the node was made."""
    try:
        return installed_roster(names).drill
    except NotEnrolled:
        return bool(made_for_drills(names))


def check_first(names: NamesRead, roster: Roster) -> None:
    """Whether a node may take this as its first roster.

    Raises:
        RosterWrongFederation: it is of a drill and the node is not, or the other way round.
    """
    if made_for_drills(names) not in (None, roster.drill):
        raise RosterWrongFederation(version=roster.version)
