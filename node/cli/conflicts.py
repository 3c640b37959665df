"""`moyai conflicts`: statements that contradict each other: list, show, settle."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from cyclopts import App, Parameter

from node.cli.moments import moment
from node.cli.options import NO_OPTIONS, Common, subject_of
from node.cli.people import AtMost
from node.desk.held_words import facet_word, field_text, field_word
from node.desk.settling import Contradiction, Settling, Version
from node.desk.views import FieldView
from node.errors import InputRefused, SettledMeanwhile
from node.installation import Installation
from node.words import word

app = App(name="conflicts", help="Statements that contradict each other: list, show, settle")

WAITING_MAX = 10_000


@app.command(name="list")
def list_(*, limit: AtMost = 100, common: Common = NO_OPTIONS) -> None:
    """List the contradictions nobody has settled. Logged.

    Args:
        limit: At most so many.
    """
    with common.opened() as node:
        found = _settling(node, common).waiting(limit=limit)
    _say_all(found, common)


@app.command
def show(subject: str, *, common: Common = NO_OPTIONS) -> None:
    """Show the contradictions about one person or place, version by version. Logged.

    Args:
        subject: The person's or place's id, or key: and the municipality's own key.
    """
    with common.opened() as node:
        found = _settling(node, common).of(subject_of(node, subject))
    _say_all(found, common)


@app.command
def settle(
    record: str,
    *over: str,
    field: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
    common: Common = NO_OPTIONS,
) -> None:
    """Say which version stands. The others stay in the history; should one be there that was not shown, nothing is
    written.

    Args:
        record: The id of the version that stands.
        over: The ids of all versions it stands over, as list shows them.
        field: A field another version is right about, as NAME=ID; several times.
    """
    names = [_record(one) for one in (record, *over)]
    fields = dict(_field(one) for one in field)
    with common.opened() as node:
        settling = _settling(node, common)
        seen = _seen(settling.waiting(limit=WAITING_MAX), names)
        done = settling.combine(seen, names[0], fields)
    answer = {"subjects": list(done.subjects), "records": done.records, "undo": done.undo}
    common.say(answer, word("conflicts.settled", common.language))


def _settling(node: Installation, common: Common) -> Settling:
    return node.desk(common.who).settling


def _seen(found: Sequence[Contradiction], names: Sequence[bytes]) -> Contradiction:
    """The contradiction that is meant, with no more versions than were named. Raises SettledMeanwhile."""
    for each in found:
        named = tuple(version for version in each.versions if version.record in names)
        if named:
            return replace(each, versions=named)
    raise SettledMeanwhile


def _record(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise InputRefused(expected="RECORD", got=len(text)) from error


def _field(text: str) -> tuple[str, bytes]:
    name, equals, record = text.partition("=")
    if not equals:
        raise InputRefused(expected="NAME=RECORD", got=len(text))
    return name, _record(record)


def _say_all(found: Sequence[Contradiction], common: Common) -> None:
    lines = [line for each in found for line in _lines(each, common.language)]
    common.say(
        {"conflicts": [_shown(each) for each in found], "count": len(found)},
        *(lines or [word("conflicts.none", common.language)]),
    )


def _shown(each: Contradiction) -> dict[str, Any]:
    return {
        "subject": each.subject,
        "about": each.about,
        "facet": each.facet_word,
        "slot": each.slot,
        "can_settle": each.can_settle,
        "differs": [field for field in each.fields if each.differs(field)],
        "versions": [
            {
                "record": version.record,
                "organisation": version.organisation,
                "device": version.device,
                "operator": version.operator,
                "at_ms": version.at_ms,
                "fields": dict(version.fields),
            }
            for version in each.versions
        ],
    }


def _lines(each: Contradiction, language: str) -> list[str]:
    facet = facet_word(each.facet_word, language)
    versions = [line for version in each.versions for line in _version(version, each, language)]
    not_here = [] if each.can_settle else [f"  {word('conflicts.not_here', language)}"]
    return [f"{each.subject.hex()}  {each.about}  {facet}", *versions, *not_here]


def _version(version: Version, each: Contradiction, language: str) -> list[str]:
    by = f"{version.organisation} {version.device} {version.operator}"
    head = f"  {version.record.hex()}  {moment(version.at_ms, language)}  {by}"
    told = [_told(name, version.fields, each, version, language) for name in each.fields if each.differs(name)]
    return [head, *(f"    {line}" for line in told)]


def _told(name: str, fields: Mapping[str, str], each: Contradiction, version: Version, language: str) -> str:
    text = fields.get(name, "")
    view = FieldView(
        facet=each.facet_word,
        field=name,
        text=text,
        organisation=version.organisation,
        operator=version.operator,
        at_ms=version.at_ms,
        conflict=True,
    )
    said = (field_text(view, language) or text) if text else word("conflicts.nothing", language)
    return f"{field_word(view, language)} ({name}): {said}"
