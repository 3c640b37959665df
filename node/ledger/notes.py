"""Takes a note of every id that comes into a view or leaves it, so that no statement can change one unseen.

The view of a peer is what its rows name together with what the peer sent and is not held. Triggers of the connection
that writes note each coming (+1) and going (-1) in a table of its own memory; what came and went in one transaction
comes to nothing. `sums` adds the rest to what is kept of the view before the transaction is committed.
"""

from typing import Final

from node.ledger.ids import seqs_of
from node.ledger.store import Connection

PREFIX_BYTES: Final = 8

_TURNED: Final = """SELECT 1 FROM turned t WHERE t.peer = {row}.peer AND t.view = {row}.view
    AND t.record = (SELECT id FROM records WHERE seq = {row}.record)"""
_ROW: Final = f"""SELECT 1 FROM views v WHERE v.peer = {{row}}.peer AND v.view = {{row}}.view
    AND v.record IN (SELECT seq FROM records WHERE seq IN {seqs_of("{row}.record")} AND id = {{row}}.record)"""  # noqa: S608 -- constants
_OF_ROW: Final = "(SELECT id FROM records WHERE seq = {row}.record)"
_OF_TURNED: Final = "{row}.record"


def _trigger(event: str, table: str, *notes: tuple[str, int]) -> str:
    """A trigger that notes of the row how its id came or went, unless the other table names it for the view too."""
    elsewhere, id_ = (_TURNED, _OF_ROW) if table == "views" else (_ROW, _OF_TURNED)
    body = " ".join(
        f"INSERT INTO view_notes SELECT {row}.peer, {row}.view, {id_.format(row=row)}, {sign}"
        f" WHERE NOT EXISTS ({elsewhere.format(row=row)});"
        for row, sign in notes
    )
    name = f"{table}_{event.split(maxsplit=1)[0].lower()}_noted"
    return f"CREATE TEMP TRIGGER {name} AFTER {event} ON main.{table} BEGIN {body} END"


_STATEMENTS: Final = (
    """CREATE TEMP TABLE view_notes (peer INTEGER NOT NULL, view INTEGER NOT NULL, id BLOB NOT NULL,
        sign INTEGER NOT NULL) STRICT""",
    *(
        _trigger(event, table, *notes)
        for table in ("views", "turned")
        for event, notes in (
            ("INSERT", (("NEW", 1),)),
            ("DELETE", (("OLD", -1),)),
            ("UPDATE OF peer, view, record", (("OLD", -1), ("NEW", 1))),
        )
    ),
)


def take_notes(connection: Connection) -> None:
    """Begin to note what this connection changes."""
    for statement in _STATEMENTS:
        connection.execute(statement)


def prefix(id_: bytes) -> int:
    """The first 8 bytes of an id as a column holds them: the 64 bits of a symbol, read with a sign."""
    return int.from_bytes(id_[:PREFIX_BYTES], "big", signed=True)
