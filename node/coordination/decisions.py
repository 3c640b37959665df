"""Applications, decisions and emergencies at a coordinator's desk: what stands, what the key says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from node.declaring import HOURS_MAX, Declaring, EmergencyView, read_emergencies, released_under
from node.desk.looking import log_read
from node.desk.post import Post
from node.granting import AgreementView, Granting, read_agreements, view_of
from node.records.kinds import facet_name
from node.trust.keyfile import asks_for_passphrase

if TYPE_CHECKING:
    from node.installation import Installation  # which opens this office

SUPPORT: Final = "S"
"""The codes of registered support organisations begin so."""


@dataclass(frozen=True, slots=True)
class Party:
    """A member of the federation that can be asked."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ReleasedView:
    """One record that went out in an emergency."""

    at_ms: int
    recipient: str
    """Code of the organisation that was told."""
    recipient_name: str
    subject: bytes
    name: str
    """Of the person; "" where nothing is held of them any more."""
    facet: str


@dataclass(frozen=True, slots=True)
class Review:
    """What went out in one emergency."""

    emergency: EmergencyView
    released: tuple[ReleasedView, ...]

    @property
    def people(self) -> int:
        """How many people it was about."""
        return len({one.subject for one in self.released})


class Decisions:
    """Whoever sits here reads; every act is the organisation's word and needs its key, with its passphrase."""

    def __init__(self, node: "Installation", post: Post) -> None:
        self._node = node
        self._post = post

    def needs_passphrase(self) -> bool:
        """Whether the organisation's key asks for one.

        Raises:
            TrustRefused: there is no key of the organisation here.
        """
        return asks_for_passphrase(self._node.directory.organisation_key)

    def parties(self) -> list[Party]:
        """The other members, whom something may be asked of."""
        members = self._node.room.now().federation.members
        return [
            Party(code, self._post.neighbours.name(code)) for code in sorted(members) if code != self._post.organisation
        ]

    # --- applications

    def agreements(self) -> list[AgreementView]:
        """Every application by or to this organisation, what waits for a decision here first, then the newest."""
        named = self._post.neighbours.name
        views = [view_of(opened, named) for _, opened in read_agreements(self._node)]
        here = self._post.organisation
        return sorted(views, key=lambda each: (not (each.outcome == "open" and each.holder == here), -each.at_ms))

    def apply(
        self,
        holder: str,
        *,
        facets: Sequence[str],
        purpose: str,
        area: Sequence[str] = (),
        subjects: Sequence[bytes] = (),
        passphrase: str | None = None,
    ) -> bytes:
        """Apply to another organisation; as `Granting.apply`."""
        return self._granting(passphrase).apply(holder, facets=facets, purpose=purpose, area=area, subjects=subjects)

    def grant(
        self, application: bytes, *, days: int, facets: Sequence[str] = (), passphrase: str | None = None
    ) -> AgreementView:
        """Grant an application; as `Granting.grant`."""
        return self._granting(passphrase).grant(application, days=days, facets=facets)

    def refuse(self, application: bytes, *, passphrase: str | None = None) -> AgreementView:
        """Refuse one; as `Granting.refuse`."""
        return self._granting(passphrase).refuse(application)

    def end(self, application: bytes, *, passphrase: str | None = None) -> AgreementView:
        """End a grant; as `Granting.end`."""
        return self._granting(passphrase).end(application)

    # --- emergencies

    def emergencies(self) -> list[EmergencyView]:
        """Every emergency known here, the newest first."""
        return read_emergencies(self._node)

    def declare(
        self, *, reason: str, hours: int = HOURS_MAX, area: Sequence[str] = (), passphrase: str | None = None
    ) -> EmergencyView:
        """Declare one; as `Declaring.declare`."""
        return self._declaring(passphrase).declare(reason=reason, hours=hours, area=area)

    def end_emergency(self, activation: bytes, *, passphrase: str | None = None) -> EmergencyView:
        """End one before its time; as `Declaring.end`."""
        return self._declaring(passphrase).end(activation)

    def review(self, activation: bytes) -> Review:
        """Every release of this node under an emergency. Logged as a look at whom it was about.

        Raises:
            EmergencyUnknown: there is none of that id.
        """
        entries = released_under(self._node, activation)
        emergency = next(one for one in self.emergencies() if one.activation == activation)
        names: dict[bytes, str] = {}
        for entry in entries:
            if entry.subject is not None and entry.subject not in names:
                row = self._post.ledger.person(entry.subject)
                names[entry.subject] = row.name if row else ""
        log_read(self._post, "review", purpose="aid", count=len(names), subjects=())
        return Review(
            emergency,
            tuple(
                ReleasedView(
                    at_ms=entry.at_ms,
                    recipient=entry.recipient or "",
                    recipient_name=self._post.neighbours.name(entry.recipient) if entry.recipient else "",
                    subject=entry.subject or b"",
                    name=names.get(entry.subject or b"", ""),
                    facet=",".join(facet_name(facet) for facet in entry.facets),
                )
                for entry in entries
            ),
        )

    def _granting(self, passphrase: str | None) -> Granting:
        return Granting(self._node, lambda: self._node.organisation_key(passphrase), operator=self._post.operator)

    def _declaring(self, passphrase: str | None) -> Declaring:
        return Declaring(self._node, lambda: self._node.organisation_key(passphrase), operator=self._post.operator)
