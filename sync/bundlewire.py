"""Entries of a bundle to and from their protobuf form; what has no place in a bundle is refused here."""

from google.protobuf.message import DecodeError

from moyai.v1 import bundle_pb2, exchange_pb2
from sync import bundle, frames
from sync.errors import LimitPassed, ProtocolBroken
from sync.limits import GREETING_BYTES_MAX, PARCELS_PER_FRAME_MAX, ROSTER_BYTES_MAX
from sync.roots import ROOT_BYTES
from sync.sketch import CELL_BYTES, KEPT_CELLS
from sync.wire import frame_of, message_of

NUMBER_MAX = 2**63 - 1


def entry_bytes(entry: bundle.Entry) -> bytes:
    """An entry as it is sealed."""
    message = bundle_pb2.BundleEntry()
    match entry:
        case bundle.Opening(number, greeting):
            message.opening.number, message.opening.greeting = number, greeting
        case bundle.CarriedRoster(signed):
            message.signed_roster = signed
        case bundle.Statement():
            said = message.view
            said.view = exchange_pb2.View.ValueType(entry.view)
            said.count, said.root, said.symbols = entry.count, entry.root, entry.symbols
            said.listed, said.list_wanted = entry.listed, entry.list_wanted
        case bundle.Listed(ids):
            message.ids.ids = ids
        case bundle.Carried(view, parcels):
            message.records.CopyFrom(message_of(frames.Records(view, parcels, last=False)).records)
        case bundle.Ending(records):
            message.ending.records = records
            message.ending.SetInParent()
        case bundle.Unknown():
            pass
    return message.SerializeToString(deterministic=True)


def entry_of(serialised: bytes) -> bundle.Entry:  # noqa: PLR0911 -- one case a kind
    """An entry as this version knows it; one of an unknown kind is `Unknown`.

    Raises:
        ProtocolBroken: it has not the shape the specification asks for.
        LimitPassed: there is more in it than limits.py allows.
    """
    try:
        message = bundle_pb2.BundleEntry.FromString(serialised)
    except DecodeError:
        raise ProtocolBroken(rule="entry") from None
    match message.WhichOneof("entry"):
        case "opening":
            _bounded("GREETING_BYTES_MAX", len(message.opening.greeting), GREETING_BYTES_MAX)
            _need("number", 0 < message.opening.number <= NUMBER_MAX)
            return bundle.Opening(message.opening.number, message.opening.greeting)
        case "signed_roster":
            _bounded("ROSTER_BYTES_MAX", len(message.signed_roster), ROSTER_BYTES_MAX)
            return bundle.CarriedRoster(message.signed_roster)
        case "view":
            return _statement(message.view)
        case "ids":
            return bundle.Listed(message.ids.ids)
        case "records":
            return _records(message.records)
        case "ending":
            return bundle.Ending(message.ending.records)
        case None:
            return bundle.Unknown()


def _records(message: exchange_pb2.Records) -> bundle.Carried:
    read = frame_of(exchange_pb2.Frame(records=message))
    assert isinstance(read, frames.Records)  # noqa: S101 -- it is what was put in
    _bounded("PARCELS_PER_FRAME_MAX", len(read.parcels), PARCELS_PER_FRAME_MAX)
    return bundle.Carried(read.view, read.parcels)


def _statement(said: bundle_pb2.BundleView) -> bundle.Statement:
    _need("root", len(said.root) == ROOT_BYTES)
    _need("symbols", not len(said.symbols) % CELL_BYTES and not (said.listed and said.symbols))
    _bounded("KEPT_CELLS", len(said.symbols) // CELL_BYTES, KEPT_CELLS)
    return bundle.Statement(
        said.view, said.count, said.root, said.symbols, listed=said.listed, list_wanted=said.list_wanted
    )


def _need(rule: str, holds: bool) -> None:
    if not holds:
        raise ProtocolBroken(rule=rule)


def _bounded(limit: str, got: int, most: int) -> None:
    if got > most:
        raise LimitPassed(limit=limit, got=got)
