"""The nodes we have spoken with: when last, how it ended, and how long their log was then."""

# What is joined into statements here are this module's own constants; values are always bound.

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from node.ledger.store import Connection, Rows

OPEN: Final = "OPEN"
SETTLED: Final = ("DONE", OPEN, "BY_HAND")
"""The reasons of a conversation that came to its end, of one that came to rest and stays open, and of a bundle that was
read."""

UNDER_WAY: Final = "GREETED"
"""The reason while a conversation moves records: neither well nor not yet."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How things stand with a peer."""

    node: bytes
    organisation: str
    """Code of its organisation; empty until it was first greeted."""
    endpoints: tuple[str, ...]
    """Where it was last reached or known to listen."""
    last_try_ms: int | None
    """When a conversation last ended, well or not."""
    last_done_ms: int | None
    """When one last came to its end: everything before is on both sides."""
    failing_since_ms: int | None
    """When the first try failed since it last went well; None: the last one did."""
    last_reason: str
    """How the last one ended: "DONE", or why not; "OPEN" or "GREETED" while it lasts; empty: there was none yet."""
    waiting: int
    """Records of its view that have not passed."""
    bytes_per_second: int | None = None
    """How fast the line to it last was; None: never measured."""


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

    def contacts(self) -> list[Contact]:
        """The same, at little cost: what waits is not counted, and said to be 0."""
        return [_contact(row) for row in self._connection().execute(f"{_UNCOUNTED} ORDER BY organisation, node")]

    def organisations_of_peers(self) -> dict[bytes, str]:
        """Whose each peer node is, of those that have greeted."""
        sql = "SELECT node, organisation FROM peers WHERE organisation != ''"
        return dict(self._connection().execute(sql).fetchall())

    def peer(self, node: bytes) -> Contact | None:
        """How things stand with this one."""
        row = self._connection().execute(f"{_CONTACT} WHERE node = ?", (node,)).fetchone()
        return None if row is None else _contact(row)

    def line_speed(self, node: bytes) -> int | None:
        """How fast the line to this one last was, in bytes a second; None: never measured."""
        row = self._connection().execute("SELECT bytes_per_second FROM peers WHERE node = ?", (node,)).fetchone()
        return None if row is None else row[0]

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

    def contact(
        self, node: bytes, *, organisation: str, reason: str, at_ms: int, endpoints: Sequence[str] = ()
    ) -> None:
        """A conversation has ended, well ("DONE", "BY_HAND") or not; or it has begun ("GREETED"), or rests ("OPEN")."""
        number, done = peer_number(self._connection(), node), int(reason in SETTLED)
        self._connection().execute(
            """UPDATE peers SET organisation = ?, last_reason = ?, last_try_ms = ?,
                endpoints = CASE WHEN ? != '' THEN ? ELSE endpoints END,
                last_done_ms = CASE WHEN ? THEN ? ELSE last_done_ms END,
                failing_since_ms = CASE WHEN ? THEN NULL WHEN ? THEN failing_since_ms
                    ELSE ifnull(failing_since_ms, ?) END WHERE number = ?""",
            (
                *(organisation, reason, at_ms, *(" ".join(endpoints),) * 2),
                *(done, at_ms, done, int(reason == UNDER_WAY), at_ms, number),
            ),
        )

    def none_open(self) -> None:
        """What was open when the last process that spoke was killed is open no more: nobody could write that down."""
        sql = "UPDATE peers SET last_reason = 'STOPPING' WHERE last_reason IN (?, ?)"
        self._connection().execute(sql, (OPEN, UNDER_WAY))

    def met(self, node: bytes, organisation: str) -> None:
        """Whose node this is, as its certificate says; nothing is known of a contact yet."""
        number = peer_number(self._connection(), node)
        sql = "UPDATE peers SET organisation = ? WHERE number = ? AND organisation = ''"
        self._connection().execute(sql, (organisation, number))

    def measured(self, node: bytes, bytes_per_second: int) -> None:
        """How fast the line to this peer was just now."""
        number = peer_number(self._connection(), node)
        self._connection().execute("UPDATE peers SET bytes_per_second = ? WHERE number = ?", (bytes_per_second, number))

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


_COLUMNS: Final = "node, organisation, endpoints, last_try_ms, last_done_ms, failing_since_ms, last_reason"
_WAITING: Final = "(SELECT count(*) FROM views v INDEXED BY views_waiting WHERE v.peer = number AND v.waiting)"
_CONTACT: Final = f"SELECT {_COLUMNS}, {_WAITING}, bytes_per_second FROM peers"  # noqa: S608 -- constants
_UNCOUNTED: Final = f"SELECT {_COLUMNS}, 0, bytes_per_second FROM peers"  # noqa: S608


def peer_number(connection: Connection, node: bytes) -> int:
    """The number of a peer; it is given one where it has none."""
    row = connection.execute("SELECT number FROM peers WHERE node = ?", (node,)).fetchone()
    if row is None:
        row = connection.execute("INSERT INTO peers (node) VALUES (?) RETURNING number", (node,)).fetchone()
    assert row is not None  # noqa: S101
    return int(row[0])


def _contact(row: tuple[Any, ...]) -> Contact:
    node, organisation, endpoints, *rest = row
    return Contact(node, organisation, tuple(endpoints.split()), *rest)
