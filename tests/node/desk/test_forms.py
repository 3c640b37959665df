"""Every sheet that is printed is out, back or spoilt; a number that is used twice is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.forms import AT_ONCE_MAX, BACK, OUT, SPOILT, counted
from node.desk.views import NewPerson
from node.errors import (
    FieldRefused,
    FormCameBack,
    FormNeverPrinted,
    FormNumberWrong,
    FormSpoilt,
    SubjectUnknown,
)
from node.exchange.form_number import form_number, printed
from tests.builders.nodes import Federation, federation
from tests.builders.trust import WAJIMA

FIELD = "laptop"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        federated.add_field(FIELD, WAJIMA)
        yield federated


def test_a_number_is_given_out_once_in_a_life(made: Federation) -> None:
    first = made[WAJIMA].desk("sato").forms.issue(3)
    second = made.open(WAJIMA).desk("sato").forms.issue(2)
    assert len(set(first + second)) == 5
    assert first[0] == form_number(0, 1)


def test_the_laptop_has_numbers_of_its_own(made: Federation) -> None:
    numbers = [made[name].desk("sato").forms.issue(5) for name in (WAJIMA, FIELD)]
    assert len({number for each in numbers for number in each}) == 10


@pytest.mark.parametrize("count", [0, -1, AT_ONCE_MAX + 1])
def test_no_more_than_a_pack_is_printed_at_once(made: Federation, count: int) -> None:
    with pytest.raises(FieldRefused):
        made[WAJIMA].desk("sato").forms.issue(count)


def test_a_sheet_is_out_then_back_or_spoilt(made: Federation) -> None:
    desk = made[WAJIMA].desk("sato")
    out, back, spoilt = desk.forms.issue(3)
    person = desk.register(NewPerson(family_name="森", given_name="ハナ")).subjects[0]
    made.time.later(minutes=5)
    desk.forms.came_back(printed(back), person)
    desk.forms.spoil(spoilt)
    sheets = {sheet.number: sheet for sheet in desk.forms.listed()}
    assert {number: sheet.state for number, sheet in sheets.items()} == {out: OUT, back: BACK, spoilt: SPOILT}
    assert (sheets[back].name, sheets[back].subject) == ("森 ハナ", person)
    assert counted(list(sheets.values())) == {OUT: 1, BACK: 1, SPOILT: 1}
    desk.forms.unspoil(spoilt)
    assert desk.forms.check(spoilt) == spoilt


def test_what_is_wrong_with_a_number_is_told(made: Federation) -> None:
    desk = made[WAJIMA].desk("sato")
    back, spoilt = desk.forms.issue(2)
    person = desk.register(NewPerson(family_name="森")).subjects[0]
    desk.forms.came_back(back, person)
    desk.forms.spoil(spoilt)
    with pytest.raises(FormCameBack) as told:
        desk.forms.check(back)
    assert told.value.details["at"]
    with pytest.raises(FormCameBack):
        desk.forms.came_back(back, person)
    with pytest.raises(FormSpoilt):
        desk.forms.check(spoilt)
    with pytest.raises(FormNeverPrinted):
        desk.forms.check(form_number(0, 3))
    with pytest.raises(FormNumberWrong):
        desk.forms.check(back[:-1] + str((int(back[-1]) + 1) % 10))
    with pytest.raises(FormNumberWrong):
        desk.forms.unspoil(back)
    with pytest.raises(SubjectUnknown):
        desk.forms.came_back(form_number(7, 1), bytes(16))


def test_what_came_back_at_the_shelter_is_known_at_the_town_hall(made: Federation) -> None:
    (number,) = made[WAJIMA].desk("sato").forms.issue(1)
    field = made[FIELD].desk("tanaka")
    person = field.register(NewPerson(family_name="森", given_name="ハナ")).subjects[0]
    field.forms.came_back(number, person)
    assert [sheet.state for sheet in field.forms.listed()] == [BACK]
    assert made.meet(WAJIMA, FIELD)
    (sheet,) = made[WAJIMA].desk("sato").forms.listed()
    assert (sheet.state, sheet.operator, sheet.subject) == (BACK, "tanaka", person)
    with pytest.raises(FormCameBack):
        made[WAJIMA].desk("sato").forms.check(number)


def test_who_is_protected_is_not_named_on_the_list_of_sheets(made: Federation) -> None:
    desk = made[WAJIMA].desk("sato")
    (number,) = desk.forms.issue(1)
    person = desk.register(NewPerson(family_name="森", protect=True)).subjects[0]
    desk.forms.came_back(number, person)
    assert [sheet.name for sheet in desk.forms.listed()] == [""]
