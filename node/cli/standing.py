"""`moyai status`: how the node stands."""

from typing import Any

from moyai.v1 import exchange_pb2
from node.cli.options import NO_OPTIONS, Common
from node.clock_ahead import ahead_ms
from node.errors import NotEnrolled
from node.installation import Installation
from node.ledger import Contact
from node.reference.organisations import organisation_name
from node.words import word
from sync.ports import Peer

DAY_MS = 24 * 3600 * 1000
VIEWS = {"control": int(exchange_pb2.VIEW_CONTROL), "data": int(exchange_pb2.VIEW_DATA)}


def status(*, common: Common = NO_OPTIONS) -> None:
    """Show how the node stands: people, places, conflicts, what was set aside, peers and what waits for each."""
    with common.opened(unattended=True) as node:
        answer = standing_of(node)
    lines = [word("status.head", common.language, **{name: value for name, value in answer.items() if name != "peers"})]
    lines += [
        word("status.peer", common.language, **{name: str(value) for name, value in peer.items()})
        for peer in answer["peers"]
    ]
    lines += [
        word("status.working", common.language, **{name: str(value) for name, value in peer.items()})
        for peer in answer["peers"]
        if peer["to_work_out"]
    ]
    if answer["roster_expired"]:
        lines.append(word("status.roster_expired", common.language, age=str(answer["roster_age_days"])))
    lines += [word("status.rewritten", common.language, node=node[:8]) for node in answer["rewritten_logs"]]
    if answer["restored"]:
        lines.append(word("status.restored", common.language, why=answer["restored"]))
    if answer["clock_ahead_ms"]:
        lines.append(word("status.clock_ahead", common.language, days=str(answer["clock_ahead_ms"] // DAY_MS)))
    if answer["twin_seen_ms"]:
        lines.append(word("status.twin", common.language))
    common.say(answer, *lines)


def standing_of(node: Installation) -> dict[str, Any]:
    """The figures of a node."""
    ledger, counts, census, life = node.ledger, node.ledger.counts(), node.ledger.census(), node.ledger.life()
    length, _ = ledger.audit_head()
    return {
        "organisation": node.config.organisation,
        "name": node.config.organisation_name,
        "role": node.config.role,
        **_roster(node),
        "residents": census.evacuees_from_register + census.residents_only,
        "people": census.evacuees,
        "present": counts.present,
        "places": ledger.place_count(),
        "conflicts": counts.conflicts,
        "quarantined": counts.quarantined,
        "not_sent": ledger.waiting_outside(node.config.organisation) if node.is_home else ledger.not_sent(),
        "clock_ahead_ms": ahead_ms(ledger, node.now_ms()),
        "log_entries": length,
        "rewritten_logs": sorted({one.node.hex() for one in ledger.broken_witnesses()}),
        "restored": life.why.name if life.began_ms else "",
        "restored_ms": life.began_ms or None,
        "twin_seen_ms": life.twin_seen_ms or None,
        "peers": [_peer(node, contact) for contact in ledger.peers() if contact.organisation],
    }


def _peer(node: Installation, contact: Contact) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "organisation": contact.organisation,
        "name": _name(node, contact.organisation),
        "node": contact.node.hex(),
        "waiting": contact.waiting,
        "withheld": node.ledger.withheld_from(contact.node),
        "last_done_ms": contact.last_done_ms,
        "last_reason": contact.last_reason,
    }
    worked = node.book().outbox(Peer(contact.node, contact.organisation)).worked()
    shown["worked_out"], shown["to_work_out"] = worked.done, worked.of - worked.done
    for name, view in VIEWS.items():
        standing = node.ledger.view_standing(contact.node, view)
        shown[name] = {"count": standing.count, "root": standing.root.hex()}
    return shown


def _name(node: Installation, code: str) -> str:
    """As the roster has it, else as the list of municipalities has it."""
    try:
        return node.room.now().believed.roster.organisations[code].name
    except (NotEnrolled, KeyError):
        return organisation_name(code)


def _roster(node: Installation) -> dict[str, Any]:
    """Version and age: a federation goes on for weeks without a centre, and everybody sees how old its roster is."""
    try:
        roster = node.room.now().believed.roster
    except NotEnrolled:
        return {"roster_version": 0, "roster_age_days": None, "roster_expired": False}
    now = node.now_ms()
    return {
        "roster_version": roster.version,
        "roster_age_days": roster.age_ms(now) // DAY_MS,
        "roster_expired": roster.is_expired(now),
    }
