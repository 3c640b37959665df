"""The bounds of a decision: which organisations it can concern at all, and until when it can stand."""

from collections.abc import Iterator

from node.release.federation import Federation
from node.release.known import SubjectKnown
from node.release.rule import on_the_way


def recipients(known: SubjectKnown, federation: Federation, *, now_ms: int) -> frozenset[str]:
    """Codes of all organisations to which anything of a person could go now; often more, never fewer. Ours included.

    For people only: what is about places, organisations and disasters goes to every member.
    """
    reached = {known.here, *known.holders, *_authors(known)}
    for consent in (consent for heads in known.consents for consent in heads if consent.in_force(now_ms)):
        reached |= consent.organisations
        for kind in consent.kinds:
            reached |= federation.by_kind.get(kind, frozenset())
        if consent.all_local_governments:
            reached |= federation.local_governments
    for home in known.homes:
        for host in known.hosts(now_ms):
            way = on_the_way(home, host, federation)
            reached |= way if known.here in way else frozenset()
    reached |= {grant.applicant for grant in federation.grants if grant.in_force(now_ms)}
    for activation, _, governments in federation.reaches:
        reached |= governments if activation.in_force(now_ms) else frozenset()
    if known.protected:
        reached = {code for code in reached if _may_hear_of_protected(known, code)}
    return frozenset(reached & (federation.members.keys() | {known.here}))


def next_change_ms(known: SubjectKnown, federation: Federation, *, now_ms: int) -> int | None:
    """The first instant after now at which a decision about this subject can change by time alone; None: never."""
    return min((moment for moment in _moments(known, federation) if moment > now_ms), default=None)


def _may_hear_of_protected(known: SubjectKnown, code: str) -> bool:
    return code == known.here or code in known.holders or code in known.protectors or known.may_be_named(code)


def _authors(known: SubjectKnown) -> Iterator[str]:
    """Everybody a record can go back to, even one that does not count."""
    for fact in known.facts:
        yield fact.record.organisation
        yield fact.came_from


def _moments(known: SubjectKnown, federation: Federation) -> Iterator[int]:
    for consent in (consent for heads in known.consents for consent in heads):
        yield consent.from_ms
        if consent.until_ms is not None:
            yield consent.until_ms
        if not consent.guardian and known.sixteen_ms is not None:
            yield known.sixteen_ms
    for stay in known.stays_as_told:
        if stay.fades_ms is not None:
            yield stay.fades_ms
    for grant in federation.grants:
        yield grant.from_ms
        yield grant.until_ms
    for activation in federation.activations:
        yield activation.from_ms
        yield activation.end_ms
