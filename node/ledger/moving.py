"""Carries over what a step of the schema cannot say in statements alone."""

from node.ledger.notes import prefix
from node.ledger.store import Connection
from node.ledger.sums import Sums, write_sums


def move_views(connection: Connection) -> None:
    """Fill in what was not written with the rows before: 10 s a million."""
    connection.create_function("prefix", 1, prefix, deterministic=True)
    connection.execute("""INSERT INTO views (peer, view, record, prefix, waiting, urgency, basis, basis_record)
        SELECT v.peer, v.view, v.record, prefix(r.id),
            NOT EXISTS (SELECT 1 FROM passed p WHERE p.record = v.record AND p.peer = v.peer),
            v.urgency, v.basis, v.basis_record
        FROM views_before v JOIN records r ON r.seq = v.record ORDER BY v.peer, v.view, v.record""")
    sql = "SELECT peer, view FROM views UNION SELECT peer, view FROM turned"
    for peer, view in connection.execute(sql).fetchall():
        sql = """SELECT r.id FROM views v JOIN records r ON r.seq = v.record WHERE v.peer = ? AND v.view = ?
            UNION SELECT record FROM turned WHERE peer = ? AND view = ?"""
        ids = [row[0] for row in connection.execute(sql, (peer, view, peer, view))]
        write_sums(connection, peer, view, Sums.of(ids))
