"""A backup: of one moment, beside whoever writes, nothing in it to be read, opened by either key, kept in number."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from node.backup.head import MAGIC, BackupHead
from node.backup.keeping import ENDING
from node.backup.making import Made, make_backup, recipients_of
from node.backup.reading import verify_backup
from node.doctor.backup_age import last_backup_ms
from node.errors import (
    BackupChanged,
    BackupCut,
    BackupForeign,
    BackupKeyAnother,
    BackupNewer,
    BackupNotWritten,
    BackupOfAnother,
    BackupRunning,
    BackupUnreadable,
    FileInTheWay,
    RecoveryKeyMissing,
)
from node.ledger.upgrading import COPY_PREFIX
from node.trust.keys import BoxKey
from tests.builders.backups import CODE, LAPTOP, registered
from tests.builders.nodes import Federation
from tests.builders.trust import KANAZAWA, WAJIMA


def opened_by(towns: Federation, file: Path, key: BoxKey, tmp_path: Path) -> int:
    """How many records it holds, by this key."""
    return verify_backup(file, key, tmp_path / "scratch.db").inside.records


def test_either_key_opens_it(towns: Federation, backup: Made, tmp_path: Path) -> None:
    by_code = opened_by(towns, backup.file, CODE.key, tmp_path)
    by_key = opened_by(towns, backup.file, towns.key(WAJIMA).box_key, tmp_path)
    assert by_code == by_key == backup.checked.inside.records > 0
    assert list(tmp_path.glob("scratch*")) == []


def test_no_other_key_opens_it(towns: Federation, backup: Made, tmp_path: Path) -> None:
    for other in (towns.key(KANAZAWA).box_key, BoxKey.generate(towns.entropy)):
        with pytest.raises(BackupKeyAnother):
            opened_by(towns, backup.file, other, tmp_path)


def test_nothing_in_it_can_be_read_and_only_its_owner_may_try(backup: Made) -> None:
    written = backup.file.read_bytes()
    assert backup.file.stat().st_mode & 0o777 == 0o600
    for word in ("門前", "太郎", "金沢市", "node.toml", "key_file", "SQLite", "輪島市"):
        assert word.encode() not in written


def test_its_head_says_whose_it_is_and_of_when_and_nothing_else(towns: Federation, backup: Made) -> None:
    with backup.file.open("rb") as file:
        head = BackupHead.read(file)
    assert (head.organisation, head.node, head.made_at_ms) == (WAJIMA, towns[WAJIMA].key.node, towns.time())
    assert [lock.kind for lock in head.locks] == ["organisation", "recovery"]


def test_what_is_written_after_it_was_begun_is_not_in_it_and_nobody_waits(towns: Federation, tmp_path: Path) -> None:
    late: list[bytes] = []

    def meanwhile(_done: int, _total: int) -> None:
        if not late:
            late.append(registered(towns[WAJIMA], "後"))

    before = len(towns[WAJIMA].ledger.audit(0, 10_000))
    made = make_backup(towns[WAJIMA], tmp_path / "b", operator="op", progress=meanwhile)
    assert late
    assert made.checked.inside.entries == before


def test_it_is_noted_in_the_ledger_and_in_the_log(towns: Federation, backup: Made) -> None:
    node = towns[WAJIMA]
    assert last_backup_ms(node.ledger) == backup.made_at_ms
    newest = node.ledger.audit_newest(1)[0].entry
    assert (newest.act, newest.operator, newest.count) == ("backup", "tanaka", backup.checked.inside.records)


def test_nothing_is_left_beside_the_ledger(towns: Federation, backup: Made) -> None:
    names = {path.name for path in towns[WAJIMA].directory.path.iterdir()}
    assert not {name for name in names if "copy" in name or "check" in name}
    assert {path.name for path in backup.file.parent.iterdir() if path.is_file()} == {backup.file.name}


def test_a_home_node_without_a_recovery_key_makes_none(towns: Federation, tmp_path: Path) -> None:
    with pytest.raises(RecoveryKeyMissing):
        make_backup(towns[KANAZAWA], tmp_path / "b", operator="op")
    assert not (tmp_path / "b").exists()


def test_a_laptop_can_do_with_its_organisations_key(towns: Federation, tmp_path: Path) -> None:
    made = make_backup(towns[LAPTOP], tmp_path / "b", operator="op")
    assert [one.kind for one in recipients_of(towns[LAPTOP])] == ["organisation"]
    assert opened_by(towns, made.file, towns.key(WAJIMA).box_key, tmp_path) > 0


def test_in_a_folder_it_names_itself_and_so_many_stay(towns: Federation, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / f"notes{ENDING}").write_text("no backup")
    other = make_backup(towns[LAPTOP], folder, operator="op").file
    made = []
    for _ in range(4):
        towns.time.later(minutes=1)
        made.append(make_backup(towns[WAJIMA], folder, operator="op", keep=2))
    assert [path.name for path in made[-1].dropped] == [made[1].file.name]
    assert {path.name for path in folder.iterdir()} == {
        *(f"notes{ENDING}", other.name),
        *(one.file.name for one in made[-2:]),
    }


def test_heads_of_later_than_now_take_no_backup_away_and_are_named(
    towns: Federation, backup: Made, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    first = make_backup(towns[WAJIMA], folder, operator="op", keep=2).file
    with backup.file.open("rb") as file:
        head = BackupHead.read(file)
    for number in (1, 2):  # no more than a head
        later = replace(head, made_at_ms=head.made_at_ms + 10**12 + number)
        (folder / f"z{number}{ENDING}").write_bytes(later.written)
    towns.time.later(days=900)
    of_a_clock_ahead = make_backup(towns[WAJIMA], folder, operator="op").file
    towns.time.later(days=-899)
    second = make_backup(towns[WAJIMA], folder, operator="op", keep=1)
    assert (second.dropped, second.ahead) == ((first,), (of_a_clock_ahead,))
    assert {path.name for path in folder.iterdir()} == {
        *(f"z1{ENDING}", f"z2{ENDING}", second.file.name, of_a_clock_ahead.name)
    }
    assert last_backup_ms(towns[WAJIMA].ledger) == second.made_at_ms


def test_it_counts_as_made_only_when_all_was_done(towns: Federation, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = towns[WAJIMA].directory.path / f"{COPY_PREFIX}5.db"
    old.mkdir()  # can't be taken away as a file
    os.utime(old, (0, 0))
    with pytest.raises(OSError, match=r"directory|permitted"):
        make_backup(towns[WAJIMA], folder, operator="op", keep=1)
    assert last_backup_ms(towns[WAJIMA].ledger) is None


def test_another_file_is_not_written_over_and_an_older_backup_is(
    towns: Federation, backup: Made, tmp_path: Path
) -> None:
    (tmp_path / "letter").write_text("letter")
    with pytest.raises(FileInTheWay):
        make_backup(towns[WAJIMA], tmp_path / "letter", operator="op")
    assert (tmp_path / "letter").read_text() == "letter"
    towns.time.later(minutes=1)
    assert make_backup(towns[WAJIMA], backup.file, operator="op").made_at_ms > backup.made_at_ms


def test_the_backup_of_another_node_is_not_written_over(towns: Federation, tmp_path: Path) -> None:
    file = tmp_path / "usb.moyai-backup"
    make_backup(towns[LAPTOP], file, operator="op")
    before = file.read_bytes()
    with pytest.raises(BackupOfAnother) as refused:
        make_backup(towns[WAJIMA], file, operator="op")
    assert refused.value.details["node"] == towns[LAPTOP].key.node.hex()[:8]
    assert file.read_bytes() == before
    assert last_backup_ms(towns[WAJIMA].ledger) is None


def test_one_that_came_there_while_it_was_made_is_not_written_over(towns: Federation, tmp_path: Path) -> None:
    of_another = make_backup(towns[LAPTOP], tmp_path / "other.moyai-backup", operator="op").file.read_bytes()
    file = tmp_path / "usb.moyai-backup"
    with pytest.raises(BackupOfAnother):
        make_backup(towns[WAJIMA], file, operator="op", progress=lambda _done, _total: _put(file, of_another))
    assert file.read_bytes() == of_another


def _put(file: Path, written: bytes) -> None:
    file.write_bytes(written)


@pytest.mark.parametrize("is_link", [True, False])
def test_nothing_is_followed_that_was_laid_where_it_is_written(
    towns: Federation, tmp_path: Path, is_link: bool
) -> None:
    folder, victim = tmp_path / "shared", tmp_path / "victim"
    folder.mkdir()
    victim.write_text("precious")
    laid = folder / f".{towns[WAJIMA].key.node.hex()[:8]}.backup.new"
    if is_link:
        laid.symlink_to(victim)
    else:
        laid.hardlink_to(victim)
    made = make_backup(towns[WAJIMA], folder, operator="op")
    assert (victim.read_text(), made.file.is_symlink(), made.file.stat().st_nlink) == ("precious", False, 1)


def test_a_head_of_nothing_but_brackets_is_no_backup(towns: Federation, tmp_path: Path) -> None:
    file = tmp_path / "deep.moyai-backup"
    for deep in (b"[" * 60_000, b'{"version":' + b"[" * 60_000, b'{"version":2,"made_at_ms":1e999}'):
        file.write_bytes(MAGIC + len(deep).to_bytes(4, "big") + deep)
        with pytest.raises(BackupChanged):
            opened_by(towns, file, CODE.key, tmp_path)


def test_a_head_that_would_play_with_the_screen_is_no_backup(towns: Federation, backup: Made, tmp_path: Path) -> None:
    with backup.file.open("rb") as file:
        head = BackupHead.read(file)
    for wrong in (
        replace(head, organisation="\x1b[2J\x1b["),
        replace(head, made_at_ms=10**18),
        replace(head, sealed_bytes=-5),
    ):
        backup.file.write_bytes(wrong.written)
        with pytest.raises(BackupChanged):
            opened_by(towns, backup.file, CODE.key, tmp_path)


def test_a_folder_that_is_not_there_is_said(towns: Federation, tmp_path: Path) -> None:
    with pytest.raises(BackupNotWritten):
        make_backup(towns[WAJIMA], tmp_path / "no" / "b", operator="op")


def test_two_at_once_are_one_too_many(towns: Federation, tmp_path: Path) -> None:
    refused: list[bool] = []

    def second(_done: int, _total: int) -> None:
        if not refused:
            with pytest.raises(BackupRunning):
                make_backup(towns[WAJIMA], tmp_path / "second", operator="op")
            refused.append(True)

    make_backup(towns[WAJIMA], tmp_path / "first", operator="op", progress=second)
    assert refused == [True]
    assert not (tmp_path / "second").exists()


def test_copies_of_before_an_upgrade_go_after_a_month(towns: Federation, tmp_path: Path) -> None:
    place = towns[WAJIMA].directory.path
    old, young = place / f"{COPY_PREFIX}5.db", place / f"{COPY_PREFIX}6.db"
    for path, age_days in ((old, 31), (young, 29)):
        path.write_bytes(b"x")
        at = towns.time() / 1000 - age_days * 86_400
        os.utime(path, (at, at))
    make_backup(towns[WAJIMA], tmp_path / "b", operator="op")
    assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9999])
def test_one_that_was_cut_is_refused(towns: Federation, backup: Made, tmp_path: Path, part: float) -> None:
    written = backup.file.read_bytes()
    backup.file.write_bytes(written[: int(len(written) * part)])
    with pytest.raises(BackupUnreadable):
        opened_by(towns, backup.file, CODE.key, tmp_path)


def test_one_that_was_cut_at_the_end_of_a_piece_is_said_to_be_cut(
    towns: Federation, backup: Made, tmp_path: Path
) -> None:
    with backup.file.open("r+b") as file:
        file.truncate(backup.file.stat().st_size - 100_000)
    with pytest.raises(BackupCut):
        opened_by(towns, backup.file, CODE.key, tmp_path)


@pytest.mark.parametrize("at", [30, 60, 200, 700, 5_000, 200_000, -1])
def test_one_of_which_a_byte_was_changed_is_refused(towns: Federation, backup: Made, tmp_path: Path, at: int) -> None:
    written = bytearray(backup.file.read_bytes())
    written[at] ^= 1
    backup.file.write_bytes(bytes(written))
    with pytest.raises((BackupUnreadable, BackupKeyAnother)):
        opened_by(towns, backup.file, CODE.key, tmp_path)


def test_what_is_said_openly_is_bound_to_what_is_sealed(towns: Federation, backup: Made, tmp_path: Path) -> None:
    written = backup.file.read_bytes()
    said = f'"made_at_ms":{backup.made_at_ms}'.encode()
    assert said in written
    backup.file.write_bytes(written.replace(said, said[:-1] + (b"1" if said[-1:] != b"1" else b"2")))
    with pytest.raises(BackupChanged):
        opened_by(towns, backup.file, CODE.key, tmp_path)


def test_what_follows_its_end_is_refused(towns: Federation, backup: Made, tmp_path: Path) -> None:
    with backup.file.open("ab") as file:
        file.write(b"more")
    with pytest.raises(BackupChanged):
        opened_by(towns, backup.file, CODE.key, tmp_path)


def test_what_is_no_backup_and_what_is_newer_are_told_apart(towns: Federation, backup: Made, tmp_path: Path) -> None:
    written = backup.file.read_bytes()
    for content, refusal in (
        (b"a letter", BackupForeign),
        (b"", BackupForeign),
        (written.replace(b'"version":2', b'"version":3'), BackupNewer),
        (written.replace(b'"version":2', b'"version":1'), BackupForeign),
    ):
        backup.file.write_bytes(content)
        with pytest.raises(refusal):
            opened_by(towns, backup.file, CODE.key, tmp_path)
