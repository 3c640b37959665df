"""Who the members are, and what the organisations have granted or declared: the other half of every decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from moyai.v1 import facets_pb2
from node.release.once import once

MUNICIPALITY = int(facets_pb2.ORGANISATION_KIND_MUNICIPALITY)
PREFECTURE = int(facets_pb2.ORGANISATION_KIND_PREFECTURE)
SUPPORT = int(facets_pb2.ORGANISATION_KIND_SUPPORT)

EMERGENCY_MS_MAX = 72 * 3_600_000
"""An activation ends after 72 hours, whatever it says."""


@dataclass(frozen=True, slots=True)
class Member:
    """One organisation of the roster."""

    kind: int
    """`moyai.v1.OrganisationKind`."""
    prefecture: str = ""
    """Code of the prefecture a municipality lies in."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An agreement that was granted, both signatures checked (Rule 8-6)."""

    record: bytes
    """Id of the record it stands in."""
    holder: str
    applicant: str
    facets: frozenset[int]
    from_ms: int
    until_ms: int
    ground: int
    """`moyai.v1.Decision.Ground`."""
    subjects: frozenset[bytes] = frozenset()
    """Which people; empty: all of the area."""
    area: frozenset[str] = frozenset()
    """Codes of the municipalities where people live or stay; empty: the holder's own."""

    def in_force(self, now_ms: int) -> bool:
        """Whether it stands now; the end itself is outside."""
        return self.from_ms <= now_ms < self.until_ms


@dataclass(frozen=True, slots=True)
class Activation:
    """An emergency that was declared, its signature checked (個人情報保護法 69(2))."""

    record: bytes
    organisation: str
    area: frozenset[str]
    from_ms: int
    until_ms: int

    @property
    def end_ms(self) -> int:
        """When it ends by itself: what it says, and never more than 72 hours after it began."""
        return min(self.until_ms, self.from_ms + EMERGENCY_MS_MAX)

    def in_force(self, now_ms: int) -> bool:
        """Whether it stands now; the end itself is outside."""
        return self.from_ms <= now_ms < self.end_ms


@dataclass(frozen=True, slots=True)
class Recipient:
    """One node at the other end."""

    organisation: str
    node: bytes = b""
    places: frozenset[bytes] = frozenset()
    """The places it serves; empty: no limit."""


@dataclass(frozen=True)
class Federation:
    """What the caller has verified: members of the roster in force, grants, activations. Times are judged later."""

    here: str
    """Code of our own organisation."""
    members: Mapping[str, Member]
    grants: tuple[Grant, ...] = ()
    activations: tuple[Activation, ...] = ()

    @once
    def by_kind(self) -> Mapping[int, frozenset[str]]:
        """Codes of the members, by kind."""
        codes: dict[int, set[str]] = {}
        for code, member in self.members.items():
            codes.setdefault(member.kind, set()).add(code)
        return {kind: frozenset(some) for kind, some in codes.items()}

    @once
    def local_governments(self) -> frozenset[str]:
        """Codes of municipalities and prefectures."""
        return self.by_kind.get(MUNICIPALITY, frozenset()) | self.by_kind.get(PREFECTURE, frozenset())

    def kind(self, code: str) -> int:
        """The kind of a member; 0 for a stranger."""
        member = self.members.get(code)
        return member.kind if member else 0

    def prefecture(self, code: str) -> str:
        """The prefecture a municipality lies in; empty where unknown or for others."""
        member = self.members.get(code)
        return member.prefecture if member else ""

    def realm(self, code: str) -> frozenset[str]:
        """Whom an organisation may speak for in an emergency: a municipality for itself, a prefecture for all in it."""
        if self.kind(code) == MUNICIPALITY:
            return frozenset({code})
        return self._realms.get(code, frozenset())

    def municipalities_of(self, code: str) -> frozenset[str]:
        """The municipalities among them: a prefecture itself is none."""
        return frozenset(one for one in self.realm(code) if self.kind(one) == MUNICIPALITY)

    def governed(self, area: Iterable[str]) -> frozenset[str]:
        """The local governments of an area: its municipalities that are members, and their prefectures."""
        listed = frozenset(area) & self.local_governments
        return (listed | {self.prefecture(code) for code in listed}) & self.local_governments

    @once
    def reaches(self) -> tuple[tuple[Activation, frozenset[str], frozenset[str]], ...]:
        """Each activation with the area its organisation may speak for, and the local governments of that area."""
        areas = ((activation, activation.area & self.realm(activation.organisation)) for activation in self.activations)
        return tuple((activation, area, self.governed(area)) for activation, area in areas)

    def grants_between(self, holder: str, applicant: str) -> tuple[Grant, ...]:
        """What one organisation has granted another."""
        return self._grants.get((holder, applicant), ())

    @once
    def _grants(self) -> Mapping[tuple[str, str], tuple[Grant, ...]]:
        pairs: dict[tuple[str, str], tuple[Grant, ...]] = {}
        for grant in self.grants:
            pair = (grant.holder, grant.applicant)
            pairs[pair] = (*pairs.get(pair, ()), grant)
        return pairs

    @once
    def _realms(self) -> Mapping[str, frozenset[str]]:
        realms = {code: {code} for code, member in self.members.items() if member.kind == PREFECTURE}
        for code, member in self.members.items():
            if member.prefecture in realms:
                realms[member.prefecture].add(code)
        return {code: frozenset(some) for code, some in realms.items()}
