"""Applications and decisions (申請・決定, Rule 8-6): what one organisation asks of another, and what the mayor says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from moyai.v1 import facets_pb2, record_pb2
from node.desk.consents import facet_numbers
from node.errors import AgreementUnknown
from node.ledger import Held
from node.pen import ORGANISATION
from node.people.facets import Agreement, from_content
from node.records.kinds import AGREEMENT, NAMES
from node.records.subjects import organisation_subject
from node.reference.organisations import organisation_name
from node.trust.agreements import AgreementOpened, apply, decide, open_agreement
from node.trust.keys import OrganisationKey
from sync.errors import MoyaiError

if TYPE_CHECKING:
    from node.installation import Installation  # which opens the office that decides

DAY_MS: Final = 24 * 3600 * 1000

OUTCOMES: Final = {
    int(facets_pb2.Decision.OUTCOME_GRANTED): "granted",
    int(facets_pb2.Decision.OUTCOME_REFUSED): "refused",
    int(facets_pb2.Decision.OUTCOME_ENDED): "ended",
}


@dataclass(frozen=True, slots=True)
class AgreementView:
    """One application and how it stands."""

    application: bytes
    applicant: str
    applicant_name: str
    holder: str
    holder_name: str
    asked: tuple[str, ...]
    facets: tuple[str, ...]
    """The facets granted; empty while nothing is."""
    area: tuple[str, ...]
    purpose: str
    outcome: str
    """"open", "granted", "refused" or "ended"."""
    until_ms: int | None
    subjects: tuple[bytes, ...] = ()
    """The people named; empty: all of the area."""
    at_ms: int = 0
    """When it was applied for."""

    def stands(self, now_ms: int) -> str:
        """The outcome as it is now: a grant whose days are over is "over"."""
        if self.outcome == "granted" and self.until_ms is not None and self.until_ms <= now_ms:
            return "over"
        return self.outcome


class Granting:
    """One organisation's applications and decisions; each needs the organisation's own key."""

    def __init__(self, node: "Installation", organisation_key: Callable[[], OrganisationKey], *, operator: str) -> None:
        node.need_home()
        self._node = node
        self._organisation_key = organisation_key
        self._operator = operator

    def apply(
        self,
        holder: str,
        *,
        facets: Sequence[str],
        purpose: str,
        area: Sequence[str] = (),
        subjects: Sequence[bytes] = (),
    ) -> bytes:
        """Ask another organisation for facets of these people, or of all people of an area. Returns the application's
        id.

        Raises:
            UnknownOrganisation: it is not in the roster, and would never learn that it was asked.
        """
        self._node.room.now().believed.roster.organisation(holder)
        application = facets_pb2.Application(
            application=self._node.entropy(16),
            applicant=self._node.config.organisation,
            holder=holder,
            facets=[_facet(number) for number in facet_numbers(facets)],
            subjects=subjects,
            area=area,
            purpose=purpose,
            at_ms=self._node.now_ms(),
        )
        self._write(holder, application.application, apply(application, self._organisation_key()), act="apply")
        return application.application

    def grant(self, application: bytes, *, days: int, facets: Sequence[str] = ()) -> AgreementView:
        """Grant an application, for all it asks or for these facets of it.

        Raises:
            AgreementUnknown: there is none of that id addressed to this organisation.
        """
        held, opened = self._addressed(application)
        now = self._node.now_ms()
        ground = facets_pb2.Decision.GROUND_LOCAL_GOVERNMENT
        if opened.applicant.startswith("S"):
            ground = facets_pb2.Decision.GROUND_SUPPORT_ORGANISATION
        granted = facet_numbers(facets) if facets else tuple(sorted(opened.facets))
        decision = facets_pb2.Decision(
            outcome=facets_pb2.Decision.OUTCOME_GRANTED,
            facets=[_facet(number) for number in granted],
            from_ms=now,
            until_ms=now + days * DAY_MS,
            ground=ground,
            at_ms=now,
        )
        return self._decide(held, decision, act="grant")

    def refuse(self, application: bytes) -> AgreementView:
        """Refuse an application. Raises AgreementUnknown."""
        held, _ = self._addressed(application)
        decision = facets_pb2.Decision(outcome=facets_pb2.Decision.OUTCOME_REFUSED, at_ms=self._node.now_ms())
        return self._decide(held, decision, act="refuse-application")

    def end(self, application: bytes) -> AgreementView:
        """End a grant: what went on it is erased by who got it. Raises AgreementUnknown."""
        held, _ = self._addressed(application)
        decision = facets_pb2.Decision(outcome=facets_pb2.Decision.OUTCOME_ENDED, at_ms=self._node.now_ms())
        return self._decide(held, decision, act="end-agreement")

    def _addressed(self, application: bytes) -> tuple[Held, AgreementOpened]:
        for held, opened in read_agreements(self._node):
            if opened.application == application and opened.holder == self._node.config.organisation:
                return held, opened
        raise AgreementUnknown(application=application.hex()[:8])

    def _decide(self, held: Held, decision: facets_pb2.Decision, *, act: str) -> AgreementView:
        content = decide(held.record.content, decision, self._organisation_key())
        self._write(self._node.config.organisation, held.record.slot, content, act=act)
        return view_of(open_agreement(content, self._node.room.now().believed.roster))

    def _write(self, holder: str, application: bytes, content: bytes, *, act: str) -> None:
        said = from_content(AGREEMENT, content)
        assert isinstance(said, Agreement)  # noqa: S101 -- just made
        with self._node.pen.sheet(operator=self._operator, act=act) as sheet:
            sheet.put(organisation_subject(holder), AGREEMENT, said, slot=application, kind=ORGANISATION)


def read_agreements(node: "Installation") -> list[tuple[Held, AgreementOpened]]:
    """Every application held whose signatures hold, with how it stands."""
    roster = node.room.now().believed.roster
    found = []
    for held in node.ledger.heads_of_facet(AGREEMENT):
        try:
            found.append((held, open_agreement(held.record.content, roster)))
        except MoyaiError:
            continue
    return found


def view_of(opened: AgreementOpened, named: Callable[[str], str] = organisation_name) -> AgreementView:
    """An opened agreement as it is shown; `named` knows what members are called."""
    decision = opened.decision
    return AgreementView(
        application=opened.application,
        applicant=opened.applicant,
        applicant_name=named(opened.applicant),
        holder=opened.holder,
        holder_name=named(opened.holder),
        asked=_words(opened.facets),
        facets=_words(opened.granted_facets),
        area=tuple(sorted(opened.area)),
        purpose=opened.purpose,
        outcome=OUTCOMES.get(decision.outcome, "open") if decision else "open",
        until_ms=decision.until_ms if decision else None,
        subjects=tuple(sorted(opened.subjects)),
        at_ms=opened.at_ms,
    )


def _facet(number: int) -> record_pb2.Facet.ValueType:
    return record_pb2.Facet.ValueType(number)


def _words(facets: Sequence[int] | frozenset[int]) -> tuple[str, ...]:
    return tuple(sorted(NAMES.get(number, str(number)) for number in facets))
