"""The vectors of contents: links with the slot of their pair, and counts that may be told."""

from collections.abc import Iterator

from moyai.v1 import facets_pb2 as facets
from node.records.kinds import LINK, TALLY
from node.records.subjects import pair_slot
from tests.builders.trust import NOW_MS, seed
from tests.protocol.form import Named, Vector, accepted, refused, vector

LOWER, HIGHER = sorted(seed(f"person {number}")[:16] for number in (1, 2))
LINE_MAX = 400
ROWS_MAX, CELLS_MAX = 1_000, 32


def content_vectors() -> Iterator[Named]:
    """Every vector of this room."""
    yield from pair_slot_vectors()
    yield from link_vectors()
    yield from tally_vectors()


def pair_slot_vectors() -> Iterator[Named]:
    def slot(description: str, first: bytes, second: bytes) -> Vector:
        return vector(
            "pair-slot", description, accepted(slot=pair_slot(first, second).hex()), first=first, second=second
        )

    yield "accept/pair-slot", slot("Two subjects, the lower first.", LOWER, HIGHER)
    yield "accept/pair-slot-turned", slot("The same two, the higher first: the same slot.", HIGHER, LOWER)
    yield (
        "accept/pair-slot-signs",
        slot("Ids are compared as unsigned bytes: 7f is lower than 80.", b"\x80" + bytes(15), b"\x7f" + b"\xff" * 15),
    )
    yield (
        "accept/pair-slot-last-byte",
        slot("Ids that differ in the last byte only.", bytes(15) + b"\x02", bytes(15) + b"\x01"),
    )


def link_vectors() -> Iterator[Named]:
    def link(description: str, expected: dict[str, object], **said: object) -> Vector:
        return vector(
            "content",
            description,
            expected,
            facet=LINK,
            content=facets.Link(**said).SerializeToString(),  # type: ignore[arg-type]
        )

    def no(name: str, description: str, where: dict[str, str], **said: object) -> Named:
        return f"refuse/link-{name}", link(description, refused("CONTENT_MALFORMED", **where), **said)

    for relation, what in (("SAME", "The same person."), ("NOT_SAME", "Two people."), ("UNDONE", "Said no more.")):
        number = facets.Link.Relation.Value(f"RELATION_{relation}")
        name = relation.lower().replace("_", "-")
        yield f"accept/link-{name}", link(what, accepted(), other=HIGHER, relation=number, reason="")
    yield (
        "accept/link-later",
        link("Somebody has looked and left it open.", accepted(), other=HIGHER, relation=3, reason="later"),
    )
    yield (
        "accept/link-unknown-relation",
        link("A relation of a later version: kept, and says nothing here.", accepted(), other=HIGHER, relation=9),
    )
    yield no("no-relation", "What is said of the pair is missing.", {"rule": "relation"}, other=HIGHER)
    yield no("no-other", "The other subject is missing.", {"field": "other"}, relation=1)
    yield no("short-other", "The other subject has 15 bytes.", {"field": "other"}, other=HIGHER[:15], relation=1)


def tally_vectors() -> Iterator[Named]:
    def cell(people: int | None, from_age: int | None = 0, to_age: int | None = 5) -> facets.TallyCell:
        return facets.TallyCell(from_age=from_age, to_age=to_age, people=people)

    def tally(
        description: str,
        expected: dict[str, object],
        rows: list[facets.TallyRow],
        sums: list[facets.TallyCell],
        counted_at_ms: int = NOW_MS,
    ) -> Vector:
        content = facets.Tally(counted_at_ms=counted_at_ms, rows=rows, sums=sums).SerializeToString()
        return vector("content", description, expected, facet=TALLY, content=content)

    def row(*cells: facets.TallyCell, name: str = "河井町") -> facets.TallyRow:
        return facets.TallyRow(name=name, cells=cells)

    def no(
        name: str,
        description: str,
        where: dict[str, str],
        rows: list[facets.TallyRow],
        sums: list[facets.TallyCell] | None = None,
    ) -> Named:
        return f"refuse/tally-{name}", tally(description, refused("CONTENT_MALFORMED", **where), rows, sums or [])

    yield "accept/tally", tally("Two bands of one district, and their sum.", accepted(), [row(cell(12))], [cell(12)])
    yield "accept/tally-zero-and-five", tally("0 and 5 may be told.", accepted(), [row(cell(0), cell(5))], [cell(5)])
    yield "accept/tally-withheld", tally("A count that is withheld is absent.", accepted(), [row(cell(None))], [])
    yield (
        "accept/tally-age-unknown",
        tally("A band without ages: age unknown.", accepted(), [row(cell(7, None, None), name="")], []),
    )
    yield "accept/tally-empty", tally("Counted, and nothing may be told.", accepted(), [], [])
    for people in (1, 4):
        yield no(f"{people}", f"A count of {people} in a row.", {"rule": "small-count"}, [row(cell(people))])
    yield no("small-sum", "A sum of 3.", {"rule": "small-count"}, [], [cell(3)])
    yield no("age", "A band from 151 years.", {"field": "rows.0.cells.0.from_age"}, [row(cell(12, 151, 200))])
    yield no("cells", "33 bands in a row.", {"field": "rows.0.cells"}, [row(*[cell(9)] * (CELLS_MAX + 1))])
    yield no("rows", "1,001 districts.", {"field": "rows"}, [row()] * (ROWS_MAX + 1))
    yield no(
        "name", "A district's name of 401 characters.", {"field": "rows.0.name"}, [row(name="町" * (LINE_MAX + 1))]
    )
    yield (
        "refuse/tally-not-counted",
        tally("When it was counted is missing.", refused("CONTENT_MALFORMED", field="counted_at_ms"), [], [], 0),
    )
