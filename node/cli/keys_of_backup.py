"""Which key opens a backup: the organisation's, from its file, or the recovery code, typed or from a file."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from node.backup.drill import Keyed
from node.backup.head import ORGANISATION, RECOVERY
from node.cli.options import Common, read_file
from node.config import NodeDirectory
from node.errors import BackupKeyMissing, NoTerminal, RecoveryCodeWrong
from node.trust import keyfile
from node.trust.keys import OrganisationKey
from node.trust.recovery import RecoveryCode, read_recovery_code
from node.words import told, word

TRIES = 5
"""How often a code may be typed wrongly before the command gives up: it can be begun again."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Keys:
    """Options of the commands that open a backup."""

    organisation_key: Annotated[Path | None, Parameter(name="--organisation-key")] = None
    """The organisation's key file. Default: that of the node, if there is one."""
    recovery_code: Annotated[bool, Parameter(name="--recovery-code", negative="")] = False
    """Type the recovery code from the paper, in any case and spacing."""
    recovery_code_file: Annotated[Path | None, Parameter(name="--recovery-code-file")] = None
    """File whose first line is the recovery code, in place of typing it."""

    def all(self, common: Common) -> list[Keyed]:
        """Every key that was given.

        Raises:
            BackupKeyMissing: none was, and the node has none.
            TrustRefused, RecoveryCodeWrong, FileMissing: one can't be had.
        """
        found = []
        if self.recovery_code or self.recovery_code_file is not None:
            code = typed_code(common) if self.recovery_code_file is None else code_in(self.recovery_code_file)
            found.append(Keyed(RECOVERY, code.key))
        own = NodeDirectory(common.node).organisation_key
        path = self.organisation_key or (own if own.exists() and self._is_easy(own, common, first=not found) else None)
        if path is not None:
            passphrase = common.passphrase() if keyfile.asks_for_passphrase(path) else None
            seed = keyfile.read_key_file(path, kind=keyfile.ORGANISATION, passphrase=passphrase)
            found.append(Keyed(ORGANISATION, OrganisationKey(seed).box_key))
        if not found:
            raise BackupKeyMissing
        return found

    def _is_easy(self, own: Path, common: Common, *, first: bool) -> bool:
        """Where the code is given, the node's own key is tried beside it, unless somebody had to type for that."""
        return first or common.passphrase_file is not None or not keyfile.asks_for_passphrase(own)


NO_KEYS = Keys()


def code_in(file: Path) -> RecoveryCode:
    """The recovery code in the first line of a file."""
    return read_recovery_code((read_file(file).decode("utf-8", "replace").splitlines() or [""])[0])


def typed_code(common: Common, ask: Callable[[str], str] = input) -> RecoveryCode:
    """The recovery code as it is typed from the paper; what is wrong with it is said, and it is asked again.

    Raises:
        NoTerminal: nobody is there to type.
        RecoveryCodeWrong: it was wrong too often.
    """
    if not sys.stdin.isatty():
        raise NoTerminal
    for _ in range(TRIES - 1):
        try:
            return read_recovery_code(ask(word("recovery.ask", common.language)))
        except RecoveryCodeWrong as error:
            sentence, _hint = told(error, common.language)
            print(sentence, file=sys.stderr)  # noqa: T201 -- beside a prompt
    return read_recovery_code(ask(word("recovery.ask", common.language)))
