"""`moyai missing`: residents nobody has confirmed, as counts for others and as a list for the town's own staff."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from cyclopts import App

from node.cli.options import NO_OPTIONS, Common
from node.cli.when import japan
from node.coordination.unconfirmed import Wanted
from node.people import ages
from node.words import word

app = App(name="missing", help="Residents nobody has confirmed: counts, the list for door-to-door checks")

Band = Literal["infant", "child", "adult", "senior", "elder", "unknown", ""]


@app.command
def districts(*, common: Common = NO_OPTIONS) -> None:
    """Count who is not found yet, by district: for the municipality's own staff."""
    with common.opened() as node:
        found = node.coordination(common.who).missing.districts()
    sums = {name: sum(getattr(each, name) for each in found) for name in ("residents", "unconfirmed", "care")}
    common.say(
        {**sums, "bands": list(ages.ALL), "districts": [asdict(each) for each in found]},
        word("missing.count", common.language, **sums),
        *(
            word(
                "missing.line",
                common.language,
                district=each.name or word("missing.no_district", common.language),
                unconfirmed=each.unconfirmed,
                residents=each.residents,
                care=each.care,
            )
            for each in found
        ),
    )


@app.command
def counts(*, common: Common = NO_OPTIONS) -> None:
    """Count by district and age what may be told to the prefecture and to others (Art. 69(2)4): counts of 1 to 4 are
    withheld, and others with them, so that no sum gives one away."""
    with common.opened() as node:
        told = node.coordination(common.who).missing.told()
    language = common.language
    bands = "  ".join(word(f"bands.{band}", language) for band in told.bands)
    rows = [*told.rows, (word("bands.sum", language), told.sums)]
    common.say(
        {
            "bands": list(told.bands),
            "districts": [{"district": name, "counts": list(cells)} for name, cells in told.rows],
            "sums": list(told.sums),
        },
        word("missing.told_head", language, bands=bands),
        *(_line(name, cells, language) for name, cells in rows),
    )


@app.command
def tell(*, common: Common = NO_OPTIONS) -> None:
    """Tell the prefecture and the other members these counts: they go to them with the next exchange."""
    with common.opened() as node:
        told = node.coordination(common.who).missing.tell()
    common.say({"districts": len(told.rows)}, word("missing.is_told", common.language, districts=len(told.rows)))


@app.command
def heard(*, common: Common = NO_OPTIONS) -> None:
    """Show what the members have told of their residents nobody has confirmed, and when each counted."""
    language = common.language
    with common.opened() as node:
        found = node.coordination(common.who).missing.heard()
    lines = []
    for each in found:
        lines.append(word("missing.heard", language, organisation=each.organisation_name, at=japan(each.counted_at_ms)))
        for name, cells in [*each.told.rows, (word("bands.sum", language), each.told.sums)]:
            lines.append(_line(name, cells, language))
    common.say(
        {
            "members": [
                {
                    "organisation": each.organisation,
                    "counted_at_ms": each.counted_at_ms,
                    "bands": list(each.told.bands),
                    "districts": [{"district": name, "counts": list(cells)} for name, cells in each.told.rows],
                    "sums": list(each.told.sums),
                }
                for each in found
            ]
        },
        *(lines or [word("missing.nothing_heard", language)]),
    )


def _line(name: str, cells: Sequence[int | None], language: str) -> str:
    counts = "  ".join(word("missing.withheld", language) if one is None else str(one) for one in cells)
    return word("missing.told", language, district=name or word("missing.no_district", language), counts=counts)


@app.command
def export(
    file: Path,
    *,
    district: str | None = None,
    band: Band = "",
    care_only: bool = False,
    common: Common = NO_OPTIONS,
) -> None:
    """Write the list for checks from door to door as CSV, special needs first. Logged. Who is protected is left out.

    Args:
        file: Where to.
        district: Of one district only. "" is whose address tells none.
        band: Of one age band only.
        care_only: Only people with special needs.
    """
    with common.opened() as node:
        wanted = Wanted(district=district, band=band, care_only=care_only)
        people, left_out = node.coordination(common.who).missing.write(file, wanted, common.language)
    lines = [word("missing.written", common.language, file=file.name, people=people)]
    if left_out:
        lines.append(word("missing.left_out", common.language, n=left_out))
    common.say({"file": file.name, "people": people, "left_out": left_out}, *lines)
