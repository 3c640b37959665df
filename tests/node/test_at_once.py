"""What several threads and processes do at once ends as if they had done it one after the other."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from moyai.v1 import exchange_pb2
from node.desk.views import NewPerson, Whereto
from node.errors import TrustRefused
from node.ledger import Progress
from node.registrar import FIELD, Registrar, wish_of
from sync.enrolment import Application
from sync.errors import MoyaiError
from tests.builders.nodes import Federation, federation
from tests.builders.trust import KANAZAWA, WAJIMA

AT_ONCE = 4
DATA = int(exchange_pb2.VIEW_DATA)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        yield made


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """The same act in several threads that begin together; an error is an outcome too."""
    gate = Barrier(AT_ONCE)

    def begin(number: int) -> Any:
        gate.wait(timeout=10)
        try:
            return act(number)
        except MoyaiError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(begin, range(AT_ONCE)))


def test_a_one_time_code_is_used_up_once_however_many_try_together(two: Federation) -> None:
    registrar = Registrar(two[WAJIMA], lambda: two.key(WAJIMA))
    code, _ = registrar.open_code(minutes=60, places=())
    two.add_field("laptop", WAJIMA)
    wish, claim = wish_of(two["laptop"], label="laptop", kind=FIELD)
    outcomes = at_once(lambda _: registrar.redeem(Application(code, wish, claim)))
    assert sum(not isinstance(outcome, TrustRefused) for outcome in outcomes) == 1


def test_wrong_tries_made_together_all_cost_one(two: Federation) -> None:
    registrar = Registrar(two[WAJIMA], lambda: two.key(WAJIMA))
    code, _ = registrar.open_code(minutes=60, places=())
    two.add_field("laptop", WAJIMA)
    wish, claim = wish_of(two["laptop"], label="laptop", kind=FIELD)
    wrong = code[:-6] + "".join("2" if letter != "2" else "3" for letter in code[-6:])
    for _ in range(2):
        at_once(lambda _: registrar.redeem(Application(wrong, wish, claim)))
    with pytest.raises(TrustRefused):
        registrar.redeem(Application(code, wish, claim))


def test_views_worked_out_by_several_threads_while_clerks_write_miss_nothing(two: Federation) -> None:
    wajima = two[WAJIMA]
    people = []

    def act(number: int) -> None:
        for step in range(8):
            if number < 2:
                two.ids(WAJIMA, KANAZAWA, DATA)
                continue
            person = NewPerson(family_name=f"名{number}{step}", address="輪島市", municipality=WAJIMA)
            subject = wajima.desk(f"w{number}").register(person).subjects[0]
            wajima.desk(f"w{number}").leave([subject], Whereto(municipality=KANAZAWA))
            people.append(subject)

    assert at_once(act) == [None] * AT_ONCE
    offered = two.ids(WAJIMA, KANAZAWA, DATA)
    with wajima.ledger.write() as writing:
        writing.set_progress(two[KANAZAWA].key.node, as_of=0, fingerprint=b"")
    assert offered == two.ids(WAJIMA, KANAZAWA, DATA)
    assert len(people) == 16
    assert two.meet(WAJIMA, KANAZAWA)
    assert all(two[KANAZAWA].ledger.person(subject) for subject in people)


def test_of_two_that_worked_at_the_same_the_one_less_far_decides(two: Federation) -> None:
    ledger, peer = two[WAJIMA].ledger, two[KANAZAWA].key.node
    begun = Progress(0, b"")
    with ledger.write() as writing:
        writing.set_progress(peer, as_of=0, fingerprint=b"")
        writing.advance(peer, since=begun, as_of=9, fingerprint=b"f")
        writing.advance(peer, since=begun, as_of=7, fingerprint=b"f")
    assert ledger.progress(peer) == Progress(7, b"f")
    with ledger.write() as writing:
        writing.advance(peer, since=Progress(7, b"f"), as_of=12, fingerprint=b"f")
    assert ledger.progress(peer) == Progress(12, b"f")
