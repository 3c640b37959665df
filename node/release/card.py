"""Decides what a person may carry on a card that anybody can read who finds it."""

from collections.abc import Iterable, Iterator
from typing import Final

from moyai.v1 import facets_pb2
from node.records import kinds
from node.records.record import Record
from node.release.known import HeldRecord, SubjectKnown
from node.release.statements import consented, opened

ALWAYS: Final = frozenset(
    {
        kinds.IDENTITY,
        kinds.RESIDENCE,
        kinds.CONTACT,
        kinds.HOUSEHOLD,
        kinds.STAY,
        kinds.CARE,
        kinds.ANSWERS,
        kinds.CONSENT,
    }
)
"""What the next shelter needs to receive somebody: who they are, from where, with whom, what help they need, and what
they have said may be told."""

ON_REQUEST: Final = frozenset({kinds.CONDITION, kinds.MEDICAL, kinds.BELONGINGS})
"""What goes on a card only where the person asks for it: whoever finds the card can read it."""

CARRIED: Final = ALWAYS | ON_REQUEST
"""All that is ever on a card. Not `resident`, by law; not `note` and `link`, which speak of others or name them; not
`damage`, `assistance`, `closure` and the rest of the file, which the town keeps and nobody needs at a door."""

OPEN_STAYS: Final = (facets_pb2.STAY_STATE_PRESENT, facets_pb2.STAY_STATE_OUT)


def may_have_card(known: SubjectKnown) -> bool:
    """Whether a card may be made at all. Not for who is protected: each record names the town that wrote it, so that a
    card lost, or found by the one they fled from, would give away where they are."""
    return not known.protected


def carried(known: SubjectKnown, wished: Iterable[int] = ()) -> Iterator[HeldRecord]:
    """What goes on the person's card, in the order of the facets; `wished` are those of ON_REQUEST they asked for.

    Only what counts, stands unreplaced and is not erased; of stays the open ones, of consents those not withdrawn.
    """
    facets = ALWAYS | (ON_REQUEST & frozenset(wished))
    current = (fact for fact in known.facts if fact.record.facet in facets and known.is_current(fact))
    for fact in sorted(current, key=lambda fact: (fact.record.facet, fact.record.slot, fact.record.id)):
        if not known.erased_by(fact.record) and _is_worth_carrying(fact.record):
            yield fact


def _is_worth_carrying(record: Record) -> bool:
    """A stay that is over is nobody's business, a consent taken back opens nothing, and whom else to call is another
    person's name and number."""
    if record.facet == kinds.STAY:
        stay = opened(facets_pb2.Stay, record)
        return stay is not None and stay.state in OPEN_STAYS
    if record.facet == kinds.CONSENT:
        return consented(record, told_by=record.organisation) is not None
    if record.facet == kinds.CONTACT:
        contact = opened(facets_pb2.Contact, record)
        return contact is not None and not (contact.other_name or contact.other_phone or contact.other_relation)
    return True
