"""Finds the national entry (共通ID) for a site of a town's own list, only where no doubt is left."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from node.people.addresses import fold_address
from node.people.facets import Place, PlaceType
from node.people.names import fold_name

_IN_ORDER: Final = (
    {PlaceType.DESIGNATED_SHELTER, PlaceType.WELFARE_SHELTER},
    {PlaceType.EMERGENCY_SITE},
)
"""A hall that is designated shelter and emergency site has two national IDs; who counts heads means the shelter."""


def national_entry(local: Place, known: Mapping[bytes, Place]) -> bytes | None:
    """The subject of the only national entry that is the same site, among the places known in its municipality.

    It is the same where the town's own ID was noted on it before, or where folded name and folded address are both
    equal. A name alone is not enough: 1,594 names stand for two facilities of one town. Nor is an address: two schools
    share one.
    """
    if local.national_id:
        return None
    same_town = {
        subject: place
        for subject, place in known.items()
        if place.national_id and place.municipality == local.municipality
    }
    if local.local_id:
        noted = [subject for subject, place in same_town.items() if place.local_id == local.local_id]
        if noted:
            return noted[0] if len(noted) == 1 else None
    if not local.address:
        return None
    key = _folded(local.name, local.address)
    for types in _IN_ORDER:
        same = [
            subject
            for subject, place in same_town.items()
            if place.type in types
            and place.local_id in ("", local.local_id)
            and _folded(place.name, place.address) == key
        ]
        if same:
            return same[0] if len(same) == 1 else None
    return None


@lru_cache(maxsize=32_768)
def _folded(name: str, address: str) -> tuple[str, str]:
    """What two entries of one site have in common. Remembered: every row is held against all places of its town."""
    return fold_name(name), fold_address(address)


def filled(first: Place, second: Place) -> Place:
    """The first, with what it leaves open taken from the second: of two lists that differ, one wins every time."""
    gaps = {
        name: value
        for name in Place.model_fields
        if getattr(first, name) in ("", None, PlaceType.UNSPECIFIED)
        and (value := getattr(second, name)) not in ("", None, PlaceType.UNSPECIFIED)
    }
    return first.model_copy(update=gaps) if gaps else first
