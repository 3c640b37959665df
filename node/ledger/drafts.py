"""Forms that are not finished: saved as they are typed, so that a power cut loses a keystroke and not a family."""

from dataclasses import dataclass

from node.ledger.store import Rows


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as far as it was filled in."""

    id: bytes
    operator: str
    subject: bytes | None
    """Whom it is about, where that person is registered."""
    at_ms: int
    content: bytes
    """As the desk wrote it."""


class DraftsRead(Rows):
    """Questions about drafts."""

    def drafts(self, operator: str) -> list[Draft]:
        """This operator's drafts, newest first."""
        sql = "SELECT id, operator, subject, at_ms, content FROM drafts WHERE operator = ? ORDER BY at_ms DESC, id"
        return [Draft(*row) for row in self._connection().execute(sql, (operator,))]


class DraftsWrite(Rows):
    """Saves and drops drafts."""

    def save_draft(self, draft: Draft) -> None:
        """Save, in place of what was saved under its id."""
        self._connection().execute(
            "INSERT OR REPLACE INTO drafts (id, operator, subject, at_ms, content) VALUES (?, ?, ?, ?, ?)",
            (draft.id, draft.operator, draft.subject, draft.at_ms, draft.content),
        )

    def drop_draft(self, id_: bytes) -> None:
        """The form was finished or given up."""
        self._connection().execute("DELETE FROM drafts WHERE id = ?", (id_,))
