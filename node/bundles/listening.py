"""Hears a bundle three times: is it whole, and from whom it says; has all in it its place; then record by record.

Nothing is taken before the third time, and nothing that could cost much is done before the second.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from google.protobuf.message import DecodeError

from moyai.v1 import exchange_pb2
from node.bundles.addressee import Addressees
from node.bundles.reading import BundleFiles, Progress
from node.errors import BundleMalformed, BundleOfAnotherFederation
from node.peerbook import VERSIONS
from node.trust.believed import Believed
from node.trust.certificate import NodeCertificate
from node.trust.keys import BoxKey
from node.trust.roster import Roster, open_roster, read_roster
from sync import bundle
from sync.bundle import Told, in_order
from sync.bundlewire import entry_of
from sync.envelope import Parcel
from sync.errors import LimitPassed, NoCommonVersion, ProtocolBroken
from sync.limits import PARCELS_PER_FRAME_MAX
from sync.ports import Inbox


@dataclass(frozen=True, slots=True)
class Verified:
    """A bundle that is whole, unchanged, and from whom it says."""

    writer: NodeCertificate
    number: int
    greeting: exchange_pb2.Greeting
    newer_roster: bytes
    """The signed roster it brings, where it is newer than ours; else empty."""


@dataclass(slots=True)
class Taken:
    """What became of the records of a bundle, and what it said of the writer's views."""

    told: dict[int, Told]
    records: int = 0
    new: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class Listener:
    """One bundle, with the key it is sealed to."""

    files: BundleFiles
    key: BoxKey

    def verify(self, believed: Believed, addressees: Addressees, *, now_ms: int, progress: Progress) -> Verified:
        """All of it, before anything is taken.

        Raises:
            BundleRefused: with the reason.
            TrustRefused: the roster or the certificate in it can't be believed, or the writer is revoked.
            NoCommonVersion: it is of a newer protocol.
        """
        signing, ordering = in_shares(progress, 2)
        opening, signed_roster = self._beginning(signing)
        greeting = self._greeting(opening.greeting)
        if greeting.federation != believed.roster.federation:
            raise BundleOfAnotherFederation
        if not set(greeting.versions) & set(VERSIONS):
            raise NoCommonVersion(highest=max(greeting.versions, default=0))
        newer = _newer(signed_roster, believed.roster, now_ms)
        if newer is not None:
            believed = replace(believed, roster=newer)
        writer = believed.meet(greeting.certificate, now_ms=now_ms)
        self.files.check_signed(writer.public_key)
        addressees.check_writes_to_us(writer, believed)
        for _ in self._entries(ordering):
            pass
        return Verified(writer, opening.number, greeting, signed_roster if newer is not None else b"")

    def take(self, inbox: Inbox, progress: Progress) -> Taken:
        """Hand every record to the inbox, in full batches however few stand in one entry: each is written durably. The
        same again does no harm."""
        taken = Taken({})
        view = 0
        batch: list[Parcel] = []

        def commit() -> None:
            if batch:
                tally = inbox.commit(inbox.prepare(view, tuple(batch)))
                taken.records += len(batch)
                taken.new += tally.new
                taken.quarantined += tally.quarantined
                batch.clear()

        for entry in self._entries(progress):
            match entry:
                case bundle.Statement():
                    commit()
                    view = entry.view
                    taken.told[view] = Told(entry)
                case bundle.Listed(ids):
                    taken.told[view].ids += ids
                case bundle.Carried(_, parcels):
                    if len(batch) + len(parcels) > PARCELS_PER_FRAME_MAX:
                        commit()
                    batch.extend(parcels)
        commit()
        return taken

    def _beginning(self, progress: Progress) -> tuple[bundle.Opening, bytes]:
        """The first two entries, once all of the bundle was opened."""
        serialised = self.files.first_entries(2, self.key, progress)
        with _malformed():
            match list(map(entry_of, serialised)):
                case [bundle.Opening() as opening, bundle.CarriedRoster(signed)]:
                    return opening, signed
        raise BundleMalformed(rule="opening and roster first")

    def _entries(self, progress: Progress) -> Iterator[bundle.Entry]:
        entries = in_order(map(entry_of, self.files.entries(self.key, progress)))
        while True:
            with _malformed():
                entry = next(entries, None)
            if entry is None:
                return
            yield entry

    def _greeting(self, serialised: bytes) -> exchange_pb2.Greeting:
        greeting = exchange_pb2.Greeting()
        try:
            greeting.ParseFromString(serialised)
        except DecodeError as error:
            raise BundleMalformed(rule="greeting") from error
        return greeting


def _newer(signed: bytes, ours: Roster, now_ms: int) -> Roster | None:
    """The roster a bundle brings, if it is newer than ours; an older one is passed over.

    Raises:
        TrustRefused: it may not follow ours, or is another one of the same version.
    """
    if read_roster(signed).version < ours.version:
        return None
    opened = open_roster(signed, trusted=ours, now_ms=now_ms)
    return opened if opened.version > ours.version else None


def in_shares(progress: Progress, passes: int) -> list[Progress]:
    """One progress for several passes over the same bytes."""
    return [_share(progress, before, passes) for before in range(passes)]


def _share(progress: Progress, before: int, passes: int) -> Progress:
    def told(done: int, total: int) -> None:
        progress(before * total + done, passes * total)

    return told


@contextmanager
def _malformed() -> Iterator[None]:
    """What the exchange says of an entry, said of the bundle."""
    try:
        yield
    except ProtocolBroken as error:
        raise BundleMalformed(rule=str(error.details.get("rule", "-"))) from error
    except LimitPassed as error:
        raise BundleMalformed(rule=str(error.details.get("limit", "-"))) from error
