"""Every vector of protocol/vectors says of this implementation what it says of any other."""

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moyai.v1 import exchange_pb2
from node.bundles.addressee import Addressees
from node.bundles.carrying import nobody
from node.bundles.listening import Listener
from node.bundles.memory import Memory
from node.bundles.reading import open_bundle
from node.desk.card_reading import check_card
from node.errors import SignatureWrong
from node.exchange.card import unpack
from node.exchange.card_symbols import from_symbols
from node.people.facets import from_content
from node.records.record import Record, open_record
from node.records.subjects import pair_slot
from node.trust.agreements import open_agreement
from node.trust.believed import Believed
from node.trust.certificate import admit
from node.trust.emergencies import open_emergency
from node.trust.keys import BoxKey
from node.trust.revocation import open_revocation
from node.trust.roster import open_roster, read_roster
from node.trust.seal import signature_holds
from sync.decoding import decode
from sync.envelope import Parcel, SealedRecord
from sync.errors import LimitPassed, MoyaiError, ProtocolBroken
from sync.frames import Goodbye, Records
from sync.mapping import Symbols, cells_of, walk
from sync.ports import Tally
from sync.reasons import Reason
from sync.reconcile import Salted
from sync.roots import LtHash, root
from sync.sketch import Cells, encode
from sync.wire import frame_of
from tests.protocol.make_vectors import FOLDER, all_vectors, written
from tests.protocol.session_vectors import frame_hex, read as read_frame, side_of
from tests.protocol.sketch_vectors import words

FILES = sorted(FOLDER.glob("*/*.json"))
Inputs = dict[str, Any]
Found = dict[str, object]


def unhex(inputs: Inputs, name: str) -> bytes:
    return bytes.fromhex(inputs[name])


def sealed(inputs: Inputs) -> SealedRecord:
    return SealedRecord(unhex(inputs, "body"), unhex(inputs, "signature"))


def opened(inputs: Inputs) -> Record:
    return open_record(sealed(inputs))


def try_seal(inputs: Inputs) -> Found:
    if not signature_holds(sealed(inputs), unhex(inputs, "public_key")):
        raise SignatureWrong(what="record")
    return {"id": sealed(inputs).id.hex()}


def try_body(inputs: Inputs) -> Found:
    record = opened(inputs)
    assert record.sealed.body == unhex(inputs, "body")
    return {"id": record.id.hex()}


def try_roster(inputs: Inputs) -> Found:
    trusted = read_roster(unhex(inputs, "trusted_signed_roster")) if inputs["trusted_signed_roster"] else None
    roster = open_roster(unhex(inputs, "signed_roster"), trusted=trusted, now_ms=inputs["now_ms"])
    return {"version": roster.version}


def try_certificate(inputs: Inputs) -> Found:
    roster = read_roster(unhex(inputs, "signed_roster"))
    certificate = admit(unhex(inputs, "signed_certificate"), roster, now_ms=inputs["now_ms"])
    return {"node": certificate.node.hex(), "valid_until_ms": certificate.valid_until_ms}


def try_revocation(inputs: Inputs) -> Found:
    revocation = open_revocation(unhex(inputs, "signed_revocation"), read_roster(unhex(inputs, "signed_roster")))
    return {"node": revocation.node.hex(), "last_counter": revocation.last_counter}


def try_judgement(inputs: Inputs) -> Found:
    believed = Believed.of(read_roster(unhex(inputs, "signed_roster")), [opened(head) for head in inputs["heads"]])
    record = opened(inputs["record"])
    believed.judge(record)
    return {"id": record.id.hex()}


def try_agreement(inputs: Inputs) -> Found:
    agreement = open_agreement(unhex(inputs, "content"), read_roster(unhex(inputs, "signed_roster")))
    return {"in_force": agreement.in_force(inputs["now_ms"])}


def try_emergency(inputs: Inputs) -> Found:
    activation = open_emergency(unhex(inputs, "content"), read_roster(unhex(inputs, "signed_roster")))
    return {"until_ms": activation.until_ms}


def try_content(inputs: Inputs) -> Found:
    said = from_content(inputs["facet"], unhex(inputs, "content"))
    assert said is not None
    return {}


def try_pair_slot(inputs: Inputs) -> Found:
    return {"slot": pair_slot(unhex(inputs, "first"), unhex(inputs, "second")).hex()}


def unhex_all(inputs: Inputs, name: str) -> list[bytes]:
    return [bytes.fromhex(each) for each in inputs[name]]


def numbers(inputs: Inputs) -> Symbols:
    return np.array([int(each, 16) for each in inputs["symbols"]], dtype=np.uint64)


def try_lthash(inputs: Inputs) -> Found:
    whole = LtHash()
    whole.add(unhex_all(inputs, "ids"))
    return {"lanes": whole.lanes().hex()}


def try_root(inputs: Inputs) -> Found:
    return {"root": root(unhex_all(inputs, "ids")).hex()}


def try_index_mapping(inputs: Inputs) -> Found:
    """Each way of reckoning on its own."""
    one_by_one = [cells_of(symbol, inputs["stop"]) for symbol in numbers(inputs).tolist()]
    together: list[list[int]] = [[] for _ in one_by_one]
    for cells, positions in walk(numbers(inputs), inputs["stop"]):
        for cell, position in zip(cells.tolist(), positions.tolist(), strict=True):
            together[position] += [cell] if cell < inputs["stop"] else []
    assert together == one_by_one
    return {"cells": one_by_one}


def try_symbols(inputs: Inputs) -> Found:
    cells = encode(numbers(inputs), inputs["stop"], start=inputs["start"], key=int(inputs["key"], 16))
    return {"cells": cells.to_bytes().hex(), "counts": cells.counts_bytes().hex()}


def try_difference(inputs: Inputs) -> Found:
    found = decode(Cells.from_bytes(unhex(inputs, "cells")), int(inputs["key"], 16))
    return {"symbols": None if found is None else words(found)}


def try_salted_symbols(inputs: Inputs) -> Found:
    found = Salted.of(b"".join(unhex_all(inputs, "ids")), unhex(inputs, "salt"))
    return {"symbols": words(found.names), "key": f"{found.key:016x}"}


def try_bundle(inputs: Inputs) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}" for number in range(len(inputs["parts"]))]
        for path, part in zip(paths, inputs["parts"], strict=True):
            path.write_bytes(bytes.fromhex(part))
        return _heard(inputs, paths)


def try_card(inputs: Inputs) -> Found:
    card = unpack(from_symbols(inputs["symbols"]))
    believed = Believed.of(read_roster(unhex(inputs, "signed_roster")), [])
    made_by = check_card(card, believed, now_ms=inputs["now_ms"])
    return {"maker": made_by.node.hex(), "records": [record.id.hex() for record in card.records]}


def _heard(inputs: Inputs, paths: list[Path]) -> Found:
    files = open_bundle(paths)
    roster = read_roster(unhex(inputs, "signed_roster"))
    us = Addressees(inputs["organisation"], unhex(inputs, "node"), inputs["home"])
    us.check_for_us(files.head, Believed(roster))
    listener = Listener(files, BoxKey(unhex(inputs, "box_secret")))
    believed = Believed.of(roster, [opened(head) for head in inputs["heads"]])
    verified = listener.verify(believed, us, now_ms=inputs["now_ms"], progress=nobody)
    Memory(inputs["last_number"]).check_newer(verified.number, verified.writer.organisation)
    inbox = _Inbox()
    told = listener.take(inbox, nobody).told
    return {
        "writer": verified.writer.node.hex(),
        "number": verified.number,
        "records": inbox.taken,
        "views": [[view, one.statement.count, one.statement.root.hex()] for view, one in told.items()],
    }


class _Inbox:
    """Notes what it is handed."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def prepare(self, view: int, parcels: Sequence[Parcel]) -> Sequence[Parcel]:
        return parcels

    def commit(self, prepared: object) -> Tally:
        assert isinstance(prepared, tuple)
        self.taken += [parcel.record.id.hex() for parcel in prepared]
        return Tally(held=len(prepared), quarantined=0)


def try_records(inputs: Inputs) -> Found:
    frame = exchange_pb2.Records(packed=unhex(inputs, "packed"), dictionary=inputs["dictionary"])
    read = frame_of(exchange_pb2.Frame(records=frame))
    assert isinstance(read, Records)
    return {"ids": [parcel.record.id.hex() for parcel in read.parcels]}


def try_session(inputs: Inputs) -> Found:
    """Each side that is told of says its frames when it hears the other's."""
    reasons = set()
    for letter, name in (("D", "dialler"), ("A", "called")):
        if inputs[name] is None:
            continue
        side = side_of(inputs[name], dialled=letter == "D")
        said = [one["frame"] for one in inputs["conversation"] if one["said_by"] == letter]
        side.hear(*(read_frame(one["frame"]) for one in inputs["conversation"] if one["said_by"] != letter))
        assert side.outcome is not None
        goodbye = side.sent[-1]
        assert isinstance(goodbye, Goodbye)
        if goodbye.reason not in {Reason.DONE, Reason.NOT_SETTLED}:
            assert list(map(frame_hex, side.sent[:-1])) == said
            raise {"PROTOCOL_BROKEN": ProtocolBroken, "LIMIT_PASSED": LimitPassed}[goodbye.reason]
        assert list(map(frame_hex, side.sent)) == said
        reasons.add(str(side.outcome.reason))
    (reason,) = reasons
    return {"reason": reason}


TRIES: dict[str, Callable[[Inputs], Found]] = {
    "seal": try_seal,
    "body": try_body,
    "roster": try_roster,
    "certificate": try_certificate,
    "revocation": try_revocation,
    "judgement": try_judgement,
    "agreement": try_agreement,
    "emergency": try_emergency,
    "content": try_content,
    "pair-slot": try_pair_slot,
    "bundle": try_bundle,
    "card": try_card,
    "lthash": try_lthash,
    "root": try_root,
    "index-mapping": try_index_mapping,
    "symbols": try_symbols,
    "difference": try_difference,
    "salted-symbols": try_salted_symbols,
    "session": try_session,
    "records": try_records,
}
RECKONED = {"pair-slot", "lthash", "root", "index-mapping", "symbols", "salted-symbols"}
"""Kinds that ask for a result and have nothing to refuse."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_vector_comes_out_as_it_says(path: Path) -> None:
    vector = json.loads(path.read_text(encoding="utf-8"))
    expected, attempt = vector["expected"], TRIES[vector["kind"]]
    assert ("accept" in expected) == (path.parent.name == "accept")
    if "accept" in expected:
        assert {"accept": True, **attempt(vector["inputs"])}.items() >= expected.items()
        return
    with pytest.raises(MoyaiError) as refused:
        attempt(vector["inputs"])
    assert refused.value.reason == expected["refuse"]
    assert refused.value.details.items() >= expected.get("details", {}).items()


def test_the_files_are_the_generators() -> None:
    """After a change: `python -m tests.protocol.make_vectors`."""
    held = {f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8") for path in FILES}
    assert held == {name: written(vector) for name, vector in all_vectors().items()}


def test_every_file_in_the_folder_is_a_vector_or_the_readme() -> None:
    strays = [path for path in FOLDER.rglob("*") if path.is_file() and path not in FILES and path.name != "README.md"]
    assert strays == []


def test_every_kind_is_accepted_and_refused_somewhere() -> None:
    kinds = {(path.parent.name, json.loads(path.read_text(encoding="utf-8"))["kind"]) for path in FILES}
    judged = {(folder, kind) for folder in ("accept", "refuse") for kind in TRIES.keys() - RECKONED}
    assert kinds == judged | {("accept", kind) for kind in RECKONED}
