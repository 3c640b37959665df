"""Every figure that is given, with what it means: the one list, which alert rules and dashboard are held against."""

from dataclasses import dataclass
from typing import Final, Literal

ORGANISATION: Final = ("organisation", "kind")
"""The code of an organisation, and whether it is its home node or our own laptops together: a laptop's label is typed
by somebody, and might name them."""


@dataclass(frozen=True, slots=True)
class Family:
    """One figure, or one for each value of its labels."""

    name: str
    """Without the ending that Prometheus gives counters and histograms."""
    kind: Literal["gauge", "counter", "histogram"]
    meaning: str
    labels: tuple[str, ...] = ()


FAMILIES: Final = (
    Family("moyai_node", "gauge", "Always 1; the labels say which node this is.", ("organisation", "role", "version")),
    Family("moyai_drill", "gauge", "1 in a federation for drills."),
    # Peers.
    Family("moyai_peers", "gauge", "Nodes this one speaks with.", ("state",)),
    Family("moyai_peer_connected", "gauge", "Nodes of this organisation that are connected now.", ORGANISATION),
    Family(
        "moyai_peer_heard_age_seconds",
        "gauge",
        "Since everything was last exchanged; of several nodes the longest. Missing for one never heard.",
        ORGANISATION,
    ),
    Family("moyai_peer_never_heard", "gauge", "Nodes of this organisation that were never heard.", ORGANISATION),
    Family("moyai_peer_waiting_records", "gauge", "Records that wait to go there.", ORGANISATION),
    Family(
        "moyai_peer_lag_seconds", "gauge", "How long it has been behind: 0 where nothing waits for it.", ORGANISATION
    ),
    Family("moyai_conversations_ended", "counter", "Conversations that ended, by how.", (*ORGANISATION, "reason")),
    # Records.
    Family("moyai_records_kept", "counter", "Records ever kept here, whoever wrote them."),
    Family("moyai_records_received", "counter", "Records received from there.", ORGANISATION),
    Family("moyai_records_sent", "counter", "Records sent there.", ORGANISATION),
    Family("moyai_quarantined_records", "gauge", "Records set aside now, by why.", ("reason",)),
    Family("moyai_refused_records", "gauge", "Records that came and are not held, by why.", ("reason",)),
    Family("moyai_conflicts", "gauge", "Contradictions that nobody has settled."),
    Family("moyai_search_seconds", "histogram", "How long searches at the desks took."),
    # Ages.
    Family("moyai_roster_version", "gauge", "Version of the roster."),
    Family("moyai_roster_age_seconds", "gauge", "Since the roster was issued."),
    Family("moyai_roster_left_seconds", "gauge", "Until the roster ends; negative when it has."),
    Family("moyai_certificate_left_seconds", "gauge", "Until this node's certificate ends; negative when it has."),
    Family("moyai_backup_known", "gauge", "1 where a backup is known that was read back whole."),
    Family("moyai_backup_age_seconds", "gauge", "Since the last such backup. Missing where there is none."),
    Family("moyai_clock_ahead_seconds", "gauge", "How far the time of records is ahead of the wall clock."),
    # The machine.
    Family("moyai_ledger_bytes", "gauge", "Size of the ledger with its log."),
    Family("moyai_disk_free_bytes", "gauge", "Room on the disk the ledger is on."),
    Family("moyai_log_entries", "counter", "Entries of the log of who looked and who received."),
)

OF_THE_PROCESS: Final = ("process_resident_memory_bytes", "process_cpu_seconds", "process_open_fds")
"""What the library adds of the process itself, of that what rules and dashboard use."""


def family(name: str) -> Family:
    """The one of this name."""
    return next(one for one in FAMILIES if one.name == name)


def sample_names() -> frozenset[str]:
    """Every name that can be asked of Prometheus."""
    names = set(OF_THE_PROCESS) | {"process_cpu_seconds_total"}
    for one in FAMILIES:
        endings = {"gauge": ("",), "counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}[one.kind]
        names |= {f"{one.name}{ending}" for ending in endings}
    return frozenset(names)
