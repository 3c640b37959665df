"""Whose rows are still to be brought up to date: people whose records came in bulk, noted in the same transaction.

A record from outside is durable and verified first, and found a moment later: a row with its search index costs as much
as five signatures. What is typed here is never put off, nor is what protects a person.
"""

from typing import Final

from node.ledger.store import Connection, Rows

PUT_OFF: Final = "INSERT OR IGNORE INTO rows_due (subject) VALUES (?)"
DONE: Final = "DELETE FROM rows_due WHERE subject = ?"

AT_ONCE: Final = 200
"""People whose rows one transaction brings up to date: 50 ms, which a check-in can wait for."""


def has_put_off(connection: Connection) -> bool:
    """Whether anybody's row waits."""
    return connection.execute("SELECT 1 FROM rows_due LIMIT 1").fetchone() is not None


class DueRead(Rows):
    """Questions about what waits."""

    def rows_due(self, at_most: int = -1) -> int:
        """How many people's rows are behind their records; counted up to `at_most`."""
        sql = "SELECT count(*) FROM (SELECT 1 FROM rows_due LIMIT ?)"
        row = self._connection().execute(sql, (at_most,)).fetchone()
        return int(row[0]) if row else 0

    def is_row_due(self, subject: bytes) -> bool:
        """Whether the row of this person is behind."""
        sql = "SELECT 1 FROM rows_due WHERE subject = (SELECT number FROM subjects WHERE subject = ?)"
        return self._connection().execute(sql, (subject,)).fetchone() is not None
