"""What `moyai sync` says: how each conversation went, what would be sent, and how far it is."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from node.cli.moments import moment
from node.cli.options import Common
from node.errors import PeerUnknown
from node.forecast import Forecast, forecast
from node.installation import Installation
from node.neighbours import Neighbour, Neighbours
from node.service import Spoken
from node.words import reason_hint, reason_sentence, word
from sync.conversation import nobody_hears
from sync.effects import Counts
from sync.frames import DATA
from sync.ports import Peer

DONE = "DONE"
UNREACHABLE = "PEER_UNREACHABLE"


def would_send(node: Installation, organisation: str) -> list[tuple[Neighbour, Forecast]]:
    """What waits now for each of an organisation, or for all, our own laptops among them.

    Raises:
        PeerUnknown: there is nobody.
    """
    everybody = node.neighbours.all()
    chosen = [one for one in everybody if organisation in ("", one.organisation)]
    if not chosen:
        known = ", ".join(dict.fromkeys(one.organisation for one in everybody))
        raise PeerUnknown(organisation=organisation or "-", known=known or "-")
    return [(one, _forecast(node, one)) for one in chosen]


def _forecast(node: Installation, one: Neighbour) -> Forecast:
    """One that was never greeted has no views yet."""
    if one.node:
        node.book().outbox(Peer(one.node, one.organisation)).standing(DATA)
    return forecast(node.ledger, one.node)


def foretold(one: Neighbour, told: Forecast) -> dict[str, Any]:
    """A forecast for a script."""
    return {
        "organisation": one.organisation,
        "node": one.node,
        "name": one.name,
        "label": one.label,
        "waiting": told.records,
        "bytes": told.bytes,
        "seconds": None if told.seconds is None else round(told.seconds, 1),
    }


def line_of_forecast(one: Neighbour, told: Forecast, language: str) -> str:
    """A forecast for a person: what is to come is known only once they have spoken."""
    key = "takes" if told.seconds is not None else "takes_unknown"
    if told.seconds is not None and told.seconds < 60:
        key = "takes_under_a_minute"
    minutes = -(-int(told.seconds or 0) // 60)
    takes = word(f"sync.{key}", language, minutes=minutes)
    line = word(
        "sync.would_send",
        language,
        called=one.called,
        organisation=one.organisation,
        records=told.records,
        kilobytes=-(-told.bytes // 1_000),
        takes=takes if told.records else "",
    )
    if one.label:
        line += word("sync.when_it_calls", language)
    met = one.contact is not None and one.contact.last_done_ms is not None
    return line.rstrip() if met else line + word("sync.to_come_unknown", language)


def spoken_for_script(one: Spoken) -> dict[str, Any]:
    """How a conversation went, for a script."""
    counts = one.outcome.counts
    return {
        "organisation": one.peer.organisation,
        "reason": one.outcome.reason,
        "sent": counts.sent,
        "received": counts.received,
        "new": counts.new,
        "withheld": counts.withheld,
        "quarantined_here": counts.quarantined_here,
        "quarantined_there": counts.quarantined_there,
        "endpoints": list(one.peer.endpoints),
    }


def lines_of_spoken(spoken: Sequence[Spoken], neighbours: Neighbours, language: str) -> list[str]:
    """How the conversations went, and once for each reason what to do."""
    since = {one.organisation: one.contact.failing_since_ms for one in neighbours.all(counted=False) if one.contact}
    lines = [_line(one, neighbours, since.get(one.peer.organisation), language) for one in spoken]
    reasons = dict.fromkeys(one.outcome.reason for one in spoken if one.outcome.reason != DONE)
    for reason in reasons:
        hint = word("sync.unreachable_hint", language) if reason == UNREACHABLE else reason_hint(reason, language)
        lines.append(word("sync.next", language, hint=hint))
    return lines


def _line(one: Spoken, neighbours: Neighbours, since_ms: int | None, language: str) -> str:
    code, counts = one.peer.organisation, one.outcome.counts
    said = {"called": neighbours.called(code, one.peer.node), "organisation": code}
    if one.outcome.reason == DONE:
        key = "done" if counts.sent or counts.received else "nothing_new"
        return word(f"sync.{key}", language, **said, sent=counts.sent, received=counts.received)
    addresses, reason = ", ".join(one.peer.endpoints), reason_sentence(one.outcome.reason, language)
    since = word("sync.since", language, time=moment(since_ms, language)) if since_ms is not None else ""
    return word("sync.failed", language, **said, reason=reason, addresses=addresses, since=since)


@contextmanager
def progress(common: Common, neighbours: Neighbours) -> Iterator[Callable[[Peer, Counts], None]]:
    """A bar on the terminal's error output while records move; nothing where nobody is looking."""
    if common.json or not sys.stderr.isatty():
        yield nobody_hears
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        waiting = bar.add_task(word("sync.comparing", common.language), total=None)
        tasks: dict[str, TaskID] = {}

        def moved(peer: Peer, counts: Counts) -> None:
            done, whole = counts.sent + counts.received, counts.to_send + counts.to_come
            if not whole:
                return
            bar.update(waiting, visible=False)
            if peer.organisation not in tasks:
                called = neighbours.called(peer.organisation, peer.node)
                tasks[peer.organisation] = bar.add_task(called, total=whole)
            bar.update(tasks[peer.organisation], total=max(done, whole), completed=done)

        yield moved
