"""`moyai import`: takes files in, with a progress bar, and a report of every row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cyclopts import App

from node.cli.bar import bar
from node.cli.options import NO_OPTIONS, Common, can_be_missing
from node.desk.intake import Intake
from node.errors import FileNotNamed
from node.exchange.municipalities import read_municipalities
from node.exchange.report import Journal, Report
from node.exchange.rows import RowTaken
from node.words import word

app = App(name="import", help="Take files in: residents, places, status, municipalities")

DONE, PARTLY = 0, 5

Taker = Callable[..., Report]


@app.command
def residents(*files: Path, report: Path | None = None, common: Common = NO_OPTIONS) -> int:
    """Load the resident register: CSV in UTF-8 or Shift_JIS, with the header names town halls use. Twice is the same
    as once.

    Args:
        files: The files.
        report: CSV file to write what became of every row.
    """
    return _import(common, files, report, "residents")


@app.command
def places(*files: Path, report: Path | None = None, common: Common = NO_OPTIONS) -> int:
    """Load shelters and sites: the national CSV lists, GeoJSON, a town's own list. Twice is the same as once.

    Args:
        files: The files.
        report: CSV file to write what became of every row.
    """
    return _import(common, files, report, "places")


@app.command
def status(*files: Path, report: Path | None = None, common: Common = NO_OPTIONS) -> int:
    """Load lists of open shelters with their headcounts. An older figure never replaces a newer one.

    Args:
        files: The files.
        report: CSV file to write what became of every row.
    """
    return _import(common, files, report, "statuses")


@app.command
def municipalities(file: Path, *, common: Common = NO_OPTIONS) -> int:
    """Check a list of municipalities: codes, check digits, names. Nothing is written; the list this program goes by
    ships with it.

    Args:
        file: The list.
    """
    report = Report(file.name)
    with _read(file) as stream:
        for row in read_municipalities(stream):
            if isinstance(row, RowTaken):
                report.take(row, "unchanged")
            else:
                report.refuse(row)
    common.say({"file": file.name, **report.figures()}, *report.lines(common.language))
    return PARTLY if report.refused else DONE


@dataclass(slots=True)
class _Sum:
    """The figures of several files together."""

    figures: dict[str, int]

    def add(self, report: Report) -> None:
        for name, value in report.figures().items():
            self.figures[name] = self.figures.get(name, 0) + value


def _import(common: Common, files: tuple[Path, ...], report: Path | None, what: str) -> int:
    if not files:
        raise FileNotNamed
    total, reports = _Sum({}), []
    with common.opened() as node, _journal(report, common.language) as journal:
        intake = Intake(node.post(common.who, b""))
        take: Taker = getattr(intake, what)
        for file in files:
            with _read(file) as stream, bar(file.name, quiet=common.json) as progress:
                done = take(stream, file.name, progress=progress, journal=journal)
            total.add(done)
            reports.append(done)
    answer: dict[str, Any] = dict(total.figures)
    if len(reports) > 1:
        answer["files"] = [{"file": one.source, **one.figures()} for one in reports]
    lines = [line for one in reports for line in _lines(one, common.language)]
    common.say(answer, *lines)
    return PARTLY if total.figures.get("refused") else DONE


def _lines(report: Report, language: str) -> Iterator[str]:
    yield word("import.done", language, file=report.source, **report.figures())
    for line in report.lines(language):
        yield f"  {line}"


@contextmanager
def _read(file: Path) -> Iterator[BinaryIO]:
    with can_be_missing(file):
        stream = file.open("rb")
    with stream:
        yield stream


@contextmanager
def _journal(report: Path | None, language: str) -> Iterator[Journal | None]:
    if report is None:
        yield None
        return
    with can_be_missing(report):
        file = report.open("w", newline="", encoding="utf-8-sig")
    with file:
        yield Journal(file, language)
