"""Forms that are not finished: saved as they are typed, so that a power cut loses a keystroke and not a family."""

import json
from collections.abc import Mapping

from node.ledger.store import Rows


class DraftsRead(Rows):
    """Questions about drafts."""

    def draft(self, operator: str, key: str) -> dict[str, str] | None:
        """What this operator had typed into the form of that key."""
        sql = "SELECT fields FROM drafts WHERE operator = ? AND key = ?"
        row = self._connection().execute(sql, (operator, key)).fetchone()
        return None if row is None else {str(name): str(text) for name, text in json.loads(row[0]).items()}

    def drafts(self, operator: str) -> list[str]:
        """The keys of this operator's drafts, newest first."""
        sql = "SELECT key FROM drafts WHERE operator = ? ORDER BY at_ms DESC, key"
        return [str(row[0]) for row in self._connection().execute(sql, (operator,))]


class DraftsWrite(Rows):
    """Saves and drops drafts."""

    def save_draft(
        self, operator: str, key: str, fields: Mapping[str, str], at_ms: int, *, subject: bytes | None = None
    ) -> None:
        """Save, in place of what was saved under the key. A draft that names its subject goes when they are erased."""
        self._connection().execute(
            "INSERT OR REPLACE INTO drafts (operator, key, subject, at_ms, fields) VALUES (?, ?, ?, ?, ?)",
            (operator, key, subject, at_ms, json.dumps(dict(fields), ensure_ascii=False)),
        )

    def drop_draft(self, operator: str, key: str) -> None:
        """The form was finished or given up."""
        self._connection().execute("DELETE FROM drafts WHERE operator = ? AND key = ?", (operator, key))
