"""The release rule once more, read off the specification in the plainest way: what may on no account leave a node.

Written without the rooms that decide it in the product. It forbids less than they do (whose word is believed is not
looked at), but what it forbids is forbidden.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from moyai.v1 import exchange_pb2, facets_pb2, record_pb2
from node.ledger import Held
from node.records import kinds
from node.records.version import dominates
from sync.envelope import Parcel
from tests.builders.trust import DAY_MS
from tests.simulator.cast import TOWNS, prefecture
from tests.simulator.machine import Machine

ITEMS: Final = {
    kinds.IDENTITY,
    kinds.RESIDENCE,
    kinds.CONTACT,
    kinds.HOUSEHOLD,
    kinds.STAY,
    kinds.CARE,
    kinds.DAMAGE,
    kinds.ASSISTANCE,
    kinds.CONDITION,
    kinds.CLOSURE,
}
ABOUT_PEOPLE_CONTROL: Final = {kinds.CONSENT, kinds.PROTECTION, kinds.CLOSURE, kinds.ERASURE, kinds.RECEIPT}
OPENED_BY_EMERGENCY: Final = {kinds.IDENTITY, kinds.STAY, kinds.CONDITION, kinds.CARE, kinds.MEDICAL}
HOURS_72_MS: Final = 3 * DAY_MS


def objection(machine: Machine, to: str, parcel: Parcel, about: Sequence[Held]) -> str:
    """Why this parcel may not go to this organisation now, where this is held of its subject; empty where nothing
    speaks against it."""
    held = next((one for one in about if one.record.id == parcel.record.id), None)
    if held is None:
        return "not held any more"
    if to == machine.code:
        return "" if parcel.basis == exchange_pb2.BASIS_INTERNAL else "inside, and not on INTERNAL"
    if held.record.subject_kind != record_pb2.SUBJECT_KIND_PERSON:
        return _of_the_public(machine, to, parcel, held)
    return _of_the_hidden(machine, to, parcel, held, about) or _of_the_basis(machine, to, parcel, held, about)


def _of_the_public(machine: Machine, to: str, parcel: Parcel, held: Held) -> str:
    if parcel.basis not in (exchange_pb2.BASIS_NOT_PERSONAL, exchange_pb2.BASIS_RETURN):
        return "not about a person, on a basis for people"
    if held.record.facet == kinds.AGREEMENT:
        application = facets_pb2.Application.FromString(
            facets_pb2.Agreement.FromString(held.record.content).application
        )
        if to not in (application.applicant, application.holder, held.record.organisation, held.came_from):
            return "an application between others"
    return ""


def _of_the_hidden(machine: Machine, to: str, parcel: Parcel, held: Held, about: Sequence[Held]) -> str:
    """Whoever is protected goes to those our own staff name, and back to who protects; others hear that they must
    erase, and get nothing but what they have given themselves."""
    active: dict[str, set[str]] = {}
    for one in _last_words(about, kinds.PROTECTION):
        said = facets_pb2.Protection.FromString(one.record.content)
        if said.active:
            names = set(said.recipients)
            active[one.record.organisation] = active.get(one.record.organisation, names) & names
    if not active:
        return ""
    own = active.get(machine.code)
    if own is not None and to in own:
        return ""
    if to in active:
        return ""
    if held.record.facet in (kinds.PROTECTION, kinds.ERASURE):
        return ""
    if parcel.basis == exchange_pb2.BASIS_RETURN and to in (held.record.organisation, held.came_from):
        return ""
    return "protected"


def _of_the_basis(machine: Machine, to: str, parcel: Parcel, held: Held, about: Sequence[Held]) -> str:
    record, now = held.record, machine.clock()
    if record.facet in (kinds.RESIDENT, kinds.LINK) and not (
        record.facet == kinds.LINK and parcel.basis == exchange_pb2.BASIS_RETURN
    ):
        return "the register, or a link"
    match parcel.basis:
        case exchange_pb2.BASIS_CONSENT:
            return _of_consent(to, parcel, record.facet, about, now)
        case exchange_pb2.BASIS_TEMPORARY_STAY:
            return "" if record.facet in ITEMS and _on_the_way(machine.code, to, about) else "no stay joins them"
        case exchange_pb2.BASIS_AGREEMENT:
            return _of_agreement(machine, to, parcel, held, now)
        case exchange_pb2.BASIS_EMERGENCY:
            return _of_emergency(machine, parcel, record.facet, now)
        case exchange_pb2.BASIS_HOLDER:
            return "" if record.facet in ABOUT_PEOPLE_CONTROL else "HOLDER for what is no control"
        case exchange_pb2.BASIS_RETURN:
            return "" if to in (record.organisation, held.came_from) else "RETURN to somebody else"
        case _:
            return f"basis {parcel.basis}"


def _of_consent(to: str, parcel: Parcel, facet: int, about: Sequence[Held], now: int) -> str:
    given = next((one for one in about if one.record.id == parcel.basis_record), None)
    if given is None or given.record.facet != kinds.CONSENT:
        return "no such consent"
    slot = [one for one in about if one.record.facet == kinds.CONSENT and one.record.slot == given.record.slot]
    for one in _undominated([one for one in slot if one.counts]):
        said = facets_pb2.Consent.FromString(one.record.content)
        if said.HasField("withdrawn_at_ms"):
            return "withdrawn"
        if said.from_ms > now or (said.HasField("until_ms") and said.until_ms <= now):
            return "consent not in force"
        if facet not in said.facets:
            return "facet not consented"
        if to not in said.organisations and not said.all_local_governments:
            return "consent for others"
        if said.given_by == facets_pb2.GIVER_SELF and _is_a_child(about, now):
            return "a child's own consent"
    return ""


def _is_a_child(about: Sequence[Held], now: int) -> bool:
    for one in about:
        if one.is_head and one.record.facet == kinds.IDENTITY:
            birth = facets_pb2.Identity.FromString(one.record.content).birth.date
            year = datetime.fromtimestamp(now / 1000, tz=UTC).year
            if birth and year - int(birth[:4]) < 16:
                return True
    return False


def _on_the_way(here: str, to: str, about: Sequence[Held]) -> bool:
    homes, hosts = set(), set()
    for one in about:
        if not one.counts:
            continue
        if one.record.facet == kinds.RESIDENCE:
            homes.add(facets_pb2.Residence.FromString(one.record.content).municipality)
        elif one.record.facet == kinds.STAY:
            stay = facets_pb2.Stay.FromString(one.record.content)
            hosts |= {stay.municipality, stay.destination.municipality}
        elif one.record.facet == kinds.RESIDENT:
            homes.add(one.record.organisation)
    return any(
        here in way and to in way
        for home in homes & set(TOWNS)
        for host in hosts & set(TOWNS)
        if home != host
        for way in [_way(home, host)]
    )


def _way(home: str, host: str) -> set[str]:
    across = prefecture(home) != prefecture(host)
    return {home, host, prefecture(home), prefecture(host)} if across else {home, host}


def _of_agreement(machine: Machine, to: str, parcel: Parcel, held: Held, now: int) -> str:
    rests_on = machine.ledger.record(parcel.basis_record)
    if rests_on is None or rests_on.record.facet != kinds.AGREEMENT or not rests_on.is_head:
        return "no such agreement"
    agreement = facets_pb2.Agreement.FromString(rests_on.record.content)
    application = facets_pb2.Application.FromString(agreement.application)
    decision = facets_pb2.Decision.FromString(agreement.decision)
    if (application.applicant, application.holder) != (to, machine.code):
        return "an agreement of others"
    if decision.outcome != facets_pb2.Decision.OUTCOME_GRANTED or not decision.from_ms <= now < decision.until_ms:
        return "not granted now"
    if held.record.facet not in decision.facets or held.record.organisation != machine.code:
        return "not ours to pass on, or a facet not granted"
    return ""


def _of_emergency(machine: Machine, parcel: Parcel, facet: int, now: int) -> str:
    rests_on = machine.ledger.record(parcel.basis_record)
    if rests_on is None or rests_on.record.facet != kinds.EMERGENCY:
        return "no such emergency"
    said = facets_pb2.Activation.FromString(facets_pb2.Emergency.FromString(rests_on.record.content).activation)
    over = min(said.until_ms, said.from_ms + HOURS_72_MS)
    return "" if said.from_ms <= now < over and facet in OPENED_BY_EMERGENCY else "emergency over, or facet not opened"


def _last_words(about: Sequence[Held], facet: int) -> list[Held]:
    """Of what counts, what each organisation itself said last."""
    codes = sorted({one.record.organisation for one in about})
    return [
        one
        for code in codes
        for one in _undominated(
            [one for one in about if one.counts and one.record.facet == facet and one.record.organisation == code]
        )
    ]


def _undominated(some: Sequence[Held]) -> list[Held]:
    return [one for one in some if not any(dominates(other.record.version, one.record.version) for other in some)]
