"""The day the server drowns, by real processes: a backup beside a daemon at work, a restore elsewhere, killed ones."""

import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from node.backup.place import AT_WORK
from tests.builders.processes import Process, ProcessNode, Towns, until
from tests.node.test_restored_processes import given_twice, holds, settled, written

pytestmark = pytest.mark.processes

PEOPLE = 1_500


@pytest.fixture
def towns(founded: Towns, tmp_path: Path) -> Iterator[Towns]:
    """The home nodes run, and have a recovery key; the laptop has met its own."""
    made = founded.copy(tmp_path)
    made.wajima.serve()
    settled(made.laptop)
    try:
        yield made
    finally:
        for node in made.nodes:
            node.kill()


def with_recovery_key(node: ProcessNode, folder: Path) -> Path:
    """Make it; the file with the code."""
    code = folder / "code"
    code.write_text(node.does("recovery-key", "make")["code"].lower().replace("-", " "))
    return code


def large(node: ProcessNode, folder: Path) -> None:
    """Enough people that a backup takes a moment."""
    rows = "".join(f"k{number},輪島 人{number},ワジマ ヒト,1950-01-01,男\n" for number in range(PEOPLE))
    (folder / "residents.csv").write_text("宛名番号,氏名,フリガナ,生年月日,性別\n" + rows)
    node.does("import", "residents", str(folder / "residents.csv"))


def killed_when(process: Process, there: Callable[[], object]) -> bool:
    """Kill it as soon as something is there; whether it was still at work."""
    until(lambda: process.poll() is not None or there(), "something to kill it at", every_s=0.002)
    process.kill()
    return process.wait() == -signal.SIGKILL


def test_what_had_been_exchanged_is_back_and_no_counter_is_given_twice(towns: Towns, tmp_path: Path) -> None:
    home, laptop, backup = towns.wajima, towns.laptop, tmp_path / "wajima.moyai-backup"
    code = with_recovery_key(home, tmp_path)
    kept = written(home, 3)
    settled(laptop)
    with home.clerk("register", 20) as meanwhile:  # a desk beside the daemon: both write while the backup is made
        made = home.does("backup", str(backup))
        said, _ = meanwhile.communicate()
    assert (meanwhile.returncode, len(said.splitlines())) == (0, 20)
    assert made["people"] >= 3
    assert home.does("status")["backup_ms"] == made["made_at_ms"]
    lost = written(home, 5) + written(laptop, 5)
    settled(laptop)
    home.kill()
    shutil.rmtree(home.folder)
    key_file = tmp_path / "new" / "store.key"
    key_file.parent.mkdir()
    elsewhere = ProcessNode(tmp_path / "new" / "wajima", home.port, home.enrolment_port)
    words = ("--recovery-code-file", str(code), "--key-file", str(key_file))
    done = elsewhere.does("restore", str(backup), *words)
    assert (done["role"], done["made_at_ms"], done["people"]) == ("home", made["made_at_ms"], made["people"])
    elsewhere.serve()
    try:
        since = written(elsewhere, 3)
        settled(laptop)
        for node in (elsewhere, laptop):
            assert holds(node, kept + lost + since)
            told = node.does("status")
            assert (told["quarantined"], told["conflicts"], told["twin_seen_ms"]) == (0, 0, None)
        assert given_twice(elsewhere, elsewhere, laptop) == 0
        assert elsewhere.does("status")["restored_from_ms"] == made["made_at_ms"]
        assert elsewhere.does("log", "verify")
        assert elsewhere.does("backup", "drill", "--recovery-code-file", str(code))["steps"][-1]["step"] == "swept"
    finally:
        elsewhere.kill()


def test_a_backup_killed_at_any_moment_leaves_no_half_of_one(towns: Towns, tmp_path: Path) -> None:
    home, folder = towns.wajima, tmp_path / "backups"
    folder.mkdir()
    backup = folder / "wajima.moyai-backup"
    with_recovery_key(home, tmp_path)
    large(home, tmp_path)
    moments: list[Callable[[], object]] = [
        (home.folder / "backup-copy.db").exists,
        lambda: list(folder.glob(".*.new")),
        (home.folder / "backup-check.db").exists,
    ]
    killed = [killed_when(home.start("backup", str(backup)), moment) for moment in moments]
    assert any(killed)
    if all(killed):
        assert not backup.exists()
    home.does("backup", str(backup))
    whole = home.does("backup", "verify", str(backup))
    assert whole["people"] >= PEOPLE
    before = backup.read_bytes()
    if killed_when(home.start("backup", str(backup)), moments[1]):
        assert backup.read_bytes() == before
    home.does("backup", str(backup))
    assert [path.name for path in folder.iterdir()] == [backup.name]
    assert not [path.name for path in home.folder.iterdir() if path.name.endswith(("copy.db", "check.db"))]


def test_a_restore_killed_at_any_moment_leaves_no_half_of_a_node(towns: Towns, tmp_path: Path) -> None:
    home, backup = towns.wajima, tmp_path / "wajima.moyai-backup"
    code = with_recovery_key(home, tmp_path)
    large(home, tmp_path)
    home.does("backup", str(backup))
    place = ProcessNode(tmp_path / "new")
    words = ("restore", str(backup), "--recovery-code-file", str(code), "--key-file", str(tmp_path / "new.key"))
    moments: list[Callable[[], object]] = [
        (place.folder / AT_WORK).exists,
        (place.folder / AT_WORK / "ledger.db").exists,
        (place.folder / "ledger.db").exists,
        (place.folder / "ledger.mark").exists,
    ]
    for moment in moments:
        if killed_when(place.start(*words), moment) and not (place.folder / "node.toml").exists():
            assert place.does("status", code=3)["reason"] == "NODE_NOT_SET_UP"
        else:
            shutil.rmtree(place.folder)
    done = place.does(*words)
    assert done["people"] >= PEOPLE
    assert place.is_whole()
    assert not (place.folder / AT_WORK).exists()
    assert place.does("status")["restored_from_ms"] == done["made_at_ms"]
