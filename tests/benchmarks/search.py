"""How long a clerk waits for a search, ranking included, beside the same search with LIKE."""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date

from node.chance import entropy, wall_clock_ms
from node.installation import open_node
from node.ledger import Ledger
from node.people.matching import parse_query
from tests.benchmarks.population import PLACES, SEED, TOWNS, Person, population
from tests.benchmarks.report import Line, percentile
from tests.benchmarks.town import hall

PEOPLE = 1_000_000
PEOPLE_QUICK = 5_000
QUERIES = 2_000
QUERIES_QUICK = 100
LIKE_QUERIES = 10
GOAL_MS = 20
GOAL_RATIO = 20
TODAY = date(2024, 1, 10)


def measure(*, quick: bool) -> Iterator[Line]:
    """Build a ledger of a million people, ask it what clerks ask, and report what one in a hundred waits at least."""
    people, queries = (PEOPLE_QUICK, QUERIES_QUICK) if quick else (PEOPLE, QUERIES)
    town = hall(people)
    with closing(open_node(town.folder, passphrase=lambda: "", now_ms=wall_clock_ms, entropy=entropy)) as node:
        ledger, built_s = node.ledger, town.built_s
        yield Line(
            f"search: build, {people:,} people",
            built_s,
            "s",
            "< 240 s",
            built_s < 240,
            None,
            f"{people / built_s:,.0f} people/s",
        )
        asked = questions(queries)
        for text in asked[: queries // 10]:
            _ask(ledger, text)
        took = [_timed(ledger, text) for text in asked]
        like = [_timed_like(ledger, text) for text in asked[:LIKE_QUERIES]]
    like_ms, p50, p99 = percentile(like, 50), percentile(took, 50), percentile(took, 99)
    against = f"LIKE, half wait more than {like_ms:,.0f} ms"
    yield Line("search: half wait less", p50, "ms", "", True)
    yield Line("search: 99 in 100 wait less", p99, "ms", f"< {GOAL_MS} ms", p99 < GOAL_MS)
    ratio = like_ms / percentile(took[:LIKE_QUERIES], 50)
    yield Line("search: beside LIKE", p50, "ms", f">= {GOAL_RATIO}x", ratio >= GOAL_RATIO or quick, ratio, against)
    yield Line("search: slowest", max(took), "ms", "", True)


def questions(count: int) -> list[str]:
    """What clerks type: mostly surnames as they occur, then readings, full names, parts, dates, numbers, streets."""
    chance = random.Random(SEED + 1)
    asked = list(population(count, SEED + 2))
    kinds = chance.choices(range(10), (28, 14, 16, 6, 6, 8, 8, 6, 4, 4), k=count)
    return [_question(person, kind) for person, kind in zip(asked, kinds, strict=True)]


def _question(person: Person, kind: int) -> str:
    return (
        person.family,
        person.family_kana,
        f"{person.family} {person.given}",
        person.family[:1],
        person.given,
        person.birth.replace("-", ""),
        person.phone[-4:],
        person.phone,
        person.address.split("番地")[0],
        f"{person.family_kana[:2]} {person.birth[:4]}",
    )[kind]


def _ask(ledger: Ledger, text: str) -> int:
    return len(ledger.search(parse_query(text, TODAY), here=PLACES[0], municipality=TOWNS[0], limit=20))


def _timed(ledger: Ledger, text: str) -> float:
    began = time.perf_counter()
    _ask(ledger, text)
    return (time.perf_counter() - began) * 1000


def _timed_like(ledger: Ledger, text: str) -> float:
    """The plain way: part of any field, those who stay first."""
    began = time.perf_counter()
    ledger._connection().execute(
        "SELECT shown FROM people WHERE terms LIKE ? ORDER BY staying DESC, number LIMIT 20", (f"%{text}%",)
    ).fetchall()
    return (time.perf_counter() - began) * 1000
