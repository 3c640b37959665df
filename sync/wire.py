"""Frames to and from their protobuf form; what has no place in a frame is refused here, and nowhere later."""

from google.protobuf.message import DecodeError

from moyai.v1 import exchange_pb2, record_pb2
from sync import frames
from sync.envelope import ID_BYTES, Parcel, SealedRecord
from sync.errors import LimitPassed, ProtocolBroken
from sync.limits import PARCELS_PER_FRAME_MAX
from sync.packing import pack, unpack
from sync.reasons import heard


def greeting_of(serialised: bytes) -> frames.Greeting:
    """A `moyai.v1.Greeting`, opened as far as the session needs it.

    Raises:
        ProtocolBroken: these bytes are no greeting.
    """
    try:
        return _greeting(exchange_pb2.Greeting.FromString(serialised), serialised)
    except DecodeError:
        raise ProtocolBroken(rule="greeting") from None


def message_of(frame: frames.Frame) -> exchange_pb2.Frame:  # noqa: C901, PLR0911, PLR0912 -- one case a kind
    """A frame as it travels."""
    match frame:
        case frames.Greeting():
            return exchange_pb2.Frame(greeting=exchange_pb2.Greeting.FromString(frame.serialised))
        case frames.Roster():
            return exchange_pb2.Frame(roster=exchange_pb2.Frame.Roster(signed_roster=frame.signed))
        case frames.Hello():
            return exchange_pb2.Frame(hello=_hello_message(frame))
        case frames.Equal():
            return exchange_pb2.Frame(equal=exchange_pb2.Equal(view=_view(frame.view)))
        case frames.ControlFirst():
            return exchange_pb2.Frame(control_first=exchange_pb2.ControlFirst())
        case frames.Sketch():
            return exchange_pb2.Frame(sketch=_sketch_message(frame))
        case frames.More():
            more = exchange_pb2.More(snapshot=frame.snapshot, start=frame.start, stop=frame.stop)
            more.view = _view(frame.view)
            return exchange_pb2.Frame(more=more)
        case frames.Ids():
            ids = exchange_pb2.Ids(view=_view(frame.view), prefixes=frame.whole, last=frame.last)
            return exchange_pb2.Frame(ids=ids)
        case frames.Records():
            return exchange_pb2.Frame(records=_records_message(frame))
        case frames.Want():
            want = exchange_pb2.Want(view=_view(frame.view), prefixes=frame.prefixes, last=frame.last)
            return exchange_pb2.Frame(want=want)
        case frames.Taken():
            taken = exchange_pb2.Taken(view=_view(frame.view), held=frame.held, quarantined=frame.quarantined)
            return exchange_pb2.Frame(taken=taken)
        case frames.Check():
            return exchange_pb2.Frame(check=exchange_pb2.Check(root=frame.root))
        case frames.News():
            return exchange_pb2.Frame(news=exchange_pb2.News())
        case frames.Audit():
            audit = exchange_pb2.Audit(view=_view(frame.view), salt=frame.salt, hash=frame.hash)
            return exchange_pb2.Frame(audit=audit)
        case frames.Goodbye():
            return exchange_pb2.Frame(goodbye=exchange_pb2.Goodbye(reason=frame.reason))
        case frames.Unknown():
            return exchange_pb2.Frame()


def frame_of(message: exchange_pb2.Frame) -> frames.Frame:  # noqa: C901, PLR0911, PLR0912 -- one case a kind
    """A frame as the session knows it; one of an unknown kind is `Unknown`.

    Raises:
        ProtocolBroken: it holds packed records that are none.
        LimitPassed: it holds too many records, or they are too large unpacked.
    """
    match message.WhichOneof("step"):
        case "greeting":
            return _greeting(message.greeting, message.greeting.SerializeToString())
        case "roster":
            return frames.Roster(message.roster.signed_roster)
        case "hello":
            return _hello(message.hello)
        case "equal":
            return frames.Equal(message.equal.view)
        case "control_first":
            return frames.ControlFirst()
        case "sketch":
            sketch = message.sketch
            return frames.Sketch(
                sketch.view, sketch.snapshot, sketch.count, sketch.start, sketch.symbols, sketch.counts, sketch.last
            )
        case "more":
            more = message.more
            return frames.More(more.view, more.snapshot, more.start, more.stop)
        case "ids":
            return frames.Ids(message.ids.view, message.ids.prefixes, message.ids.last)
        case "records":
            return _records(message.records)
        case "want":
            return frames.Want(message.want.view, message.want.prefixes, message.want.last)
        case "taken":
            return frames.Taken(message.taken.view, message.taken.held, message.taken.quarantined)
        case "check":
            return frames.Check(message.check.root)
        case "news":
            return frames.News()
        case "audit":
            return frames.Audit(message.audit.view, message.audit.salt, message.audit.hash)
        case "goodbye":
            return frames.Goodbye(heard(message.goodbye.reason))
        case None:
            return frames.Unknown()


def _greeting(message: exchange_pb2.Greeting, serialised: bytes) -> frames.Greeting:
    return frames.Greeting(tuple(message.versions), message.federation, message.roster_version, serialised)


def _hello_message(frame: frames.Hello) -> exchange_pb2.Hello:
    return exchange_pb2.Hello(
        view=_view(frame.view),
        count=frame.count,
        root=frame.root,
        id_bytes=ID_BYTES if frame.whole_ids else 0,
        control_root=frame.control_root,
        salt=frame.salt,
        pushing=frame.pushing,
    )


def _hello(message: exchange_pb2.Hello) -> frames.Hello:
    return frames.Hello(
        message.view,
        message.count,
        message.root,
        control_root=message.control_root,
        salt=message.salt,
        whole_ids=message.id_bytes == ID_BYTES,
        pushing=message.pushing,
    )


def _sketch_message(frame: frames.Sketch) -> exchange_pb2.Sketch:
    return exchange_pb2.Sketch(
        view=_view(frame.view),
        snapshot=frame.snapshot,
        count=frame.count,
        start=frame.start,
        symbols=frame.symbols,
        counts=frame.counts,
        last=frame.last,
    )


def _records_message(frame: frames.Records) -> exchange_pb2.Records:
    records = exchange_pb2.Records(view=_view(frame.view), last=frame.last, root=frame.root)
    if frame.parcels:
        parcels = exchange_pb2.Parcels(parcels=map(_parcel_message, frame.parcels))
        records.packed, records.dictionary = pack(parcels)
    return records


def _records(message: exchange_pb2.Records) -> frames.Records:
    if message.packed and message.parcels:
        raise ProtocolBroken(rule="records packed or not")
    parcels = unpack(message.packed, message.dictionary).parcels if message.packed else message.parcels
    if len(parcels) > PARCELS_PER_FRAME_MAX:  # before each is made a value: two bytes unpacked can be a parcel
        raise LimitPassed(limit="PARCELS_PER_FRAME_MAX", got=len(parcels))
    return frames.Records(message.view, tuple(map(_parcel, parcels)), message.last, message.root)


def _parcel(message: exchange_pb2.Parcel) -> Parcel:
    record = SealedRecord(message.record.body, message.record.signature)
    return Parcel(record, message.basis, message.basis_record)


def _parcel_message(parcel: Parcel) -> exchange_pb2.Parcel:
    record = record_pb2.SealedRecord(body=parcel.record.body, signature=parcel.record.signature)
    return exchange_pb2.Parcel(record=record, basis=_basis(parcel.basis), basis_record=parcel.basis_record)


def _view(number: int) -> exchange_pb2.View.ValueType:
    return exchange_pb2.View.ValueType(number)


def _basis(number: int) -> exchange_pb2.Basis.ValueType:
    return exchange_pb2.Basis.ValueType(number)
