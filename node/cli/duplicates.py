"""`moyai duplicates`: entries that may be one person: list, show with what speaks for it, same, not the same, undo."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from cyclopts import App

from node.cli.moments import moment
from node.cli.options import NO_OPTIONS, Common, subject_of
from node.cli.people import AtMost, shown
from node.desk.duplicates import Duplicates
from node.desk.resemblance import PairView
from node.desk.views import Done, PersonView
from node.installation import Installation
from node.people.matching import Agreement, Comparison
from node.words import pair_word, word

app = App(name="duplicates", help="Entries that may be one person: list, show, same, not-same, undo")

_SAYS: Final[dict[str, Callable[[PersonView], tuple[str, ...]]]] = {
    "family": lambda person: (person.family_name, person.kana.partition(" ")[0]),
    "given": lambda person: (person.given_name, person.kana.partition(" ")[2]),
    "birth": lambda person: (person.birth,),
    "sex": lambda person: (str(person.sex or ""),),
    "address": lambda person: (person.address,),
    "phone": lambda person: (person.phone,),
}
"""What either entry says of a field that is compared."""


@app.command(name="list")
def list_(*, decided: bool = False, limit: AtMost = 100, common: Common = NO_OPTIONS) -> None:
    """List the pairs nobody has decided, the most alike first. Logged.

    Args:
        decided: Those called the same or not the same instead, the last one first.
        limit: At most so many.
    """
    with common.opened() as node:
        pairs = _duplicates(node, common)
        views = pairs.decided(limit=limit) if decided else pairs.waiting(limit=limit)
        waiting = pairs.count()
    lines = [_line(view, common.language) for view in views] or [word("duplicates.none", common.language)]
    common.say({"pairs": [_shown(view) for view in views], "waiting": waiting}, *lines)


@app.command
def show(first: str, second: str, *, common: Common = NO_OPTIONS) -> None:
    """Show two entries side by side, and field by field what speaks for one person and what against. Logged.

    Args:
        first: The id of one entry, or key: and the municipality's own key.
        second: The other.
    """
    with common.opened() as node:
        view = _duplicates(node, common).pair(*_pair(node, first, second))
    common.say(_shown(view), *_lines(view, common.language))


@app.command
def same(first: str, second: str, *, reason: str = "", common: Common = NO_OPTIONS) -> None:
    """Say that two entries are one person: shown as one from now on, both kept. Nothing is joined.

    Args:
        first: The id of one entry, or key: and the municipality's own key.
        second: The other.
        reason: How it is known; it goes with the link.
    """
    with common.opened() as node:
        _say(_duplicates(node, common).same(*_pair(node, first, second), reason=reason), common, "same")


@app.command
def not_same(first: str, second: str, *, reason: str = "", common: Common = NO_OPTIONS) -> None:
    """Say that two entries are two people: nobody is asked again.

    Args:
        first: The id of one entry, or key: and the municipality's own key.
        second: The other.
        reason: How it is known; it goes with the link.
    """
    with common.opened() as node:
        _say(_duplicates(node, common).not_same(*_pair(node, first, second), reason=reason), common, "not_same")


@app.command
def undo(first: str, second: str, *, common: Common = NO_OPTIONS) -> None:
    """What was said of two entries, whenever and by whom, is said no more: the pair waits again.

    Args:
        first: The id of one entry, or key: and the municipality's own key.
        second: The other.
    """
    with common.opened() as node:
        _say(_duplicates(node, common).unlink(*_pair(node, first, second)), common, "undone")


def _duplicates(node: Installation, common: Common) -> Duplicates:
    return node.desk(common.who).duplicates


def _pair(node: Installation, first: str, second: str) -> tuple[bytes, bytes]:
    return subject_of(node, first), subject_of(node, second)


def _say(done: Done, common: Common, what: str) -> None:
    answer = {"subjects": list(done.subjects), "records": done.records, "undo": done.undo}
    common.say(answer, word(f"duplicates.{what}", common.language))


def _shown(view: PairView) -> dict[str, Any]:
    return {
        "first": shown(view.first),
        "second": shown(view.second),
        "score": round(view.compared.score, 2),
        "likely": view.compared.is_likely,
        "fields": [asdict(each) for each in view.compared.agreements],
        **{name: getattr(view, name) for name in ("said", "by", "organisation", "at_ms", "reason")},
    }


def _line(view: PairView, language: str) -> str:
    sides = (f"{one.subject.hex()}  {one.name}  {one.birth}".rstrip() for one in (view.first, view.second))
    said = pair_word(f"pair_said.{view.said}", language) if view.said else ""
    return "  ".join(part for part in (f"{view.compared.score:+6.1f}", *sides, said) if part)


def _lines(view: PairView, language: str) -> list[str]:
    lines = [_line(view, language), *(_field(each, view, language) for each in view.compared.agreements)]
    lines.append(f"  {_verdict(view.compared, language)}")
    if view.said:
        said = pair_word(f"pair_said.{view.said}", language)
        by = f"{view.organisation} {view.by}"
        lines.append(f"  {said}: {moment(view.at_ms, language)} {by} {view.reason}".rstrip())
    return lines


def _field(each: Agreement, view: PairView, language: str) -> str:
    field, level = pair_word(f"compared.{each.field}", language), pair_word(f"level.{each.level}", language)
    first, second = (_said(person, each.field) for person in (view.first, view.second))
    home = "*" if each.shared_at_home else ""
    return f"  {each.weight:+6.1f}{home}  {field}  {level}" + (f"  {first} | {second}" if first or second else "")


def _said(person: PersonView, field: str) -> str:
    says = _SAYS.get(field)
    return " ".join(part for part in says(person) if part) if says else ""


def _verdict(compared: Comparison, language: str) -> str:
    how = "likely" if compared.is_likely else "possible" if compared.is_possible else "doubtful"
    told = pair_word(f"verdict.{how}", language, score=f"{compared.score:+.1f}")
    damped = any(each.shared_at_home for each in compared.agreements)
    return f"{told} {pair_word('verdict.at_home', language)}" if damped else told
