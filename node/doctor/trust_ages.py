"""Whether the roster and the certificates still hold, and for how long."""

from collections.abc import Iterator
from typing import Final

from node.doctor.finding import Finding, Grade
from node.errors import NotEnrolled
from node.installation import Installation
from node.trust.certificate import named_in
from node.trust.roster import Roster
from node.vault import CERTIFICATE, TLS_CERTIFICATE

DAY_MS: Final = 86_400_000
ROSTER_ENDS_MS: Final = 14 * DAY_MS
"""Trustees have to meet before: two weeks are little."""
CERTIFICATE_ENDS_MS: Final = 30 * DAY_MS


def look(node: Installation) -> Iterator[Finding]:
    """The roster, this node's certificate, and its organisation's key."""
    now = node.now_ms()
    try:
        roster = node.room.now().believed.roster
    except NotEnrolled:
        yield Finding("roster", "none", Grade.BAD)
        return
    yield of_roster(roster, now)
    yield from _of_certificate(node, now)
    yield from _of_organisation(node, roster, now)


def of_roster(roster: Roster, now_ms: int) -> Finding:
    """How old the roster is, and when it ends."""
    values: dict[str, str | int] = {"version": roster.version, "age_ms": max(0, roster.age_ms(now_ms))}
    left = roster.expires_at_ms - now_ms
    if left <= 0:
        return Finding("roster", "expired", Grade.BAD, {**values, "since_ms": -left})
    if left < ROSTER_ENDS_MS:
        return Finding("roster", "ends_soon", Grade.WARN, {**values, "left_ms": left})
    return Finding("roster", "holds", Grade.OK, {**values, "left_ms": left})


def _of_certificate(node: Installation, now: int) -> Iterator[Finding]:
    signed = node.ledger.secret(CERTIFICATE)
    if signed is None:
        yield Finding("certificate", "none", Grade.BAD)
        return
    held = node.room.now().believed.certificates.get(node.key.node, ())
    mine = next((one for one in held if one.signed == signed), None)
    until = mine.valid_until_ms if mine is not None else int(named_in(signed).valid_until_ms)
    yield _ending("certificate", until - now)


def _of_organisation(node: Installation, roster: Roster, now: int) -> Iterator[Finding]:
    """Its entry in the roster: others know this organisation by nothing else."""
    member = roster.organisations.get(node.config.organisation)
    if member is None:
        yield Finding("membership", "not_listed", Grade.BAD, {"organisation": node.config.organisation})
        return
    yield _ending("organisation_key", max(key.valid_until_ms for key in member.signing_keys) - now)
    if node.is_home and node.ledger.secret(TLS_CERTIFICATE) not in member.tls_certificates:
        yield Finding("membership", "tls_not_listed", Grade.BAD, {"organisation": member.code})
    else:
        yield Finding("membership", "listed", Grade.OK, {"organisation": member.code})


def _ending(check: str, left: int) -> Finding:
    if left <= 0:
        return Finding(check, "expired", Grade.BAD, {"since_ms": -left})
    if left < CERTIFICATE_ENDS_MS:
        return Finding(check, "ends_soon", Grade.WARN, {"left_ms": left})
    return Finding(check, "holds", Grade.OK, {"left_ms": left})
