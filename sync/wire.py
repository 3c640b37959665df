"""Frames to and from their protobuf form; what has no place in a frame is refused here, and nowhere later."""

from google.protobuf.message import DecodeError

from moyai.v1 import exchange_pb2, record_pb2
from sync import frames
from sync.envelope import PREFIX_BYTES, Parcel, SealedRecord
from sync.errors import ProtocolBroken
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


def message_of(frame: frames.Frame) -> exchange_pb2.Frame:  # noqa: C901, PLR0911 -- one case a kind
    """A frame as it travels."""
    match frame:
        case frames.Greeting():
            return exchange_pb2.Frame(greeting=exchange_pb2.Greeting.FromString(frame.serialised))
        case frames.Roster():
            return exchange_pb2.Frame(roster=exchange_pb2.Frame.Roster(signed_roster=frame.signed))
        case frames.Hello():
            id_bytes = 0 if frame.id_bytes == PREFIX_BYTES else frame.id_bytes
            hello = exchange_pb2.Hello(count=frame.count, root=frame.root, id_bytes=id_bytes)
            hello.view = _view(frame.view)
            return exchange_pb2.Frame(hello=hello)
        case frames.Equal():
            return exchange_pb2.Frame(equal=exchange_pb2.Equal(view=_view(frame.view)))
        case frames.Ids():
            ids = exchange_pb2.Ids(view=_view(frame.view), prefixes=frame.prefixes, last=frame.last)
            return exchange_pb2.Frame(ids=ids)
        case frames.Records():
            records = exchange_pb2.Records(view=_view(frame.view), last=frame.last)
            records.parcels.extend(map(_parcel_message, frame.parcels))
            return exchange_pb2.Frame(records=records)
        case frames.Want():
            want = exchange_pb2.Want(view=_view(frame.view), prefixes=frame.prefixes, last=frame.last)
            return exchange_pb2.Frame(want=want)
        case frames.Taken():
            taken = exchange_pb2.Taken(view=_view(frame.view), held=frame.held, quarantined=frame.quarantined)
            return exchange_pb2.Frame(taken=taken)
        case frames.Goodbye():
            return exchange_pb2.Frame(goodbye=exchange_pb2.Goodbye(reason=frame.reason))
        case frames.Unknown():
            return exchange_pb2.Frame()


def frame_of(message: exchange_pb2.Frame) -> frames.Frame:  # noqa: C901, PLR0911 -- one case a kind
    """A frame as the session knows it; one of an unknown kind is `Unknown`."""
    match message.WhichOneof("step"):
        case "greeting":
            return _greeting(message.greeting, message.greeting.SerializeToString())
        case "roster":
            return frames.Roster(message.roster.signed_roster)
        case "hello":
            hello = message.hello
            return frames.Hello(hello.view, hello.count, hello.root, hello.id_bytes or PREFIX_BYTES)
        case "equal":
            return frames.Equal(message.equal.view)
        case "ids":
            return frames.Ids(message.ids.view, message.ids.prefixes, message.ids.last)
        case "records":
            records = message.records
            return frames.Records(records.view, tuple(map(_parcel, records.parcels)), records.last)
        case "want":
            return frames.Want(message.want.view, message.want.prefixes, message.want.last)
        case "taken":
            return frames.Taken(message.taken.view, message.taken.held, message.taken.quarantined)
        case "goodbye":
            return frames.Goodbye(heard(message.goodbye.reason))
        case None:
            return frames.Unknown()


def _greeting(message: exchange_pb2.Greeting, serialised: bytes) -> frames.Greeting:
    return frames.Greeting(tuple(message.versions), message.federation, message.roster_version, serialised)


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
