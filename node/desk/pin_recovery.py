"""The way back for the only chief, who forgot their PIN: whoever can open the store lends them another, seen by all.

A PIN says who is at the keyboard; it does not lock the ledger, the store's key does. So who has that key can do no more
by this than before, but they can do it in another's name: that is why it is logged apart, and stands on every screen
and in `moyai status` until somebody else of the staff has said that they know of it.
"""

import json
from dataclasses import dataclass
from typing import Final

from node.desk.operators import Operators, OperatorView
from node.desk.post import Post
from node.desk.rights import Role
from node.errors.staff import AnotherChief, NotAChief, NothingToAcknowledge, NotTheirs
from node.ledger import AuditEntry, Ledger, Writing
from node.vault import PIN_RECOVERED

RECOVER: Final = "operator-pin-recovered"
ACKNOWLEDGE: Final = "operator-pin-acknowledged"


@dataclass(frozen=True, slots=True)
class Recovered:
    """A PIN that was given anew from outside."""

    code: str
    by: str
    """The login name of who did it."""
    at_ms: int


STANDS_MS: Final = 30 * 86_400_000
"""For so long it waits for those who worked here."""


def recovered(ledger: Ledger) -> Recovered | None:
    """What nobody has acknowledged yet."""
    kept = ledger.secret(PIN_RECOVERED)
    return Recovered(**json.loads(kept)) if kept else None


@dataclass(frozen=True, slots=True)
class PinRecovery:
    """Giving a PIN anew, and saying that one knows of it."""

    post: Post
    operators: Operators

    def recover(self, code: str, pin: str) -> OperatorView:
        """Lend the only chief a PIN; needs nobody's leave but the store's key, which opened the ledger.

        Raises:
            OperatorUnknown: nobody of that code works here.
            NotAChief: they do, but are none.
            AnotherChief: another chief can do it, under their own name.
            PinTooPlain: then the old one stands.
        """
        chiefs = [row.code for row in self.post.ledger.operators() if row.role == Role.CHIEF and not row.retired_at_ms]
        if self.operators.one(code).code not in chiefs:
            raise NotAChief
        if len(chiefs) > 1:
            raise AnotherChief
        row = self.operators.lent(code, pin)
        told = {"code": code, "by": self.post.operator, "at_ms": self.post.now_ms()}
        with self.post.ledger.write() as writing:
            writing.put_operator(row)
            writing.set_secret(PIN_RECOVERED, json.dumps(told).encode())
            self._log(writing, RECOVER, code)
        return self.operators.one(code)

    def acknowledge(self) -> Recovered:
        """Somebody of the staff knows of it: another than whose PIN it is, who worked here before, where there was one.

        Raises:
            NothingToAcknowledge: no PIN was given anew, or somebody has said so already.
            NotTheirs: it is their own PIN, or they were made staff since, and others worked here; after thirty days
                anybody may.
        """
        waiting = recovered(self.post.ledger)
        if waiting is None:
            raise NothingToAcknowledge
        if not self._may_acknowledge(waiting):
            raise NotTheirs
        with self.post.ledger.write() as writing:
            writing.set_secret(PIN_RECOVERED, b"")
            self._log(writing, ACKNOWLEDGE, waiting.code)
        return waiting

    def mine_to_acknowledge(self) -> Recovered | None:
        """What waits for this operator to say that they know of it; None: nothing does, or it waits for others."""
        waiting = recovered(self.post.ledger)
        return waiting if waiting is not None and self._may_acknowledge(waiting) else None

    def _may_acknowledge(self, waiting: Recovered) -> bool:
        others = self._who_worked_here(waiting)
        return not others or self.post.operator in others or self.post.now_ms() - waiting.at_ms >= STANDS_MS

    def _who_worked_here(self, waiting: Recovered) -> set[str]:
        """The others at that time, also those who were retired since: a chief must not send away whoever would ask."""
        return {
            row.code
            for row in self.post.ledger.operators()
            if row.code != waiting.code
            and row.added_at_ms < waiting.at_ms
            and (row.retired_at_ms is None or row.retired_at_ms >= waiting.at_ms)
        }

    def _log(self, writing: Writing, act: str, about: str) -> None:
        writing.log(
            AuditEntry(
                at_ms=self.post.now_ms(),
                act=act,
                operator=self.post.operator,
                node=self.post.pen.node,
                organisation=self.post.organisation,
                purpose=f"staff:{about}",
            )
        )
