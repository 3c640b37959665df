"""`moyai doctor`: how this node stands, line by line: what is wrong, and what to do now."""

from typing import Any

from node.cli.options import NO_OPTIONS, Common
from node.cli.standing import VIEWS
from node.config import NodeDirectory
from node.doctor.comparing import Comparison, compare
from node.doctor.examination import before_opening, examine
from node.doctor.finding import Finding, Grade, worst
from node.doctor.telling import hint_of, name_of, sentence_of
from node.doctor.views import of_comparisons
from node.neighbours import Neighbours
from node.words import doctor_word, word

EXIT_CODES = {Grade.OK: 0, Grade.WARN: 5, Grade.BAD: 1}
"""For monitoring. 5 is "done in part": it works, and the report says what does not. A node that can't be opened ends
with 3 and its reason, as with every command."""


def doctor(*, repair: bool = False, thorough: bool = False, common: Common = NO_OPTIONS) -> int:
    """Look how the node stands: disk, clock, roster and certificates, ports, peers, views, log, backup, quarantine,
    permissions. Each line says what is wrong and what to do now. Ends with 0 where all is well, 5 where something
    should be seen to in the next days, 1 where something should be seen to now.

    Args:
        repair: Set right what is wrong in what is kept of the records; compares everything, as --thorough.
        thorough: Work every person's release out again and read the whole log, which takes minutes for a large town;
            else a sample is compared.
    """
    found: list[Finding] = []
    compared: list[Comparison] = []

    def say(one: Finding) -> None:
        found.append(one)
        for line in _lines(one, common.language):
            common.say_on_the_way(line)

    for one in before_opening(NodeDirectory(common.node)):
        say(one)
    with common.opened(unattended=True) as node:
        if thorough or repair:
            for comparison in compare(node, repair=repair):
                compared.append(comparison)
                common.say_on_the_way(_line(comparison, node.neighbours, common.language))
            say(of_comparisons(compared))
        for one in examine(node, thorough=thorough or repair):
            say(one)
    grade = worst(found)
    common.say(
        _answer(found, compared, grade, common.language), *_verdict(compared, grade, common.language, repair=repair)
    )
    return EXIT_CODES[grade]


def _verdict(compared: list[Comparison], grade: Grade, language: str, *, repair: bool) -> list[str]:
    lines = [doctor_word(f"verdict.{grade.name.lower()}", language)]
    if repair and not any(one.wrong for one in compared):
        lines.insert(0, doctor_word("verdict.nothing_to_repair", language))
    if any(not one.well for one in compared):
        lines.append(word("doctor.unwell", language))
    return lines if compared else [*lines, doctor_word("verdict.left_out", language)]


def _answer(found: list[Finding], compared: list[Comparison], grade: Grade, language: str) -> dict[str, Any]:
    return {
        "verdict": grade.name.lower(),
        "well": grade is Grade.OK,
        "checks": [
            {
                "check": one.check,
                "what": one.what,
                "grade": one.grade.name.lower(),
                "values": dict(one.values),
                "sentence": sentence_of(one, language),
                "hint": hint_of(one, language),
            }
            for one in found
        ],
        "thorough": bool(compared),
        "findings": [_told(one) for one in compared],
    }


def _lines(one: Finding, language: str) -> list[str]:
    sign = doctor_word(f"sign.{one.grade.name.lower()}", language)
    line = f"{sign}  {name_of(one, language)}: {sentence_of(one, language)}"
    hint = hint_of(one, language)
    return [line, f"      {doctor_word('sign.next', language)} {hint}"] if hint else [line]


def _view(one: Comparison) -> str:
    return next((name for name, number in VIEWS.items() if number == one.view), "")


def _whose(one: Comparison, neighbours: Neighbours, language: str) -> str:
    if not one.node:
        return word("doctor.everybody", language)
    view = word(f"doctor.view_{_view(one) or 'both'}", language)
    called = neighbours.called(one.organisation, one.node) if one.organisation else one.node.hex()[:8]
    return f"{called} {view}"


def _told(one: Comparison) -> dict[str, Any]:
    return {
        "check": one.check,
        "organisation": one.organisation,
        "node": one.node.hex(),
        "view": _view(one),
        "compared": one.compared,
        "wrong": one.wrong,
        "repaired": one.repaired,
    }


def _line(one: Comparison, neighbours: Neighbours, language: str) -> str:
    outcome = "repaired" if one.repaired else "wrong" if one.wrong else "equal"
    return word(
        "doctor.finding",
        language,
        check=word(f"doctor.check_{one.check}", language),
        whose=_whose(one, neighbours, language),
        compared=str(one.compared),
        outcome=word(f"doctor.{outcome}", language, wrong=str(one.wrong)),
    )
