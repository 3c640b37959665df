"""`moyai agreement`: applies to another organisation, and decides what others apply for."""

from dataclasses import asdict
from typing import Annotated, Any

from cyclopts import App, Parameter, validators

from node.cli.authority import organisation_key_of
from node.cli.moments import day
from node.cli.options import NO_OPTIONS, Common, hex_id, listed
from node.granting import AgreementView, Granting, read_agreements, view_of
from node.installation import Installation
from node.words import word, word_for

DAYS_MAX = 3660
"""Ten years: what is granted for longer is granted again."""

app = App(name="agreement", help="Applications and what was decided of them")


@app.command
def apply(
    *, to: str, facets: str, purpose: str, area: str = "", subjects: str = "", common: Common = NO_OPTIONS
) -> None:
    """Apply to another organisation for facets of certain people, or of the people of an area (Rule 8-6).

    Args:
        to: Code of the organisation asked.
        facets: The facets, with commas: identity,stay,condition,care.
        purpose: What for.
        area: Codes of municipalities, with commas. Default: those the organisation answers for.
        subjects: Ids of people, with commas. Default: all people of the area.
    """
    with common.opened() as node:
        application = _granting(node, common).apply(
            to,
            facets=listed(facets),
            purpose=purpose,
            area=listed(area),
            subjects=[hex_id(one) for one in listed(subjects)],
        )
    common.say({"application": application}, word("agreement.applied", common.language, application=application.hex()))


@app.command(name="list")
def list_(*, common: Common = NO_OPTIONS) -> None:
    """List applications and what was decided of them."""
    with common.opened() as node:
        views = [view_of(opened) for _, opened in read_agreements(node)]
        lines = [_line(view, node, common.language) for view in views]
    common.say({"agreements": [_shown(view) for view in views]}, *(lines or [word("agreement.none", common.language)]))


@app.command
def grant(
    application: str,
    *,
    days: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=DAYS_MAX))] = 30,
    facets: str = "",
    common: Common = NO_OPTIONS,
) -> None:
    """Grant an application: from now on what it names goes to the applicant.

    Args:
        application: Its id.
        days: For how many days.
        facets: Fewer facets than were asked for, with commas. Default: all.
    """
    with common.opened() as node:
        view = _granting(node, common).grant(hex_id(application), days=days, facets=listed(facets))
        line = _line(view, node, common.language)
    common.say(_shown(view), line)


@app.command
def refuse(application: str, *, common: Common = NO_OPTIONS) -> None:
    """Refuse an application.

    Args:
        application: Its id.
    """
    with common.opened() as node:
        view = _granting(node, common).refuse(hex_id(application))
        line = _line(view, node, common.language)
    common.say(_shown(view), line)


@app.command
def end(application: str, *, common: Common = NO_OPTIONS) -> None:
    """End a grant: what went on it is erased by who got it.

    Args:
        application: Its id.
    """
    with common.opened() as node:
        view = _granting(node, common).end(hex_id(application))
        line = _line(view, node, common.language)
    common.say(_shown(view), line)


def _granting(node: Installation, common: Common) -> Granting:
    return Granting(node, lambda: organisation_key_of(node, common), operator=common.who)


def _shown(view: AgreementView) -> dict[str, Any]:
    people = [subject.hex() for subject in view.subjects]
    return {**asdict(view), "application": view.application.hex(), "subjects": people}


def _line(view: AgreementView, node: Installation, language: str) -> str:
    """Who asked whom for what, and how it stands today; its id comes first, for the next command."""
    is_over = view.outcome == "granted" and view.until_ms is not None and view.until_ms <= node.now_ms()
    line = word(
        "agreement.line",
        language,
        application=view.application.hex(),
        applicant=f"{node.neighbours.name(view.applicant)} {view.applicant}",
        holder=f"{node.neighbours.name(view.holder)} {view.holder}",
        outcome=word_for("agreement", "over" if is_over else view.outcome, language),
        facets=",".join(view.facets or view.asked),
        purpose=view.purpose,
    )
    return line if view.until_ms is None else line + word("agreement.until", language, day=day(view.until_ms, language))
