"""Putting back: only where nothing is, a new life, what had been exchanged comes back, and no half of it counts."""

from pathlib import Path

import pytest

from node.backup.making import Made, make_backup
from node.backup.place import AT_WORK
from node.backup.restoring import restore
from node.config import NodeDirectory
from node.errors import (
    BackupKeyAnother,
    BackupUnreadable,
    NodeNotSetUp,
    RestoreKeyFileTaken,
    RestorePlaceTaken,
    RestoreRunning,
)
from node.installation import open_node
from node.ledger import Why
from node.ledger.store import Store, connect_reading
from node.restores import RESTORED
from node.trust.keys import BoxKey
from node.vault import RECOVERY_KEY
from tests.builders.backups import CODE, LAPTOP, drowned, given_twice, put_back, registered
from tests.builders.nodes import Federation
from tests.builders.trust import KANAZAWA, WAJIMA


def test_the_node_is_who_it_was_with_all_its_keys(towns: Federation, backup: Made) -> None:
    before = towns[WAJIMA]
    node, key, card = before.key.node, towns.key(WAJIMA).public_key, before.directory.member_card.read_bytes()
    config = before.config
    drowned(towns, WAJIMA)
    put_back(towns, WAJIMA, backup.file)
    after = towns[WAJIMA]
    assert (after.key.node, towns.key(WAJIMA).public_key, after.config) == (node, key, config)
    assert after.directory.member_card.read_bytes() == card
    assert after.ledger.secret(RECOVERY_KEY) == CODE.key.public_key
    assert after.ledger.verify_audit() > 0
    assert after.directory.path.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in after.directory.path.iterdir() if path.stat().st_mode & 0o077} == {
        *("node.toml", "member.json")
    }


@pytest.mark.parametrize("minutes", [0, 5, 600])
def test_it_counts_on_from_above_what_the_lost_one_can_have_given(
    towns: Federation, backup: Made, minutes: float
) -> None:
    lost = [registered(towns[WAJIMA], f"後{number}") for number in range(5)]
    assert towns.meet(WAJIMA, KANAZAWA)
    counter, clock = towns[WAJIMA].ledger.counter(), towns[WAJIMA].ledger.clock()
    towns.time.later(minutes=minutes)
    drowned(towns, WAJIMA)
    done = put_back(towns, WAJIMA, backup.file)
    ledger = towns[WAJIMA].ledger
    assert ledger.counter() > counter
    assert ledger.life().why is Why.FILE_COPIED
    assert ledger.audit_newest(1)[0].entry.act == RESTORED
    assert ledger.audit_newest(1)[0].entry.count == done.incarnation
    since = registered(towns[WAJIMA], "戻った後")
    for peer in (KANAZAWA, LAPTOP):
        assert towns.meet(WAJIMA, peer)
    assert ledger.clock() >= clock
    assert all(ledger.person(subject) for subject in lost)
    assert all(towns[KANAZAWA].ledger.person(subject) for subject in [*lost, since])
    assert given_twice(towns, WAJIMA) == []
    for holder in towns.nodes.values():
        assert holder.ledger.counts().quarantined == 0
        assert holder.ledger.counts().conflicts == 0


def test_opened_again_it_is_still_the_same_life(towns: Federation, backup: Made) -> None:
    drowned(towns, WAJIMA)
    put_back(towns, WAJIMA, backup.file)
    counter = towns[WAJIMA].ledger.counter()
    assert towns.open(WAJIMA).ledger.counter() == counter


def test_a_clock_that_stands_before_the_backup_takes_neither_counter_nor_clock_back(
    towns: Federation, backup: Made
) -> None:
    counter, clock = towns[WAJIMA].ledger.counter(), towns[WAJIMA].ledger.clock()
    drowned(towns, WAJIMA)
    towns.time.later(days=-400)
    put_back(towns, WAJIMA, backup.file)
    assert towns[WAJIMA].ledger.counter() > counter
    assert towns[WAJIMA].ledger.clock() >= clock


def test_it_is_written_beside_a_log_again_so_that_the_desk_can_read_while_the_daemon_writes(
    towns: Federation, backup: Made
) -> None:
    drowned(towns, WAJIMA)
    put_back(towns, WAJIMA, backup.file)
    reading = connect_reading(towns[WAJIMA].ledger.path, towns[WAJIMA].store_key)
    assert reading.execute("PRAGMA journal_mode").fetchall() == [("wal",)]
    reading.close()


def test_a_laptop_is_put_back_as_well(towns: Federation, tmp_path: Path) -> None:
    made = make_backup(towns[LAPTOP], tmp_path / "b", operator="op")
    lost = registered(towns[LAPTOP], "後")
    assert towns.meet(WAJIMA, LAPTOP)
    drowned(towns, LAPTOP)
    put_back(towns, LAPTOP, made.file, towns.key(WAJIMA).box_key)
    assert towns.meet(WAJIMA, LAPTOP)
    assert towns[LAPTOP].ledger.person(lost)
    assert given_twice(towns, LAPTOP) == []


# --- only where nothing is


@pytest.mark.parametrize("there", ["node.toml", "letter", "ledger.db"])
def test_where_something_is_nothing_is_done_and_it_is_named(
    towns: Federation, backup: Made, tmp_path: Path, there: str
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    (place / there).write_text("mine")
    with pytest.raises(RestorePlaceTaken) as taken:
        restore(backup.file, CODE.key, NodeDirectory(place), key_file=tmp_path / "k", now_ms=towns.time)
    assert taken.value.details["found"] == there
    assert {path.name: path.read_text() for path in place.iterdir()} == {there: "mine"}
    assert not (tmp_path / "k").exists()


def test_an_empty_folder_will_do_and_a_file_will_not(towns: Federation, backup: Made, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("mine")
    restore(backup.file, CODE.key, NodeDirectory(tmp_path / "empty"), key_file=tmp_path / "k", now_ms=towns.time)
    with pytest.raises(RestorePlaceTaken):
        restore(backup.file, CODE.key, NodeDirectory(tmp_path / "file"), key_file=tmp_path / "k", now_ms=towns.time)
    assert (tmp_path / "file").read_text() == "mine"


def test_another_key_in_the_key_file_is_left_alone(towns: Federation, backup: Made, tmp_path: Path) -> None:
    other = towns.folder / f"{KANAZAWA}.key"
    before = other.read_bytes()
    with pytest.raises(RestoreKeyFileTaken):
        restore(backup.file, CODE.key, NodeDirectory(tmp_path / "place"), key_file=other, now_ms=towns.time)
    assert other.read_bytes() == before
    assert list((tmp_path / "place").iterdir()) == []


def test_its_own_key_in_the_key_file_is_no_hindrance(towns: Federation, backup: Made, tmp_path: Path) -> None:
    towns[WAJIMA].close()
    done = restore(backup.file, CODE.key, NodeDirectory(tmp_path / "place"), key_file=None, now_ms=towns.time)
    assert done.config.key_file == str(towns.folder / f"{WAJIMA}.key")
    towns.open(WAJIMA)


# --- no half of it counts


def test_a_wrong_key_or_a_damaged_file_leaves_nothing(towns: Federation, backup: Made, tmp_path: Path) -> None:
    place = tmp_path / "place"
    with pytest.raises(BackupKeyAnother):
        restore(backup.file, BoxKey.generate(towns.entropy), NodeDirectory(place), key_file=None, now_ms=towns.time)
    assert not place.exists()
    written = bytearray(backup.file.read_bytes())
    written[-1_000] ^= 1
    backup.file.write_bytes(bytes(written))
    with pytest.raises(BackupUnreadable):
        restore(backup.file, CODE.key, NodeDirectory(place), key_file=None, now_ms=towns.time)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("left", [(), ("ledger.db",), ("ledger.db", "organisation.key", "member.json", "ledger.mark")])
def test_what_a_killed_restore_has_left_is_no_node_and_goes_at_the_next_try(
    towns: Federation, backup: Made, tmp_path: Path, left: tuple[str, ...]
) -> None:
    place = tmp_path / "place"
    (place / AT_WORK).mkdir(parents=True)
    (place / AT_WORK / "ledger.db").write_bytes(b"half")
    if left:  # its node.toml is there before anything is put in the place
        (place / AT_WORK / "node.toml").write_bytes(b"")
    for name in left:
        (place / name).write_bytes(b"half")
    with pytest.raises(NodeNotSetUp):
        open_node(place, passphrase=lambda: "", now_ms=towns.time, entropy=towns.entropy)
    restore(backup.file, CODE.key, NodeDirectory(place), key_file=tmp_path / "k", now_ms=towns.time)
    assert not (place / AT_WORK).exists()
    opened = open_node(place, passphrase=lambda: "", now_ms=towns.time, entropy=towns.entropy)
    assert opened.key.node == towns[WAJIMA].key.node
    opened.close()


def test_a_whole_node_beside_what_a_restore_has_left_is_not_swept_away(
    towns: Federation, backup: Made, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    restore(backup.file, CODE.key, NodeDirectory(place), key_file=tmp_path / "k", now_ms=towns.time)
    (place / AT_WORK).mkdir()  # killed after node.toml was written
    before = (place / "ledger.db").read_bytes()
    with pytest.raises(RestorePlaceTaken):
        restore(backup.file, CODE.key, NodeDirectory(place), key_file=tmp_path / "k", now_ms=towns.time)
    assert (place / "ledger.db").read_bytes() == before
    assert Store.open(place / "ledger.db", towns[WAJIMA].store_key).bytes_on_disk() > 0


def test_what_lies_beside_a_finished_restore_is_not_swept_away_though_its_node_toml_is_gone(
    towns: Federation, backup: Made, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    restore(backup.file, CODE.key, NodeDirectory(place), key_file=tmp_path / "k", now_ms=towns.time)
    (place / AT_WORK).mkdir()  # killed after node.toml was written
    (place / "node.toml").rename(tmp_path / "node.toml")
    before = {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()}
    with pytest.raises(RestorePlaceTaken):
        restore(backup.file, CODE.key, NodeDirectory(place), key_file=tmp_path / "k", now_ms=towns.time)
    assert {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()} == before


def test_two_in_one_place_are_one_too_many(towns: Federation, backup: Made, tmp_path: Path) -> None:
    place = tmp_path / "place"
    refused: list[bool] = []

    def second() -> int:
        if not refused:
            with pytest.raises(RestoreRunning):
                restore(backup.file, CODE.key, NodeDirectory(place), key_file=tmp_path / "k", now_ms=towns.time)
            refused.append((place / "ledger.db").exists())
        return towns.time()

    restore(backup.file, CODE.key, NodeDirectory(place), key_file=tmp_path / "k", now_ms=second)
    assert refused == [True]
    assert not (place / AT_WORK).exists()
    opened = open_node(place, passphrase=lambda: "", now_ms=towns.time, entropy=towns.entropy)
    assert opened.key.node == towns[WAJIMA].key.node
    opened.close()


class _StoppedError(Exception):
    """What comes up late in a restore."""


@pytest.mark.parametrize("was_there", [False, True])
def test_one_that_fails_late_takes_the_key_away_that_it_has_put_there(
    towns: Federation, backup: Made, tmp_path: Path, was_there: bool
) -> None:
    key_file, place = tmp_path / "k", tmp_path / "place"
    if was_there:
        key_file.write_bytes((towns.folder / f"{WAJIMA}.key").read_bytes())
        key_file.chmod(0o600)

    def stopped() -> int:
        assert key_file.exists()
        raise _StoppedError

    with pytest.raises(_StoppedError):
        restore(backup.file, CODE.key, NodeDirectory(place), key_file=key_file, now_ms=stopped)
    assert key_file.exists() is was_there
    assert list(place.iterdir()) == []
