"""What may go to one peer, and nothing else: the ledger seen through the release rule.

The view of a peer holds, of the heads this node would release to it now together with what came from it, those that
no other
of them dominates. It is worked out once per change: only subjects touched since the last time, those whose time has
come, and all of
them where the federation itself has changed, are judged again. Whatever the view says, a record is judged once more at
the moment it is sent, and the disclosure is in the log before the record is handed out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from moyai.v1 import exchange_pb2, facets_pb2
from node.federation import StandingRoom
from node.knowing import known_from
from node.ledger import DISCLOSE, AuditEntry, Direction, Held, Ledger, ViewRow
from node.records.kinds import (
    CARE,
    CONDITION,
    CONSENT,
    CONTROL,
    ERASURE,
    IDENTITY,
    PROTECTION,
    RESIDENCE,
    RESIDENT,
    STAY,
)
from node.records.version import maximal
from node.release.bounds import next_change_ms
from node.release.federation import Federation, Recipient
from node.release.rule import Release, releases
from sync.envelope import PREFIX_BYTES, Parcel

CONTROL_VIEW: Final = int(exchange_pb2.VIEW_CONTROL)
DATA_VIEW: Final = int(exchange_pb2.VIEW_DATA)
INTERNAL: Final = int(exchange_pb2.BASIS_INTERNAL)
RETURN: Final = int(exchange_pb2.BASIS_RETURN)

SUBJECTS_PER_TRANSACTION: Final = 500
"""A view is worked out in bounded transactions, so that check-in never waits for it."""

PARCELS_AT_ONCE: Final = 256
"""Records judged, logged and handed out together."""

URGENT: Final = {IDENTITY: 1, RESIDENCE: 1, STAY: 1, CONDITION: 1, CARE: 1, PROTECTION: 0, ERASURE: 0}
USUAL: Final = 2
"""Order of sending by facet, lower first; withdrawn consents are 0 as well (SPECIFICATION 7.5)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What one subject has for one peer."""

    rows: tuple[ViewRow, ...]
    next_change_ms: int | None
    told_to_erase: tuple[bytes, ...]
    """Records that went there once and may no longer be held there."""


class NodeOutbox:
    """The `Outbox` of one peer."""

    def __init__(
        self, ledger: Ledger, room: StandingRoom, recipient: Recipient, *, author: bytes, now_ms: Callable[[], int]
    ) -> None:
        self._ledger = ledger
        self._room = room
        self._recipient = recipient
        self._author = author
        self._now_ms = now_ms

    def refresh(self) -> int:
        """Bring the view up to date. Returns how many subjects had to be judged."""
        state, standing = self._ledger.progress(self._recipient.node), self._room.now()
        passed_over = None if self._recipient.organisation == standing.federation.here else RESIDENT
        if state.fingerprint == standing.fingerprint:
            newest, subjects = self._ledger.subjects_changed_since(state.as_of, passing_over=passed_over)
            subjects = list({*subjects, *self._ledger.rechecks_due(self._recipient.node, self._now_ms())})
        else:
            newest, subjects = self._ledger.subjects_changed_since(0, passing_over=passed_over)
        for start in range(0, len(subjects), SUBJECTS_PER_TRANSACTION):
            self._judge_again(subjects[start : start + SUBJECTS_PER_TRANSACTION])
        if subjects or state.as_of != newest:
            with self._ledger.write() as writing:
                writing.advance(self._recipient.node, since=state, as_of=newest, fingerprint=standing.fingerprint)
        return len(subjects)

    def ids(self, view: int) -> Sequence[bytes]:
        """The ids of the view, brought up to date first."""
        self.refresh()
        ids = self._ledger.view_ids(self._recipient.node, view)
        return sorted({*ids, *self._ledger.turned_away(self._recipient.node, view)})

    def parcels(self, view: int, prefixes: Sequence[bytes]) -> Iterator[Parcel]:
        """The records with these prefixes, most urgent first; judged and logged again, batch by batch."""
        named = {held.record.id: held for held in self._ledger.by_prefix(prefixes)}
        rows = [row for row in self._ledger.view_rows(self._recipient.node, list(named)) if row.view == view]
        self._drop_unsendable(prefixes, rows)
        for start in range(0, len(rows), PARCELS_AT_ONCE):
            batch = [(row, named[row.record]) for row in rows[start : start + PARCELS_AT_ONCE]]
            yield from self._hand_out(batch)

    def passed(self, view: int, ids: Sequence[bytes]) -> None:  # noqa: ARG002
        """The peer has said that it holds these durably."""
        with self._ledger.write() as writing:
            writing.mark_passed(self._recipient.node, ids, Direction.OUT)

    def _judge_again(self, subjects: Sequence[bytes]) -> None:
        judged = list(self._judge_many(subjects).items())
        with self._ledger.write() as writing:
            writing.forget_passed(self._recipient.node, [id_ for _, one in judged for id_ in one.told_to_erase])
            writing.replace_rows(self._recipient.node, subjects, [row for _, one in judged for row in one.rows])
            writing.replace_rechecks(self._recipient.node, {subject: one.next_change_ms for subject, one in judged})

    def _judge_many(self, subjects: Sequence[bytes]) -> dict[bytes, Judged]:
        federation, now = self._room.now().federation, self._now_ms()
        about = self._ledger.about_many(subjects)
        directions = self._ledger.passed_directions_many(self._recipient.node, subjects)
        organisations = self._ledger.organisations_of_peers()
        judging = _Judging(self._ledger, self._recipient, federation, now, organisations)
        return {subject: judging.judge(subject, about[subject], directions[subject]) for subject in subjects}

    def _hand_out(self, batch: Sequence[tuple[ViewRow, Held]]) -> Iterator[Parcel]:
        """Judge once more, log, and only then let go."""
        current: dict[bytes, ViewRow] = {}
        for judged in self._judge_many(list({held.record.subject for _, held in batch})).values():
            current |= {row.record: row for row in judged.rows}
        going = [(current[row.record], held) for row, held in batch if row.record in current]
        withheld = [row.record for row, _ in batch if row.record not in current]
        self._log(going, withheld)
        for row, held in going:
            yield Parcel(held.record.sealed, row.basis, row.basis_record)

    def _log(self, going: Sequence[tuple[ViewRow, Held]], withheld: Sequence[bytes]) -> None:
        """Releases outside are logged record by record (Rule 8-5 no. 5), use inside as one entry a batch."""
        with self._ledger.write() as writing:
            if self._recipient.organisation == self._room.now().federation.here:
                writing.log(self._entry("send", count=len(going)))
            else:
                for row, held in going:
                    writing.log(self._entry(DISCLOSE, row=row, held=held))
            if withheld:
                writing.log(self._entry("withhold", count=len(withheld)))
                writing.forget_passed(self._recipient.node, withheld)

    def _drop_unsendable(self, prefixes: Sequence[bytes], rows: Sequence[ViewRow]) -> None:
        """What the peer lacks and we may not or cannot send is no longer between us: the view must not go on naming
        it."""
        sendable = {row.record[:PREFIX_BYTES] for row in rows}
        lost = [prefix for prefix in prefixes if prefix not in sendable]
        if lost:
            with self._ledger.write() as writing:
                writing.forget_turned_prefixes(self._recipient.node, lost)

    def _entry(self, act: str, *, row: ViewRow | None = None, held: Held | None = None, count: int = 1) -> AuditEntry:
        return AuditEntry(
            at_ms=self._now_ms(),
            act=act,
            operator="moyai",
            node=self._author,
            organisation=self._room.now().federation.here,
            purpose="aid",
            subject=held.record.subject if held else None,
            facets=(held.record.facet,) if held else (),
            record=held.record.id if held else None,
            recipient=self._recipient.organisation,
            basis=row.basis if row else INTERNAL,
            basis_record=(row.basis_record or None) if row else None,
            count=count,
        )


@dataclass(frozen=True, slots=True)
class _Judging:
    """One peer at one moment."""

    ledger: Ledger
    recipient: Recipient
    federation: Federation
    now_ms: int
    organisations: Mapping[bytes, str]

    def judge(self, subject: bytes, about: Sequence[Held], directions: Mapping[bytes, Direction]) -> Judged:
        """What the subject has for the peer."""
        released, change = self._released(subject, about, directions)
        told_to_erase = tuple(id_ for id_, way in directions.items() if way == Direction.OUT and id_ not in released)
        came = {id_ for id_, way in directions.items() if way & Direction.IN}
        shared = [held for held in about if held.record.id in released or held.record.id in came]
        rows = []
        for held in _undominated(shared):
            release = released.get(held.record.id)
            rows.append(
                ViewRow(
                    record=held.record.id,
                    view=CONTROL_VIEW if held.record.facet in CONTROL else DATA_VIEW,
                    basis=release.basis if release else RETURN,
                    basis_record=release.basis_record if release else b"",
                    urgency=_urgency(held),
                )
            )
        return Judged(tuple(rows), change, told_to_erase)

    def _released(
        self, subject: bytes, about: Sequence[Held], directions: Mapping[bytes, Direction]
    ) -> tuple[dict[bytes, Release], int | None]:
        """What may go by the rule, and when that can change. Of those who are in the resident register alone nobody
        outside gets anything, which needs no knowledge of them."""
        heads = [held for held in about if held.is_head]
        inside = self.recipient.organisation == self.federation.here
        if not (inside or directions) and all(held.record.facet == RESIDENT for held in about):
            return {}, None
        known = known_from(self.ledger, subject, about, self.federation.here, self.organisations)
        ground = releases(known, self.recipient, self.federation, now_ms=self.now_ms, facts=heads)
        change = next_change_ms(known, self.federation, now_ms=self.now_ms)
        return {fact.record.id: release for fact, release in ground}, change


def _undominated(shared: Sequence[Held]) -> Iterator[Held]:
    """Of what is between us and the peer, what nothing else between us dominates, slot by slot."""
    slots: dict[tuple[int, bytes], list[Held]] = {}
    for held in shared:
        slots.setdefault((held.record.facet, held.record.slot), []).append(held)
    for group in slots.values():
        standing = maximal((held.record.id, held.record.version) for held in group)
        yield from (held for held in group if held.record.id in standing)


def _urgency(held: Held) -> int:
    """Life first: protection, withdrawal and erasure; then who is where and how; then the rest (SPECIFICATION 7.5)."""
    record = held.record
    if record.facet == CONSENT:
        return 0 if facets_pb2.Consent.FromString(record.content).HasField("withdrawn_at_ms") else 1
    return URGENT.get(record.facet, USUAL)
