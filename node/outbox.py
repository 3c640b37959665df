"""What may go to one peer, and nothing else: the ledger seen through the release rule.

The view of a peer holds, of the heads this node would release to it now together with what came from it, those that
no other of them dominates. It is worked out once per change: only subjects touched since the last time, those whose
time has come, and all of them where what the federation opens to this peer has changed, are judged again. Whatever the
view says, a record is judged once more at the moment it is sent, and the disclosure is in the log before the record is
handed out.
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
from node.views import CONTROL_VIEW, DATA_VIEW, PeerViews
from node.walk import Walk
from sync.envelope import Parcel

INTERNAL: Final = int(exchange_pb2.BASIS_INTERNAL)
NOT_SENT: Final = int(exchange_pb2.BASIS_UNSPECIFIED)
"""In place of a ground, of what came from the peer and may not go there: it is in the view because the peer has it.

Where the peer asks for it, it has it no longer: it was told to erase it, and gets it from nobody by asking.
"""

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


class NodeOutbox(PeerViews):
    """The `Outbox` of one peer."""

    def __init__(
        self, ledger: Ledger, room: StandingRoom, recipient: Recipient, *, author: bytes, now_ms: Callable[[], int]
    ) -> None:
        super().__init__(ledger, recipient.node, now_ms=now_ms)
        self._room = room
        self._recipient = recipient
        self._author = author

    def parcels(self, view: int, prefixes: Sequence[bytes]) -> Iterator[Parcel]:
        """The records with these prefixes, most urgent first; judged and logged again, batch by batch."""
        named = {held.record.id: held for held in self._ledger.by_prefix(prefixes)}
        rows = [row for row in self._ledger.view_rows(self._peer, list(named)) if row.view == view]
        self._drop_unsendable(prefixes, [row.record for row in rows])
        for start in range(0, len(rows), PARCELS_AT_ONCE):
            batch = [(row, named[row.record]) for row in rows[start : start + PARCELS_AT_ONCE]]
            yield from self._hand_out(batch)

    def rows_by_rule(self, subjects: Sequence[bytes]) -> list[ViewRow]:
        """What the views should have of these subjects now; nothing is written."""
        return [row for judged in self._judge_many(subjects).values() for row in judged.rows]

    def _walk(self) -> Walk:
        toward = self._room.toward(self._recipient)
        passed_over = None if self._recipient.organisation == toward.federation.here else RESIDENT
        return Walk(self._ledger, self._peer, toward.fingerprint, now_ms=self._now_ms, passing_over=passed_over)

    def _work_out(self, walk: Walk, most: int) -> int | None:
        step = walk.step(most)
        if step is None:
            return None
        judged = self._judge_many(step.subjects)
        with self._ledger.write() as writing:
            told_to_erase = [id_ for one in judged.values() for id_ in one.told_to_erase]
            writing.forget_passed(self._peer, told_to_erase)
            writing.replace_rows(self._peer, step.subjects, [row for one in judged.values() for row in one.rows])
            walk.finish(writing, step, {subject: one.next_change_ms for subject, one in judged.items()})
        return len(step.subjects)

    def _judge_many(self, subjects: Sequence[bytes]) -> dict[bytes, Judged]:
        federation, now = self._room.toward(self._recipient).federation, self._now_ms()
        about = self._ledger.about_many(subjects)
        directions = self._ledger.passed_directions_many(self._peer, subjects)
        organisations = self._ledger.organisations_of_peers()
        judging = _Judging(self._ledger, self._recipient, federation, now, organisations)
        return {subject: judging.judge(subject, about[subject], directions[subject]) for subject in subjects}

    def _hand_out(self, batch: Sequence[tuple[ViewRow, Held]]) -> Iterator[Parcel]:
        """Judge once more, log, and only then let go; where something was written meanwhile, judge the rest again.

        Between two frames of a slow line lie minutes, in which a consent may be withdrawn.
        """
        moment = self._moment()
        going, withheld = self._judged(batch)
        self._log(going, withheld)
        for at, (row, held) in enumerate(going):
            if self._moment() != moment:
                yield from self._hand_out_rest(going[at:])
                return
            yield _parcel(row, held)

    def _hand_out_rest(self, batch: Sequence[tuple[ViewRow, Held]]) -> Iterator[Parcel]:
        """The same for what is in the log already."""
        rest = list(batch)
        while rest:
            moment = self._moment()
            rest, withheld = self._judged(rest)
            if withheld:
                self._log([], withheld)
                moment = self._moment()
            while rest and self._moment() == moment:
                row, held = rest.pop(0)
                yield _parcel(row, held)

    def _judged(self, batch: Sequence[tuple[ViewRow, Held]]) -> tuple[list[tuple[ViewRow, Held]], list[Held]]:
        """What of the batch may go now, and what may not: on no ground, or not held any more."""
        current: dict[bytes, ViewRow] = {}
        for judged in self._judge_many(list({held.record.subject for _, held in batch})).values():
            current |= {row.record: row for row in judged.rows if row.basis != NOT_SENT}
        going = [(current[row.record], held) for row, held in batch if row.record in current]
        return going, [held for row, held in batch if row.record not in current]

    def _log(self, going: Sequence[tuple[ViewRow, Held]], withheld: Sequence[Held]) -> None:
        """Releases outside are logged record by record (Rule 8-5 no. 5), use inside as one entry a batch."""
        with self._ledger.write() as writing:
            if self._recipient.organisation == self._room.now().federation.here:
                writing.log(self._entry("send", count=len(going)))
            else:
                for row, held in going:
                    writing.log(self._entry(DISCLOSE, row=row, held=held))
            if withheld:
                writing.log(self._entry("withhold", count=len(withheld)))
                writing.forget_passed(self._peer, [held.record.id for held in withheld])
                writing.recheck_now(self._peer, {held.record.subject for held in withheld})

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
                    basis=release.basis if release else NOT_SENT,
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


def _parcel(row: ViewRow, held: Held) -> Parcel:
    """Inside, that a record does not count here goes along (SPECIFICATION 6)."""
    without_weight = row.basis == INTERNAL and not held.counts
    return Parcel(held.record.sealed, row.basis, held.record.id if without_weight else row.basis_record)


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
