"""What a ledger holds, read past the node: for those who check it. The only place of the simulator with SQL."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from node.ledger import Held
from node.records import kinds
from node.records.record import Record, reopen_record
from node.records.version import maximal
from node.release.rule import releases
from node.knowing import known_from
from node.ledger import Direction
from node.release.federation import Recipient
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


def fingerprint(machine: Machine) -> dict[str, str]:
    """A digest of all that is held and how, table by table."""
    reader = machine.store.reader()
    found = {}
    for table in SAID:
        digest = sha256()
        rows = reader.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 -- a constant
        digest.update("\n".join(sorted(map(repr, rows))).encode())
        found[table] = digest.hexdigest()
    return found


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


def everything(machine: Machine) -> Iterator[tuple[bytes, list[Held]]]:
    """All that is held, subject by subject."""
    yield from machine.ledger.about_many(subjects(machine)).items()


def is_disclosed(machine: Machine, record: bytes, recipient: str) -> bool:
    """Whether the log says that this record went to this organisation."""
    sql = "SELECT 1 FROM audit WHERE act = 'disclose' AND record = ? AND recipient = ?"
    return machine.store.reader().execute(sql, (record, recipient)).fetchone() is not None


def last_retry_ms(machine: Machine) -> int | None:
    """When the last of what is set aside is to be looked at again."""
    row = machine.store.reader().execute("SELECT max(retry_at_ms) FROM quarantine").fetchone()
    return None if row is None else row[0]


def came_from(machine: Machine, node: bytes, record: Record) -> bool:
    """Whether this record has come from this node."""
    ways = machine.ledger.passed_directions(node, record.subject)
    return bool(ways.get(record.id, Direction(0)) & Direction.IN)


def view(machine: Machine, other: Machine, number: int) -> set[bytes]:
    """The view one machine keeps for another, as it says itself."""
    machine.book.outbox(other.peer).refresh()
    return set(machine.ledger.view_ids(other.peer.node, number))


def sums_hold(machine: Machine, other: Machine, number: int) -> bool:
    """Whether what is kept of a view by addition is what follows from its ids."""
    node, ledger = other.peer.node, machine.ledger
    found = ledger.view_ids(node, number)
    standing = ledger.view_standing(node, number)
    expected = Standing(len(found), root(found))
    return standing == expected and ledger.check_sums(node, number).equal


def naive_view(machine: Machine, other: Machine) -> dict[int, set[bytes]]:
    """The same from nothing, by the sentence of the specification (7.1)."""
    ledger, federation, node = machine.ledger, machine.node.room.now().federation, other.peer.node
    organisations = ledger.organisations_of_peers()
    recipient = Recipient(other.code, node)
    found: dict[int, set[bytes]] = {number: set(ledger.turned_away(node, number)) for number in VIEWS}
    for subject, about in everything(machine):
        heads = [held for held in about if held.is_head]
        if other.code == machine.code:
            for held in heads:
                found[_view_of(held.record.facet)].add(held.record.id)
            continue
        known = known_from(ledger, subject, about, machine.code, organisations)
        now = machine.clock()
        shared = {held.record.id for held, _ in releases(known, recipient, federation, now_ms=now, facts=heads)}
        ways = ledger.passed_directions(node, subject)
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
