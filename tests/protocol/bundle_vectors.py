"""Vectors of bundles: what a node that is handed these files must take out of them, or refuse."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from moyai.v1 import bundle_pb2, exchange_pb2, trust_pb2
from node.bundles.head import read_head, with_check
from node.bundles.writing import Address, BundleWriter
from sync import bundle
from sync.bundlewire import entry_bytes
from sync.envelope import ID_BYTES
from sync.frames import CONTROL, DATA
from sync.roots import root
from tests.builders.trust import (
    BOX_KEYS,
    FEDERATION,
    ISHIKAWA,
    KANAZAWA,
    NOW_MS,
    WAJIMA,
    TestNode,
    node,
    seed,
    signed_roster,
)
from tests.protocol.form import Named, Vector, accepted, refused, vector

WRITER, READER = node(WAJIMA, "home"), node(KANAZAWA, "home")
LAPTOP = node(WAJIMA, "field", kind=trust_pb2.NODE_KIND_FIELD)
NUMBER = 7
ADDRESS = Address(FEDERATION, KANAZAWA, b"", BOX_KEYS[KANAZAWA].public_key)
MANY = 600
"""Ids enough for a second part."""


def bundle_vectors() -> Iterator[Named]:
    """All of them."""
    yield from _accepted()
    yield from _damaged()
    yield from _for_others()
    yield from _from_others()
    yield from _out_of_shape()


def _accepted() -> Iterator[Named]:
    record = WRITER.enrolment()
    yield (
        "accept/bundle",
        _vector(
            "Of a home node for another: both views listed, one record.",
            [_written(_entries())],
            accepted(
                writer=WRITER.node.hex(),
                number=NUMBER,
                records=[record.id.hex()],
                views=[[CONTROL, 1, root([record.id]).hex()], [DATA, 0, root([]).hex()]],
            ),
        ),
    )
    yield (
        "accept/bundle-two-parts",
        _vector(
            "In two parts, given in the wrong order.",
            list(reversed(_written(_entries(ids=_ids(MANY)), part_bytes=17_000))),
            accepted(number=NUMBER, views=[[CONTROL, MANY, root(_ids(MANY)).hex()], [DATA, 0, root([]).hex()]]),
        ),
    )
    newer = bundle_pb2.BundleEntry().SerializeToString() + b"\xfa\x01\x03new"
    yield (
        "accept/bundle-greeting",
        _vector(
            "For a node never met: no views; and an entry of a kind that is not known.",
            [_written([*_opening(WRITER), newer, entry_bytes(bundle.Ending(0))])],
            accepted(writer=WRITER.node.hex(), records=[], views=[]),
        ),
    )


def _damaged() -> Iterator[Named]:
    (whole,) = _written(_entries())
    begins = read_head(whole, file_bytes=len(whole), file="").begins
    for name, description, part, reason in (
        ("cut", "Its last byte is missing.", whole[:-1], "BUNDLE_CUT"),
        ("longer", "There is a byte behind its end.", whole + b"\0", "BUNDLE_CHANGED"),
        ("changed-head", "A bit of the head changed.", _flipped(whole, 40), "BUNDLE_CHANGED"),
        ("changed-piece", "A bit of a piece changed.", _flipped(whole, begins + 99), "BUNDLE_CHANGED"),
        ("changed-signature", "A bit of the last piece changed.", _flipped(whole, len(whole) - 1), "BUNDLE_CHANGED"),
        ("version", "Of a version that is not known.", whole.replace(b"bundle 1", b"bundle 2", 1), "BUNDLE_MALFORMED"),
    ):
        yield f"refuse/bundle-{name}", _vector(description, [part], refused(reason))
    first, second = _written(_entries(ids=_ids(MANY)), part_bytes=17_000)
    (_, other) = _written(_entries(ids=_ids(MANY)), part_bytes=17_000, chance=8)
    missing = refused("BUNDLE_PARTS_MISSING", missing="2", parts=2)
    yield "refuse/bundle-parts-missing", _vector("The second of two parts is missing.", [first], missing)
    mixed = refused("BUNDLE_PARTS_MIXED")
    yield "refuse/bundle-parts-mixed", _vector("The second part is of another bundle.", [first, other], mixed)
    assert second != other


def _for_others() -> Iterator[Named]:
    (whole,) = _written(_entries())
    for name, description, address, reason in (
        ("for-another", "For the prefecture.", replace(ADDRESS, organisation=ISHIKAWA), "BUNDLE_FOR_ANOTHER"),
        ("for-another-node", "For a laptop.", replace(ADDRESS, node=LAPTOP.node), "BUNDLE_FOR_ANOTHER"),
        ("other-federation", "Of another federation.", replace(ADDRESS, federation=bytes(16)),
         "BUNDLE_OF_ANOTHER_FEDERATION"),
        ("key-another", "For us, and sealed to another key.",
         replace(ADDRESS, box_key=BOX_KEYS[ISHIKAWA].public_key), "BUNDLE_KEY_ANOTHER"),
    ):  # fmt: skip
        yield f"refuse/bundle-{name}", _vector(description, [_written(_entries(), address=address)], refused(reason))
    for name, last, reason in (("read-before", NUMBER, "BUNDLE_READ_BEFORE"), ("older", NUMBER + 1, "BUNDLE_OLDER")):
        described = f"Bundle {NUMBER} where {last} has been read."
        yield f"refuse/bundle-{name}", _vector(described, [whole], refused(reason), last_number=last)


def _from_others() -> Iterator[Named]:
    forged = _written(_entries(), signer=READER)
    yield "refuse/bundle-forged", _vector("Signed by another node than it says.", [forged], refused("BUNDLE_FORGED"))
    (whole,) = _written(_entries())
    read = read_head(whole, file_bytes=len(whole), file="")
    moved = with_check(replace(read.head, bundle=bytes(16)).written) + whole[read.begins :]
    described = "Its head changed knowingly, check and all."
    yield "refuse/bundle-head-forged", _vector(described, [moved], refused("BUNDLE_FORGED"))
    laptop = _written(_entries(writer=LAPTOP), signer=LAPTOP)
    described = "Of another organisation's laptop."
    yield "refuse/bundle-not-from-a-peer", _vector(described, [laptop], refused("BUNDLE_NOT_FROM_A_PEER"))
    revoked = [WRITER.enrolment(), node(WAJIMA, "second").revocation(WRITER, 5)]
    yield (
        "refuse/bundle-of-revoked",
        _vector("Of a node that its organisation has revoked.", [whole], refused("NODE_REVOKED"), heads=revoked),
    )


def _out_of_shape() -> Iterator[Named]:
    opening, roster, *_ = _entries()
    data_first = [opening, roster, _view(DATA, []), entry_bytes(bundle.Ending(0))]
    no_end = [opening, roster]
    miscounted = [opening, roster, entry_bytes(bundle.Ending(1))]
    for name, rule, entries in (
        ("data-first", "control before data", data_first),
        ("no-ending", "ending", no_end),
        ("miscounted", "records counted", miscounted),
    ):
        expected = refused("BUNDLE_MALFORMED", rule=rule)
        yield f"refuse/bundle-{name}", _vector(f"Sealed and signed well, but: {rule}.", [_written(entries)], expected)


def _vector(
    description: str,
    parts: Sequence[bytes | list[bytes]],
    expected: dict[str, object],
    *,
    last_number: int = 0,
    heads: Sequence[object] = (),
) -> Vector:
    flat = [one for part in parts for one in (part if isinstance(part, list) else [part])]
    return vector(
        "bundle",
        description,
        expected,
        parts=flat,
        signed_roster=signed_roster(),
        heads=[{"body": one.sealed.body, "signature": one.sealed.signature} for one in heads],  # type: ignore[attr-defined]
        organisation=KANAZAWA,
        node=READER.node,
        home=True,
        box_secret=BOX_KEYS[KANAZAWA].secret,
        last_number=last_number,
        now_ms=NOW_MS,
    )


def _entries(*, writer: TestNode = WRITER, ids: list[bytes] | None = None) -> list[bytes]:
    """A bundle with one record, or with ids that are not its records'."""
    record = WRITER.enrolment()
    carried = [] if ids else [record]
    listed = ids or [record.id]
    records = exchange_pb2.Records(view=exchange_pb2.VIEW_CONTROL)
    for one in carried:
        parcel = records.parcels.add(basis=exchange_pb2.BASIS_NOT_PERSONAL)
        parcel.record.body, parcel.record.signature = one.sealed.body, one.sealed.signature
    return [
        *_opening(writer),
        _view(CONTROL, listed),
        entry_bytes(bundle.Listed(b"".join(listed))),
        *([bundle_pb2.BundleEntry(records=records).SerializeToString()] if carried else []),
        _view(DATA, []),
        entry_bytes(bundle.Ending(len(carried))),
    ]


def _opening(writer: TestNode) -> list[bytes]:
    greeting = exchange_pb2.Greeting(
        versions=[1],
        federation=FEDERATION,
        roster_version=1,
        clock_ms=NOW_MS,
        certificate=writer.signed_certificate,
        audit_head=seed("audit"),
        audit_length=3,
    )
    opening = bundle.Opening(NUMBER, greeting.SerializeToString(deterministic=True))
    return [entry_bytes(opening), entry_bytes(bundle.CarriedRoster(signed_roster()))]


def _view(view: int, ids: list[bytes]) -> bytes:
    return entry_bytes(bundle.Statement(view, len(ids), root(ids), listed=True))


def _ids(count: int) -> list[bytes]:
    chance = Random(3)
    return sorted(chance.randbytes(ID_BYTES) for _ in range(count))


def _written(
    entries: list[bytes],
    *,
    address: Address = ADDRESS,
    signer: TestNode = WRITER,
    part_bytes: int | None = None,
    chance: int = 7,
) -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        writer = BundleWriter(
            Path(folder) / "b", address, key=signer.key, entropy=Random(chance).randbytes, part_bytes=part_bytes
        )
        with writer:
            for entry in entries:
                writer.write(entry)
        return [file.read_bytes() for file in writer.files]


def _flipped(original: bytes, place: int) -> bytes:
    return original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :]
