"""What the figures and states of Sending mean, in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.desk.views import CarriedView, PeerView, StandingLine
from node.words import reason_sentence
from tui.when import ago, clock
from tui.words import Words

BY_HAND = "BY_HAND"
SAID_BY_STATE = frozenset({"", "DONE", "OPEN", "GREETED", BY_HAND})
"""Reasons that the state says already."""
LEFT = frozenset({"PEER_UNREACHABLE", "STOPPING", "SILENT", "BUSY"})
"""How it ends when a lid is closed or a line breaks: of a laptop, that is no fault."""
NAMED_MAX = 3


@dataclass(frozen=True, slots=True)
class Size:
    """How much waits for a peer."""

    records: int
    bytes: int
    seconds: float | None
    """On the line as it was last measured; None: it never was."""


def line(peer: PeerView, now_ms: int, words: Words) -> tuple[str, str, str, str]:
    """The cells of a peer's line."""
    contact = words("when.now") if peer.is_open else ago(peer.last_contact_ms, now_ms, words)
    return peer.called, str(peer.waiting), contact, words(f"sending.{state(peer)}")


def state(peer: PeerView) -> str:
    """Whether a conversation is open now, or why none is."""
    if peer.is_open:
        return "busy" if peer.is_busy else "reached"
    if peer.last_reason == BY_HAND:
        return "by_hand"
    if peer.is_failing and peer.endpoints:
        return "not_reached"
    return "apart" if peer.last_try_ms is not None else "never_tried"


def meaning(standing: StandingLine, peers: Sequence[PeerView], words: Words, *, is_served: bool) -> str:
    """How the lines stand, and what waits: for others, and for laptops of our own that have not fetched it yet."""
    outside = [peer for peer in peers if not peer.label]
    for_laptops = sum(peer.waiting for peer in peers if peer.label)
    not_sent = standing.not_sent or sum(peer.waiting for peer in outside)
    if not peers and not not_sent:
        return words("sending.nobody")
    if not_sent and for_laptops:
        waits = words("sending.waits_for_both", n=not_sent, laptops=for_laptops)
    elif for_laptops:
        waits = words("sending.waits_for_laptops", n=for_laptops)
    else:
        waits = words("sending.waits", n=not_sent) if not_sent else words("sending.all_sent")
    return words("sending.means", line=_line(standing, peers, words, is_served=is_served), waits=waits).strip()


def _line(standing: StandingLine, peers: Sequence[PeerView], words: Words, *, is_served: bool) -> str:
    failing = [peer for peer in peers if peer.is_failing and peer.endpoints]
    if not peers:
        return words("sending.nobody")
    if not is_served:
        return words("sending.stopped")
    if standing.offline_since_ms is not None:
        return words("sending.offline")
    if failing:
        names = words("list.comma").join(peer.called for peer in failing[:NAMED_MAX])
        more = len(failing) > NAMED_MAX
        return words("sending.some_down_and_more" if more else "sending.some_down", names=names, n=len(failing))
    return words("sending.never") if standing.last_contact_ms is None else ""


def why(peer: PeerView, size: Size | None, now_ms: int, words: Words) -> list[str]:
    """How much waits for this one, why it was not reached, and who calls whom."""
    told = [_size(size, words)] if size is not None else []
    fault = peer.last_reason not in SAID_BY_STATE and not (peer.last_reason in LEFT and not peer.endpoints)
    if fault and not peer.is_open and peer.last_try_ms is not None:
        time = clock(peer.last_try_ms, now_ms, words)
        told.append(words("sending.why", time=time, reason=reason_sentence(peer.last_reason, words.language)))
    if peer.endpoints:
        told.append(words("sending.address", address=", ".join(peer.endpoints)))
    else:
        told.append(words("sending.own_laptop" if peer.label else "sending.no_address"))
    return told


def _size(size: Size, words: Words) -> str:
    kilobytes = -(-size.bytes // 1_000)
    if size.seconds is None:
        return words("sending.size", n=size.records, kilobytes=kilobytes)
    time = (
        words("sending.under_minute") if size.seconds < 60 else words("sending.minutes", n=-(-int(size.seconds) // 60))
    )
    return words("sending.takes", n=size.records, kilobytes=kilobytes, time=time)


def written(done: CarriedView, words: Words) -> str:
    """What was written to a stick, and what to do with it."""
    files = ", ".join(done.files)
    if done.is_greeting:
        return words("stick.greeting", name=done.organisation_name, files=files)
    if not done.records:
        return words("stick.written_receipt", name=done.organisation_name, files=files)
    return words("stick.written", name=done.organisation_name, n=done.records, files=files)


def was_read(done: CarriedView, words: Words) -> str:
    """What was read from a stick, and whether anything is to be carried back."""
    told = words("stick.was_read", name=done.organisation_name, n=done.records, arrived=done.arrived)
    if done.waiting:
        return f"{told} {words('stick.bring_waiting', n=done.waiting)}"
    return f"{told} {words('stick.bring_receipt')}" if done.records else told
