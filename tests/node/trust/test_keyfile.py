"""Key files: wrapped or private, never half written."""

import json
import os
import stat
from pathlib import Path

import pytest

from node.errors import KeyFileMalformed, KeyFileOpenToOthers, PassphraseMissing, PassphraseWrong
from node.trust.keyfile import (
    MODERATE,
    ORGANISATION,
    SENSITIVE,
    STORE,
    TRUSTEE,
    Effort,
    asks_for_passphrase,
    bare,
    change_passphrase,
    read_key_file,
    unwrap,
    wrap,
    write_key_file,
)
from tests.builders.trust import seed

QUICK = Effort(ops=1, mem=8192)
SECRET = seed("store")


def wrapped(passphrase: str = "のと半島") -> bytes:
    return wrap(SECRET, kind=STORE, passphrase=passphrase, entropy=os.urandom, effort=QUICK)


def test_a_wrapped_secret_opens_with_its_passphrase_only() -> None:
    assert unwrap(wrapped(), kind=STORE, passphrase="のと半島") == SECRET
    with pytest.raises(PassphraseWrong):
        unwrap(wrapped(), kind=STORE, passphrase="のと半鳥")


def test_the_file_never_holds_the_secret_when_wrapped() -> None:
    assert SECRET.hex() not in wrapped().decode()


def test_a_passphrase_may_be_typed_in_another_width() -> None:
    assert unwrap(wrapped("ｗａｊｉｍａ　１"), kind=STORE, passphrase="wajima 1") == SECRET


def test_an_empty_passphrase_is_refused() -> None:
    with pytest.raises(PassphraseMissing):
        wrapped("")
    with pytest.raises(PassphraseMissing):
        unwrap(wrapped(), kind=STORE, passphrase=None)


@pytest.mark.parametrize(("name", "value"), [("ops", 2), ("mem", 16384), ("kind", TRUSTEE), ("note", "added")])
def test_a_changed_header_opens_nothing(name: str, value: object) -> None:
    fields = {**json.loads(wrapped()), name: value}
    with pytest.raises(PassphraseWrong):
        unwrap(json.dumps(fields).encode(), kind=str(fields["kind"]), passphrase="のと半島")


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("format", "other", "format"),
        ("version", 2, "version"),
        ("kind", ORGANISATION, "kind"),
        ("kdf", "md5", "kdf"),
        ("mem", 1 << 50, "effort"),
        ("ops", 10**9, "effort"),
        ("ops", "3", "effort"),
        ("ops", True, "effort"),
        ("salt", "zz", "salt"),
        ("box", "00", "box"),
    ],
)
def test_a_file_out_of_shape_is_refused_with_the_rule(name: str, value: object, rule: str) -> None:
    fields = {**json.loads(wrapped()), name: value}
    with pytest.raises(KeyFileMalformed) as refused:
        unwrap(json.dumps(fields).encode(), kind=STORE, passphrase="のと半島")
    assert refused.value.details["rule"] == rule


@pytest.mark.parametrize("strange", [b"", b"\xff", b"[]", b"{}", b"null"])
def test_bytes_that_are_no_key_file_are_refused(strange: bytes) -> None:
    with pytest.raises(KeyFileMalformed):
        unwrap(strange, kind=STORE, passphrase="x")


def test_a_written_file_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "store.key"
    write_key_file(path, bare(SECRET, kind=STORE))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key_file(path, kind=STORE) == SECRET
    assert not asks_for_passphrase(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_bare_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "store.key"
    write_key_file(path, bare(SECRET, kind=STORE))
    path.chmod(mode)
    with pytest.raises(KeyFileOpenToOthers) as refused:
        read_key_file(path, kind=STORE)
    assert refused.value.details["mode"] == f"{mode:o}"


def test_a_wrapped_file_may_be_copied_about(tmp_path: Path) -> None:
    path = tmp_path / "trustee.key"
    write_key_file(path, wrapped())
    path.chmod(0o644)
    assert asks_for_passphrase(path)
    assert read_key_file(path, kind=STORE, passphrase="のと半島") == SECRET


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyFileMalformed) as refused:
        read_key_file(tmp_path / "none", kind=STORE)
    assert refused.value.details["rule"] == "missing"


def test_a_folder_in_its_place_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(KeyFileMalformed) as refused:
        read_key_file(tmp_path, kind=STORE)
    assert refused.value.details["rule"] == "EISDIR"


def test_a_changed_passphrase_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "store.key"
    write_key_file(path, wrapped("old"))
    change_passphrase(path, kind=STORE, old="old", new="new", entropy=os.urandom, effort=QUICK)
    assert read_key_file(path, kind=STORE, passphrase="new") == SECRET
    with pytest.raises(PassphraseWrong):
        read_key_file(path, kind=STORE, passphrase="old")


@pytest.mark.parametrize(("old", "new", "refusal"), [("bad", "new", PassphraseWrong), ("old", "", PassphraseMissing)])
def test_a_refused_change_leaves_the_file_as_it_was(
    tmp_path: Path, old: str, new: str, refusal: type[Exception]
) -> None:
    path = tmp_path / "store.key"
    write_key_file(path, wrapped("old"))
    before = path.read_bytes()
    with pytest.raises(refusal):
        change_passphrase(path, kind=STORE, old=old, new=new, entropy=os.urandom, effort=QUICK)
    assert path.read_bytes() == before


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_key_file(tmp_path / "taken", wrapped())
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_the_effort_is_libsodiums_own_measure() -> None:
    assert (MODERATE.ops, MODERATE.mem) == (3, 256 * 1024**2)
    assert (SENSITIVE.ops, SENSITIVE.mem) == (4, 1024**3)
