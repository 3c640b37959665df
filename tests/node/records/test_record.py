"""Opening a body: what has the shape is read, what has not is refused with the rule."""

import pytest

from moyai.v1 import record_pb2 as wire
from node.errors import RecordMalformed
from node.records.clock import milliseconds, tick
from node.records.kinds import NAMES
from node.records.record import body_bytes, open_record
from sync.envelope import SealedRecord

AUTHOR = b"n" * 16
GOOD = {
    "subject": b"s" * 16,
    "subject_kind": 1,
    "facet": 2,
    "slot": b"",
    "version": ((AUTHOR, 1),),
    "clock": 1 << 16,
    "author": AUTHOR,
    "organisation": "172049",
    "operator": "op-1",
    "content": b"",
}


def sealed(**changes: object) -> SealedRecord:
    return SealedRecord(body_bytes(**{**GOOD, **changes}), b"\0" * 64)  # type: ignore[arg-type]


def test_a_body_reads_back_what_was_written() -> None:
    record = open_record(sealed())
    assert (record.subject, record.facet, record.counter, record.organisation) == (b"s" * 16, 2, 1, "172049")


def test_an_unknown_facet_is_read() -> None:
    assert open_record(sealed(facet=77)).facet == 77


def test_an_unknown_field_is_read_and_kept_verbatim() -> None:
    original = sealed()
    longer = SealedRecord(original.body + b"\xfa\x07\x03abc", original.signature)
    assert open_record(longer).sealed.body.endswith(b"abc")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"subject": b"short"}, "subject"),
        ({"subject_kind": 0}, "subject-kind"),
        ({"facet": 0}, "facet"),
        ({"slot": b"x" * 17}, "slot"),
        ({"version": ()}, "version-size"),
        ({"version": ((AUTHOR, 1), (AUTHOR, 2))}, "version-order"),
        ({"version": ((b"z" * 16, 1), (AUTHOR, 1))}, "version-order"),
        ({"version": ((AUTHOR, 0),)}, "version-entry"),
        ({"version": ((b"z" * 16, 1),)}, "version-author"),
        ({"clock": 0}, "clock"),
        ({"organisation": "17"}, "organisation"),
        ({"operator": ""}, "operator"),
        ({"operator": "x" * 33}, "operator"),
        ({"content": b"x" * 70_000}, "body-size"),
    ],
)
def test_a_body_out_of_shape_is_refused_with_the_rule(change: dict[str, object], rule: str) -> None:
    with pytest.raises(RecordMalformed) as refused:
        open_record(sealed(**change))
    assert refused.value.details["rule"] == rule


def test_bytes_that_are_no_body_are_refused() -> None:
    with pytest.raises(RecordMalformed):
        open_record(SealedRecord(b"\xff\xff\xff", b"\0" * 64))


def test_a_short_signature_is_refused() -> None:
    with pytest.raises(RecordMalformed):
        open_record(SealedRecord(sealed().body, b"\0" * 63))


def test_the_clock_never_goes_back_when_the_wall_clock_does() -> None:
    first = tick(0, 1_700_000_000_000)
    second = tick(first, 1_600_000_000_000)
    assert second > first
    assert milliseconds(second) == 1_700_000_000_000


def test_every_facet_of_the_schema_has_a_word() -> None:
    assert set(NAMES) == {number for number in wire.Facet.values() if number}
