"""The file: who may read it, what it refuses to be opened with, and the numbers in it that only go up."""

import sqlite3
import threading
from pathlib import Path

import pytest

from node.errors import (
    AuditBroken,
    LedgerExists,
    LedgerForeign,
    LedgerKeyRefused,
    LedgerMissing,
    LedgerTooNew,
)
from node.ledger import AuditEntry, Ledger
from node.ledger.numbers import INCARNATION_BITS
from tests.builders.ledger import KEY, NOW_MS, Author, arrival, new_ledger, subject_of

ENTRY = AuditEntry(NOW_MS, "read", "op-1", b"n" * 16, "172049", "check-in", subject_of(1), (2, 6))


def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger, ledger.write() as writing:
        writing.set_meta("label", "wajima-home")
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}


def test_nothing_in_the_file_can_be_read_without_the_key(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger, ledger.write() as writing:
        writing.keep_many([arrival(Author().says(subject_of(1), content="田中太郎".encode()))])
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "田中太郎".encode() not in written
    assert b"CREATE TABLE" not in written


def test_what_was_saved_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger, ledger.write() as writing:
        writing.set_secret("node-key", b"s" * 32)
        writing.set_meta("label", "wajima-home")
    with Ledger.open(tmp_path / "ledger.db", KEY) as ledger:
        assert (ledger.secret("node-key"), ledger.meta("label")) == (b"s" * 32, "wajima-home")
        assert (ledger.secret("other"), ledger.meta("other")) == (None, None)


def test_a_wrong_key_is_refused_and_not_shown(tmp_path: Path) -> None:
    new_ledger(tmp_path).close()
    with pytest.raises(LedgerKeyRefused) as refused:
        Ledger.open(tmp_path / "ledger.db", b"\x42" * 32)
    assert "42" * 8 not in repr(refused.value) + str(refused.value)


def test_a_ledger_is_never_made_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"something")
    with pytest.raises(LedgerExists):
        new_ledger(tmp_path)
    assert (tmp_path / "ledger.db").read_bytes() == b"something"


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(LedgerMissing):
        Ledger.open(tmp_path / "ledger.db", KEY)
    assert list(tmp_path.iterdir()) == []


def test_a_plain_database_is_no_ledger(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / "ledger.db")
    plain.execute("CREATE TABLE other (x)")
    plain.close()
    with pytest.raises(LedgerForeign):
        Ledger.open(tmp_path / "ledger.db", KEY)


def test_an_empty_file_is_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").touch()
    with pytest.raises(LedgerForeign):
        Ledger.open(tmp_path / "ledger.db", KEY)
    assert (tmp_path / "ledger.db").read_bytes() == b""


def test_a_ledger_of_a_newer_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger, ledger.write() as writing:
        writing._connection().execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('ledger', 'from_tomorrow', '')"
        )
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(LedgerTooNew) as refused:
        Ledger.open(tmp_path / "ledger.db", KEY)
    assert refused.value.details["taken"] == int(refused.value.details["known"]) + 1
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_counter_goes_on_after_reopening(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger, ledger.write() as writing:
        assert [writing.next_counter(), writing.next_counter()] == [1, 2]
    with Ledger.open(tmp_path / "ledger.db", KEY) as ledger, ledger.write() as writing:
        assert writing.next_counter() == 3


def test_after_a_restore_no_counter_is_given_again(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        with ledger.write() as writing:
            writing.next_counter()
            first = writing.new_incarnation(NOW_MS)
            assert writing.next_counter() == (first << INCARNATION_BITS) + 1
            assert writing.new_incarnation(NOW_MS) == first + 1
        assert ledger.counter() < 1 << 63


def test_the_clock_never_goes_back_not_even_after_reopening(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger, ledger.write() as writing:
        first = writing.next_clock(NOW_MS)
        writing.observe_clock(first + 10, NOW_MS)
        writing.observe_clock(first + 5, NOW_MS)
    with Ledger.open(tmp_path / "ledger.db", KEY) as ledger, ledger.write() as writing:
        assert writing.next_clock(NOW_MS - 86_400_000) == first + 11


def test_readers_in_other_threads_see_what_was_committed_last(tmp_path: Path) -> None:
    seen: list[str | None] = []
    with new_ledger(tmp_path) as ledger:
        with ledger.write() as writing:
            writing.set_meta("label", "before")

            def read() -> None:
                seen.append(ledger.meta("label"))

            first = threading.Thread(target=read)
            first.start()
            first.join()
        second = threading.Thread(target=read)
        second.start()
        second.join()
    assert seen == [None, "before"]


def test_two_ledgers_on_one_file_take_turns(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as daemon, Ledger.open(tmp_path / "ledger.db", KEY) as desk:
        stale = desk.data_version()

        def count(ledger: Ledger) -> None:
            for _ in range(20):
                with ledger.write() as writing:
                    writing.set_meta("label", str(writing.next_counter()))

        threads = [threading.Thread(target=count, args=(ledger,)) for ledger in (daemon, desk, daemon)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert desk.counter() == 60
        assert desk.data_version() == stale + 60


def test_a_screen_is_stale_when_anything_but_the_log_has_changed(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        before = ledger.data_version()
        with ledger.write() as writing:
            writing.log(ENTRY)
        assert ledger.data_version() == before
        with ledger.write() as writing:
            writing.log(ENTRY)
            writing.keep_many([arrival(Author().says(subject_of(1)))])
        assert ledger.data_version() == before + 1


def test_the_log_is_a_chain_that_can_be_walked(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        with ledger.write() as writing:
            writing.log(ENTRY)
            writing.log(AuditEntry(NOW_MS, "search", "op-1", b"n" * 16, "172049", "check-in", count=3))
        with ledger.write() as writing:
            assert writing.log(ENTRY) == 3
        assert ledger.verify_audit() == 3
        assert [logged.number for logged in ledger.audit_about(subject_of(1))] == [1, 3]
        assert ledger.audit(1, 1)[0].entry.count == 3
        assert ledger.audit_newest(1)[0].entry == ENTRY
        assert ledger.audit_head() == (3, ledger.audit_hash(3))
        assert ledger.audit_hash(4) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET operator = 'op-2' WHERE number = 2",
        "UPDATE audit SET facets = '2' WHERE number = 2",
        "UPDATE audit SET record = X'' WHERE number = 2",
        "DELETE FROM audit WHERE number = 2",
    ],
)
def test_a_log_that_was_changed_is_found(tmp_path: Path, change: str) -> None:
    with new_ledger(tmp_path) as ledger:
        with ledger.write() as writing:
            for _ in range(3):
                writing.log(ENTRY)
        with ledger.write() as writing:
            writing._connection().execute(change)
        with pytest.raises(AuditBroken) as broken:
            ledger.verify_audit()
        assert broken.value.details == {"entry": 2}
