"""Seals a body with a node's key, and says whether a seal holds."""

from collections.abc import Sequence
from concurrent.futures import Executor

from node.trust import labels
from node.trust.keys import NodeKey, holds
from sync.envelope import SealedRecord

SLICE = 64
"""Seals one task checks: 5 ms of work, so that handing it over costs nothing."""

Item = tuple[SealedRecord, bytes]
"""A sealed record and the public key it should be sealed by."""


def seal(body: bytes, key: NodeKey) -> SealedRecord:
    """Sign a body: Ed25519 over the label and the body, the same bytes every time."""
    return SealedRecord(body, key.sign(labels.RECORD, body))


def signature_holds(sealed: SealedRecord, public_key: bytes) -> bool:
    """Whether the record was sealed by this key and is unchanged."""
    return holds(labels.RECORD, sealed.body, sealed.signature, public_key)


def verify_many(items: Sequence[Item], executor: Executor | None = None) -> list[bool]:
    """Whether each seal holds, in order. An executor of threads helps: libsodium runs without the GIL."""
    if executor is None or len(items) <= SLICE:
        return _verify(items)
    slices = [items[start : start + SLICE] for start in range(0, len(items), SLICE)]
    return [held for part in executor.map(_verify, slices) for held in part]


def _verify(items: Sequence[Item]) -> list[bool]:
    return [signature_holds(sealed, public_key) for sealed, public_key in items]
