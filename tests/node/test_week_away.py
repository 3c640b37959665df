"""A node that was away for a week is caught up in one conversation, both ways; one call from it ends the waiting."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.views import NewPerson, Whereto
from sync.ports import PeerBook
from sync.portside import Portside
from sync.schedule import BACK_OFF_MOST_S, REST_S, Schedule
from sync.session import Session
from sync.wire import greeting_of
from tests.builders.couriers import Side, run
from tests.builders.nodes import VIEWS, Federation, federation
from tests.builders.trust import KANAZAWA, WAJIMA

DAYS = 7


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        yield made


def side(made: Federation, code: str, other: str, *, dialled: bool) -> Side:
    """One node's end of a conversation with the other, greetings and all."""
    book: PeerBook = made[code].book()
    (peer,) = [one for one in book.peers() if one.organisation == other]
    session = Session(greeting_of(book.greeting(peer)), dialled=dialled, entropy=made.entropy)
    return Side(session, Portside(book, peer))


def one_conversation(made: Federation) -> tuple[Side, Side]:
    """Wajima calls Kanazawa once."""
    pair = side(made, WAJIMA, KANAZAWA, dialled=True), side(made, KANAZAWA, WAJIMA, dialled=False)
    assert run(*pair)
    return pair


def test_a_week_apart_is_caught_up_in_one_conversation(two: Federation) -> None:
    first = one_conversation(two)[0].outcome
    assert first is not None
    assert first.done
    wajima, kanazawa = two[WAJIMA].desk("w"), two[KANAZAWA].desk("k")
    left = []
    for day in range(DAYS):
        two.time.later(days=1)
        for number in range(4):
            person = NewPerson(family_name=f"門前{day}-{number}", address="1-1", municipality=WAJIMA)
            left += wajima.register(person).subjects
        wajima.leave(left[-2:], Whereto(municipality=KANAZAWA))
        (guest,) = kanazawa.register(NewPerson(family_name=f"輪島{day}", address="1-1", municipality=WAJIMA)).subjects
        kanazawa.seen([guest])
    outcome = one_conversation(two)[0].outcome
    assert outcome is not None
    assert outcome.done
    assert outcome.counts.sent > DAYS
    assert outcome.counts.received > DAYS
    for view in VIEWS:
        assert two.ids(WAJIMA, KANAZAWA, view) == two.ids(KANAZAWA, WAJIMA, view)
    again = one_conversation(two)[0].outcome
    assert again is not None
    assert (again.done, again.counts.sent, again.counts.received) == (True, 0, 0)


def test_after_a_week_of_failures_one_call_from_the_peer_ends_the_waiting() -> None:
    schedule, now, tries = Schedule(lambda: 1.0), 0.0, 0
    schedule.know(["wajima"], now)
    while now < DAYS * 86_400:
        due = schedule.next_at()
        assert due is not None
        assert due - now <= BACK_OFF_MOST_S
        now, tries = due, tries + 1
        schedule.began("wajima")
        schedule.ended("wajima", "PEER_UNREACHABLE", now)
    assert tries < 2_100  # one in five minutes
    schedule.called("wajima", "DONE", now)
    assert schedule.next_at() == now + REST_S
