"""`moyai backup`, `restore` and `recovery-key` as they are typed: what they say, and what they end in."""

from pathlib import Path

import pytest

from tests.builders.shell import NAMES, Shell


@pytest.fixture
def backup(sh: Shell, tmp_path: Path) -> Path:
    """A backup of the node, and beside it the file `code`."""
    made = sh.json("recovery-key", "make", "--replace")
    (tmp_path / "code").write_text(made["code"])
    sh.json("backup", str(tmp_path / "b.moyai-backup"))
    return tmp_path / "b.moyai-backup"


def test_what_is_said_of_a_backup_names_nobody(sh: Shell, backup: Path) -> None:
    told = sh("backup", str(backup))
    assert (told.code, told.err) == (0, "")
    assert "団体の鍵, 紙の復旧鍵" in told.out
    verified = sh("backup", "verify", str(backup))
    assert verified.code == 0
    assert "172049" in verified.out
    assert not [name for name in NAMES if name in told.out + verified.out]


def test_a_folder_and_how_many_stay(sh: Shell, backup: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    first = sh.json("backup", str(folder), "--keep", "1")
    assert (first["opens_with"], first["dropped"]) == (["organisation", "recovery"], [])
    assert Path(first["file"]).parent == folder


def test_the_code_is_shown_once_and_the_sheet_is_for_its_owner_only(sh: Shell, tmp_path: Path) -> None:
    sh.json("recovery-key", "make", "--replace")
    again = sh("recovery-key", "make", "--json")
    assert (again.code, again.refusal["reason"]) == (1, "RECOVERY_KEY_THERE")
    made = sh.json("recovery-key", "make", "--replace", "--pdf", str(tmp_path / "paper.pdf"))
    assert (tmp_path / "paper.pdf").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")
    shown = sh("recovery-key", "show", "--json")
    assert shown.json == {"fingerprint": made["fingerprint"]}
    assert made["code"] not in shown.out


def test_the_paper_is_told_from_another_and_a_wrong_group_is_named(sh: Shell, tmp_path: Path) -> None:
    old = sh.json("recovery-key", "make", "--replace")["code"]
    code = sh.json("recovery-key", "make", "--replace")["code"]
    paper = tmp_path / "paper"
    paper.write_text(code.lower().replace("-", "  ") + "\n")
    assert sh("recovery-key", "check", "--recovery-code-file", str(paper)).code == 0
    paper.write_text(old)
    other = sh("recovery-key", "check", "--recovery-code-file", str(paper), "--json")
    assert (other.code, other.refusal["reason"]) == (1, "RECOVERY_CODE_ANOTHER")
    groups = code.split("-")
    groups[2] = groups[2][1:] + groups[2][:1]
    paper.write_text(" ".join(groups))
    wrong = sh("recovery-key", "check", "--recovery-code-file", str(paper))
    assert (wrong.code, "第 3 組" in wrong.err) == (2, True)
    assert groups[0] not in wrong.err


def test_a_restore_says_of_when_it_is_and_what_comes_back(sh: Shell, backup: Path, tmp_path: Path) -> None:
    words = ("--recovery-code-file", str(backup.with_name("code")), "--key-file", str(tmp_path / "k"))
    told = sh("restore", str(backup), *words, node=tmp_path / "new")
    assert (told.code, told.err) == (0, "")
    assert "次のやり取りで自動で戻ります" in told.out
    assert "0 時間前" in told.out
    status = sh("status", node=tmp_path / "new")
    assert status.code == 0
    assert "のバックアップから戻したものです" in status.out
    again = sh("restore", str(backup), *words, "--json", node=tmp_path / "new")
    assert (again.code, again.refusal["reason"]) == (1, "RESTORE_PLACE_TAKEN")
    assert "ledger.db" in again.refusal["details"]["found"]


def test_the_organisations_key_opens_it_as_well(sh: Shell, backup: Path, tmp_path: Path) -> None:
    words = ("--organisation-key", str(sh.node / "organisation.key"), "--key-file", str(tmp_path / "k"))
    assert sh("restore", str(backup), *words, node=tmp_path / "new").code == 0


def test_a_key_must_be_given_where_there_is_none(sh: Shell, backup: Path, tmp_path: Path) -> None:
    told = sh("restore", str(backup), "--json", node=tmp_path / "new")
    assert (told.code, told.refusal["reason"]) == (3, "BACKUP_KEY_MISSING")
    typed = sh("restore", str(backup), "--recovery-code", "--json", node=tmp_path / "new")
    assert (typed.code, typed.refusal["reason"]) == (2, "NO_TERMINAL")
    assert not (tmp_path / "new").exists()


def test_what_is_no_backup_is_said(sh: Shell, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("letter")
    told = sh("backup", "verify", str(tmp_path / "letter"), "--json")
    assert (told.code, told.refusal["reason"]) == (2, "BACKUP_FOREIGN")
    missing = sh("backup", "verify", str(tmp_path / "nothing"), "--json")
    assert (missing.code, missing.refusal["reason"]) == (2, "FILE_MISSING")


def test_a_drill_says_each_step_and_how_long_it_took(sh: Shell, backup: Path) -> None:
    before = sorted(path.name for path in sh.node.iterdir())
    told = sh("backup", "drill", "--recovery-code-file", str(backup.with_name("code")))
    assert (told.code, told.err) == (0, "")
    assert told.out.count("よし") == 7
    assert "訓練はすべて通りました：7 項目" in told.out
    assert sorted(path.name for path in sh.node.iterdir()) == before
    drilled = sh.json("backup", "drill", str(backup))
    assert next(step["step"] for step in drilled["steps"]) == "opens_organisation"


def test_the_age_of_the_last_backup_is_in_the_status(sh: Shell, backup: Path) -> None:
    assert sh.json("status")["backup_ms"] > 0
    assert "最後のバックアップ" in sh("status").out
