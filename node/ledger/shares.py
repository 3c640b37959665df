"""What has passed between us and each peer, who holds something about whom, and the views worked out so far."""

# What is joined into statements here are this module's own constants; values are always bound.
# ruff: noqa: S608

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import Final

from node.ledger.batch import Batch
from node.ledger.ids import IN_ORDER, of_ids, seqs_of
from node.ledger.peers import peer_number
from node.ledger.records import marks, parts
from node.ledger.store import Rows, Value
from node.ledger.views import nothing_root

PERSON: Final = 1
AGREED_AT_ONCE: Final = 2_000
"""Records found to have passed that are marked in one transaction: a twentieth of a second."""
_PEER: Final = "(SELECT number FROM peers WHERE node = ?)"
_SUBJECT: Final = "(SELECT number FROM subjects WHERE subject = ?)"


class Direction(IntFlag):
    """Which way a record went."""

    IN = 1
    OUT = 2


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One record of a peer's view, with the ground it would go on."""

    record: bytes
    """Record id."""
    view: int
    """One of `moyai.v1.View`."""
    basis: int
    basis_record: bytes
    urgency: int
    """Lower goes first."""


class SharesRead(Rows):
    """Questions about what was shared."""

    def passed(self, peer: bytes, subject: bytes | None = None) -> set[bytes]:
        """Ids of records that are durable on both sides, as far as we still hold them ourselves."""
        sql = f"SELECT r.id FROM passed p JOIN records r ON r.seq = p.record WHERE p.peer = {_PEER}"
        values: tuple[Value, ...] = (peer,)
        if subject is not None:
            sql = f"""SELECT r.id FROM records r JOIN passed p ON p.record = r.seq AND p.peer = {_PEER}
                WHERE r.subject = {_SUBJECT}"""
            values = (peer, subject)
        return {row[0] for row in self._connection().execute(sql, values)}

    def passed_among(self, peer: bytes, ids: Sequence[bytes]) -> set[bytes]:
        """Which of these are durable on both sides."""
        found: set[bytes] = set()
        for part in parts(ids):
            sql = f"SELECT r.id FROM {of_ids(part, IN_ORDER)} JOIN passed p ON p.record = r.seq AND p.peer = {_PEER}"
            found.update(row[0] for row in self._connection().execute(sql, (*part, peer)))
        return found

    def came_among(self, peer: bytes, ids: Sequence[bytes]) -> set[bytes]:
        """Which of these the peer itself has sent before."""
        found: set[bytes] = set()
        for part in parts(ids):
            sql = f"""SELECT r.id FROM {of_ids(part, IN_ORDER)}
                JOIN passed p ON p.record = r.seq AND p.peer = {_PEER} AND p.direction & ?"""
            found.update(row[0] for row in self._connection().execute(sql, (*part, peer, int(Direction.IN))))
        return found

    def passed_directions(self, peer: bytes, subject: bytes) -> dict[bytes, Direction]:
        """Of the subject's records that have passed, which way each went."""
        sql = f"""SELECT r.id, p.direction FROM records r JOIN passed p ON p.record = r.seq AND p.peer = {_PEER}
            WHERE r.subject = {_SUBJECT}"""
        return {id_: Direction(way) for id_, way in self._connection().execute(sql, (peer, subject))}

    def passed_directions_many(self, peer: bytes, subjects: Sequence[bytes]) -> dict[bytes, dict[bytes, Direction]]:
        """As `passed_directions`, for many subjects at once."""
        found: dict[bytes, dict[bytes, Direction]] = {subject: {} for subject in subjects}
        for part in parts(list(found)):
            sql = f"""SELECT s.subject, r.id, p.direction FROM subjects s JOIN records r ON r.subject = s.number
                JOIN passed p ON p.record = r.seq AND p.peer = {_PEER} WHERE s.subject IN ({marks(part)})"""
            for subject, id_, way in self._connection().execute(sql, (peer, *part)):
                found[subject][id_] = Direction(way)
        return found

    def shared_with(self, ids: Sequence[bytes]) -> dict[bytes, list[bytes]]:
        """Of these records, by node the ones that have passed between us and it, either way."""
        found: dict[bytes, list[bytes]] = {}
        for part in parts(ids):
            sql = f"""SELECT p.node, r.id FROM {of_ids(part, IN_ORDER)} CROSS JOIN passed d ON d.record = r.seq
                JOIN peers p ON p.number = d.peer ORDER BY p.number, r.seq"""
            for node, id_ in self._connection().execute(sql, part):
                found.setdefault(node, []).append(id_)
        return found

    def holders(self, subject: bytes) -> set[bytes]:
        """Node ids of the peers that have held something about this person; outlives our own erasure."""
        sql = f"SELECT p.node FROM holders h JOIN peers p ON p.number = h.peer WHERE h.subject = {_SUBJECT}"
        return {row[0] for row in self._connection().execute(sql, (subject,))}

    def holders_many(self, subjects: Sequence[bytes]) -> dict[bytes, set[bytes]]:
        """As `holders`, for many people at once; nobody's are left out."""
        found: dict[bytes, set[bytes]] = {}
        for part in parts(subjects):
            sql = f"""SELECT s.subject, p.node FROM subjects s JOIN holders h ON h.subject = s.number
                JOIN peers p ON p.number = h.peer WHERE s.subject IN ({marks(part)})"""
            for subject, node in self._connection().execute(sql, part):
                found.setdefault(subject, set()).add(node)
        return found

    def subjects_held_by(self, peer: bytes) -> set[bytes]:
        """The people about whom this peer has held something."""
        sql = f"SELECT s.subject FROM holders h JOIN subjects s ON s.number = h.subject WHERE h.peer = {_PEER}"
        return {row[0] for row in self._connection().execute(sql, (peer,))}

    def view_rows(self, peer: bytes, ids: Sequence[bytes] | None = None) -> list[ViewRow]:
        """The rows of the view, or of these records; most urgent first, then the newest arrival."""
        columns = "SELECT r.id, v.view, v.basis, v.basis_record, v.urgency, v.record FROM"
        if ids is None:
            sql = f"{columns} views v CROSS JOIN {IN_ORDER} ON r.seq = v.record WHERE v.peer = {_PEER}"
            found = self._connection().execute(sql, (peer,)).fetchall()
        else:
            found = []
            for part in parts(ids):
                sql = f"{columns} {of_ids(part, IN_ORDER)} CROSS JOIN views v ON v.record = r.seq AND +v.peer = {_PEER}"
                found += self._connection().execute(sql, (*part, peer)).fetchall()
        found.sort(key=lambda row: (row[4], -row[5]))
        return [ViewRow(*row[:5]) for row in found]

    def view_rows_about(self, peer: bytes, subjects: Sequence[bytes]) -> list[ViewRow]:
        """The rows of these subjects in both views, in no order."""
        found = []
        for part in parts(subjects):
            sql = f"""SELECT r.id, v.view, v.basis, v.basis_record, v.urgency FROM subjects s
                CROSS JOIN records r ON r.subject = s.number CROSS JOIN views v ON v.record = r.seq
                AND +v.peer = {_PEER} WHERE s.subject IN ({marks(part)})"""
            found += [ViewRow(*row) for row in self._connection().execute(sql, (peer, *part))]
        return found


class SharesWrite(Rows):
    """Remembers what was shared."""

    _batch: Batch

    def mark_passed(self, peer: bytes, ids: Collection[bytes], direction: Direction) -> None:
        """These records are durable on both sides. Those we don't hold are passed over.

        Who sends what does not count, or gets it back, is no holder by it: or anyone could become one by naming a
        person.
        """
        connection, number = self._connection(), peer_number(self._connection(), peer)
        fresh = self._batch.fresh
        found: list[tuple[int, int | None]] = [fresh[id_] for id_ in ids if id_ in fresh]
        for part in parts([id_ for id_ in ids if id_ not in fresh]):
            sql = f"""SELECT r.seq, CASE WHEN r.counts AND s.kind = {PERSON} THEN s.number END
                FROM {of_ids(part)} CROSS JOIN subjects s ON s.number = r.subject"""
            found += connection.execute(sql, part).fetchall()
        connection.executemany(
            """INSERT INTO passed (peer, record, direction) VALUES (?, ?, ?)
                ON CONFLICT (record, peer) DO UPDATE SET direction = direction | excluded.direction""",
            [(number, seq, int(direction)) for seq, _ in found],
        )
        holding = {subject for _, subject in found if subject is not None}
        sql = "INSERT OR IGNORE INTO holders (peer, subject) VALUES (?, ?)"
        connection.executemany(sql, [(number, subject) for subject in holding])
        connection.executemany("DELETE FROM unsent WHERE record = ?", [(seq,) for seq, _ in found])

    def mark_agreed(self, peer: bytes, view: int, root: bytes) -> int | None:
        """Both views were found equal at this root: what the peer has without our sending it, it has from others.

        Marks no more than `AGREED_AT_ONCE`, since others wait to write; returns how many. None: the root of the view is
        not this one any more, and nothing is marked.
        """
        connection, number = self._connection(), peer_number(self._connection(), peer)
        if self._root_of(number, view) != root:
            return None
        sql = "SELECT record FROM views INDEXED BY views_waiting WHERE peer = ? AND view = ? AND waiting LIMIT ?"
        missing = connection.execute(sql, (number, view, AGREED_AT_ONCE)).fetchall()
        connection.executemany("DELETE FROM unsent WHERE record = ?", missing)
        connection.executemany(
            """INSERT OR IGNORE INTO holders (peer, subject) SELECT ?, s.number FROM records r
                JOIN subjects s ON s.number = r.subject WHERE r.seq = ? AND r.counts AND s.kind = ?""",
            [(number, record, PERSON) for (record,) in missing],
        )
        connection.executemany(
            "INSERT OR IGNORE INTO passed (peer, record, direction) VALUES (?, ?, ?)",
            [(number, record, int(Direction.IN)) for (record,) in missing],
        )
        return len(missing)

    def _root_of(self, number: int, view: int) -> bytes:
        sql = "SELECT root FROM view_sums WHERE peer = ? AND view = ?"
        row = self._connection().execute(sql, (number, view)).fetchone()
        return nothing_root() if row is None else row[0]

    def about_to_hold(self, peer: bytes, ids: Iterable[bytes]) -> None:
        """These are on their way to the peer in a bundle, which nobody can call back: it counts as a holder from now
        on, so that a withdrawal goes after them. They have not passed."""
        number = peer_number(self._connection(), peer)
        self._connection().executemany(
            f"""INSERT OR IGNORE INTO holders (peer, subject) SELECT ?, s.number FROM records r JOIN subjects s
                ON s.number = r.subject WHERE r.seq IN {seqs_of("?")} AND r.id = ? AND s.kind = ? AND r.counts""",
            [(number, id_, id_, PERSON) for id_ in ids],
        )

    def forget_passed(self, peer: bytes, ids: Iterable[bytes]) -> None:
        """The peer has been told to erase these."""
        number = peer_number(self._connection(), peer)
        sql = f"""DELETE FROM passed WHERE peer = ?
            AND record IN (SELECT seq FROM records WHERE seq IN {seqs_of("?")} AND id = ?)"""
        self._connection().executemany(sql, [(number, id_, id_) for id_ in ids])

    def note_holder(self, peer: bytes, subjects: Iterable[bytes]) -> None:
        """The peer holds something about these people that is not held here."""
        number = peer_number(self._connection(), peer)
        self._connection().executemany(
            "INSERT OR IGNORE INTO holders (peer, subject) SELECT ?, number FROM subjects WHERE subject = ?",
            [(number, subject) for subject in subjects],
        )

    def forget_holder(self, peer: bytes, subject: bytes) -> None:
        """The peer has confirmed that it holds nothing about this person any more."""
        self._connection().execute(
            f"DELETE FROM holders WHERE peer = {_PEER} AND subject = {_SUBJECT}", (peer, subject)
        )
