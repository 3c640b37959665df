"""What speaks for the organisation on the command line: its key, and the registrar of its nodes."""

from node.cli.options import Common
from node.installation import Installation
from node.registrar import Registrar
from node.trust.keyfile import asks_for_passphrase
from node.trust.keys import OrganisationKey


def registrar_of(node: Installation, common: Common) -> Registrar:
    """The registrar of a home node; its organisation's key is read when it is first needed."""
    return Registrar(node, lambda: organisation_key_of(node, common))


def organisation_key_of(node: Installation, common: Common) -> OrganisationKey:
    """The organisation's key, with its passphrase asked for where it has one."""
    path = node.directory.organisation_key
    return node.organisation_key(common.passphrase() if asks_for_passphrase(path) else None)
