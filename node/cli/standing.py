"""`moyai status`: how the node stands."""

from typing import Any

from moyai.v1 import exchange_pb2
from node.cli.options import NO_OPTIONS, Common
from node.errors import NotEnrolled
from node.installation import Installation
from node.ledger import Contact
from node.reference.municipalities import municipality_name
from node.words import word
from sync.reconcile import root

VIEWS = {"control": int(exchange_pb2.VIEW_CONTROL), "data": int(exchange_pb2.VIEW_DATA)}


def status(*, common: Common = NO_OPTIONS) -> None:
    """Show how the node stands: people, places, conflicts, what was set aside, peers and what waits for each."""
    with common.opened() as node:
        answer = standing_of(node)
    lines = [word("status.head", common.language, **{name: value for name, value in answer.items() if name != "peers"})]
    lines += [
        word("status.peer", common.language, **{name: str(value) for name, value in peer.items()})
        for peer in answer["peers"]
    ]
    common.say(answer, *lines)


def standing_of(node: Installation) -> dict[str, Any]:
    """The figures of a node."""
    ledger, counts, census = node.ledger, node.ledger.counts(), node.ledger.census()
    length, _ = ledger.audit_head()
    return {
        "organisation": node.config.organisation,
        "name": node.config.organisation_name,
        "role": node.config.role,
        "roster_version": _roster_version(node),
        "residents": census.evacuees_from_register + census.residents_only,
        "people": census.evacuees,
        "present": counts.present,
        "places": ledger.place_count(),
        "conflicts": counts.conflicts,
        "quarantined": counts.quarantined,
        "not_sent": ledger.not_sent(entitled_only=node.is_home),
        "log_entries": length,
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
    for name, view in VIEWS.items():
        ids = node.ledger.view_ids(contact.node, view)
        ids = sorted({*ids, *node.ledger.turned_away(contact.node, view)})
        shown[name] = {"count": len(ids), "root": root(ids).hex()}
    return shown


def _name(node: Installation, code: str) -> str:
    """As the roster has it, else as the list of municipalities has it."""
    try:
        return node.room.now().believed.roster.organisations[code].name
    except (NotEnrolled, KeyError):
        return municipality_name(code) or code


def _roster_version(node: Installation) -> int:
    try:
        return node.room.now().believed.roster.version
    except NotEnrolled:
        return 0
