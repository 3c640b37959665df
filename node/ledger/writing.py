"""One transaction in which the ledger is written, joined from what each room can write; it can read itself as well."""

from node.ledger.acts import ActsWrite
from node.ledger.adding import ViewsWrite
from node.ledger.alike import AlikeWrite
from node.ledger.audit import AuditWrite
from node.ledger.batch import Batch
from node.ledger.drafts import DraftsWrite
from node.ledger.erasure import ErasureWrite
from node.ledger.ids import move_slices
from node.ledger.inquiries import InquiriesWrite
from node.ledger.lives import LivesWrite
from node.ledger.names import NamesWrite
from node.ledger.numbers import read_number
from node.ledger.operators import OperatorsWrite
from node.ledger.peers import PeersWrite
from node.ledger.progress import ProgressWrite
from node.ledger.quarantine import QuarantineWrite
from node.ledger.reading import Reading
from node.ledger.shares import SharesWrite
from node.ledger.sieve import Sieve
from node.ledger.store import Connection
from node.ledger.turned import TurnedWrite
from node.ledger.viewing import ViewRowsWrite


class Writing(
    ErasureWrite,
    LivesWrite,
    NamesWrite,
    OperatorsWrite,
    InquiriesWrite,
    AuditWrite,
    SharesWrite,
    PeersWrite,
    QuarantineWrite,
    DraftsWrite,
    ActsWrite,
    TurnedWrite,
    ProgressWrite,
    ViewsWrite,
    ViewRowsWrite,
    AlikeWrite,
    Reading,
):
    """What can be done inside `with ledger.write()`. What it reads includes what it has written so far.

    Person and place rows are the exception: they are brought up to date when the block ends, once for each subject
    that was touched.
    """

    def __init__(self, connection: Connection, sieve: Sieve) -> None:
        self._sieve = sieve
        self._open = connection
        self._taken = {}
        self._issued = set()
        self._batch = Batch(connection, sieve)
        self._filled_of_fresh = {}
        self._kept_of_fresh = {}
        self._touched = {}
        self._puts_off_rows = False
        self._not_put_off = set()
        self._audit_tail = None
        self._logged_now = 0
        self._changes_before = connection.total_changes
        self._has_erased = False

    @property
    def has_erased(self) -> bool:
        """Whether the log must be folded once this is committed."""
        return self._has_erased

    @property
    def reached(self) -> dict[str, int]:
        """How far this transaction has taken the numbers that are marked beside the ledger."""
        taken = {name: self._taken[name] for name in ("counter", "clock") if name in self._taken}
        return taken | ({"entries": self._audit_tail[0]} if self._audit_tail else {})

    def finish(self) -> None:
        """Bring everything that follows from the records up to date; the ledger calls it just before it commits."""
        self._write_touched()
        self._add_notes()
        if "seq" in self._taken:
            move_slices(self._open, read_number(self._open, "seq"), self._taken["seq"])
        if self._has_erased:
            self._take("erased", self._number("erased") + 1)
        self._write_numbers(changed=self._open.total_changes - self._changes_before > self._logged_now)

    def committed(self) -> None:
        """Tell the sieve what was written."""
        if self._batch.added:
            self._sieve.note(self._batch.added, after=self._batch.first_seq - 1, up_to=self._number("seq"))

    def _connection(self) -> Connection:
        return self._open
