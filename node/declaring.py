"""Emergencies (個人情報保護法 69(2)): declared by mayor or governor for 72 hours at most, reviewed afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from moyai.v1 import facets_pb2
from node.errors import EmergencyUnknown, HoursNotAllowed
from node.ledger import AuditEntry
from node.pen import ORGANISATION
from node.people.facets import Emergency, from_content
from node.records.kinds import EMERGENCY
from node.records.subjects import organisation_subject
from node.trust.emergencies import EMERGENCY_MS_MAX, ActivationOpened, activate, open_emergency
from node.trust.keys import OrganisationKey
from sync.errors import MoyaiError

if TYPE_CHECKING:
    from node.installation import Installation  # which opens the office that declares

HOUR_MS: Final = 3_600_000
HOURS_MAX: Final = EMERGENCY_MS_MAX // HOUR_MS


@dataclass(frozen=True, slots=True)
class EmergencyView:
    """One emergency, in force or over."""

    activation: bytes
    organisation: str
    """Whose mayor or governor declared it."""
    area: tuple[str, ...]
    from_ms: int
    until_ms: int
    reason: str

    def left_ms(self, now_ms: int) -> int:
        """How long it still runs; 0: it is over."""
        return max(0, self.until_ms - now_ms) if self.from_ms <= now_ms else 0


class Declaring:
    """One organisation's emergencies; each word of it needs the organisation's own key."""

    def __init__(self, node: "Installation", organisation_key: Callable[[], OrganisationKey], *, operator: str) -> None:
        node.need_home()
        self._node = node
        self._organisation_key = organisation_key
        self._operator = operator

    def declare(self, *, reason: str, hours: int = HOURS_MAX, area: Sequence[str] = ()) -> EmergencyView:
        """Open the area for this long; it ends by itself. Without an area: a municipality itself, or every
        municipality of the prefecture that is a member.

        Raises:
            HoursNotAllowed: fewer than one hour, or more than the law allows.
            AgreementMalformed: an area that is not the organisation's own, or no reason.
        """
        if not 1 <= hours <= HOURS_MAX:
            raise HoursNotAllowed(expected=f"1-{HOURS_MAX}", got=hours)
        now = self._node.now_ms()
        return self._write(
            facets_pb2.Activation(
                activation=self._node.entropy(16),
                organisation=self._node.config.organisation,
                area=list(area) or self._own_area(),
                from_ms=now,
                until_ms=now + hours * HOUR_MS,
                reason=reason.strip(),
            ),
            act="declare-emergency",
        )

    def end(self, activation: bytes) -> EmergencyView:
        """End one before its time: nothing goes on it any more.

        Raises:
            EmergencyUnknown: none of that id runs here.
        """
        now = self._node.now_ms()
        for one in read_emergencies(self._node):
            own = one.organisation == self._node.config.organisation
            if one.activation == activation and own and one.left_ms(now):
                ended = facets_pb2.Activation(
                    activation=activation,
                    organisation=one.organisation,
                    area=one.area,
                    from_ms=one.from_ms,
                    until_ms=max(now, one.from_ms + 1),
                    reason=one.reason,
                )
                return self._write(ended, act="end-emergency")
        raise EmergencyUnknown(emergency=activation.hex()[:8])

    def _write(self, activation: facets_pb2.Activation, *, act: str) -> EmergencyView:
        content = activate(activation, self._organisation_key())
        opened = open_emergency(content, self._node.room.now().believed.roster)
        said = from_content(EMERGENCY, content)
        assert isinstance(said, Emergency)  # noqa: S101 -- just made
        with self._node.pen.sheet(operator=self._operator, act=act) as sheet:
            sheet.put(
                organisation_subject(opened.organisation),
                EMERGENCY,
                said,
                slot=opened.activation,
                kind=ORGANISATION,
            )
        return _view(opened)

    def _own_area(self) -> list[str]:
        """The municipalities it may speak for."""
        return sorted(self._node.room.now().federation.municipalities_of(self._node.config.organisation))


def read_emergencies(node: "Installation") -> list[EmergencyView]:
    """Every emergency held whose signature holds, of all organisations, the newest first."""
    roster = node.room.now().believed.roster
    found = []
    for held in node.ledger.heads_of_facet(EMERGENCY):
        try:
            found.append(_view(open_emergency(held.record.content, roster)))
        except MoyaiError:
            continue
    return sorted(found, key=lambda one: one.from_ms, reverse=True)


def released_under(node: "Installation", activation: bytes) -> list[AuditEntry]:
    """Every record this node let go on an emergency of this organisation, from the log: what is to be reviewed.

    Raises:
        EmergencyUnknown: this organisation declared none of that id.
    """
    said = [
        held.record.id
        for held in node.ledger.about(organisation_subject(node.config.organisation))
        if held.record.facet == EMERGENCY and held.record.slot == activation
    ]
    said += [
        held.record.id
        for held in node.ledger.heads_of_facet(EMERGENCY)
        if held.record.slot == activation and held.record.id not in said
    ]
    if not said:
        raise EmergencyUnknown(emergency=activation.hex()[:8])
    return node.ledger.disclosed_on(said)


def _view(opened: ActivationOpened) -> EmergencyView:
    return EmergencyView(
        activation=opened.activation,
        organisation=opened.organisation,
        area=tuple(sorted(opened.area)),
        from_ms=opened.from_ms,
        until_ms=opened.until_ms,
        reason=opened.reason,
    )
