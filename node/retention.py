"""Erases kept safety inquiries when their time is over: who asked, after whom, why, and what they were told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from node.disasters import declared_disasters
from node.ledger import AuditEntry, Ledger
from node.release.retention import Declared, inquiries_end_ms
from node.release.statements import DAY_MS
from node.trust.codes import prefecture_of

ACT: Final = "inquiries-erased"
OPERATOR: Final = "moyai"
"""Nobody at a keyboard: the node itself."""


@dataclass(frozen=True, slots=True)
class InquiryRetention:
    """The inquiries of one node, and how many days they are kept."""

    ledger: Ledger
    organisation: str
    node: bytes
    days: int
    now_ms: Callable[[], int]

    def sweep(self) -> int:
        """Erase those whose time is over; returns how many. The log has their number, and of each that it was made."""
        now = self.now_ms()
        old = self.ledger.inquiries_before(now - self.days * DAY_MS)
        disasters = [one for one in declared_disasters(self.ledger) if self._touches(one)] if old else []
        over = [id_ for id_, at_ms in old if self._is_over(at_ms, disasters, now)]
        if not over:
            return 0
        with self.ledger.write() as writing:
            writing.erase_inquiries(over)
            writing.log(
                AuditEntry(
                    at_ms=now,
                    act=ACT,
                    operator=OPERATOR,
                    node=self.node,
                    organisation=self.organisation,
                    purpose="retention",
                    count=len(over),
                )
            )
        return len(over)

    def _is_over(self, at_ms: int, disasters: list[Declared], now_ms: int) -> bool:
        end = inquiries_end_ms(at_ms, disasters, now_ms=now_ms, days=self.days)
        return end is not None and end <= now_ms

    def _touches(self, declared: Declared) -> bool:
        return any(self.organisation in (code, prefecture_of(code)) for code in declared.area)
