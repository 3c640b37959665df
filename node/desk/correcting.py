"""What stands of somebody as one would type it, and what a correction makes of it, a facet at a time. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from node.desk.views import NewPerson
from node.people.calendar import parse_birth
from node.people.facets import FACETS, BirthDate, FacetModel, Identity, Residence
from node.people.kana import to_katakana
from node.records.kinds import CARE, CONTACT, HOUSEHOLD, IDENTITY, RESIDENCE
from node.reference.municipalities import municipality_written_in

_ALIKE: Final = ("family_name", "given_name", "family_kana", "given_kana", "sex", "description", "found_where")
TYPED: Final[Mapping[int, Mapping[str, str]]] = {
    IDENTITY: {name: name for name in _ALIKE} | {"birth": "birth", "estimated_age": "birth"},
    RESIDENCE: {name: name for name in ("address", "postcode", "municipality")},
    CONTACT: {"phone": "phone"},
    HOUSEHOLD: {"household": "household"},
    CARE: {"care_codes": "codes", "care_text": "text"},
}
"""By facet: what is typed of it, and the field of the schema that says it."""


def as_typed(held: Mapping[int, FacetModel]) -> NewPerson:
    """What is held, as one would type it; a birth date as ISO."""
    typed: dict[str, Any] = {}
    for facet, says in held.items():
        typed |= {name: getattr(says, field) for name, field in TYPED[facet].items() if field != "birth"}
    identity = held.get(IDENTITY)
    if isinstance(identity, Identity):
        birth = identity.birth or BirthDate()
        typed |= {"sex": int(identity.sex), "birth": birth.date}
        typed["estimated_age"] = None if birth.date else birth.estimated_age
    return NewPerson(**typed)


def understood(before: NewPerson, after: NewPerson, today: date) -> NewPerson:
    """`after` as it will stand: kana from romaji, a birth date from digits in either calendar. What was not touched is
    not read either: it may be what nobody could type here.

    Raises:
        BirthDateRefused: the birth date can't be read.
    """
    read = replace(
        after,
        family_kana=_kana(before.family_kana, after.family_kana),
        given_kana=_kana(before.given_kana, after.given_kana),
        care_codes=tuple(sorted(set(after.care_codes))),
    )
    if not after.birth:
        return read
    if after.birth == before.birth:
        return replace(read, estimated_age=None)
    birth = parse_birth(after.birth, today=today)
    return replace(read, birth=birth.date, estimated_age=birth.estimated_age)


def touched(before: NewPerson, after: NewPerson) -> dict[int, set[str]]:
    """The facets that change, and what was typed anew in them."""
    changed = {facet: {name for name in names if _differs(name, before, after)} for facet, names in TYPED.items()}
    return {facet: names for facet, names in changed.items() if names}


def stands_otherwise(facet: int, before: NewPerson, standing: NewPerson) -> bool:
    """Whether something else stands in a facet than was shown."""
    return any(_differs(name, before, standing) for name in TYPED[facet])


def corrected(
    facet: int, held: FacetModel | None, names: set[str], after: NewPerson, *, today: date, home: str
) -> FacetModel:
    """The facet with what was typed anew in it. What the form doesn't know stays, but for the relation to another
    household, which says nothing of this one.

    Args:
        facet: which.
        held: what stands; None: nothing.
        names: what was typed anew.
        after: the person as typed.
        today: when an age is guessed.
        home: the town of an address that names none, where none is held.
    """
    update = {field: getattr(after, name) for name, field in TYPED[facet].items() if name in names}
    if "birth" in update:
        update["birth"] = _birth(after, today)
    if facet == RESIDENCE:
        update |= _moved(held if isinstance(held, Residence) else Residence(), names, after, home)
    if held is None or facet == HOUSEHOLD:
        return FACETS[facet](**update)
    return held.model_copy(update=update)


def _differs(name: str, one: NewPerson, other: NewPerson) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _kana(before: str, after: str) -> str:
    return after if after == before else to_katakana(after)


def _birth(after: NewPerson, today: date) -> BirthDate | None:
    if after.birth:
        return BirthDate(date=after.birth)
    if after.estimated_age is not None:
        return BirthDate(estimated_age=after.estimated_age, estimated_on=today.isoformat())
    return None


def _moved(held: Residence, names: set[str], after: NewPerson, home: str) -> dict[str, str]:
    """The town an address names is the home; the postcode of another town's address goes with it."""
    if "address" not in names:
        return {}
    named = municipality_written_in(after.address)
    town = (named.code if named else "") or held.municipality or (home if after.address else "")
    if "municipality" in names:
        town = after.municipality
    left = held.postcode and town != held.municipality and "postcode" not in names
    return {"municipality": town} | ({"postcode": ""} if left else {})
