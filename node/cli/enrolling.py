"""`moyai enrol`: brings the organisation's own nodes in, and puts them out."""

import asyncio
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter, validators

from node.chance import wall_clock_ms
from node.cli.authority import registrar_of
from node.cli.enrolling_by_hand import accept, answer, request
from node.cli.lost_node import held
from node.cli.moments import clock
from node.cli.newcomer import make_field_node, member_at
from node.cli.options import NO_OPTIONS, Common, hex_id, place_of, read_file
from node.config import NodeDirectory
from node.errors import CodeWrong, HomeUnreachable
from node.installation import Installation
from node.peerbook import install_roster
from node.registrar import FIELD, wish_of
from node.trust.certificate import open_certificate
from node.trust.one_time import is_well_typed
from node.trust.organisation import Organisation
from node.trust.roster import read_roster
from node.vault import CERTIFICATE
from node.words import word
from sync.enrolment import Application, enrol
from sync.errors import PeerUnreachable

app = App(name="enrol", help="The organisation's own nodes: codes, joining, list, revoking; by file too")
app.command(request)
app.command(answer)
app.command(accept)
app.command(held)

MINUTES_MAX = 7 * 24 * 60
"""A code that lies about for longer than a week is no longer a one-time code."""

Several = Annotated[list[str] | None, Parameter(negative="", consume_multiple=False)]


@app.command
def code(
    *,
    place: Several = None,
    minutes: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=MINUTES_MAX))] = 60,
    common: Common = NO_OPTIONS,
) -> None:
    """Make a one-time code with which a field node gets its certificate. At the home node, while it serves.

    Args:
        place: A place the node serves; several times. Default: no limit.
        minutes: For how long the code holds.
    """
    with common.opened() as node:
        places = [place_of(node, one) for one in place or []]
        made, expires_ms = registrar_of(node, common).open_code(minutes=minutes, places=places)
        address = node.config.enrolment_listen
    until = clock(expires_ms)
    common.say(
        {"code": made, "expires_ms": expires_ms, "address": address},
        word("enrol.code", common.language, code=made, until=until, address=address),
    )


@app.command
def join(
    *,
    home: str,
    code: str,
    roster: Path,
    organisation: str,
    label: str = "",
    key_file: Path | None = None,
    common: Common = NO_OPTIONS,
) -> None:
    """Make this a field node of an organisation, with a one-time code. A node that has joined is left as it is.

    Args:
        home: Where the home node hands out certificates, HOST:PORT.
        code: The one-time code.
        roster: The federation's signed roster.
        organisation: Code of the organisation whose node this is.
        label: What this node is called; default: the name of this machine.
        key_file: As for init, where there is no node here yet.
    """
    signed = read_file(roster)
    member = member_at(signed, organisation)
    drill = read_roster(signed).drill
    make_field_node(common, NodeDirectory(common.node), member, label, key_file, drill=drill)
    with common.opened() as node:
        install_roster(node.ledger, signed, now_ms=wall_clock_ms())
        if node.ledger.secret(CERTIFICATE) is None:
            _ask(node, member, home, code)
        joined = open_certificate(node.ledger.secret(CERTIFICATE) or b"", read_roster(node.book().roster()))
    common.say(
        {"node": joined.node, "organisation": joined.organisation, "label": joined.label},
        word("enrol.joined", common.language, organisation=joined.organisation, label=joined.label),
    )


@app.command(name="list")
def list_(*, common: Common = NO_OPTIONS) -> None:
    """List the nodes of this organisation."""
    with common.opened() as node:
        nodes = node.room.now().believed.nodes_of(node.config.organisation)
    answer = [
        {
            "node": one.node.hex(),
            "label": one.label,
            "role": "field" if one.kind == FIELD else "home",
            "places": [place.hex() for place in one.places],
            "valid_until_ms": one.valid_until_ms,
        }
        for one in nodes
    ]
    common.say({"nodes": answer}, *(f"{one['node']}  {one['role']}  {one['label']}" for one in answer))


@app.command
def revoke(
    revoked: str, *, reason: Literal["lost", "stolen", "retired", "compromised"], common: Common = NO_OPTIONS
) -> None:
    """Revoke a node: what it wrote up to what this node holds stands, nothing after. It is spoken to no more.

    Args:
        revoked: The node's id, from `moyai enrol list`.
        reason: Why.
    """
    with common.opened() as home:
        last = registrar_of(home, common).revoke(hex_id(revoked), reason=reason, operator=common.who)
    common.say(
        {"node": revoked, "last_counter": last}, word("enrol.revoked", common.language, node=revoked[:8], last=last)
    )


def _ask(node: Installation, member: Organisation, home: str, code: str) -> None:
    if not is_well_typed(code):
        raise CodeWrong
    wish, claim = wish_of(node, label=node.config.label, kind=FIELD)
    try:
        enrolled = asyncio.run(enrol(home, member.tls_certificates, Application(code, wish, claim)))
    except PeerUnreachable as error:
        raise HomeUnreachable(home=home) from error
    install_roster(node.ledger, enrolled.roster, now_ms=wall_clock_ms())
    open_certificate(enrolled.certificate, read_roster(node.book().roster()))
    with node.ledger.write() as writing:
        writing.set_secret(CERTIFICATE, enrolled.certificate)
