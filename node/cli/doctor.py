"""`moyai doctor`: whether what this node keeps is what follows from its records."""

from typing import Any

from node.cli.options import NO_OPTIONS, Common
from node.cli.standing import VIEWS
from node.doctor import Finding, examine
from node.neighbours import Neighbours
from node.words import word

WELL, UNWELL = 0, 1


def doctor(*, repair: bool = False, quick: bool = False, common: Common = NO_OPTIONS) -> int:
    """Compare what is kept of each peer's views with what follows from the records; say what was compared and whether
    it is equal.

    Args:
        repair: Set right what is wrong.
        quick: Leave out working every person's release out again, which takes minutes for a large town.
    """
    with common.opened(unattended=True) as node:
        found, neighbours = [], node.neighbours
        for one in examine(node, repair=repair, without=("rows",) if quick else ()):
            found.append(one)
            common.say_on_the_way(_line(one, neighbours, common.language))
    well = all(one.well for one in found)
    untouched = repair and not any(one.wrong for one in found)
    verdict = word(f"doctor.{'nothing_to_repair' if untouched else 'well' if well else 'unwell'}", common.language)
    common.say({"well": well, "findings": [_told(one) for one in found]}, verdict)
    return WELL if well else UNWELL


def _view(one: Finding) -> str:
    return next((name for name, number in VIEWS.items() if number == one.view), "")


def _whose(one: Finding, neighbours: Neighbours, language: str) -> str:
    if not one.node:
        return word("doctor.everybody", language)
    view = word(f"doctor.view_{_view(one) or 'both'}", language)
    called = neighbours.called(one.organisation, one.node) if one.organisation else one.node.hex()[:8]
    return f"{called} {view}"


def _told(one: Finding) -> dict[str, Any]:
    return {
        "check": one.check,
        "organisation": one.organisation,
        "node": one.node.hex(),
        "view": _view(one),
        "compared": one.compared,
        "wrong": one.wrong,
        "repaired": one.repaired,
    }


def _line(one: Finding, neighbours: Neighbours, language: str) -> str:
    outcome = "repaired" if one.repaired else "wrong" if one.wrong else "equal"
    return word(
        "doctor.finding",
        language,
        check=word(f"doctor.check_{one.check}", language),
        whose=_whose(one, neighbours, language),
        compared=str(one.compared),
        outcome=word(f"doctor.{outcome}", language, wrong=str(one.wrong)),
    )
