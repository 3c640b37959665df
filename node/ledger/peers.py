"""The nodes we have spoken with: when last, how it ended, and how long their log was then."""

# What is joined into statements here are this module's own constants; values are always bound.

from dataclasses import dataclass
from typing import Any, Final

from node.ledger.store import Connection, Rows

SETTLED: Final = "DONE"
"""The reason of a conversation that came to its end."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How things stand with a peer."""

    node: bytes
    organisation: str
    """Code of its organisation; empty until it was first greeted."""
    at_ms: int | None
    """When a conversation last ended, well or not."""
    reason: str
    """How it ended: "DONE", or why not; empty where there was none yet."""
    settled_ms: int | None
    """When one last came to its end: everything before is on both sides."""


@dataclass(frozen=True, slots=True)
class Witness:
    """The head of a peer's log as it told us, kept so that the peer can't rewrite what lies before."""

    node: bytes
    length: int
    head: bytes
    at_ms: int


class PeersRead(Rows):
    """Questions about peers."""

    def peers(self) -> list[Contact]:
        """Every node we have ever spoken or shared with."""
        return [_contact(row) for row in self._connection().execute(f"{_CONTACT} ORDER BY organisation, node")]

    def peer(self, node: bytes) -> Contact | None:
        """How things stand with this one."""
        row = self._connection().execute(f"{_CONTACT} WHERE node = ?", (node,)).fetchone()
        return None if row is None else _contact(row)

    def witness(self, node: bytes) -> Witness | None:
        """The longest log the peer has told us of."""
        sql = """SELECT length, head, at_ms FROM witnesses WHERE peer = (SELECT number FROM peers WHERE node = ?)
            ORDER BY length DESC, at_ms LIMIT 1"""
        row = self._connection().execute(sql, (node,)).fetchone()
        return None if row is None else Witness(node, *row)

    def broken_witnesses(self) -> list[Witness]:
        """What peers told us of their logs that can't be true beside what they told us before: evidence."""
        sql = """SELECT p.node, w.length, w.head, w.at_ms FROM witnesses w JOIN peers p ON p.number = w.peer
            WHERE w.broken ORDER BY w.at_ms"""
        return [Witness(*row) for row in self._connection().execute(sql)]


class PeersWrite(PeersRead):
    """Remembers what happened with a peer."""

    def contact(self, node: bytes, *, organisation: str, reason: str, at_ms: int) -> None:
        """A conversation has ended."""
        number = peer_number(self._connection(), node)
        self._connection().execute(
            """UPDATE peers SET organisation = ?, reason = ?, at_ms = ?,
                settled_ms = CASE WHEN ? THEN ? ELSE settled_ms END WHERE number = ?""",
            (organisation, reason, at_ms, int(reason == SETTLED), at_ms, number),
        )

    def witnessed(self, node: bytes, *, length: int, head: bytes, at_ms: int) -> bool:
        """Keep what a peer says of its log. False: it has become shorter, or another; both are kept as evidence."""
        before = self.witness(node)
        connection, peer = self._connection(), peer_number(self._connection(), node)
        holds = before is None or length > before.length or (length, head) == (before.length, before.head)
        if holds:
            connection.execute("DELETE FROM witnesses WHERE peer = ? AND NOT broken", (peer,))
        connection.execute(
            "INSERT OR REPLACE INTO witnesses (peer, length, head, at_ms, broken) VALUES (?, ?, ?, ?, ?)",
            (peer, length, head, at_ms, int(not holds)),
        )
        return holds


_CONTACT: Final = "SELECT node, organisation, at_ms, reason, settled_ms FROM peers"


def peer_number(connection: Connection, node: bytes) -> int:
    """The number of a peer; it is given one where it has none."""
    row = connection.execute("SELECT number FROM peers WHERE node = ?", (node,)).fetchone()
    if row is None:
        row = connection.execute("INSERT INTO peers (node) VALUES (?) RETURNING number", (node,)).fetchone()
    assert row is not None  # noqa: S101
    return int(row[0])


def _contact(row: tuple[Any, ...]) -> Contact:
    return Contact(*row)
