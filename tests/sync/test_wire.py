"""Frames survive the wire, and what is no frame does not become one."""

import pytest
from hypothesis import given, settings, strategies as st

from moyai.v1 import exchange_pb2
from sync import frames
from sync.envelope import Parcel, SealedRecord
from sync.errors import ProtocolBroken
from sync.reasons import Reason
from sync.wire import frame_of, greeting_of, message_of

VIEW = st.sampled_from(frames.VIEWS)
COUNT = st.integers(0, 2**40)
SMALL = st.integers(0, 2**32 - 1)
ROOT = st.binary(max_size=16)
PARCELS = st.builds(
    Parcel, st.builds(SealedRecord, st.binary(max_size=40), st.binary(max_size=64)), st.integers(0, 99), st.binary()
)
FRAMES = st.one_of(
    st.builds(frames.Roster, st.binary()),
    st.builds(frames.Hello, VIEW, COUNT, ROOT, control_root=ROOT, salt=ROOT, whole_ids=st.booleans(), pushing=SMALL),
    st.builds(frames.Equal, st.sampled_from((0, *frames.VIEWS))),
    st.just(frames.ControlFirst()),
    st.builds(frames.Sketch, VIEW, SMALL, COUNT, SMALL, st.binary(), st.binary(), st.booleans()),
    st.builds(frames.More, VIEW, SMALL, SMALL, SMALL),
    st.builds(frames.Check, ROOT),
    st.just(frames.News()),
    st.builds(frames.Audit, VIEW, ROOT, ROOT),
    st.builds(frames.Ids, VIEW, st.binary(), st.booleans()),
    st.builds(frames.Records, VIEW, st.lists(PARCELS, max_size=3).map(tuple), st.booleans(), ROOT),
    st.builds(frames.Want, VIEW, st.binary(), st.booleans()),
    st.builds(frames.Taken, VIEW, st.integers(0, 256), st.integers(0, 256)),
    st.builds(frames.Goodbye, st.sampled_from(Reason)),
    st.just(frames.Unknown()),
)


@given(FRAMES)
@settings(deadline=None)
def test_a_frame_comes_back_as_it_was(frame: frames.Frame) -> None:
    raw = message_of(frame).SerializeToString()
    assert frame_of(exchange_pb2.Frame.FromString(raw)) == frame


def test_a_greeting_comes_back_with_what_a_newer_version_added() -> None:
    raw = exchange_pb2.Greeting(versions=[1, 2], federation=b"f" * 16, roster_version=3).SerializeToString()
    newer = raw + bytes([0x9A, 0x06, 3]) + b"new"  # field 99, three bytes
    arrived = frame_of(message_of(greeting_of(newer)))
    assert isinstance(arrived, frames.Greeting)
    assert arrived.serialised == newer
    assert arrived.versions == (1, 2)


def test_a_step_of_a_newer_version_is_unknown() -> None:
    newer = exchange_pb2.Frame.FromString(bytes([0x9A, 0x06, 3]) + b"new")
    assert frame_of(newer) == frames.Unknown()


def test_what_is_no_greeting_is_refused() -> None:
    with pytest.raises(ProtocolBroken):
        greeting_of(b"\xff\xff garbage")


def test_a_reason_out_of_the_list_is_never_shown() -> None:
    said = exchange_pb2.Frame(goodbye=exchange_pb2.Goodbye(reason="田中太郎"))
    assert frame_of(said) == frames.Goodbye(Reason.OTHER)
