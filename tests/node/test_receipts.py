"""Who ordered an erasure or a withdrawal learns, node by node, who holds nothing any more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.views import NewPerson
from tests.builders.nodes import Federation, federation
from tests.builders.trust import KANAZAWA, WAJIMA

LAPTOP = "kanazawa-laptop"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    """Two towns; Kanazawa's laptop has all that Kanazawa has."""
    with federation(tmp_path) as three:
        three.add_field(LAPTOP, KANAZAWA)
        assert three.meet(WAJIMA, KANAZAWA)
        assert three.meet(KANAZAWA, LAPTOP)
        yield three


@pytest.fixture
def subject(made: Federation) -> bytes:
    """Somebody in Wajima who has consented that Kanazawa is told; it has come as far as Kanazawa's laptop."""
    wajima = made[WAJIMA].desk("w")
    subject = wajima.register(NewPerson(family_name="輪島", given_name="花子", birth="19480503")).subjects[0]
    wajima.give_consent(subject, facets=["identity", "stay"], organisations=[KANAZAWA])
    assert made.meet(WAJIMA, KANAZAWA)
    assert made.meet(KANAZAWA, LAPTOP)
    assert made[LAPTOP].ledger.person(subject) is not None
    return subject


def test_an_erasure_is_confirmed_by_every_node_that_held_something(made: Federation, subject: bytes) -> None:
    wajima = made[WAJIMA].desk("w")
    wajima.erase(subject)
    [ordered] = wajima.erasures()
    assert (ordered.subject, ordered.holders, ordered.open) == (subject, (KANAZAWA,), (KANAZAWA,))
    assert ordered.confirmed == (WAJIMA,)

    assert made.meet(WAJIMA, KANAZAWA)
    [in_part] = wajima.erasures()
    assert in_part.awaited == {KANAZAWA: 1}  # the laptop has not been heard yet
    assert in_part.confirmed == (WAJIMA,)

    assert made.meet(KANAZAWA, LAPTOP)
    assert made.meet(WAJIMA, KANAZAWA)
    assert made[LAPTOP].ledger.person(subject) is None
    [done] = wajima.erasures()
    assert (done.confirmed, done.awaited, done.open) == ((KANAZAWA, WAJIMA), {}, ())


def test_a_withdrawal_is_confirmed_only_when_the_laptop_has_erased_too(made: Federation, subject: bytes) -> None:
    wajima = made[WAJIMA].desk("w")
    wajima.withdraw_consent(subject, wajima.consents(subject)[0].slot)
    assert made.meet(WAJIMA, KANAZAWA)
    assert (wajima.consents(subject)[0].confirmed, wajima.consents(subject)[0].awaited) == ((), {KANAZAWA: 1})
    assert made.meet(KANAZAWA, LAPTOP)
    assert made.meet(WAJIMA, KANAZAWA)
    assert (wajima.consents(subject)[0].confirmed, wajima.consents(subject)[0].awaited) == ((KANAZAWA,), {})


def test_what_takes_back_a_mistake_waits_for_nobodys_word(made: Federation) -> None:
    wajima = made[WAJIMA].desk("w")
    done = wajima.register(NewPerson(family_name="珠洲", given_name="太郎"))
    assert made.meet(WAJIMA, KANAZAWA)
    wajima.undo(done.undo)
    assert not wajima.erasures()


def test_somebody_nobody_else_was_told_of_is_confirmed_at_once(made: Federation) -> None:
    wajima = made[WAJIMA].desk("w")
    subject = wajima.register(NewPerson(family_name="能登", given_name="次郎")).subjects[0]
    wajima.erase(subject)
    [ordered] = wajima.erasures()
    assert (ordered.holders, ordered.confirmed, ordered.awaited) == ((), (WAJIMA,), {})
