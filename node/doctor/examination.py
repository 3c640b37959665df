"""Makes all looks one after the other."""

from collections.abc import Iterator
from typing import Final

from node.config import NodeDirectory
from node.doctor import (
    backup_age,
    clock,
    disk,
    log_chain,
    peers,
    permissions,
    ports,
    quarantine,
    retention,
    trust_ages,
    views,
)
from node.doctor.finding import Finding
from node.installation import Installation

CHECKS: Final = (
    "permissions",
    "disk",
    "clock",
    "roster",
    "certificate",
    "organisation_key",
    "membership",
    "ports",
    "peers",
    "views",
    "log",
    "backup",
    "quarantine",
    "retention",
)
"""What is looked at, in the order in which it is told."""


def before_opening(directory: NodeDirectory) -> Iterator[Finding]:
    """What can be looked at without the key. Raises NodeNotSetUp."""
    yield from permissions.look(directory, directory.read_config())


def examine(node: Installation, *, thorough: bool) -> Iterator[Finding]:
    """Everything else. Seconds with a million records, for what is compared is a sample unless `thorough`; then the
    comparing of everything says how the views stand."""
    yield from disk.look(node)
    yield from clock.look(node)
    yield from trust_ages.look(node)
    yield from ports.look(node)
    yield from peers.look(node)
    if not thorough:
        yield from views.look(node)
    yield from log_chain.look(node, thorough=thorough)
    yield from backup_age.look(node)
    yield from quarantine.look(node)
    yield from retention.look(node)
