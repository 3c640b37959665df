"""An older ledger is brought up with a copy laid beside it first, all steps at once, or stays as it was."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from node.errors import LedgerBusy, LedgerTooNew, LedgerUpgradeFailed
from node.ledger import Ledger
from node.ledger.copying import check, copy, inside
from node.ledger.store import SCHEMA, connect, connect_reading
from node.ledger.upgrading import COPY_PREFIX, old_copies
from tests.builders.ledger import KEY, Author, arrival, file_before, new_ledger, subject_of

OLD_STEP = "rows_due"
"""The file as it was before this step; six had been taken."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An older ledger with something in it."""
    path = tmp_path / "ledger.db"
    with closing(file_before(path, OLD_STEP)) as writer:
        writer.execute("INSERT INTO meta (name, value) VALUES ('label', 'wajima-home')")
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_copy_of_the_old_file_is_laid_beside_it_first(old: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    with Ledger.open(old, KEY, lambda *said: heard.append(said)) as ledger:
        assert ledger.meta("label") == "wajima-home"
    (beside,) = old.parent.glob(f"{COPY_PREFIX}*")
    assert beside.stat().st_mode & 0o777 == 0o600
    assert beside.name == "ledger.before-6.db"
    assert check(beside, KEY).schema == 6
    assert inside(old, KEY).schema == SCHEMA
    assert heard[-1] == ("steps", SCHEMA - 6, SCHEMA - 6)
    assert [what for what, done, total in heard if done == total] == ["copy", "steps"]


def test_the_copy_is_encrypted_as_the_ledger_is(old: Path) -> None:
    Ledger.open(old, KEY).close()
    (beside,) = old.parent.glob(f"{COPY_PREFIX}*")
    assert b"wajima-home" not in beside.read_bytes()
    with pytest.raises(sqlite3.DatabaseError), closing(sqlite3.connect(beside)) as plain:
        plain.execute("SELECT * FROM meta")


def test_a_file_that_has_taken_all_steps_gets_no_copy(tmp_path: Path) -> None:
    new_ledger(tmp_path).close()
    Ledger.open(tmp_path / "ledger.db", KEY).close()
    assert [path.name for path in tmp_path.glob(f"{COPY_PREFIX}*")] == []


def test_a_step_that_fails_leaves_the_file_as_it_was(old: Path) -> None:
    with closing(connect(old, KEY)) as writer:
        writer.execute("CREATE TABLE operators (code TEXT)")  # which a later step makes
    before = files(old.parent)
    with pytest.raises(LedgerUpgradeFailed) as failed:
        Ledger.open(old, KEY)
    assert failed.value.details["step"] == "operators"
    assert {name: content for name, content in files(old.parent).items() if name == old.name} == before
    assert inside(old, KEY).schema == 6
    assert list(old.parent.glob(f"{COPY_PREFIX}*")) == []


def test_what_another_process_writes_after_the_copy_is_copied_as_well(old: Path) -> None:
    beside = old.with_name("ledger.before-6.db")
    heard: list[str] = []
    with closing(connect(old, KEY)) as other:

        def meanwhile(what: str, done: int, total: int) -> None:
            if what == "copy" and done == total and not heard:
                other.execute("INSERT INTO meta (name, value) VALUES ('late', 'x')")
                heard.append(what)

        with Ledger.open(old, KEY, meanwhile) as ledger:
            assert ledger.meta("late") == "x"
    with closing(connect_reading(beside, KEY)) as copied:
        assert copied.execute("SELECT value FROM meta WHERE name = 'late'").fetchall() == [("x",)]


def test_where_another_process_goes_on_writing_nothing_is_changed(old: Path) -> None:
    with closing(connect(old, KEY)) as other:

        def always(what: str, done: int, total: int) -> None:
            if what == "copy" and done == total:
                other.execute("INSERT INTO drafts VALUES ('op', hex(randomblob(8)), NULL, 0, '{}')")

        with pytest.raises(LedgerBusy):
            Ledger.open(old, KEY, always)
    assert inside(old, KEY).schema == 6
    assert list(old.parent.glob(f"{COPY_PREFIX}*")) == []


def test_only_copies_of_before_that_time_are_old(old: Path) -> None:
    Ledger.open(old, KEY).close()
    (beside,) = old.parent.glob(f"{COPY_PREFIX}*")
    os.utime(beside, (1_000, 1_000))
    assert list(old_copies(old, before_ms=1_000_000)) == []
    assert list(old_copies(old, before_ms=1_000_001)) == [beside]


def test_a_newer_ledger_beside_the_log_of_a_crash_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with new_ledger(tmp_path) as ledger, ledger.write() as writing:
        writing._connection().execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('ledger', 'from_tomorrow', '')"
        )
    left = tmp_path / "left"
    left.mkdir()
    with closing(connect(path, KEY)) as crashed:
        crashed.execute("INSERT INTO meta (name, value) VALUES ('label', 'x')")
        for name in ("ledger.db", "ledger.db-wal"):
            (left / name).write_bytes((tmp_path / name).read_bytes())
    before = files(left)
    assert len(before["ledger.db-wal"]) > 0
    with pytest.raises(LedgerTooNew):
        Ledger.open(left / "ledger.db", KEY)
    after = files(left)
    assert {name: after[name] for name in before} == before


def test_a_copy_is_of_one_moment_and_opens_as_a_ledger(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        with ledger.write() as writing:
            writing.keep_many([arrival(Author().says(subject_of(1)))])
        copy(ledger.path, KEY, tmp_path / "copy.db")
        with ledger.write() as writing:
            writing.set_meta("label", "later")
        assert inside(tmp_path / "copy.db", KEY).records == 1
        assert inside(tmp_path / "copy.db", KEY) == check(tmp_path / "copy.db", KEY)
    with Ledger.open(tmp_path / "copy.db", KEY) as opened:
        assert opened.meta("label") is None
        with opened.write() as writing:
            writing.set_meta("label", "goes on")
