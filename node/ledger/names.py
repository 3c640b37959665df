"""What the ledger keeps under a name: the node's own secrets, and settings that must travel with the file."""

from node.ledger.store import Rows


class NamesRead(Rows):
    """Reads what was kept under a name."""

    def secret(self, name: str) -> bytes | None:
        """A secret, encrypted at rest with everything else."""
        row = self._connection().execute("SELECT value FROM secrets WHERE name = ?", (name,)).fetchone()
        return None if row is None else bytes(row[0])

    def meta(self, name: str) -> str | None:
        """A setting."""
        row = self._connection().execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])


class NamesWrite(Rows):
    """Keeps something under a name, in place of what was there."""

    def set_secret(self, name: str, value: bytes) -> None:
        """Keep a secret; what it replaces is overwritten."""
        self._connection().execute("INSERT OR REPLACE INTO secrets (name, value) VALUES (?, ?)", (name, value))

    def set_meta(self, name: str, value: str) -> None:
        """Keep a setting."""
        self._connection().execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))

    def drop_meta(self, name: str) -> None:
        """Forget a setting."""
        self._connection().execute("DELETE FROM meta WHERE name = ?", (name,))
