"""One transaction in which the ledger is written, joined from what each room can write; it can read itself as well."""

from node.ledger.audit import AuditWrite
from node.ledger.keeping import KeepingWrite
from node.ledger.names import NamesWrite
from node.ledger.reading import Reading
from node.ledger.store import Connection


class Writing(KeepingWrite, NamesWrite, AuditWrite, Reading):
    """What can be done inside `with ledger.write()`. What it reads includes what it has written so far.

    Person and place rows are the exception: they are brought up to date when the block ends, once for each subject
    that was touched.
    """

    def __init__(self, connection: Connection) -> None:
        self._open = connection
        self._taken = {}
        self._numbers_of = {}
        self._slots_of_fresh = {}
        self._touched = {}
        self._audit_tail = None

    def finish(self) -> None:
        """Bring everything that follows from the records up to date; the ledger calls it just before it commits."""
        self._write_touched()
        self._write_numbers()

    def _connection(self) -> Connection:
        return self._open
