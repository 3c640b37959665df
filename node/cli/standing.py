"""`moyai status`: how the node stands."""

from dataclasses import asdict
from typing import Any

from moyai.v1 import exchange_pb2
from node.bundles.carrying import BY_HAND
from node.cli.moments import moment
from node.cli.options import NO_OPTIONS, Common
from node.clock_ahead import ahead_ms
from node.desk.pin_recovery import recovered
from node.doctor.backup_age import last_backup_ms
from node.errors import NotEnrolled
from node.installation import Installation
from node.ledger import Contact
from node.neighbours import Neighbour
from node.vault import CERTIFICATE, RESTORED_FROM
from node.words import reason_sentence, word
from sync.ports import Peer

DAY_MS = 24 * 3600 * 1000
VIEWS = {"control": int(exchange_pb2.VIEW_CONTROL), "data": int(exchange_pb2.VIEW_DATA)}


def status(*, common: Common = NO_OPTIONS) -> None:
    """Show how the node stands: people, places, conflicts, what was set aside, peers and what waits for each."""
    with common.opened(unattended=True) as node:
        answer = standing_of(node)
        neighbours = node.neighbours.all()
    language = common.language
    lines = [word("status.head", language, **{name: value for name, value in answer.items() if name != "peers"})]
    if answer["waiting_for_laptops"]:
        lines.append(word("status.laptops", language, waiting=answer["waiting_for_laptops"]))
    lines += [_line(one, language) for one in neighbours]
    working = {peer["node"]: peer["to_work_out"] for peer in answer["peers"]}
    lines += [
        word("status.working", language, called=one.called, to_work_out=working[one.node.hex()])
        for one in neighbours
        if working.get(one.node.hex())
    ]
    lines += [word(f"status.{key}", language) for key in _lacking(answer)]
    if answer["roster_expired"]:
        lines.append(word("status.roster_expired", common.language, age=str(answer["roster_age_days"])))
    lines += [word("status.rewritten", common.language, node=node[:8]) for node in answer["rewritten_logs"]]
    if answer["restored"]:
        lines.append(word("status.restored", common.language, why=answer["restored"]))
    if answer["restored_from_ms"]:
        lines.append(word("status.restored_from", language, made=moment(answer["restored_from_ms"], language)))
    if answer["role"] == "home" or answer["backup_ms"]:
        lines.append(word("status.backup", language, made=moment(answer["backup_ms"], language)))
    if answer["clock_ahead_ms"]:
        lines.append(word("status.clock_ahead", common.language, days=str(answer["clock_ahead_ms"] // DAY_MS)))
    if answer["pin_recovered"]:
        lines.append(_recovered(answer["pin_recovered"], language))
    if answer["twin_seen_ms"]:
        lines.append(word("status.twin", common.language))
    common.say(answer, *lines)


def standing_of(node: Installation) -> dict[str, Any]:
    """The figures of a node."""
    ledger, counts, census, life = node.ledger, node.ledger.counts(), node.ledger.census(), node.ledger.life()
    length, _ = ledger.audit_head()
    neighbours = node.neighbours.all()
    labels = {one.node: one.label for one in neighbours if one.node}
    return {
        "organisation": node.config.organisation,
        "name": node.config.organisation_name,
        "role": node.config.role,
        "drill": node.is_drill,
        **_roster(node),
        "residents": census.evacuees_from_register + census.residents_only,
        "people": census.evacuees,
        "present": counts.present,
        "places": ledger.place_count(),
        "conflicts": counts.conflicts,
        "quarantined": counts.quarantined,
        "not_sent": ledger.waiting_outside(node.config.organisation) if node.is_home else ledger.not_sent(),
        "waiting_for_laptops": sum(one.contact.waiting for one in neighbours if one.label and one.contact),
        "serving": node.directory.serving.is_held(),
        "enrolled": ledger.secret(CERTIFICATE) is not None,
        "clock_ahead_ms": ahead_ms(ledger, node.now_ms()),
        "pin_recovered": asdict(pin) if (pin := recovered(ledger)) else None,
        "log_entries": length,
        "rewritten_logs": sorted({one.node.hex() for one in ledger.broken_witnesses()}),
        "restored": life.why.name if life.began_ms else "",
        "restored_ms": life.began_ms or None,
        "restored_from_ms": int(ledger.meta(RESTORED_FROM) or 0) or None,
        "backup_ms": last_backup_ms(ledger),
        "twin_seen_ms": life.twin_seen_ms or None,
        "peers": [
            _peer(node, contact, labels.get(contact.node, "")) for contact in ledger.peers() if contact.organisation
        ],
    }


def _recovered(told: dict[str, Any], language: str) -> str:
    return word(
        "status.pin_recovered", language, operator=told["code"], by=told["by"], at=moment(told["at_ms"], language)
    )


def _line(one: Neighbour, language: str) -> str:
    """A neighbour: what waits, whether it is there now, when it was last heard; and why not, where that says more."""
    contact = one.contact
    line = word(
        "status.peer",
        language,
        organisation=one.organisation,
        called=one.called,
        waiting=contact.waiting if contact else 0,
        state=word(f"status.state_{_state(one)}", language),
        last=moment(contact.last_done_ms if contact else None, language),
    )
    if not (one.is_failing and one.endpoints) or contact is None:
        return line
    since = moment(contact.failing_since_ms, language)
    reason = reason_sentence(contact.last_reason, language)
    return line + word("status.why", language, since=since, reason=reason, addresses=", ".join(one.endpoints))


def _state(one: Neighbour) -> str:
    if one.is_open:
        return "busy" if one.is_busy else "open"
    if one.contact is None or one.contact.last_try_ms is None:
        return "never"
    if one.contact.last_reason == BY_HAND:
        return "by_hand"
    return "failing" if one.is_failing and one.endpoints else "apart"


def _lacking(answer: dict[str, Any]) -> list[str]:
    """What a node lacks to exchange."""
    if not answer["roster_version"]:
        return ["no_roster"]
    if not answer["enrolled"]:
        return ["not_enrolled"]
    return ["not_serving"] if answer["role"] == "home" and not answer["serving"] else []


def _peer(node: Installation, contact: Contact, label: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "organisation": contact.organisation,
        "name": node.neighbours.name(contact.organisation),
        "label": label,
        "node": contact.node.hex(),
        "waiting": contact.waiting,
        "withheld": node.ledger.withheld_from(contact.node),
        "last_done_ms": contact.last_done_ms,
        "last_try_ms": contact.last_try_ms,
        "failing_since_ms": contact.failing_since_ms,
        "last_reason": contact.last_reason,
    }
    worked = node.book().outbox(Peer(contact.node, contact.organisation)).worked()
    shown["worked_out"], shown["to_work_out"] = worked.done, worked.of - worked.done
    for name, view in VIEWS.items():
        standing = node.ledger.view_standing(contact.node, view)
        shown[name] = {"count": standing.count, "root": standing.root.hex()}
    return shown


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
