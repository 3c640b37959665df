"""What a peer sent and this node does not hold: ids alone, so that it is neither asked for again nor sent again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from node.ledger.peers import peer_number
from node.ledger.records import has_rows, marks, parts
from node.ledger.store import Rows
from sync.envelope import ID_BYTES


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """One record that a peer sent and that is not held."""

    record: bytes
    view: int
    """One of `moyai.v1.View`."""
    subject: bytes
    """Whom it claims to be about; empty where that can't be read."""
    reason: str
    basis: int = 0
    """The ground it came on, one of `moyai.v1.Basis`: to look at it again without the peer."""
    basis_record: bytes = b""


class TurnedRead(Rows):
    """Questions about what was turned away."""

    def turned_away(self, peer: bytes, view: int) -> list[bytes]:
        """Ids of what this peer sent in this view and is not held."""
        sql = "SELECT record FROM turned WHERE peer = (SELECT number FROM peers WHERE node = ?) AND view = ?"
        return [row[0] for row in self._connection().execute(sql, (peer, view))]

    def turned_among(self, peer: bytes, ids: Sequence[bytes]) -> set[bytes]:
        """Of these, the ones this peer sent before and that are not held."""
        sql = "SELECT 1 FROM turned WHERE peer = (SELECT number FROM peers WHERE node = ?) AND record = ?"
        return {id_ for id_ in ids if self._connection().execute(sql, (peer, id_)).fetchone()}

    def turned_count(self, peer: bytes) -> int:
        """How many this peer sent that are not held."""
        sql = "SELECT count(*) FROM turned WHERE peer = (SELECT number FROM peers WHERE node = ?)"
        row = self._connection().execute(sql, (peer,)).fetchone()
        return int(row[0]) if row else 0

    def turned(self, record: bytes) -> list[tuple[bytes, TurnedAway]]:
        """Who sent this record, and how."""
        sql = """SELECT p.node, t.record, t.view, t.subject, t.reason, t.basis, t.basis_record
            FROM turned t JOIN peers p ON p.number = t.peer WHERE t.record = ?"""
        return [(node, TurnedAway(*rest)) for node, *rest in self._connection().execute(sql, (record,)).fetchall()]

    def subjects_of_turned(self, subjects: Sequence[bytes], reasons: Sequence[str]) -> list[bytes]:
        """Of these subjects, the ones of which something was turned away for one of these reasons."""
        found: list[bytes] = []
        for part in parts(subjects):
            sql = f"""SELECT DISTINCT subject FROM turned
                WHERE subject IN ({marks(part)}) AND reason IN ({marks(reasons)})"""  # noqa: S608
            found += [row[0] for row in self._connection().execute(sql, (*part, *reasons))]
        return found

    def senders_of_turned(self, ids: Sequence[bytes]) -> dict[bytes, list[bytes]]:
        """Of these, by node the ones it sent and that were turned away."""
        found: dict[bytes, list[bytes]] = {}
        for part in parts(ids if has_rows(self._connection(), "turned") else ()):
            sql = f"""SELECT p.node, t.record FROM turned t JOIN peers p ON p.number = t.peer
                WHERE t.record IN ({marks(part)}) ORDER BY p.number"""  # noqa: S608
            for node, record in self._connection().execute(sql, part):
                found.setdefault(node, []).append(record)
        return found

    def turned_counts(self) -> dict[str, int]:
        """How many by reason."""
        return dict(self._connection().execute("SELECT reason, count(*) FROM turned GROUP BY reason").fetchall())


class TurnedWrite(TurnedRead):
    """Remembers what was turned away."""

    def turn_away(self, peer: bytes, turned: Iterable[TurnedAway]) -> None:
        """The peer sent these, and they are not held."""
        number = peer_number(self._connection(), peer)
        self._connection().executemany(
            """INSERT INTO turned (peer, record, view, subject, reason, basis, basis_record)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (peer, record) DO UPDATE SET view = excluded.view,
                subject = excluded.subject, reason = excluded.reason, basis = excluded.basis,
                basis_record = excluded.basis_record""",
            [(number, one.record, one.view, one.subject, one.reason, one.basis, one.basis_record) for one in turned],
        )

    def forget_turned(self, ids: Sequence[bytes]) -> None:
        """These are held after all."""
        for part in parts(ids if has_rows(self._connection(), "turned") else ()):
            self._connection().execute(f"DELETE FROM turned WHERE record IN ({marks(part)})", part)  # noqa: S608

    def forget_turned_prefixes(self, peer: bytes, prefixes: Iterable[bytes]) -> None:
        """The peer does not offer these any more."""
        number = peer_number(self._connection(), peer)
        self._connection().executemany(
            "DELETE FROM turned WHERE peer = ? AND record BETWEEN ? AND ?",
            [(number, prefix, prefix + b"\xff" * (ID_BYTES - len(prefix))) for prefix in prefixes],
        )

    def reconsider_all(self, reasons: Iterable[str]) -> None:
        """Something new is known that may concern anybody: what was turned away for these reasons may be sent again."""
        self._connection().executemany("DELETE FROM turned WHERE reason = ?", [(reason,) for reason in reasons])

    def reconsider(self, subjects: Iterable[bytes], reasons: Sequence[str]) -> None:
        """Something new is known of these subjects: what was turned away for one of these reasons may be sent again."""
        for part in parts(list(subjects)):
            sql = f"DELETE FROM turned WHERE subject IN ({marks(part)}) AND reason IN ({marks(reasons)})"  # noqa: S608
            self._connection().execute(sql, (*part, *reasons))
