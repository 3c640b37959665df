"""Every vector of protocol/vectors says of this implementation what it says of any other."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from node.errors import SignatureWrong
from node.records.record import Record, open_record
from node.trust.agreements import open_agreement
from node.trust.believed import Believed
from node.trust.certificate import admit
from node.trust.emergencies import open_emergency
from node.trust.revocation import open_revocation
from node.trust.roster import open_roster, read_roster
from node.trust.seal import signature_holds
from sync.envelope import SealedRecord
from sync.errors import MoyaiError
from tests.protocol.make_vectors import FOLDER, all_vectors, written

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


TRIES: dict[str, Callable[[Inputs], Found]] = {
    "seal": try_seal,
    "body": try_body,
    "roster": try_roster,
    "certificate": try_certificate,
    "revocation": try_revocation,
    "judgement": try_judgement,
    "agreement": try_agreement,
    "emergency": try_emergency,
}


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
    assert kinds == {(folder, kind) for folder in ("accept", "refuse") for kind in TRIES}
