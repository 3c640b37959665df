"""The few numbers that a screen always shows."""

from dataclasses import dataclass

from node.ledger.links import stood_for
from node.ledger.people import OPEN
from node.ledger.store import Rows, Value


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are."""

    present: int
    """People with an open stay at the place asked for, those out for now included."""
    conflicts: int
    """Statements that contradict each other and that nobody has settled."""
    quarantined: int
    behind: int = 0
    """People whose records came in bulk and whose rows, and what counts them, follow in the next seconds."""


@dataclass(frozen=True, slots=True)
class Census:
    """How many people the ledger knows."""

    evacuees: int
    evacuees_from_register: int
    """Of those, the ones that are in the resident register as well."""
    residents_only: int
    """Known from the resident register alone."""


class StandingRead(Rows):
    """Counts."""

    def counts(self, place: bytes | None = None) -> Counts:
        """The numbers of the line that is always visible; without a place, `present` is that of all stays."""
        where, values = f"s.state IN ({OPEN})", list[Value]()
        if place:
            where += " AND s.place = ?"
            values.append(place)
        return Counts(
            present=self._count(
                f"SELECT count(DISTINCT s.number) FROM stays s WHERE {where} AND NOT {stood_for('s')}",  # noqa: S608
                *values,
            ),
            conflicts=self._count("SELECT count(*) FROM contested"),
            quarantined=self._count("SELECT count(*) FROM quarantine"),
            behind=self._count("SELECT count(*) FROM rows_due"),
        )

    def census(self) -> Census:
        """How many people there are; reads an index from end to end."""
        everybody = self._count("SELECT count(*) FROM people")
        evacuees = self._count("SELECT count(*) FROM people WHERE NOT resident_only")
        registered = self._count("SELECT count(*) FROM people WHERE NOT resident_only AND municipal_key IS NOT NULL")
        return Census(evacuees, registered, everybody - evacuees)

    def conflict_count(self) -> int:
        """Contradictions that nobody has settled."""
        return self._count("SELECT count(*) FROM contested")

    def place_count(self) -> int:
        """How many places the ledger knows."""
        return self._count("SELECT count(*) FROM places")

    def withheld_from(self, peer: bytes) -> int:
        """Heads about people of whom this node holds something, and which this peer may not have now."""
        sql = """SELECT count(*) FROM records r WHERE r.is_head AND r.facet < 32 AND NOT EXISTS
            (SELECT 1 FROM views v WHERE v.record = r.seq AND +v.peer = (SELECT number FROM peers WHERE node = ?))"""
        return self._count(sql, peer)

    def people_by_source(self) -> dict[str, int]:
        """How many evacuees are known from each organisation."""
        sql = "SELECT came_from, count(*) FROM people WHERE NOT resident_only GROUP BY came_from"
        return {str(code): int(count) for code, count in self._rows().execute(sql)}

    def waiting_outside(self, here: str) -> int:
        """Records that another organisation may have and has not, each counted once."""
        sql = """SELECT count(DISTINCT v.record) FROM peers p
            CROSS JOIN views v INDEXED BY views_waiting ON v.peer = p.number
            WHERE v.waiting AND p.organisation NOT IN ('', ?)"""
        return self._count(sql, here)

    def not_sent(self, *, entitled_only: bool = False) -> int:
        """Records written here that are on no other node yet, whichever.

        Args:
            entitled_only: of those, only what some peer's view holds: a town hall has much that nobody may have.
        """
        entitled = " AND EXISTS (SELECT 1 FROM views v WHERE v.record = u.record)" if entitled_only else ""
        sql = f"SELECT count(*) FROM unsent u JOIN records r ON r.seq = u.record WHERE r.is_head{entitled}"  # noqa: S608
        return self._count(sql)

    def _count(self, sql: str, *values: Value) -> int:
        row = self._rows().execute(sql, values).fetchone()
        return 0 if row is None else int(row[0])
