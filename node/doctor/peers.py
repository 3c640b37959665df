"""Who was heard when, and who never."""

from collections.abc import Iterator, Sequence
from typing import Final

from node.doctor.finding import Finding, Grade
from node.installation import Installation
from node.neighbours import Neighbour, failing_since

HOUR_MS: Final = 3_600_000
HOME_MS: Final = HOUR_MS
"""A home node is called every minute: an hour without it is long."""
LAPTOP_MS: Final = 24 * HOUR_MS
"""A laptop may be shut for the night, and carried for a day."""
NAMED_MOST: Final = 10
"""A prefecture cut off has many peers that it does not hear: beyond that they are counted."""


def look(node: Installation) -> Iterator[Finding]:
    """Everybody this node speaks with."""
    yield from judge(node.neighbours.all(counted=False), node.now_ms())
    for one in node.ledger.broken_witnesses():
        yield Finding("peers", "rewritten_log", Grade.BAD, {"node": one.node.hex()[:8]})
    life = node.ledger.life()
    if life.twin_seen_ms:
        yield Finding("peers", "twin", Grade.BAD)


def judge(neighbours: Sequence[Neighbour], now_ms: int) -> Iterator[Finding]:
    """How it stands with these."""
    if not neighbours:
        yield Finding("peers", "nobody", Grade.WARN)
        return
    alone_since = failing_since(neighbours)
    if alone_since is not None and now_ms - alone_since > HOME_MS:
        yield Finding("peers", "alone", Grade.BAD, {"since_ms": now_ms - alone_since})
    never = [one for one in neighbours if not one.is_open and _last_ms(one) is None]
    late = [one for one in neighbours if _is_late(one, now_ms)]
    for what, some in (("never", never), ("late", late)):
        for one in some[:NAMED_MOST]:
            yield Finding("peers", what, Grade.WARN, _named(one, now_ms))
        if len(some) > NAMED_MOST:
            yield Finding("peers", f"{what}_others", Grade.WARN, {"count": len(some) - NAMED_MOST})
    heard = len(neighbours) - len(never) - len(late)
    if heard:
        yield Finding("peers", "heard", Grade.OK, {"count": heard, "of": len(neighbours)})


def _is_late(one: Neighbour, now_ms: int) -> bool:
    last = _last_ms(one)
    return last is not None and not one.is_open and now_ms - last > (LAPTOP_MS if one.label else HOME_MS)


def _last_ms(one: Neighbour) -> int | None:
    return one.contact.last_done_ms if one.contact is not None else None


def _named(one: Neighbour, now_ms: int) -> dict[str, str | int]:
    values: dict[str, str | int] = {"organisation": one.organisation, "called": one.called}
    last = _last_ms(one)
    return values if last is None else {**values, "age_ms": now_ms - last}
