"""Reads the form about a shelter: what was typed in its fields, as a status for the desk. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta

from node.desk.reporting import COMMUNICATIONS, Counted
from node.errors import FieldRefused
from node.people.facets import Status
from tui.when import local

COUNTS = ("headcount", "men", "women", "sex_unknown", "households", "outside_people")
OPENING = {"1": "1", "2": "2", "0": "0"}
SUPPLY = {"1": "1", "2": "2", "3": "3", "0": "0"}
LETTERS = dict(zip("pmirsn", COMMUNICATIONS, strict=True))
"""One letter for each means of communication."""
_TIME = re.compile(r"([01]?\d|2[0-3]):?([0-5]\d)")


def fields_of(status: Status | None, counted: Counted | None, now_ms: int) -> dict[str, str]:
    """What the form starts with: the roster's figures, everything else as it was said last, seen now. Where no
    roster was counted, no figure of people is filled in."""
    fields = {"observed": clock_digits(now_ms), "opening": "1"}
    if counted is not None:
        fields |= {
            "headcount": str(counted.headcount),
            "men": str(counted.men),
            "women": str(counted.women),
            "sex_unknown": str(counted.sex_unknown),
            "households": str(counted.households),
        }
    if status is not None:
        fields |= {
            "opening": str(int(status.opening) or ""),
            "outside_people": "" if status.outside_people is None else str(status.outside_people),
            "water": str(int(status.water) or ""),
            "food": str(int(status.food) or ""),
            "communications": "".join(letter for letter, word in LETTERS.items() if word in status.communications),
            "text": status.text,
        }
    return fields


def status_of(fields: Mapping[str, str], now_ms: int) -> Status:
    """The fields as a status; an empty count is unknown, which is not 0.

    Raises:
        FieldRefused: a field can't be read; `field` names it.
    """
    counts: dict[str, int | None] = {}
    for name in COUNTS:
        typed = _plain(fields.get(name, ""))
        if typed and not typed.isdigit():
            raise FieldRefused(field=name, rule="count")
        counts[name] = int(typed) if typed else None
    letters = _plain(fields.get("communications", "")).lower()
    return Status.model_validate(
        {
            "observed_at_ms": observed_ms(fields.get("observed", ""), now_ms),
            "opening": int(_plain(fields.get("opening", "")) or 0),
            "water": int(_plain(fields.get("water", "")) or 0),
            "food": int(_plain(fields.get("food", "")) or 0),
            "communications": tuple(word for letter, word in LETTERS.items() if letter in letters),
            "text": fields.get("text", "").strip(),
            **counts,
        }
    )


def observed_ms(typed: str, now_ms: int) -> int:
    """The last moment at which clocks showed this time of day, "1805" or "18:05"; empty: now.

    Raises:
        FieldRefused: it is no time of day.
    """
    text = _plain(typed)
    if not text or text == clock_digits(now_ms):
        return now_ms
    found = _TIME.fullmatch(text)
    if found is None:
        raise FieldRefused(field="observed", rule="time")
    now = local(now_ms)
    at = now.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    if at > now:
        at -= timedelta(days=1)
    return int(at.timestamp() * 1000)


def clock_digits(at_ms: int) -> str:
    """The time of day as four digits."""
    at = local(at_ms)
    return f"{at.hour:02d}{at.minute:02d}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
