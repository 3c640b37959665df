"""Erases: what is erased leaves no trace in the file, and a suppression keeps an old copy from coming back."""

# What is joined into statements here are this module's own constants; values are always bound.
# ruff: noqa: S608

from collections.abc import Collection
from typing import Final

from node.ledger import versions
from node.ledger.ids import WHERE_IT_IS, drop_id
from node.ledger.keeping import KeepingWrite
from node.records import kinds
from node.records.version import VersionVector, merge

_STAYS: Final = frozenset({kinds.ERASURE, kinds.RECEIPT})
"""Say nothing of the person, and are what makes an erasure stick."""


class ErasureWrite(KeepingWrite):
    """Erases in the open transaction; `secure_delete` overwrites the pages, and the log is folded after the commit."""

    _has_erased: bool

    def erase(
        self, subject: bytes, facets: Collection[int] | None = None, *, keep_control: bool = False
    ) -> list[bytes]:
        """Erase these facets of a subject, or all; with history, rows, search, quarantine, drafts, and what
        inquiries say of them.

        Args:
            subject: whom.
            facets: which; None: all.
            keep_control: leave consents, protection and closure, whatever `facets` says. An erasure and the receipts
                for it stay in any case.

        Returns:
            The ids of the records that were erased.
        """
        spared = kinds.PERSON_CONTROL if keep_control else _STAYS
        sql = "SELECT id, facet FROM records WHERE subject = (SELECT number FROM subjects WHERE subject = ?)"
        wanted = [
            id_
            for id_, facet in self._connection().execute(sql, (subject,)).fetchall()
            if facet not in spared and (facets is None or facet in facets)
        ]
        self._erase_unfinished(subject, facets)
        return self.erase_records(wanted)

    def erase_records(self, ids: Collection[bytes]) -> list[bytes]:
        """Erase single records; what they had put an end to is head again. Returns the ids that were held."""
        connection = self._connection()
        erased, slots = [], set()
        for id_ in ids:
            row = connection.execute(WHERE_IT_IS, (id_, id_)).fetchone()
            if row is None:
                continue
            seq, *slot = row
            # Views first: what leaves one is noted by the record's id, and need not be marked as waiting any more.
            for table in ("views", "passed", "unsent"):
                connection.execute(f"DELETE FROM {table} WHERE record = ?", (seq,))
            connection.execute("DELETE FROM records WHERE seq = ?", (seq,))
            drop_id(connection, id_, seq)
            self._batch.known.discard(id_)
            self._batch.fresh.pop(id_, None)
            erased.append(id_)
            slots.add(tuple(slot))
        for subject, facet, slot_id in slots:
            self._settle_heads(subject, facet, slot_id)
            self._touched[subject] = self._next_seq()
        self._has_erased = self._has_erased or bool(erased)
        return erased

    def suppress(self, subject: bytes, facets: Collection[int] | None, up_to: VersionVector, because_of: bytes) -> None:
        """Refuse from now on what has been erased.

        Args:
            subject: whom.
            facets: of these, versions that do not dominate `up_to` are refused; None: everything about the subject.
            up_to: added to what an earlier suppression of the facet says.
            because_of: id of the erasure or withdrawal.
        """
        for facet in [0] if facets is None else sorted(facets):
            sql = "SELECT up_to FROM suppressions WHERE subject = ? AND facet = ?"
            before = self._connection().execute(sql, (subject, facet)).fetchone()
            vector = merge([up_to, versions.from_bytes(before[0])]) if before else up_to
            self._connection().execute(
                "INSERT OR REPLACE INTO suppressions (subject, facet, up_to, because_of) VALUES (?, ?, ?, ?)",
                (subject, facet, versions.to_column(vector), because_of),
            )

    def _erase_unfinished(self, subject: bytes, facets: Collection[int] | None) -> None:
        connection = self._connection()
        self._has_erased = True
        connection.execute("DELETE FROM drafts WHERE subject = ?", (subject,))
        if facets is None:
            connection.execute("UPDATE inquiries SET sought = '{}' WHERE subject = ?", (subject,))
            connection.execute("DELETE FROM quarantine WHERE subject = ?", (subject,))
            return
        sql = "DELETE FROM quarantine WHERE subject = ? AND facet = ?"
        connection.executemany(sql, [(subject, facet) for facet in facets])
