"""`moyai recovery-key`: makes the key that stands on paper, and tells whether a paper is the right one."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from node.cli.card import write
from node.cli.keys_of_backup import code_in, typed_code
from node.cli.options import NO_OPTIONS, Common
from node.desk.post import JAPAN
from node.errors import RecoveryCodeAnother, RecoveryKeyMissing, RecoveryKeyThere
from node.ledger import AuditEntry
from node.paper.recovery import draw_recovery_key
from node.trust.recovery import fingerprint, new_recovery_code
from node.vault import RECOVERY_KEY
from node.words import word

app = App(name="recovery-key", help="The key on paper that opens backups when all else is lost: make, check, show")


@app.command
def make(
    *, pdf: Path | None = None, replace: Annotated[bool, Parameter(negative="")] = False, common: Common = NO_OPTIONS
) -> None:
    """Make the recovery key and show its code, once: it is kept nowhere but on paper. Backups made from now on open
    with it.

    Args:
        pdf: File for a sheet to print, with the code and a symbol for a scanner; delete it once it is printed.
        replace: In place of the one there is. Backups made before open with the old paper only.
    """
    with common.opened() as node:
        before = node.ledger.secret(RECOVERY_KEY)
        if before is not None and not replace:
            raise RecoveryKeyThere(fingerprint=fingerprint(before))
        code = new_recovery_code(node.entropy)
        public_key = code.key.public_key
        shown = fingerprint(public_key)
        if pdf is not None:
            at = datetime.fromtimestamp(node.now_ms() / 1000, tz=JAPAN)
            sheet = draw_recovery_key(
                code.groups,
                fingerprint=shown,
                organisation=node.config.organisation,
                organisation_name=node.config.organisation_name,
                made_at=at,
            )
            write(pdf, sheet)
        with node.ledger.write() as writing:
            writing.set_secret(RECOVERY_KEY, public_key)
            writing.log(
                AuditEntry(
                    at_ms=node.now_ms(),
                    act="recovery-key",
                    operator=common.who,
                    node=node.key.node,
                    organisation=node.config.organisation,
                    purpose="",
                )
            )
    answer = {"code": code.written, "fingerprint": shown, "pdf": str(pdf) if pdf else None}
    lines = [
        word("recovery.made", common.language, code=code.written.replace("-", " ")),
        word("recovery.fingerprint", common.language, fingerprint=shown),
        word("recovery.once", common.language),
    ]
    if pdf is not None:
        lines.append(word("recovery.pdf", common.language, file=str(pdf)))
    common.say(answer, *lines)


@app.command
def check(*, recovery_code_file: Path | None = None, common: Common = NO_OPTIONS) -> None:
    """Type the code from the paper, and be told whether it is that of this node.

    Args:
        recovery_code_file: File whose first line is the code, in place of typing it.
    """
    with common.opened(unattended=True) as node:
        public_key = node.ledger.secret(RECOVERY_KEY)
    if public_key is None:
        raise RecoveryKeyMissing
    code = typed_code(common) if recovery_code_file is None else code_in(recovery_code_file)
    if code.key.public_key != public_key:
        raise RecoveryCodeAnother(expected=fingerprint(public_key), got=fingerprint(code.key.public_key))
    shown = fingerprint(public_key)
    common.say({"fingerprint": shown}, word("recovery.right", common.language, fingerprint=shown))


@app.command
def show(*, common: Common = NO_OPTIONS) -> None:
    """Show which recovery key this node seals its backups to: its fingerprint, never the key."""
    with common.opened(unattended=True) as node:
        public_key = node.ledger.secret(RECOVERY_KEY)
    if public_key is None:
        raise RecoveryKeyMissing
    shown = fingerprint(public_key)
    common.say({"fingerprint": shown}, word("recovery.fingerprint", common.language, fingerprint=shown))
