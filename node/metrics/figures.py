"""Reads the figures of a node when it is asked for them."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import groupby
from typing import Final

from node.doctor.backup_age import last_backup_ms
from node.doctor.disk import bytes_of
from node.errors import NotEnrolled
from node.installation import Installation
from node.ledger.numbers import SEARCH_MS
from node.metrics.tallies import HOME, Tallies, kind_of
from node.neighbours import Neighbour
from node.records.clock import milliseconds
from node.trust.certificate import named_in
from node.vault import CERTIFICATE

SECOND_MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a family."""

    name: str
    value: float
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Searches:
    """How long searches took."""

    buckets: tuple[tuple[str, int], ...]
    """Each bound in seconds, as Prometheus writes it, with how many took no longer."""
    sum_s: float


def figures(node: Installation, tallies: Tallies) -> Iterator[Figure]:
    """All of them but the histogram."""
    yield Figure("moyai_node", 1, (node.config.organisation, node.config.role, version("moyai")))
    yield from _of_peers(node, tallies)
    yield from _of_records(node, tallies)
    yield from _of_ages(node)
    yield from _of_machine(node)


def searches(node: Installation) -> Searches:
    """The histogram of searches, those of every process of this node."""
    counts, took_ms = node.ledger.searches()
    bounds = [*(str(bound / SECOND_MS) for bound in SEARCH_MS), "+Inf"]
    return Searches(tuple(zip(bounds, counts, strict=True)), took_ms / SECOND_MS)


def _of_peers(node: Installation, tallies: Tallies) -> Iterator[Figure]:
    here = node.config.organisation
    neighbours = node.neighbours.all()
    states = {
        "listed": len(neighbours),
        "connected": sum(one.is_open for one in neighbours),
        "failing": sum(one.is_failing and bool(one.endpoints) for one in neighbours),
        "never": sum(_heard_ms(one) is None for one in neighbours),
    }
    yield from (Figure("moyai_peers", count, (state,)) for state, count in states.items())
    by_code = sorted(neighbours, key=lambda one: (one.organisation, bool(one.label)))
    for (organisation, laptops), some in groupby(by_code, key=lambda one: (one.organisation, bool(one.label))):
        yield from _of_organisation(list(some), (organisation, "laptops" if laptops else HOME), node.now_ms())
    for (organisation, reason), count in tallies.conversations().items():
        yield Figure("moyai_conversations_ended", count, (organisation, kind_of(organisation, here), reason))


def _of_organisation(some: list[Neighbour], labels: tuple[str, str], now_ms: int) -> Iterator[Figure]:
    heard = [at_ms for one in some if (at_ms := _heard_ms(one)) is not None]
    waiting = sum(one.contact.waiting for one in some if one.contact)
    yield Figure("moyai_peer_connected", sum(one.is_open for one in some), labels)
    yield Figure("moyai_peer_never_heard", len(some) - len(heard), labels)
    yield Figure("moyai_peer_waiting_records", waiting, labels)
    if heard:
        yield Figure("moyai_peer_heard_age_seconds", max(0, now_ms - min(heard)) / SECOND_MS, labels)
    behind = [
        max(0, now_ms - (_heard_ms(one) or one.contact.failing_since_ms or now_ms))
        for one in some
        if one.contact and one.contact.waiting and not one.is_open
    ]
    yield Figure("moyai_peer_lag_seconds", max(behind, default=0) / SECOND_MS, labels)


def _of_records(node: Installation, tallies: Tallies) -> Iterator[Figure]:
    ledger, here = node.ledger, node.config.organisation
    yield Figure("moyai_records_kept", ledger.newest_seq())
    for name, counted in (("moyai_records_received", tallies.received()), ("moyai_records_sent", tallies.sent())):
        yield from (Figure(name, count, (code, kind_of(code, here))) for code, count in counted.items())
    set_aside: dict[str, int] = {}
    for (_, reason), count in ledger.quarantine_counts().items():
        set_aside[reason] = set_aside.get(reason, 0) + count
    yield from (Figure("moyai_quarantined_records", count, (reason,)) for reason, count in set_aside.items())
    yield from (Figure("moyai_refused_records", count, (why,)) for why, count in ledger.turned_counts().items())
    yield Figure("moyai_conflicts", ledger.conflict_count())


def _of_ages(node: Installation) -> Iterator[Figure]:
    now, ledger = node.now_ms(), node.ledger
    yield Figure("moyai_drill", int(node.is_drill))
    try:
        roster = node.room.now().believed.roster
    except NotEnrolled:
        roster = None
    if roster is not None:
        yield Figure("moyai_roster_version", roster.version)
        yield Figure("moyai_roster_age_seconds", roster.age_ms(now) / SECOND_MS)
        yield Figure("moyai_roster_left_seconds", (roster.expires_at_ms - now) / SECOND_MS)
    signed = ledger.secret(CERTIFICATE)
    if signed is not None:
        yield Figure("moyai_certificate_left_seconds", (named_in(signed).valid_until_ms - now) / SECOND_MS)
    backup = last_backup_ms(ledger)
    yield Figure("moyai_backup_known", int(backup is not None))
    if backup is not None:
        yield Figure("moyai_backup_age_seconds", (now - backup) / SECOND_MS)
    yield Figure("moyai_clock_ahead_seconds", max(0, milliseconds(ledger.clock()) - now) / SECOND_MS)


def _of_machine(node: Installation) -> Iterator[Figure]:
    yield Figure("moyai_ledger_bytes", bytes_of(node.directory.ledger))
    yield Figure("moyai_disk_free_bytes", shutil.disk_usage(node.directory.path).free)
    yield Figure("moyai_log_entries", node.ledger.audit_head()[0])


def _heard_ms(one: Neighbour) -> int | None:
    return one.contact.last_done_ms if one.contact is not None else None
