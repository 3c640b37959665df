"""`moyai init`: makes a node."""

import getpass
import sys
from pathlib import Path
from shutil import copyfile
from typing import Annotated, Literal

from cyclopts import Parameter
from pydantic import ValidationError

from node.chance import entropy, wall_clock_ms
from node.cli.options import NO_OPTIONS, Common, can_be_missing
from node.config import NodeConfig, NodeDirectory
from node.errors import ConfigRefused, NodeAlreadySetUp, PassphraseMissing
from node.installation import open_node
from node.registrar import Registrar
from node.setup import Locks, make_node
from node.trust.codes import is_local_government, is_support
from node.trust.keyfile import asks_for_passphrase
from node.words import word


def init(
    *,
    organisation: str,
    name: str,
    label: str,
    kind: Literal["municipality", "prefecture", "support"] = "municipality",
    role: Literal["home", "field"] = "home",
    listen: str = "",
    enrolment_listen: str = "",
    endpoint: Annotated[list[str] | None, Parameter(negative="")] = None,
    key_file: Path | None = None,
    member: Path | None = None,
    drill: bool = False,
    common: Common = NO_OPTIONS,
) -> int:
    """Make a node in its directory: keys, an empty ledger and, for a home node, the member card for the roster.

    A node that is there already is left as it is.

    Args:
        organisation: Code of the organisation: 6 digits, or S and 5 digits for a support organisation.
        name: Name of the organisation.
        label: What this node is called, such as wajima-home; not a person's name.
        kind: What the organisation is.
        role: home for the town hall's node, field for a shelter's.
        listen: Where a home node listens, HOST:PORT.
        enrolment_listen: Where a home node hands out certificates; default: the port after that of --listen.
        endpoint: Where others reach it, HOST:PORT; may be given several times. Default: --listen.
        key_file: File only its owner can read, with the key of the ledger; made if it is not there. Default: a
            passphrase.
        member: Where the member card is written as well, such as a stick.
        drill: A node for drills: it takes no real roster, and every screen says that it is one.
    """
    if not (is_local_government(organisation) or is_support(organisation)):
        raise ConfigRefused(field="organisation", got=organisation[:6])
    directory = NodeDirectory(common.node)
    if directory.config.exists():
        return _finish(common, directory)
    config = checked_config(
        organisation=organisation,
        organisation_name=name,
        kind=kind,
        role=role,
        label=label,
        listen=listen,
        enrolment_listen=enrolment_listen or _next_port(listen),
        key_file=str(key_file.resolve()) if key_file else "",
        drill=drill,
    )
    locks = Locks(key_file, None if key_file else new_passphrase(common))
    endpoints = tuple(endpoint or ([listen] if listen else []))
    with can_be_missing(key_file or directory.path):
        make_node(directory, config, locks, endpoints=endpoints, entropy=entropy, now_ms=wall_clock_ms())
    if role == "home":
        _certify(common, directory, locks.passphrase)
        if member is not None:
            with can_be_missing(member):
                copyfile(directory.member_card, member)
    return _say_done(common, role, directory)


def checked_config(**settings: str | bool) -> NodeConfig:
    """The settings of a node.

    Raises:
        ConfigRefused: one is not what it should be; `field` names it.
    """
    try:
        return NodeConfig.model_validate(settings)
    except ValidationError as error:
        raise ConfigRefused(field=str(error.errors(include_input=False)[0]["loc"][0])) from error


def new_passphrase(common: Common) -> str:
    """A passphrase from the file, or typed twice.

    Raises:
        PassphraseMissing: neither is possible, or the two differ.
    """
    if common.passphrase_file is not None:
        return common.passphrase()
    if not sys.stdin.isatty():
        raise PassphraseMissing
    mark = common.drill_mark
    first, second = getpass.getpass(f"{mark}passphrase: "), getpass.getpass(f"{mark}again: ")
    if first != second or not first:
        raise PassphraseMissing
    return first


def _finish(common: Common, directory: NodeDirectory) -> int:
    """A node is here. If the power went before a home node had its certificate, it gets it now.

    Raises:
        NodeAlreadySetUp: nothing is missing; nothing was changed.
    """
    if not directory.unfinished.exists():
        raise NodeAlreadySetUp(directory=str(directory.path))
    locked = asks_for_passphrase(directory.organisation_key)
    _certify(common, directory, common.passphrase() if locked else None)
    return _say_done(common, "home", directory)


def _certify(common: Common, directory: NodeDirectory, passphrase: str | None) -> None:
    """The home node is its organisation's first node."""
    node = open_node(common.node, passphrase=lambda: passphrase or "", now_ms=wall_clock_ms, entropy=entropy)
    try:
        Registrar(node, lambda: node.organisation_key(passphrase)).enrol_self(operator=common.who)
    finally:
        node.close()
    directory.unfinished.unlink(missing_ok=True)


def _say_done(common: Common, role: str, directory: NodeDirectory) -> int:
    answer: dict[str, object] = {"node": str(directory.path), "role": role}
    if directory.read_config().drill:
        answer["drill"] = True
    if role == "home":
        answer["member"] = str(directory.member_card)
    made = common.drill_mark + word("init.done", common.language, node=str(directory.path))
    common.say(answer, made, *_next_step(common, role, directory))
    return 0


def _next_step(common: Common, role: str, directory: NodeDirectory) -> list[str]:
    key = "init.next_home" if role == "home" else "init.next_field"
    return [word(key, common.language, member=str(directory.member_card))]


def _next_port(listen: str) -> str:
    host, _, port = listen.rpartition(":")
    return f"{host}:{int(port) + 1}" if port.isdigit() else ""
