"""`moyai consent`: gives, withdraws and lists consents."""

from dataclasses import asdict
from datetime import date, datetime, time

from cyclopts import App

from node.cli.options import NO_OPTIONS, Common, hex_id, listed, subject_of
from node.cli.protecting import in_part
from node.desk.consents import SHARED_BY_DEFAULT
from node.desk.post import JAPAN
from node.desk.views import ConsentView
from node.reference.organisations import organisation_name
from node.words import word

app = App(name="consent", help="Consents: give, withdraw, list")


@app.command
def give(
    subject: str,
    *,
    to: str,
    facets: str = ",".join(SHARED_BY_DEFAULT),
    purpose: str = "relief",
    until: date | None = None,
    guardian: str = "",
    common: Common = NO_OPTIONS,
) -> None:
    """Write down a consent that the person, or for someone under 16 the guardian, has given.

    Args:
        subject: The person's id, or key: and the municipality's own key.
        to: Codes of organisations, with commas, or all for all local governments.
        facets: The facets it covers, with commas.
        purpose: What for, as it was read aloud.
        until: Last day. Default: until it is withdrawn.
        guardian: The guardian's relation, where a guardian gave it.
    """
    with common.opened() as node:
        id_, desk = subject_of(node, subject), node.desk(common.who)
        before = desk.consent_slots(id_)
        done = desk.give_consent(
            id_,
            organisations=() if to == "all" else listed(to),
            all_local_governments=to == "all",
            facets=listed(facets),
            purpose=purpose,
            until_ms=_end_of(until) if until else None,
            guardian_relation=guardian,
        )
        (slot,) = desk.consent_slots(id_) - before
    warnings = [word(f"warnings.{warning}", common.language) for warning in done.warnings]
    common.say(
        {"slot": slot, "undo": done.undo, "warnings": list(done.warnings)},
        word("consent.given", common.language, slot=slot.hex()),
        *warnings,
    )


@app.command
def withdraw(subject: str, slot: str, *, common: Common = NO_OPTIONS) -> None:
    """Take a consent back. The flow stops now; every holder erases and sends a receipt.

    Args:
        subject: The person's id, or key: and the municipality's own key.
        slot: The consent's id, from `moyai consent list`.
    """
    with common.opened() as node:
        done = node.desk(common.who).withdraw_consent(subject_of(node, subject), hex_id(slot))
    common.say({"records": done.records}, word("consent.withdrawn", common.language))


@app.command(name="list")
def list_(subject: str, *, common: Common = NO_OPTIONS) -> None:
    """List the consents of a person, who received something on each, and who has confirmed its erasure.

    Args:
        subject: The person's id, or key: and the municipality's own key.
    """
    with common.opened() as node:
        views = node.desk(common.who).consents(subject_of(node, subject))
    answer = [{**asdict(view), "slot": view.slot.hex()} for view in views]
    lines = [_line(view, common.language) for view in views] or [word("consent.nobody", common.language)]
    common.say({"consents": answer}, *lines)


def _line(view: ConsentView, language: str) -> str:
    names = [f"{organisation_name(code)} {code}" for code in view.organisations]
    nobody = word("consent.none", language)
    return word(
        "consent.line",
        language,
        slot=view.slot.hex(),
        state=word(f"consent.{'in_force' if view.withdrawn_at_ms is None else 'ended'}", language),
        to=word("consent.all", language) if view.all_local_governments else ", ".join(names) or nobody,
        facets=",".join(view.facets),
        purpose=view.purpose or nobody,
        holders=", ".join(view.holders) or nobody,
        confirmed=", ".join([*view.confirmed, *(in_part(*one, language) for one in view.awaited.items())]) or nobody,
    )


def _end_of(day: date) -> int:
    return int(datetime.combine(day, time.max, JAPAN).timestamp() * 1000)
