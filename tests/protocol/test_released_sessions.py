"""What earlier releases said is said again to today's program, which must come to what they came to."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from moyai.v1 import exchange_pb2
from node.exchange.card import unpack
from tests.protocol.sessions import states
from tests.protocol.sessions.conversing import CALLED, DIALLER, peer_of, read, result_of, side_of
from tests.protocol.sessions.recording import RELEASED, record

KEPT = sorted(RELEASED.glob("v*-sessions"))
Recorded = dict[str, Any]


@cache
def states_of(release: Path) -> dict[str, bytes]:
    return states.unpack((release / states.ARCHIVE).read_bytes())


def files(release: Path, kind: str) -> list[Path]:
    return [path for path in sorted(release.glob("*.json")) if recorded(path)["kind"] == kind]


@cache
def recorded(path: Path) -> Recorded:
    said: Recorded = json.loads(path.read_text(encoding="utf-8"))
    return said


def played() -> Iterator[object]:
    for release in KEPT:
        for path in files(release, "session"):
            for name in recorded(path)["sides"]:
                yield pytest.param(path, name, id=f"{release.name}-{path.stem}-{name}")


def of_kind(kind: str) -> list[object]:
    return [pytest.param(path, id=path.parent.name) for release in KEPT for path in files(release, kind)]


@pytest.mark.parametrize(("path", "name"), list(played()))
def test_a_recorded_peer_and_todays_node_come_to_what_was_come_to(path: Path, name: str, tmp_path: Path) -> None:
    said = recorded(path)
    ours = said["sides"][name]
    plain = states_of(path.parent)[f"{path.stem}-{name}"]
    with states.node_of(
        tmp_path / "node", plain, ours["config"], now_ms=lambda: said["at_ms"], seed=ours["seed"]
    ) as node:
        peer = peer_of(node, bytes.fromhex(ours["peer_tls"]))
        side = side_of(node, peer, dialled=name == DIALLER, seed=ours["seed"], stays=said["stays"])
        side.hear()
        for one in said["conversation"]:
            if one["said_by"] != name:
                side.hear(read(bytes.fromhex(one["frame"])))
        assert result_of(node, side) == ours["result"]


@pytest.mark.parametrize("path", of_kind("bundle"))
def test_a_recorded_bundle_is_read_as_it_was_read(path: Path, tmp_path: Path) -> None:
    said = recorded(path)
    plain = states_of(path.parent)["bundle-A"]
    file = tmp_path / "carried.moyai"
    file.write_bytes(bytes.fromhex(said["bundle"]))
    with states.node_of(
        tmp_path / "node", plain, said["config"], now_ms=lambda: said["at_ms"], seed=said["seed"]
    ) as node:
        got = node.bundles().read([file], operator="op-1")
        assert {"records": got.records, "new": got.new, "quarantined": got.quarantined} == said["result"]


@pytest.mark.parametrize("path", of_kind("card"))
def test_a_recorded_card_is_read_as_it_was_read(path: Path, tmp_path: Path) -> None:
    said = recorded(path)
    plain = states_of(path.parent)["card-A"]
    packed = bytes.fromhex(said["card"])
    with states.node_of(
        tmp_path / "node", plain, said["config"], now_ms=lambda: said["at_ms"], seed=said["seed"]
    ) as node:
        taken = node.desk("op-1").cards.take(packed)
        assert {
            "organisation": taken.organisation,
            "records": taken.records,
            "new": taken.new,
            "turned": [list(one) for one in taken.turned],
        } == said["result"]
        held = {one.record.id for one in node.ledger.about(taken.subject)}
        assert {one.id for one in unpack(packed).records} <= held


def test_every_release_whose_contract_is_kept_has_its_sessions() -> None:
    contracts = {path.stem for path in RELEASED.glob("v*.binpb")}
    assert contracts
    assert contracts == {path.name.removesuffix("-sessions") for path in KEPT}


@pytest.mark.parametrize("release", KEPT, ids=lambda release: release.name)
def test_a_recording_has_every_kind_of_frame_its_release_knew(release: Path) -> None:
    heard = {one["kind"] for path in files(release, "session") for one in recorded(path)["conversation"]}
    known = {field.name for field in exchange_pb2.Frame.DESCRIPTOR.oneofs_by_name["step"].fields}
    assert known - heard == recorded_without(release)
    assert files(release, "bundle")
    assert files(release, "card")


def recorded_without(release: Path) -> set[str]:
    """Kinds of frames that are younger than a release."""
    return {"v0.1.0-sessions": set[str]()}.get(release.name, set())


def test_this_release_can_be_recorded(tmp_path: Path) -> None:
    record(tmp_path / "made")
    made = sorted(path.name for path in (tmp_path / "made").iterdir())
    assert made == sorted(path.name for path in KEPT[-1].iterdir())
    for path in (tmp_path / "made").glob("*.json"):
        for side in json.loads(path.read_text(encoding="utf-8")).get("sides", {}).values():
            assert side["result"]["reason"] == ("STOPPING" if path.stem == "news" else "DONE")


def test_the_two_sides_are_told_apart() -> None:
    assert {DIALLER, CALLED} == {name for path in files(KEPT[0], "session") for name in recorded(path)["sides"]}
