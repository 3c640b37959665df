"""Which facets are what: control, slotted, about a person."""

from typing import Final

from moyai.v1 import record_pb2 as wire

RESIDENT: Final = int(wire.FACET_RESIDENT)
IDENTITY: Final = int(wire.FACET_IDENTITY)
RESIDENCE: Final = int(wire.FACET_RESIDENCE)
CONTACT: Final = int(wire.FACET_CONTACT)
HOUSEHOLD: Final = int(wire.FACET_HOUSEHOLD)
STAY: Final = int(wire.FACET_STAY)
CONDITION: Final = int(wire.FACET_CONDITION)
CARE: Final = int(wire.FACET_CARE)
MEDICAL: Final = int(wire.FACET_MEDICAL)
DAMAGE: Final = int(wire.FACET_DAMAGE)
ASSISTANCE: Final = int(wire.FACET_ASSISTANCE)
BELONGINGS: Final = int(wire.FACET_BELONGINGS)
NOTE: Final = int(wire.FACET_NOTE)
ANSWERS: Final = int(wire.FACET_ANSWERS)
CONSENT: Final = int(wire.FACET_CONSENT)
PROTECTION: Final = int(wire.FACET_PROTECTION)
LINK: Final = int(wire.FACET_LINK)
CLOSURE: Final = int(wire.FACET_CLOSURE)
ERASURE: Final = int(wire.FACET_ERASURE)
RECEIPT: Final = int(wire.FACET_RECEIPT)
PLACE: Final = int(wire.FACET_PLACE)
STATUS: Final = int(wire.FACET_STATUS)
ENROLMENT: Final = int(wire.FACET_ENROLMENT)
REVOCATION: Final = int(wire.FACET_REVOCATION)
AGREEMENT: Final = int(wire.FACET_AGREEMENT)
EMERGENCY: Final = int(wire.FACET_EMERGENCY)
TALLY: Final = int(wire.FACET_TALLY)
DISASTER: Final = int(wire.FACET_DISASTER)

PERSON_CONTROL: Final = frozenset({CONSENT, PROTECTION, CLOSURE, ERASURE, RECEIPT})
"""Of a person: whoever holds anything about the subject must learn of these."""

TRUST_CONTROL: Final = frozenset({ENROLMENT, REVOCATION, AGREEMENT, EMERGENCY, DISASTER})
"""Not about a person: everybody needs these before data can be judged."""

CONTROL: Final = PERSON_CONTROL | TRUST_CONTROL
"""What the control view holds; everything else is in the data view."""

SLOTTED: Final = frozenset(
    {STAY, ASSISTANCE, NOTE, CONSENT, LINK, RECEIPT, ENROLMENT, REVOCATION, AGREEMENT, EMERGENCY}
)
"""Facets of which one subject may have several records at a time."""

LEDGER_ITEMS: Final = frozenset(
    {IDENTITY, RESIDENCE, CONTACT, HOUSEHOLD, STAY, CARE, DAMAGE, ASSISTANCE, CONDITION, CLOSURE}
)
"""The items of Art. 90-3(2) and Rule 8-5 that travel with a person in wide-area temporary stay."""

NAMES: Final[dict[int, str]] = {
    number: name.removeprefix("FACET_").lower() for name, number in wire.Facet.items() if number != 0
}
"""Facet number to the word used on the command line and in the log, such as 2 -> "identity"."""

BY_NAME: Final[dict[str, int]] = {name: number for number, name in NAMES.items()}
"""And back."""


def facet_name(facet: int) -> str:
    """The word for a facet, "facet-77" for one this version does not know."""
    return NAMES.get(facet, f"facet-{facet}")
