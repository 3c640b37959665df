"""Leaving the federation: step by step, each twice; what others wrote goes with receipts, what is ours stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.errors import LeavingNotBegun, LeavingNotHandedOver, NotThisNode
from node.leaving import Leave
from node.records.kinds import RECEIPT
from tests.builders.backups import LAPTOP, registered
from tests.builders.nodes import Federation, federation
from tests.builders.trust import KANAZAWA, WAJIMA


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        assert made.meet(WAJIMA, KANAZAWA)
        yield made


def leave(towns: Federation) -> Leave:
    return Leave(towns[KANAZAWA], lambda: towns.key(KANAZAWA), operator="mayor")


def meet(towns: Federation) -> None:
    towns.time.later(minutes=1)
    assert towns.meet(WAJIMA, KANAZAWA)


def receipts(towns: Federation, name: str, subject: bytes) -> int:
    return len(towns[name].ledger.heads(subject, RECEIPT))


def test_what_others_wrote_goes_with_receipts_that_arrive(towns: Federation) -> None:
    theirs = registered(towns[WAJIMA], "門前")  # of Kanazawa, staying in Wajima
    meet(towns)
    assert towns[KANAZAWA].ledger.person(theirs)
    leaving = leave(towns)
    assert leaving.begin() == leaving.begin() == 0
    meet(towns)
    assert leaving.standing().step == "erase"
    gone = leaving.erase()
    assert gone == leave(towns).standing().receipts + gone - receipts(towns, KANAZAWA, theirs) > 0
    assert leaving.erase() == 0
    assert leaving.standing().records == 0
    assert leaving.standing().step == "tell"
    meet(towns)
    assert leaving.standing().step == "done"
    assert receipts(towns, WAJIMA, theirs) == receipts(towns, KANAZAWA, theirs) > 0
    assert towns[WAJIMA].ledger.person(theirs)
    held = [one.record.organisation for one in towns[KANAZAWA].ledger.about(theirs)]
    assert set(held) <= {KANAZAWA}


def test_what_is_ours_stays(towns: Federation) -> None:
    own = registered(towns[KANAZAWA], "金石")
    leaving = leave(towns)
    leaving.begin()
    meet(towns)
    before = towns[KANAZAWA].ledger.about(own)
    leaving.erase()
    assert towns[KANAZAWA].ledger.about(own) == before


def test_grants_end_and_whoever_had_something_on_them_confirms(towns: Federation) -> None:
    own = registered(towns[KANAZAWA], "金石")
    application = towns.granting(WAJIMA).apply(KANAZAWA, facets=("identity",), purpose="aid")
    meet(towns)
    towns.granting(KANAZAWA).grant(application, days=30)
    meet(towns)
    assert towns[WAJIMA].ledger.person(own)
    leaving = leave(towns)
    assert leaving.standing().granted == 1
    assert leaving.standing().step == "begin"
    assert leaving.begin() == 1
    assert leaving.standing().granted == 0
    meet(towns)
    meet(towns)
    assert towns[WAJIMA].ledger.person(own) is None
    assert leaving.standing().confirmed > 0


def test_nothing_is_erased_before_its_time(towns: Federation) -> None:
    theirs = registered(towns[WAJIMA], "門前")
    meet(towns)
    leaving = leave(towns)
    with pytest.raises(LeavingNotBegun):
        leaving.erase()
    towns.time.later(minutes=1)
    leaving.begin()
    with pytest.raises(LeavingNotHandedOver) as late:
        leaving.erase()
    assert late.value.details["organisations"] == WAJIMA
    assert towns[KANAZAWA].ledger.person(theirs)
    assert leaving.erase(without=[WAJIMA]) > 0


def test_what_arrives_later_is_shown_and_erased_by_another_try(towns: Federation) -> None:
    registered(towns[WAJIMA], "門前")
    meet(towns)
    leaving = leave(towns)
    leaving.begin()
    meet(towns)
    leaving.erase()
    registered(towns[WAJIMA], "後")
    meet(towns)
    assert leaving.standing().people == 1
    assert leaving.erase() > 0
    meet(towns)
    assert leaving.standing().step == "done"


def test_only_a_home_node_leaves(towns: Federation) -> None:
    towns.add_field(LAPTOP, WAJIMA)
    with pytest.raises(NotThisNode):
        Leave(towns[LAPTOP], lambda: towns.key(WAJIMA), operator="op")
