"""Nodes as processes on loopback: set up by commands, killed at the worst moment, and what is there afterwards."""

import csv
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from node.desk.views import NewPerson
from node.people.facets import Resident, from_content
from node.records.kinds import RESIDENT
from node.service import tls_identity
from sync.channel import CHANNEL_OPTIONS, TlsIdentity, pem_of
from sync.roots import root
from tests.builders.processes import ProcessNode, Towns, until
from tests.builders.tls import Keeper
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA

pytestmark = pytest.mark.processes

RESIDENTS = 4_000
BATCH_ROWS = 1_000
FAMILY, GIVEN, KANA, STREET = "珠洲舟", "操縦", "スズフネ", "河井町二本松"
NAMES = (FAMILY, GIVEN, KANA, STREET, "門前谷", "0768")


@pytest.fixture(autouse=True)
def silence(towns: Towns, tmp_path: Path) -> Iterator[None]:
    """At the end no log has told of anybody."""
    yield
    for node in towns.nodes:
        node.kill()
    for log in tmp_path.glob("*.log"):
        said = log.read_text(encoding="utf-8")
        assert [name for name in NAMES if name in said] == []
        assert "Traceback" not in said


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A resident register."""
    path = tmp_path_factory.mktemp("files") / "residents.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("宛名番号", "氏名", "氏名カナ", "生年月日", "性別", "住所"))
        for number in range(RESIDENTS):
            rows.writerow((f"K{number:05}", f"{FAMILY} {GIVEN}{number}", f"{KANA} ソウ", "1948-05-03", "女", STREET))
    return path


def residents(node: ProcessNode) -> dict[str, bytes]:
    """Who is in the register, by the town's own key; every record is checked against the row that is shown of it."""
    with node.opened() as opened:
        held = list(opened.ledger.heads_of_facet(RESIDENT))
        by_key: dict[str, bytes] = {}
        for one in held:
            row = from_content(RESIDENT, one.record.content)
            assert isinstance(row, Resident)
            assert opened.ledger.resident_by_key(row.municipal_key) == one.record.subject
            by_key[row.municipal_key] = one.record.content
        assert len(by_key) == len(held) == opened.ledger.census().residents_only
        opened.ledger.verify_audit()
        return by_key


def agreed(first: ProcessNode, second: ProcessNode) -> bool:
    """Whether the two keep the same views for each other."""
    views = []
    for node, other in ((first, second), (second, first)):
        with node.opened() as opened, other.opened() as peer:
            ledger, theirs = opened.ledger, peer.key.node
            views.append([root(sorted(ledger.view_ids(theirs, view))) for view in (1, 2)])
    return bool(views[0] == views[1])


def health(node: ProcessNode, shown: TlsIdentity) -> int:
    """What the daemon answers to whoever shows this certificate."""
    with node.opened() as opened:
        pinned = pem_of([_der(tls_identity(opened))])
    credentials = grpc.ssl_channel_credentials(pinned, shown.key, shown.certificate)
    with grpc.secure_channel(f"127.0.0.1:{node.port}", credentials, options=CHANNEL_OPTIONS) as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=10)
    return int(answer.status)


def _der(identity: TlsIdentity) -> bytes:
    import ssl  # noqa: PLC0415

    return ssl.PEM_cert_to_DER_cert(identity.certificate.decode())


def test_a_daemon_answers_its_own_certificate_no_stranger_and_stops_when_asked(towns: Towns) -> None:
    towns.wajima.serve()
    with towns.wajima.opened() as opened:
        own = tls_identity(opened)
    assert health(towns.wajima, own) == health_pb2.HealthCheckResponse.SERVING
    with pytest.raises(grpc.RpcError) as refused:
        health(towns.wajima, Keeper().identity)
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    assert towns.wajima.stop() == 0
    assert not towns.wajima.listens()


def test_killed_in_the_middle_of_an_import_nothing_acknowledged_is_lost_and_nothing_is_half_there(
    towns: Towns, register: Path
) -> None:
    importing = towns.wajima.start("import", "residents", str(register))
    with towns.wajima.opened() as beside:
        seen = until(
            lambda: beside.ledger.census().residents_only or importing.poll() is not None, "the first batch", every_s=0
        )
        importing.kill()
        assert importing.wait() == -signal.SIGKILL
    kept = residents(towns.wajima)
    assert seen <= len(kept) < RESIDENTS
    assert len(kept) % BATCH_ROWS == 0
    again = towns.wajima.does("import", "residents", str(register))
    assert again["new"] == RESIDENTS - len(kept)
    after = residents(towns.wajima)
    assert sorted(after) == [f"K{number:05}" for number in range(RESIDENTS)]
    assert kept.items() <= after.items()
    assert towns.wajima.does("import", "residents", str(register))["new"] == 0


def test_killed_in_the_middle_of_an_exchange_both_agree_after_the_next(towns: Towns, register: Path) -> None:
    towns.wajima.does("import", "residents", str(register))
    towns.wajima.serve()
    _killed_while_it_grows(towns.laptop, towns.laptop.start("sync"))
    reached = len(residents(towns.laptop))
    assert 0 < reached < RESIDENTS
    second = towns.laptop.start("sync")
    _grows(towns.laptop, second)
    towns.wajima.kill()
    assert second.wait(timeout=40) in (0, 4)
    towns.wajima.serve()
    assert towns.laptop.does("sync")["peers"][0]["reason"] == "DONE"
    assert residents(towns.laptop) == residents(towns.wajima)
    assert agreed(towns.laptop, towns.wajima)
    assert towns.laptop.does("sync")["peers"][0]["received"] == 0


def _killed_while_it_grows(node: ProcessNode, exchanging: subprocess.Popen[bytes]) -> None:
    _grows(node, exchanging)
    exchanging.kill()
    assert exchanging.wait() == -signal.SIGKILL


def _grows(node: ProcessNode, exchanging: subprocess.Popen[bytes]) -> None:
    """Until some hundred records have come."""
    with node.opened() as beside:
        before = beside.ledger.newest_seq()
        until(lambda: beside.ledger.newest_seq() > before + 300 or exchanging.poll() is not None, "records", every_s=0)


def test_another_process_writes_beside_the_daemon_and_the_daemon_sends_it(towns: Towns) -> None:
    towns.wajima.serve()
    towns.kanazawa.serve()
    person = NewPerson(family_name="門前谷", given_name="太郎", municipality=WAJIMA, address=STREET, phone="0768-1")
    with towns.kanazawa.opened() as beside:
        subject = beside.desk("op-1").register(person).subjects[0]
    with towns.wajima.opened() as beside:
        until(lambda: beside.ledger.person(subject), "the person at home")
        assert beside.desk("op-1").person(subject).family_name == "門前谷"
    assert towns.wajima.does("find", "門前谷", "--purpose", "reception")
    for node in (towns.wajima, towns.kanazawa):
        assert node.stop() == 0
        with node.opened() as opened:
            opened.ledger.verify_audit()


def test_a_revoked_node_is_refused_at_once(towns: Towns) -> None:
    towns.wajima.serve()
    assert towns.laptop.does("sync")["peers"][0]["reason"] == "DONE"
    with towns.laptop.opened() as opened:
        node, shown = opened.key.node.hex(), tls_identity(opened)
        opened.desk("op-1").register(NewPerson(family_name="門前谷"))
    towns.wajima.does("enrol", "revoke", node, "--reason", "stolen")
    with towns.wajima.opened() as opened:
        before = opened.ledger.newest_seq()
    assert towns.laptop.does("sync", code=4)["peers"][0]["reason"] in ("UNKNOWN_PEER", "PEER_UNREACHABLE")
    until(lambda: _is_shut_out(towns.wajima, shown), "a door shut to the revoked")
    with towns.wajima.opened() as opened:
        assert opened.ledger.newest_seq() == before
        assert not opened.desk("op-1").find("門前谷")


def _is_shut_out(node: ProcessNode, shown: TlsIdentity) -> bool:
    try:
        health(node, shown)
    except grpc.RpcError as refused:
        return refused.code() is grpc.StatusCode.UNAVAILABLE
    return False


def test_a_new_member_is_admitted_while_the_daemons_run_and_no_older_roster_comes_back(
    towns: Towns, tmp_path: Path
) -> None:
    for node in (towns.wajima, towns.kanazawa):
        node.serve()
    prefecture = ProcessNode(tmp_path / "prefecture")
    members = [str(node.folder / "member.json") for node in (towns.wajima, towns.kanazawa)]
    keys = Towns(tmp_path, *towns.nodes, towns.roster)
    members.append(keys.init(prefecture, ISHIKAWA))
    newer = tmp_path / "newer.roster"
    towns.draft(newer, members, "--after", str(towns.roster))
    for node in (prefecture, towns.wajima):
        node.does("roster", "install", str(newer))
    reached = until(lambda: _all_done(prefecture), "both towns", every_s=1)
    assert set(reached) == {WAJIMA, KANAZAWA}
    assert towns.kanazawa.does("roster", "show")["version"] == 2
    complaint = towns.wajima.does("roster", "install", str(towns.roster), code=1)
    assert "ROLLBACK" in complaint["reason"]
    forged = tmp_path / "forged.roster"
    forged.write_bytes(newer.read_bytes().replace(b"test", b"tesu"))
    towns.wajima.does("roster", "install", str(forged), code=1)
    assert towns.wajima.does("roster", "show")["version"] == 2


def _all_done(node: ProcessNode) -> list[str]:
    """Whom it has spoken with, once it has spoken with all."""
    syncing = node.start("sync")
    if syncing.wait(timeout=40) != 0:
        return []
    return [one["organisation"] for one in node.does("sync")["peers"] if one["reason"] == "DONE"]
