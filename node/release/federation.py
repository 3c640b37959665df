"""Who the members are, and what the organisations have granted or declared: the other half of every decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from moyai.v1 import facets_pb2

MUNICIPALITY = int(facets_pb2.ORGANISATION_KIND_MUNICIPALITY)
PREFECTURE = int(facets_pb2.ORGANISATION_KIND_PREFECTURE)
SUPPORT = int(facets_pb2.ORGANISATION_KIND_SUPPORT)
LOCAL_GOVERNMENTS = frozenset({MUNICIPALITY, PREFECTURE})

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
    local_governments: frozenset[str] = field(init=False)
    by_kind: Mapping[int, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        by_kind: dict[int, set[str]] = {}
        for code, member in self.members.items():
            by_kind.setdefault(member.kind, set()).add(code)
        object.__setattr__(self, "by_kind", {kind: frozenset(codes) for kind, codes in by_kind.items()})
        object.__setattr__(
            self, "local_governments", frozenset(c for c, m in self.members.items() if m.kind in LOCAL_GOVERNMENTS)
        )

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
        if self.kind(code) == PREFECTURE:
            return frozenset({code, *(c for c, m in self.members.items() if m.prefecture == code)})
        return frozenset()

    def governed(self, area: Iterable[str]) -> frozenset[str]:
        """The local governments of an area: its municipalities that are members, and their prefectures."""
        listed = frozenset(area) & self.local_governments
        return (listed | {self.prefecture(code) for code in listed}) & self.local_governments
