"""Erased is erased: the pages of the file, decrypted, hold nothing of it."""

import random
from pathlib import Path

import pytest

from moyai.v1 import facets_pb2 as wire
from node.ledger import Ledger, ledger as ledger_room
from node.records import kinds
from tests.builders.ledger import KEY, NOW_MS, Author, Town, arrival, new_ledger, subject_of
from tests.builders.pages import decrypted_pages

HERE = b"h" * 16


def in_file(path: Path, *texts: str) -> list[str]:
    """Which of the texts are still in some page, a free one or an unused part of one included."""
    pages = b"\n".join(decrypted_pages(path, KEY))
    return [text for text in texts if text.encode() in pages]


def test_the_pages_are_read_as_the_ledger_writes_them(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        Town(ledger).person("勘解由小路", "太郎")
    assert in_file(tmp_path / "ledger.db", "勘解由小路", "解", "CREATE TABLE") == ["勘解由小路", "解", "CREATE TABLE"]


def test_nothing_of_an_erased_person_is_left_in_the_file(tmp_path: Path) -> None:
    texts = (
        "勘解由小路",
        "カデノコウジ",
        "k-long-key",
        "090-8765-4321",
        "n勘解",
        "h勘解",
        "半分の用紙",
        "隔離された文",
    )
    with new_ledger(tmp_path) as ledger:
        town = Town(ledger)
        subject = town.person("勘解由小路", "太郎", ("カデノコウジ", "タロウ"), phone="090-8765-4321", place=HERE)
        row = wire.Resident(municipal_key="k-long-key", family_name="勘解由小路").SerializeToString()
        town.keep(town.author.says(subject, kinds.RESIDENT, row))
        aside = town.author.says(subject, kinds.NOTE, "隔離された文".encode(), slot=b"9")
        with ledger.write() as writing:
            writing.save_draft("op-1", "care", {"text": "半分の用紙"}, NOW_MS, subject=subject)
            writing.quarantine(aside.sealed, "CLOCK_AHEAD", came_from_node=b"p" * 16, at_ms=NOW_MS)
        ledger.heads(subject)
        with ledger.write() as writing:
            writing.erase(subject)
        assert not ledger.compaction_due()
        assert in_file(ledger.path, *texts) == []
        assert (tmp_path / "ledger.db-wal").stat().st_size == 0


def erase_some_of_many(ledger: Ledger) -> list[str]:
    """Names that are gone, of people who came and changed in an order that makes the tree move its rows about."""
    author, chance = Author(), random.Random(4)
    names = {subject_of(number): f"姓{number:05}氏" for number in range(400)}
    says = {
        kinds.IDENTITY: lambda subject: wire.Identity(
            family_name=names[subject], given_name="名" * chance.randint(1, 60)
        ),
        kinds.RESIDENCE: lambda _: wire.Residence(address="所" * chance.randint(1, 200)),
    }
    for facet, content in says.items():
        order = chance.sample(sorted(names), len(names))
        for start in range(0, len(order), 25):
            batch = [author.says(each, facet, content(each).SerializeToString()) for each in order[start : start + 25]]
            with ledger.write() as writing:
                writing.keep_many(map(arrival, batch))
    gone = chance.sample(sorted(names), 80)
    with ledger.write() as writing:
        for subject in gone:
            writing.erase(subject)
    return [names[subject] for subject in gone]


def test_rows_the_tree_moved_about_leave_no_copies_once_the_file_is_written_anew(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        gone = erase_some_of_many(ledger)
        assert in_file(ledger.path, *gone) == []
        assert ledger.census().evacuees == 320


def test_a_large_file_says_that_it_is_to_be_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_room, "COMPACT_AT_ONCE_BYTES", 0)
    with new_ledger(tmp_path) as ledger:
        gone = erase_some_of_many(ledger)
        assert ledger.compaction_due()
        assert ledger.compact()
        assert not ledger.compaction_due()
        assert in_file(ledger.path, *gone) == []
