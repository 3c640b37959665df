"""Reads what a ledger keeps under a name, beside whoever has it open, and changes nothing about the file."""

from contextlib import closing
from pathlib import Path

from node.ledger.names import NamesRead
from node.ledger.store import Connection, connect_reading


class Glimpse(NamesRead):
    """One reading connection, as long as it takes."""

    def __init__(self, reading: Connection) -> None:
        self._reading = reading

    def _connection(self) -> Connection:
        return self._reading


def secrets_of(path: Path, key: bytes, *names: str) -> list[bytes | None]:
    """What stands under these names.

    Raises:
        LedgerRefused: the file does not open with this key.
    """
    with closing(connect_reading(path, key)) as reading:
        glimpse = Glimpse(reading)
        return [glimpse.secret(name) for name in names]
