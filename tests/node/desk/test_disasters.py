"""Who declares, closes and reopens a disaster, and what is said before one is closed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.views import NewPerson
from node.errors import DisasterNotYours, DisasterStands, DisasterUnknown, FieldRefused, NothingToGoBy
from node.people.facets import Disaster, to_content
from node.records.kinds import DISASTER
from node.release.statements import DAY_MS
from tests.builders.nodes import Federation, federation
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path) as three:
        yield three


def test_a_municipality_declares_for_itself_and_a_prefecture_for_its_municipalities(made: Federation) -> None:
    assert made[WAJIMA].disasters("mayor").declare("地震").area == (WAJIMA,)
    assert made[ISHIKAWA].disasters("governor").declare("豪雨").area == (KANAZAWA, WAJIMA)
    assert made[ISHIKAWA].disasters("governor").declare("大雪", area=[WAJIMA]).area == (WAJIMA,)


@pytest.mark.parametrize("area", [[KANAZAWA], [WAJIMA, KANAZAWA]])
def test_nobody_declares_for_another(made: Federation, area: list[str]) -> None:
    with pytest.raises(DisasterNotYours):
        made[WAJIMA].disasters("mayor").declare("地震", area=area)
    assert made[WAJIMA].disasters("mayor").listed() == []


def test_it_needs_a_name_and_an_area_of_codes(made: Federation) -> None:
    with pytest.raises(FieldRefused):
        made[WAJIMA].disasters("mayor").declare("地震", area=["x"])
    with pytest.raises(NothingToGoBy):
        made[WAJIMA].disasters("mayor").declare(" ")


def test_others_learn_of_it_and_of_its_end(made: Federation) -> None:
    disaster = made[WAJIMA].disasters("mayor").declare("地震").disaster
    made.time.later(days=1)
    made[WAJIMA].disasters("mayor").close("地震")
    assert made.meet(WAJIMA, KANAZAWA)
    [view] = made[KANAZAWA].disasters("mayor").listed()
    assert (view.disaster, view.closed_at_ms, view.ours) == (disaster, made.time(), False)
    with pytest.raises(DisasterNotYours):
        made[KANAZAWA].disasters("mayor").reopen("地震")


def test_a_prefecture_closes_what_one_of_its_municipalities_declared(made: Federation) -> None:
    made[WAJIMA].disasters("mayor").declare("地震")
    assert made.meet(WAJIMA, ISHIKAWA)
    made[ISHIKAWA].disasters("governor").close("地震")
    assert made.meet(WAJIMA, ISHIKAWA)
    [view] = made[WAJIMA].disasters("mayor").listed()
    assert (view.closed_at_ms, view.organisation) == (made.time(), ISHIKAWA)


def test_one_that_is_closed_is_not_closed_again_and_one_that_is_open_not_opened(made: Federation) -> None:
    disasters = made[WAJIMA].disasters("mayor")
    disasters.declare("地震")
    with pytest.raises(DisasterStands):
        disasters.reopen("地震")
    disasters.close("地震")
    with pytest.raises(DisasterStands):
        disasters.close("地震")
    assert disasters.reopen("地震").closed_at_ms is None
    assert [view.closed_at_ms for view in disasters.listed()] == [None]


def test_two_of_one_name_are_told_apart_by_their_ids(made: Federation) -> None:
    disasters = made[WAJIMA].disasters("mayor")
    first, second = disasters.declare("地震"), disasters.declare("地震")
    with pytest.raises(DisasterUnknown):
        disasters.close("地震")
    disasters.close(second.disaster.hex())
    assert {view.disaster: view.closed_at_ms for view in disasters.listed()} == {
        first.disaster: None,
        second.disaster: made.time(),
    }


def test_of_two_words_at_once_the_one_that_keeps_is_shown_until_somebody_settles_it(made: Federation) -> None:
    disaster = made[WAJIMA].disasters("mayor").declare("地震").disaster
    assert made.meet(WAJIMA, ISHIKAWA)
    made[WAJIMA].disasters("mayor").close("地震")
    said = Disaster(name="能登の地震", area=(WAJIMA,), from_ms=made.time())
    with made[ISHIKAWA].pen.sheet(operator="governor", act="declare-disaster") as sheet:
        sheet.put_anew(disaster, DISASTER, to_content(said), kind=4)
    assert made.meet(WAJIMA, ISHIKAWA)
    [view] = made[WAJIMA].disasters("mayor").listed()
    assert (view.contested, view.closed_at_ms, view.name) == (True, None, "能登の地震")
    made[WAJIMA].disasters("mayor").close("能登の地震")
    [view] = made[WAJIMA].disasters("mayor").listed()
    assert (view.contested, view.closed_at_ms) == (False, made.time())


def test_before_it_is_closed_it_is_said_how_many_fall_due_and_from_when(made: Federation) -> None:
    desk = made[WAJIMA].desk("w")
    desk.use_place(desk.create_place("河井小学校"))
    desk.register(NewPerson(family_name="輪島", given_name="花子", birth="19480503"))
    desk.register(NewPerson(family_name="珠洲", given_name="太郎", birth="19480503"))
    disasters = made[WAJIMA].disasters("mayor")
    disasters.declare("地震")
    following = disasters.following("地震")
    assert (following.people, following.held_back) == (2, 0)
    assert following.from_ms == made.time() + made[WAJIMA].config.retention_days * DAY_MS
    disasters.declare("豪雨")
    following = disasters.following("地震")
    assert (following.people, following.held_back) == (0, 2)
