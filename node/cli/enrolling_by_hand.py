"""`moyai enrol request`, `answer`, `accept`: a node joins by two files carried by hand, and never needs a network."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from node.chance import wall_clock_ms
from node.cli.authority import registrar_of
from node.cli.newcomer import make_field_node, member_at
from node.cli.options import NO_OPTIONS, Common, can_be_missing, place_of, read_file
from node.config import NodeDirectory
from node.errors import EnrolmentUnconfirmed, FingerprintOther, NodeAlreadySetUp
from node.files import write_durably
from node.joining import join_by, own_box_key, request_of
from node.peerbook import install_roster
from node.trust.carried import (
    CarriedAnswer,
    answer_file,
    fingerprint,
    is_fingerprint,
    read_answer,
    read_request,
    request_file,
)
from node.trust.enrolment import read_wish
from node.trust.roster import read_roster
from node.vault import CERTIFICATE, ORGANISATION_BOX
from node.words import word
from sync.enrolment import Application


def request(
    file: Path,
    *,
    roster: Path,
    organisation: str,
    code: str = "",
    label: str = "",
    key_file: Path | None = None,
    common: Common = NO_OPTIONS,
) -> None:
    """Write a request to join an organisation as its field node, for its home node to answer, and show its fingerprint.

    Args:
        file: File to write, such as on a USB stick.
        roster: The federation's signed roster.
        organisation: Code of the organisation whose node this is to be.
        code: A one-time code. Default: the fingerprint is read out to who answers.
        label: What this node is called; default: the name of this machine.
        key_file: As for init, where there is no node here yet.
    """
    signed = read_file(roster)
    member = member_at(signed, organisation)
    drill = read_roster(signed).drill
    make_field_node(common, NodeDirectory(common.node), member, label, key_file, drill=drill)
    with common.opened() as node:
        install_roster(node.ledger, signed, now_ms=wall_clock_ms())
        if node.ledger.secret(CERTIFICATE) is not None:
            raise NodeAlreadySetUp(directory=str(common.node))
        asked = request_of(node, code)
        sealed = request_file(asked, organisation=organisation, box_key=member.box_key, entropy=node.entropy)
    with can_be_missing(file):
        write_durably(file, sealed, mode=0o644)
    shown = fingerprint(asked.wish)
    common.say(
        {"request": str(file), "fingerprint": shown},
        word("enrol.requested", common.language, file=str(file)),
        word("enrol.fingerprint", common.language, fingerprint=shown),
    )


def answer(
    request: Path,
    file: Path,
    *,
    fingerprint: str = "",
    place: Annotated[list[str] | None, Parameter(negative="", consume_multiple=False)] = None,
    common: Common = NO_OPTIONS,
) -> None:
    """Answer a request at the home node: certify the new node, by the code in it or by its fingerprint.

    Args:
        request: The request.
        file: File to write, for the new node.
        fingerprint: The fingerprint as it was read out by somebody you know. Needed where the request has no code.
        place: A place the node serves; several times; where a code says so, that one counts. Default: no limit.
    """
    written = read_file(request)
    with common.opened() as node:
        registrar = registrar_of(node, common)
        asked = read_request(written, organisation=node.config.organisation, key=own_box_key(node, ORGANISATION_BOX))
        if fingerprint and not is_fingerprint(fingerprint, asked.wish):
            raise FingerprintOther
        if asked.code:
            enrolled = registrar.redeem(Application(asked.code, asked.wish, asked.claim))
        elif fingerprint:
            places = [place_of(node, one) for one in place or []]
            enrolled = registrar.admit(asked.wish, asked.claim, places=places, operator=common.who)
        else:
            raise EnrolmentUnconfirmed
        wish = read_wish(asked.wish)
        given = CarriedAnswer(enrolled.certificate, enrolled.roster, node.ledger.secret(CERTIFICATE) or b"")
        sealed = answer_file(given, node=wish.node, box_key=wish.box_key, entropy=node.entropy)
    with can_be_missing(file):
        write_durably(file, sealed, mode=0o644)
    common.say(
        {"answer": str(file), "node": wish.node, "label": wish.label},
        word("enrol.answered", common.language, file=str(file), label=wish.label),
    )


def accept(file: Path, *, common: Common = NO_OPTIONS) -> None:
    """Take the answer to this node's request: from now on it is a node of its organisation. Twice is the same as once.

    Args:
        file: The answer.
    """
    written = read_file(file)
    with common.opened() as node:
        given = read_answer(written, node=node.key.node, key=own_box_key(node))
        joined = join_by(node, given)
    common.say(
        {"node": joined.node, "organisation": joined.organisation, "label": joined.label},
        word("enrol.joined", common.language, organisation=joined.organisation, label=joined.label),
    )
