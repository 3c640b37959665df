"""Emergencies: who may declare one and for how long, what it opens, that it ends by itself, and what is reviewed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.declaring import HOUR_MS, Declaring, read_emergencies, released_under
from node.desk.views import NewPerson
from node.errors import AgreementMalformed, EmergencyUnknown, HoursNotAllowed
from node.ledger import DISCLOSE
from tests.builders.nodes import Federation, federation
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA, ISHIKAWA) as federated:
        yield federated


def declaring(made: Federation, code: str) -> Declaring:
    return Declaring(made[code], lambda: made.key(code), operator="mayor")


def someone(made: Federation, name: str = "森") -> bytes:
    """Somebody who has not been asked for consent, at a shelter in Wajima."""
    desk = made[WAJIMA].desk("tanaka")
    place = desk.create_place("公民館")
    (subject,) = desk.register(NewPerson(family_name=name, birth="S230503", address="輪島市"), place=place).subjects
    return subject


def found(made: Federation, code: str, name: str = "森") -> int:
    return len(made[code].coordination("chosei").search(name, purpose="rescue").people)


def test_an_emergency_opens_the_area_to_its_local_governments_and_ends_by_itself(made: Federation) -> None:
    someone(made)
    made.meet(WAJIMA, ISHIKAWA)
    assert found(made, ISHIKAWA) == 0
    view = declaring(made, WAJIMA).declare(reason="地震", hours=2)
    made.meet(WAJIMA, ISHIKAWA)
    assert found(made, ISHIKAWA) == 1
    made.time.later(minutes=121)
    assert view.left_ms(made.time()) == 0
    someone(made, "林")
    made.meet(WAJIMA, ISHIKAWA)
    assert found(made, ISHIKAWA, "林") == 0


def test_without_an_area_a_mayor_opens_the_town_and_a_governor_all_of_the_prefecture(made: Federation) -> None:
    assert declaring(made, WAJIMA).declare(reason="地震").area == (WAJIMA,)
    assert {WAJIMA, KANAZAWA} <= set(declaring(made, ISHIKAWA).declare(reason="地震").area)


def test_it_runs_for_seventy_two_hours_unless_fewer_are_said(made: Federation) -> None:
    view = declaring(made, WAJIMA).declare(reason="地震")
    assert view.until_ms - view.from_ms == 72 * HOUR_MS


@pytest.mark.parametrize("hours", [0, 73, -1])
def test_no_more_hours_than_the_law_allows(made: Federation, hours: int) -> None:
    before = made[WAJIMA].ledger.newest_seq()
    with pytest.raises(HoursNotAllowed):
        declaring(made, WAJIMA).declare(reason="地震", hours=hours)
    assert made[WAJIMA].ledger.newest_seq() == before


@pytest.mark.parametrize(("area", "reason"), [([KANAZAWA], "地震"), ([], "  ")], ids=["another town", "no reason"])
def test_neither_another_town_nor_without_a_reason(made: Federation, area: list[str], reason: str) -> None:
    with pytest.raises(AgreementMalformed):
        declaring(made, WAJIMA).declare(reason=reason, area=area)
    assert read_emergencies(made[WAJIMA]) == []


def test_ended_before_its_time_nothing_goes_on_it_any_more(made: Federation) -> None:
    view = declaring(made, WAJIMA).declare(reason="地震")
    made.time.later(minutes=5)
    declaring(made, WAJIMA).end(view.activation)
    someone(made)
    made.meet(WAJIMA, ISHIKAWA)
    assert found(made, ISHIKAWA) == 0
    (known,) = read_emergencies(made[ISHIKAWA])
    assert known.left_ms(made.time()) == 0


def test_only_ones_own_that_still_runs_is_ended(made: Federation) -> None:
    view = declaring(made, WAJIMA).declare(reason="地震", hours=1)
    made.meet(WAJIMA, ISHIKAWA)
    with pytest.raises(EmergencyUnknown):
        declaring(made, ISHIKAWA).end(view.activation)
    made.time.later(minutes=61)
    with pytest.raises(EmergencyUnknown):
        declaring(made, WAJIMA).end(view.activation)


def test_every_release_under_it_is_collected_for_review_ended_early_or_not(made: Federation) -> None:
    subject = someone(made)
    view = declaring(made, WAJIMA).declare(reason="地震")
    made.meet(WAJIMA, ISHIKAWA)
    declaring(made, WAJIMA).end(view.activation)
    released = released_under(made[WAJIMA], view.activation)
    assert {entry.subject for entry in released} == {subject}
    assert {(entry.act, entry.recipient) for entry in released} == {(DISCLOSE, ISHIKAWA)}
    review = made[WAJIMA].coordination("chosei").decisions.review(view.activation)
    assert review.people == 1
    assert {one.name for one in review.released} == {"森"}
    assert {one.facet for one in review.released} >= {"identity", "stay"}


def test_a_governor_s_emergency_is_reviewed_where_the_records_went_from(made: Federation) -> None:
    subject = someone(made)
    view = declaring(made, ISHIKAWA).declare(reason="地震", area=[WAJIMA])
    made.meet(ISHIKAWA, WAJIMA)
    made.meet(WAJIMA, ISHIKAWA)
    assert {entry.subject for entry in released_under(made[WAJIMA], view.activation)} == {subject}
    assert released_under(made[ISHIKAWA], view.activation) == []


def test_the_protected_stay_where_they_are(made: Federation) -> None:
    hidden = someone(made)
    made[WAJIMA].desk("tanaka").protect(hidden)
    view = declaring(made, WAJIMA).declare(reason="地震")
    made.meet(WAJIMA, ISHIKAWA)
    assert released_under(made[WAJIMA], view.activation) == []
    assert found(made, ISHIKAWA) == 0


def test_none_of_that_id_has_no_review(made: Federation) -> None:
    with pytest.raises(EmergencyUnknown):
        released_under(made[WAJIMA], b"?" * 16)
