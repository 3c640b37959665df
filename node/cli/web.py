"""`moyai web`: the coordinator's screens in a browser, behind a sign-in."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from node.chance import entropy, wall_clock_ms
from node.cli.options import NO_OPTIONS, Common, can_be_missing
from node.cli.screens import screens_of
from node.config import NodeDirectory
from node.desk.operators import Operators
from node.door import CodeDoor, Door, PinDoor, Porter
from node.errors import InputRefused
from node.installation import Installation, open_node
from node.ledger import AuditEntry
from node.words import word

PROGRAM = "from node.cli import main; main()"


def web(
    *,
    port: Annotated[int, Parameter(validator=validators.Number(gte=0, lte=65_535))] = 8008,
    bind: str = "127.0.0.1",
    beyond_this_machine: Annotated[bool, Parameter(negative="")] = False,
    name: str = "",
    certificate: Path | None = None,
    key: Path | None = None,
    common: Common = NO_OPTIONS,
) -> int:
    """Open the screens of a coordinating office in a browser on this machine. Whoever opens them signs in: with their
    PIN, or on a node where no operator was made yet with the one-time code this command prints.

    Args:
        port: The port; 0: any that is free.
        bind: The address to listen at.
        beyond_this_machine: Other machines may reach it; needs a certificate.
        name: How other machines call this one.
        certificate: File with the TLS certificate and its chain.
        key: File with its key.
    """
    if (certificate is None) != (key is None):
        raise InputRefused(expected="--certificate --key", got=1)
    directory = NodeDirectory(common.node)
    passphrase = None if directory.read_config().key_file else common.passphrase()
    node = open_node(common.node, passphrase=lambda: passphrase or "", now_ms=wall_clock_ms, entropy=entropy)
    try:
        node.need_home()
        staff = Operators(node.post("", b""))
        code_door = CodeDoor(
            entropy, lambda code: common.say({"code": code}, word("web.code", common.language, code=code))
        )
        door: Door = PinDoor(staff.sign_in, staff.verifier_of) if staff.exist() else code_door

        def ready(url: str) -> None:
            common.say({"url": url}, word("web.open", common.language, url=url))
            if door is code_door:
                code_door.issue()

        with can_be_missing(certificate or common.node):
            return screens_of("web")(
                Porter(door, entropy, wall_clock_ms, lambda act, operator: _note(node, act, operator)),
                [sys.executable, "-c", PROGRAM, "coordinate", "--served", "--node", str(common.node)],
                passphrase=passphrase,
                organisation=node.config.organisation_name,
                lang=common.language,
                bind=bind,
                port=port,
                uses_pin=door is not code_door,
                drill=node.is_drill,
                beyond=beyond_this_machine,
                name=name,
                certificate=certificate,
                key=key,
                ready=ready,
            )
    finally:
        node.close()


def _note(node: Installation, act: str, operator: str) -> None:
    """Who came in and left, and wrong tries, are in the log."""
    with node.ledger.write() as writing:
        writing.log(
            AuditEntry(
                at_ms=node.now_ms(),
                act=act,
                operator=operator,
                node=node.key.node,
                organisation=node.config.organisation,
                purpose="web",
            )
        )
