"""`moyai organisation-key`: a new key after the organisation's was lost, and new certificates under it."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter, validators

from node.cli.authority import organisation_key_of
from node.cli.moments import day
from node.cli.options import NO_OPTIONS, Common
from node.cli.setting_up import new_passphrase
from node.rekeying import renew_certificates, replace_key
from node.trust.certificate import NodeCertificate
from node.trust.recovery import fingerprint
from node.words import word

app = App(name="organisation-key", help="The organisation's key: replace a lost one, certify the nodes anew")

DAY_MS = 24 * 3600 * 1000
DAYS_MAX = 3660
Days = Annotated[int, Parameter(validator=validators.Number(gte=0, lte=DAYS_MAX))]


@app.command
def replace(
    *,
    old_days: Days = 30,
    without_passphrase: Annotated[bool, Parameter(negative="")] = False,
    common: Common = NO_OPTIONS,
) -> None:
    """Make a new key in place of a lost one, and the member card for the roster that brings it in. It counts when the
    trustees have issued that roster.

    Args:
        old_days: For how many days the old key still holds, so that laptops that are away go on: 0 where somebody else
            may have it.
        without_passphrase: Leave the key without a passphrase, where a file that only root reads guards it.
    """
    with common.opened() as node:
        node.need_home()
        passphrase = None if without_passphrase else new_passphrase(common)
        now = node.now_ms()
        until = now + old_days * DAY_MS
        key, aside = replace_key(node, passphrase=passphrase, old_until_ms=until, now_ms=now)
        member = node.directory.member_card
    shown = fingerprint(key.public_key)
    lines = [word("organisation_key.replaced", common.language, fingerprint=shown, until=day(until, common.language))]
    if aside is not None:
        lines.append(word("organisation_key.aside", common.language, file=aside.name))
    lines.append(word("organisation_key.next", common.language, member=str(member)))
    answer = {"fingerprint": shown, "member": str(member), "old_until_ms": until, "aside": _named(aside)}
    common.say(answer, *lines)


@app.command
def renew(*, days: Days = 365, common: Common = NO_OPTIONS) -> None:
    """Certify anew every node of this organisation whose certificate ends soon; each takes it up at its next exchange.

    Args:
        days: Whose certificate ends within so many days.
    """
    with common.opened() as node:
        done = renew_certificates(
            node, lambda: organisation_key_of(node, common), within_ms=days * DAY_MS, operator=common.who
        )
    answer = {
        "renewed": [{"node": one.node, "label": one.label} for one in done.certified],
        "strange": [{"node": one.node, "label": one.label} for one in done.strange],
    }
    lines = [_line("renewed", one, common.language) for one in done.certified]
    lines += [_line("strange", one, common.language) for one in done.strange]
    common.say(answer, *(lines or [word("organisation_key.nothing_due", common.language)]))


def _line(what: str, one: NodeCertificate, language: str) -> str:
    node = one.node.hex()
    return word(f"organisation_key.{what}", language, label=one.label, node=node[:8] if what == "renewed" else node)


def _named(path: Path | None) -> str | None:
    return str(path) if path is not None else None
