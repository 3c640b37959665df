"""How long a clerk waits for the screen: real terminals, real processes, from a key to the last byte it paints."""

import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from datetime import date
from pathlib import Path

from node.chance import entropy, wall_clock_ms
from node.installation import open_node
from node.people.matching import parse_query
from tests.benchmarks.population import SEED, population
from tests.benchmarks.report import Line, percentile
from tests.benchmarks.town import hall
from tests.builders.terminal import Terminal, terminal

PEOPLE, PEOPLE_AT_START = 1_000_000, 100_000
PEOPLE_QUICK = 3_000
NAMES, NAMES_QUICK = 60, 3
SWITCHES, SWITCHES_QUICK = 40, 4
STARTS = 5
QUIET_S = 0.25
HITS_MS, SWITCH_MS, START_S = 30.0, 100.0, 1.5
RADIO_BYTES_PER_S = 9_600 / 8
BY_RADIO_S = 5.0
COMMAND = Path(sys.executable).with_name("moyai")
F2, F3, F4 = b"\x1bOQ", b"\x1bOR", b"\x1bOS"
TODAY = date(2024, 1, 10)


def measure(*, quick: bool) -> Iterator[Line]:
    """The desk of a town of a million: hits, switches, a check-in; and its start with a hundred thousand."""
    many, few = (PEOPLE_QUICK, PEOPLE_QUICK) if quick else (PEOPLE, PEOPLE_AT_START)
    folder = hall(many).folder
    place = _gymnasium(folder)
    with _desk(folder, place) as screen:
        screen.until_shown("受付")
        screen.until_quiet(1.0)
        yield from _hits(screen, folder, NAMES_QUICK if quick else NAMES)
        yield from _switches(screen, SWITCHES_QUICK if quick else SWITCHES)
        yield from _check_in(screen)
    yield from _start(hall(few).folder, quick=quick)


def _hits(screen: Terminal, folder: Path, names: int) -> Iterator[Line]:
    """Names typed letter by letter, as fast as a quick typist does; each letter is timed by itself."""
    took: list[float] = []
    alone: list[float] = []
    with closing(open_node(folder, passphrase=lambda: "", now_ms=wall_clock_ms, entropy=entropy)) as node:
        for person in population(names, SEED + 3):
            typed = ""
            for letter in random.Random(person.family).choice((person.family_kana, person.family))[:4]:
                typed += letter
                began = screen.type(letter.encode())
                took.append((screen.until_quiet(QUIET_S) - began) * 1000)
                began = time.perf_counter()
                node.ledger.search(parse_query(typed, TODAY), here=None, municipality="172049", limit=19)
                alone.append((time.perf_counter() - began) * 1000)
            screen.type(b"\x1b")
            screen.until_quiet(QUIET_S)
    p50, p99 = percentile(took, 50), percentile(took, 99)
    against = f"the search alone, 99 in 100 below {percentile(alone, 99):,.1f} ms"
    yield Line(
        "desk: key to hits painted, half below", p50, "ms", "", True, p50 / percentile(alone, 50), "the search alone"
    )
    yield Line(
        "desk: key to hits painted, 99 in 100 below",
        p99,
        "ms",
        f"< {HITS_MS:.0f} ms",
        p99 < HITS_MS,
        p99 / percentile(alone, 99),
        against,
    )


def _switches(screen: Terminal, count: int) -> Iterator[Line]:
    """From one screen to another and back."""
    took = []
    for number in range(count):
        began = screen.type((F3, F4, F2)[number % 3])
        took.append((screen.until_quiet(QUIET_S) - began) * 1000)
    screen.type(F2)
    screen.until_quiet(QUIET_S)
    worst = percentile(took, 99)
    goal = f"< {SWITCH_MS:.0f} ms"
    yield Line(
        "desk: another screen, 99 in 100 below", worst, "ms", goal, worst < SWITCH_MS, worst / SWITCH_MS, "the goal"
    )


def _check_in(screen: Terminal) -> Iterator[Line]:
    """A household found by three letters and checked in: what goes over the line for it."""
    screen.type(b"\x1b")
    screen.until_quiet(QUIET_S)
    before = screen.written
    for key in (b"y", b"a", b"m", b"\r", b"\r"):
        screen.type(key)
        screen.until_quiet(QUIET_S)
    written = screen.written - before
    seconds = written / RADIO_BYTES_PER_S
    yield Line(
        "desk: painted for a check-in",
        written,
        "B",
        f"<= {BY_RADIO_S:.0f} s at 9.6 kbit/s",
        seconds <= BY_RADIO_S,
        seconds / BY_RADIO_S,
        f"{seconds:,.1f} s of a line of 9.6 kbit/s",
    )


def _start(folder: Path, *, quick: bool) -> Iterator[Line]:
    """From the command to a reception that takes keys; beside it what Python takes to start and load Textual."""
    place = _gymnasium(folder)
    took = []
    for _ in range(1 if quick else STARTS):
        began = time.perf_counter()
        with _desk(folder, place) as screen:
            took.append(screen.until_shown("F10ほか") - began)
    began = time.perf_counter()
    with terminal([sys.executable, "-c", "import textual.app, textual.widgets"], {}) as bare:
        bare.process.wait()
    alone = time.perf_counter() - began
    half = percentile(took, 50)
    yield Line(
        "desk: start",
        half,
        "s",
        f"< {START_S} s",
        half < START_S,
        half / alone,
        f"Python and Textual alone {alone:,.2f} s",
    )


def _gymnasium(folder: Path) -> str:
    with closing(open_node(folder, passphrase=lambda: "", now_ms=wall_clock_ms, entropy=entropy)) as node:
        return node.desk("setup").create_place("体育館").hex()


def _desk(folder: Path, place: str) -> AbstractContextManager[Terminal]:
    command = [str(COMMAND), "desk", "--place", place, "--node", str(folder), "--operator", "tanaka", "--lang", "ja"]
    # As it is installed: compiled. The first of these starts sees to it in a checkout.
    compiled = {"PYTHONDONTWRITEBYTECODE": ""}
    return terminal(command, {"PYTHONUTF8": "1", "LANG": os.environ.get("LANG", "C.UTF-8"), **compiled})
