"""Makes the node that is about to join: its directory, by what the roster says of its organisation."""

import socket
from pathlib import Path

from node.chance import entropy, wall_clock_ms
from node.cli.options import Common
from node.cli.setting_up import checked_config, new_passphrase
from node.config import NodeDirectory
from node.setup import Locks, make_node
from node.trust.members import KIND_WORDS
from node.trust.organisation import Organisation
from node.trust.roster import read_roster


def member_at(signed: bytes, organisation: str) -> Organisation:
    """The member of a roster whose node this is to be. Raises UnknownOrganisation."""
    return read_roster(signed).organisation(organisation)


def make_field_node(
    common: Common, directory: NodeDirectory, member: Organisation, label: str, key_file: Path | None, *, drill: bool
) -> None:
    """A field node in the directory, without a certificate yet; nothing happens where there is a node."""
    if directory.config.exists():
        return
    config = checked_config(
        organisation=member.code,
        organisation_name=member.name,
        kind=next((name for name, number in KIND_WORDS.items() if number == member.kind), "municipality"),
        role="field",
        label=(label or socket.gethostname())[:32],
        key_file=str(key_file.resolve()) if key_file else "",
        drill=drill,
    )
    locks = Locks(key_file, None if key_file else new_passphrase(common))
    make_node(directory, config, locks, endpoints=(), entropy=entropy, now_ms=wall_clock_ms())
