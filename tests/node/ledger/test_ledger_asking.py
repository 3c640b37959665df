"""Questions asked together go by what the last ones have read, are not behind, and are in nobody's way for ever."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from moyai.v1 import facets_pb2 as wire
from node.ledger import Ledger
from node.people.asking import parse_query
from node.records import kinds
from node.records.record import Record
from tests.builders.ledger import WAJIMA, Author, arrival, new_ledger, subject_of


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path) as made:
        yield made


def says_who(author: Author, number: int) -> Record:
    content = wire.Identity(family_name="佐藤", given_name="太郎").SerializeToString()
    return author.says(subject_of(number), kinds.IDENTITY, content)


def keep(ledger: Ledger, *records: Record, in_bulk: bool = False) -> None:
    with ledger.write() as writing:
        if in_bulk:
            writing.put_off_rows()
        writing.keep_many([arrival(record) for record in records])


def found(ledger: Ledger) -> int:
    return len(ledger.search(parse_query("佐藤", date(2024, 1, 1)), here=None, municipality=WAJIMA))


def in_another_thread(ledger: Ledger) -> int:
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(found(ledger)))
    thread.start()
    thread.join(10)
    return answers[0]


def test_what_was_written_before_is_there_and_who_came_in_bulk_too(ledger: Ledger) -> None:
    author = Author()
    keep(ledger, says_who(author, 1))
    keep(ledger, says_who(author, 2), in_bulk=True)
    with ledger.asking():
        assert found(ledger) == 2
    assert ledger.rows_due() == 0


def test_asked_together_all_goes_to_the_connection_that_keeps_what_it_has_read(ledger: Ledger) -> None:
    own = ledger._connection()
    with ledger.asking():
        assert ledger._connection() is ledger._store._writer
        with ledger.asking():
            assert ledger._connection() is ledger._store._writer
        assert ledger._connection() is ledger._store._writer
    assert ledger._connection() is own


def test_others_ask_meanwhile_each_by_their_own(ledger: Ledger) -> None:
    keep(ledger, says_who(Author(), 1))
    with ledger.asking():
        assert in_another_thread(ledger) == 1


def test_while_somebody_writes_nobody_waits_to_ask(ledger: Ledger) -> None:
    author = Author()
    keep(ledger, says_who(author, 1))
    answers: list[int] = []

    def ask() -> None:
        with ledger.asking():
            answers.append(found(ledger))

    with ledger.write() as writing:
        writing.keep_many([arrival(says_who(author, 2))])
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(10)
    assert answers == [1]  # what was committed last


def test_what_is_written_inside_is_kept_and_seen(ledger: Ledger) -> None:
    author = Author()
    with ledger.asking():
        keep(ledger, says_who(author, 1))
        assert found(ledger) == 1
    assert found(ledger) == 1


def test_after_a_question_that_failed_others_can_write(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), ledger.asking():
        _ = 1 / 0
    writes = threading.Thread(target=lambda: keep(ledger, says_who(Author(), 1)))
    writes.start()
    writes.join(10)
    assert found(ledger) == 1
