"""`moyai emergency`: the mayor's or governor's word that opens an area for 72 hours at most, and its review."""

from dataclasses import asdict
from typing import Annotated, Any

from cyclopts import App, Parameter, validators

from node.cli.authority import organisation_key_of
from node.cli.options import NO_OPTIONS, Common, hex_id, listed
from node.cli.when import japan
from node.declaring import HOUR_MS, HOURS_MAX, Declaring, EmergencyView, read_emergencies
from node.installation import Installation
from node.words import word

app = App(name="emergency", help="Emergencies: declare, end, list, review what went out")


@app.command
def declare(
    *,
    reason: str,
    hours: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=HOURS_MAX))] = HOURS_MAX,
    area: str = "",
    common: Common = NO_OPTIONS,
) -> None:
    """Declare an emergency (個人情報保護法 69(2)): identity, stay, condition, care and medical
    of the area's people go to its local governments until it ends by itself. Needs the organisation's key.

    Args:
        reason: Why.
        hours: For how many hours; the law allows 72.
        area: Codes of municipalities, with commas. Default: the municipality itself, or all of the prefecture's.
    """
    with common.opened() as node:
        view = _declaring(node, common).declare(reason=reason, hours=hours, area=listed(area))
    told = word("emergency.declared", common.language, emergency=view.activation.hex(), until=japan(view.until_ms))
    common.say(_shown(view), told)


@app.command
def end(emergency: str, *, common: Common = NO_OPTIONS) -> None:
    """End an emergency before its time: nothing goes out on it any more.

    Args:
        emergency: Its id.
    """
    with common.opened() as node:
        view = _declaring(node, common).end(hex_id(emergency))
    common.say(_shown(view), word("emergency.ended", common.language, emergency=view.activation.hex()))


@app.command(name="list")
def list_(*, common: Common = NO_OPTIONS) -> None:
    """List the emergencies known here, with how long each still runs."""
    with common.opened() as node:
        views, now = read_emergencies(node), node.now_ms()
    lines = [_line(view, now, common.language) for view in views]
    common.say(
        {"emergencies": [{**_shown(view), "left_ms": view.left_ms(now)} for view in views]},
        *(lines or [word("emergency.nobody", common.language)]),
    )


@app.command
def review(emergency: str, *, common: Common = NO_OPTIONS) -> None:
    """Show every record this node let go in an emergency, to whom and about whom. Logged.

    Args:
        emergency: Its id.
    """
    with common.opened() as node:
        done = node.coordination(common.who).decisions.review(hex_id(emergency))
    head = word(
        "emergency.review",
        common.language,
        records=len(done.released),
        people=done.people,
        until=japan(done.emergency.until_ms),
    )
    lines = [
        word(
            "emergency.released",
            common.language,
            at=japan(one.at_ms),
            recipient=one.recipient_name,
            name=one.name or one.subject.hex()[:8],
            facet=one.facet,
        )
        for one in done.released
    ]
    common.say(
        {
            "emergency": _shown(done.emergency),
            "people": done.people,
            "released": [asdict(one) for one in done.released],
        },
        head,
        *lines,
    )


def _declaring(node: Installation, common: Common) -> Declaring:
    return Declaring(node, lambda: organisation_key_of(node, common), operator=common.who)


def _shown(view: EmergencyView) -> dict[str, Any]:
    return {**asdict(view), "activation": view.activation.hex()}


def _line(view: EmergencyView, now_ms: int, language: str) -> str:
    left = view.left_ms(now_ms)
    values: dict[str, str | int] = {
        "emergency": view.activation.hex(),
        "organisation": view.organisation,
        "area": ",".join(view.area),
        "reason": view.reason,
        "left": f"{left // HOUR_MS}:{left % HOUR_MS // 60_000:02d}",
        "until": japan(view.until_ms),
    }
    return word("emergency.line" if left else "emergency.over", language, **values)
