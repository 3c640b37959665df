"""What is remembered of the bundles of one writer: the last one read, and what either side needs in the next."""

from dataclasses import dataclass
from typing import Final, Self

from node.errors import BundleOlder, BundleReadBefore
from node.ledger import Ledger
from sync.frames import VIEWS

NAME: Final = b"bundles from "
"""Before the writer's node id: under this the ledger keeps how far its bundles have been read."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Durable."""

    number: int = 0
    """Of the last bundle that was read to its end; 0: none."""
    asked: frozenset[int] = frozenset()
    """Views that the writer wants listed in our next bundle."""
    untold: frozenset[int] = frozenset()
    """Views of which we could not work out the difference, and want a list in turn."""

    @classmethod
    def of(cls, ledger: Ledger, writer: bytes) -> Self:
        """As it is kept."""
        kept = ledger.progress(NAME + writer)
        asked, untold = kept.fingerprint or bytes(2)
        return cls(kept.as_of, _views(asked), _views(untold))

    def check_newer(self, number: int, organisation: str) -> None:
        """Whether a bundle with this number may be read.

        Raises:
            BundleReadBefore: it was.
            BundleOlder: a newer one was.
        """
        if number == self.number:
            raise BundleReadBefore(organisation=organisation)
        if number < self.number:
            raise BundleOlder(organisation=organisation)

    def keep(self, ledger: Ledger, writer: bytes) -> None:
        """Keep it."""
        with ledger.write() as writing:
            if writing.progress(NAME + writer).as_of <= self.number:  # another process may have read a newer one
                writing.set_progress(
                    NAME + writer, as_of=self.number, fingerprint=bytes([_bits(self.asked), _bits(self.untold)])
                )


def _views(bits: int) -> frozenset[int]:
    return frozenset(view for view in VIEWS if bits >> view & 1)


def _bits(views: frozenset[int]) -> int:
    return sum(1 << view for view in views)
