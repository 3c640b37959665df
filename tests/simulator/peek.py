"""What a ledger holds, read past the node: for those who check it. The only place of the simulator with SQL."""

import marshal
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Final

from node.knowing import known_from
from node.ledger import Direction, Held
from node.records import kinds
from node.records.record import Record, reopen_record
from node.records.version import maximal
from node.release.federation import Recipient
from node.release.known import SubjectKnown
from node.release.rule import releases
from node.vault import ROSTER
from node.views import CONTROL_VIEW, DATA_VIEW, VIEWS
from sync.envelope import SealedRecord
from sync.ports import Standing
from sync.roots import root
from tests.simulator.machine import Machine

SAID: Final = (
    "records",
    "suppressions",
    "contested",
    "passed",
    "holders",
    "unsent",
    "turned",
    "quarantine",
    "people",
    "stays",
    "places",
)
"""The tables that say what is held, of whom, and what became of what came."""

_PLAIN: Final = 2
"""The way of writing a row in which what it looks like follows from the row alone."""


def fingerprint(machine: Machine) -> dict[str, str]:
    """A digest of all that is held and how, table by table; worked out anew once anything of it may have changed."""
    found, of = machine.disk.last_seen
    if of != machine.disk.changes:
        found = _fingerprint(machine)
        machine.disk.last_seen = found, machine.disk.changes
    return found


def _fingerprint(machine: Machine) -> dict[str, str]:
    reader = machine.store.reader()
    found = {}
    for table in SAID:
        rows = reader.execute(f"SELECT * FROM {table}").fetchall()
        found[table] = sha256(b"".join(sorted(marshal.dumps(row, _PLAIN) for row in rows))).hexdigest()
    return found


def have_nothing_to_say(one: Machine, other: Machine) -> bool:
    """Whether they go by one roster, and the views that each keeps for the other are equal."""
    return one.ledger.secret(ROSTER) == other.ledger.secret(ROSTER) and _standings(one, other) == _standings(other, one)


def _standings(machine: Machine, other: Machine) -> list[Standing]:
    outbox = machine.book.outbox(other.peer)
    return [outbox.standing(number) for number in VIEWS]


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """The tables that are not the same."""
    return [table for table in SAID if one[table] != other[table]]


def new_records(machine: Machine, since: int) -> list[tuple[int, Record]]:
    """What came in or was written after this sequence number."""
    sql = "SELECT seq, body, signature FROM records WHERE seq > ? ORDER BY seq"
    rows = machine.store.reader().execute(sql, (since,)).fetchall()
    return [(seq, reopen_record(SealedRecord(body, signature))) for seq, body, signature in rows]


def ids(machine: Machine) -> set[bytes]:
    """The ids of everything held."""
    return {row[0] for row in machine.store.reader().execute("SELECT id FROM records")}


def subjects(machine: Machine) -> list[bytes]:
    """Everybody and everything of which anything is held."""
    sql = "SELECT DISTINCT s.subject FROM subjects s JOIN records r ON r.subject = s.number ORDER BY s.number"
    return [row[0] for row in machine.store.reader().execute(sql)]


def everything_known(machine: Machine) -> list[tuple[list[Held], SubjectKnown]]:
    """All that is held, subject by subject, and what it tells of each."""
    ledger = machine.ledger
    organisations = ledger.organisations_of_peers()
    return [
        (about, known_from(ledger, subject, about, machine.code, organisations))
        for subject, about in ledger.about_many(subjects(machine)).items()
    ]


def all_known(machine: Machine, subject: bytes) -> tuple[list[Held], SubjectKnown]:
    """All that is held of one subject, and what it tells."""
    ledger = machine.ledger
    about = ledger.about(subject)
    return about, known_from(ledger, subject, about, machine.code, ledger.organisations_of_peers())


def is_disclosed(machine: Machine, record: Record, recipient: str) -> bool:
    """Whether the log says that this record went to this organisation."""
    sql = "SELECT 1 FROM audit WHERE subject = ? AND act = 'disclose' AND record = ? AND recipient = ?"
    return machine.store.reader().execute(sql, (record.subject, record.id, recipient)).fetchone() is not None


def last_retry_ms(machine: Machine) -> int | None:
    """When the last of what is set aside is to be looked at again."""
    row = machine.store.reader().execute("SELECT max(retry_at_ms) FROM quarantine").fetchone()
    return None if row is None else row[0]


def came_from(machine: Machine, node: bytes, record: Record) -> bool:
    """Whether this record has come from this node."""
    ways = machine.ledger.passed_directions(node, record.subject)
    return bool(ways.get(record.id, Direction(0)) & Direction.IN)


def views(machine: Machine, other: Machine) -> dict[int, set[bytes]]:
    """The views one machine keeps for another, as it says itself."""
    machine.book.outbox(other.peer).refresh()
    return {number: set(machine.ledger.view_ids(other.peer.node, number)) for number in VIEWS}


def sums_hold(machine: Machine, other: Machine, number: int, ids: set[bytes]) -> bool:
    """Whether what is kept of a view by addition is what follows from its ids."""
    node, ledger = other.peer.node, machine.ledger
    standing = ledger.view_standing(node, number)
    return standing == Standing(len(ids), _root(frozenset(ids))) and ledger.check_sums(node, number).equal


@lru_cache(256)
def _root(ids: frozenset[bytes]) -> bytes:
    """Two that agree have the same ids: worked out once for both."""
    return root(ids)


def naive_view(
    machine: Machine, other: Machine, everything: Sequence[tuple[list[Held], SubjectKnown]]
) -> dict[int, set[bytes]]:
    """The same from nothing, by the sentence of the specification (7.1)."""
    ledger, federation, node = machine.ledger, machine.node.room.now().federation, other.peer.node
    recipient = Recipient(other.code, node)
    found: dict[int, set[bytes]] = {number: set(ledger.turned_away(node, number)) for number in VIEWS}
    for about, known in everything:
        heads = [held for held in about if held.is_head]
        if other.code == machine.code:
            for held in heads:
                found[_view_of(held.record.facet)].add(held.record.id)
            continue
        now = machine.clock()
        shared = {held.record.id for held, _ in releases(known, recipient, federation, now_ms=now, facts=heads)}
        ways = ledger.passed_directions(node, about[0].record.subject)
        shared |= {id_ for id_, way in ways.items() if way & Direction.IN}
        slots: dict[tuple[int, bytes], list[Record]] = {}
        for held in about:
            if held.record.id in shared:
                slots.setdefault((held.record.facet, held.record.slot), []).append(held.record)
        for (facet, _), records in slots.items():
            standing = maximal((record.id, record.version) for record in records)
            found[_view_of(facet)] |= standing
    return found


def _view_of(facet: int) -> int:
    return CONTROL_VIEW if facet in kinds.CONTROL else DATA_VIEW
