"""The door before the screens in a browser: codes that are good once, pauses, and who is inside for how long."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from secrets import token_bytes
from threading import Barrier

import pytest

from node.door import (
    FIRST_PAUSE_MS,
    IDLE_MS,
    INSIDE_MAX,
    LONGEST_PAUSE_MS,
    STAY_MS,
    TRIES,
    CodeDoor,
    PinDoor,
    Porter,
    pause_ms,
)
from node.errors import DoorCodeWrong, DoorFull, DoorPaused, FieldRefused, MoyaiError


class House:
    """A porter at a door of codes, with a clock that goes on when told."""

    def __init__(self) -> None:
        self.now_ms = 1_000_000
        self.codes: list[str] = []
        self.noted: list[tuple[str, str]] = []
        entropy = Random(7).randbytes
        self.door = CodeDoor(entropy, self.codes.append)
        self.porter = Porter(self.door, entropy, lambda: self.now_ms, lambda act, who: self.noted.append((act, who)))
        self.door.issue()

    def wrong(self, times: int = 1) -> None:
        for _ in range(times):
            with pytest.raises(DoorCodeWrong):
                self.porter.admit("saito", "0000-0000-0000-0000")


def test_a_code_lets_one_in_and_the_next_is_told() -> None:
    house = House()
    (code,) = house.codes
    token = house.porter.admit("saito", code)
    guest = house.porter.inside(token)
    assert guest is not None
    assert guest.operator == "saito"
    assert len(set(house.codes)) == 2
    with pytest.raises(DoorCodeWrong):
        house.porter.admit("saito", code)


@pytest.mark.parametrize("typed", ["lower", "blanks", "alike"])
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    house = House()
    (code,) = house.codes
    forms = {
        "lower": code.lower(),
        "blanks": f" {code.replace('-', ' ')} ",
        "alike": code.replace("0", "O").replace("1", "l"),
    }
    assert house.porter.admit("saito", forms[typed])


def test_an_older_code_is_good_no_more() -> None:
    house = House()
    house.door.issue()
    with pytest.raises(DoorCodeWrong):
        house.porter.admit("saito", house.codes[0])


def test_without_a_code_nobody_comes_in() -> None:
    door = CodeDoor(Random(7).randbytes, lambda _code: None)
    with pytest.raises(DoorCodeWrong):
        door.enter("saito", "")


def test_after_wrong_tries_in_a_row_nothing_is_looked_at_for_a_while() -> None:
    house = House()
    house.wrong(TRIES)
    with pytest.raises(DoorPaused) as paused:
        house.porter.admit("saito", house.codes[-1])
    assert paused.value.details["seconds"] == FIRST_PAUSE_MS // 1_000
    house.now_ms += FIRST_PAUSE_MS
    house.wrong()
    with pytest.raises(DoorPaused) as paused:
        house.porter.admit("saito", house.codes[-1])
    assert paused.value.details["seconds"] == 2 * FIRST_PAUSE_MS // 1_000
    house.now_ms += 2 * FIRST_PAUSE_MS
    assert house.porter.admit("saito", house.codes[-1])


def test_who_comes_in_ends_the_row_of_wrong_tries() -> None:
    house = House()
    house.wrong(TRIES - 1)
    house.porter.admit("saito", house.codes[-1])
    house.wrong(TRIES - 1)
    assert house.porter.admit("saito", house.codes[-1])


def test_pauses_grow_and_end_at_a_quarter_of_an_hour() -> None:
    pauses = [pause_ms(failures) for failures in range(40)]
    assert pauses == sorted(pauses)
    assert (pauses[TRIES - 1], pauses[TRIES], pauses[-1]) == (0, FIRST_PAUSE_MS, LONGEST_PAUSE_MS)


def test_who_types_nothing_for_half_an_hour_is_out() -> None:
    house = House()
    token = house.porter.admit("saito", house.codes[-1])
    house.now_ms += IDLE_MS - 1
    assert house.porter.typed(token)
    house.now_ms += IDLE_MS - 1
    assert house.porter.inside(token) is not None
    house.now_ms += 1
    assert house.porter.inside(token) is None
    assert not house.porter.typed(token)


def test_after_a_shift_everybody_signs_in_again() -> None:
    house = House()
    token = house.porter.admit("saito", house.codes[-1])
    for _ in range(STAY_MS // (IDLE_MS - 1)):
        house.now_ms += IDLE_MS - 1
        house.porter.typed(token)
    house.now_ms += IDLE_MS - 1
    assert not house.porter.typed(token)


def test_who_has_left_is_out_and_a_made_up_token_never_was_in() -> None:
    house = House()
    token = house.porter.admit("saito", house.codes[-1])
    house.porter.leave(token)
    assert house.porter.inside(token) is None
    assert house.porter.inside("") is None


def test_no_more_come_in_than_there_is_room_for() -> None:
    house = House()
    tokens = [house.porter.admit(f"saito{number}", house.codes[-1]) for number in range(INSIDE_MAX)]
    with pytest.raises(DoorFull):
        house.porter.admit("mori", house.codes[-1])
    house.porter.leave(tokens[0])
    assert house.porter.admit("mori", house.codes[-1])


def test_one_person_takes_one_place_however_often_they_sign_in() -> None:
    house = House()
    tokens = [house.porter.admit("saito", house.codes[-1]) for _ in range(INSIDE_MAX + 1)]
    assert [house.porter.inside(token) is not None for token in tokens] == [False] * INSIDE_MAX + [True]
    others = [house.porter.admit(f"mori{number}", house.codes[-1]) for number in range(INSIDE_MAX - 1)]
    again = house.porter.admit("saito", house.codes[-1])
    assert all(house.porter.inside(token) for token in (*others, again))
    assert house.porter.inside(tokens[-1]) is None


def test_a_wrong_code_under_somebody_s_name_puts_nobody_out() -> None:
    house = House()
    token = house.porter.admit("saito", house.codes[-1])
    house.wrong()
    assert house.porter.inside(token) is not None


def test_many_at_once_are_no_more_than_there_is_room_for() -> None:
    class Together:
        """Lets those who come by a PIN on when all of them have come."""

        gate = Barrier(4)

        def enter(self, operator: str, secret: str) -> str:
            if secret:
                self.gate.wait(30)
            return secret

        def stands(self, operator: str) -> str:
            return operator

    porter = Porter(Together(), token_bytes, lambda: 0, lambda _act, _who: None)
    tokens = [porter.admit(f"saito{number}", "") for number in range(INSIDE_MAX - 2)]

    def come(operator: str) -> str:
        try:
            return porter.admit(operator, "4711")
        except DoorFull:
            return ""

    with ThreadPoolExecutor(4) as threads:
        tokens += threads.map(come, ["mori", "ito", "abe", "saito0"])
    inside = [guest.operator for guest in map(porter.inside, tokens) if guest is not None]
    assert len(inside) == len(set(inside)) == INSIDE_MAX


@pytest.mark.parametrize("operator", ["", "   ", "x" * 33, "--node=/tmp", "a\nb", "a\x1b[2J"])
def test_an_operator_has_a_name_that_is_nothing_else(operator: str) -> None:
    house = House()
    with pytest.raises(FieldRefused):
        house.porter.admit(operator, house.codes[-1])


def test_coming_leaving_and_wrong_tries_are_noted_and_no_name_that_was_only_tried() -> None:
    house = House()
    house.wrong(TRIES)
    with pytest.raises(DoorPaused):
        house.porter.admit("saito", "x")
    house.now_ms += FIRST_PAUSE_MS
    house.porter.leave(house.porter.admit("saito", house.codes[-1]))
    assert house.noted == [
        *[("sign-in-wrong", "")] * TRIES,
        ("sign-in-paused", ""),
        ("sign-in", "saito"),
        ("sign-out", "saito"),
    ]


def test_where_staff_have_pins_the_pin_decides() -> None:
    class PinWrong(MoyaiError):
        reason = "UNKNOWN"

    def sign_in(operator: str, pin: str) -> bool:
        if (operator, pin) != ("saito", "4711"):
            raise PinWrong
        return False

    porter = Porter(PinDoor(sign_in, lambda _operator: "kept"), Random(7).randbytes, lambda: 0, lambda _act, _who: None)
    guest = porter.inside(porter.admit("saito", "4711"))
    assert guest is not None
    assert guest.pin == "4711"
    assert "4711" not in repr(guest)
    with pytest.raises(PinWrong):
        porter.admit("saito", "4712")


class Staffed:
    """A porter at a door of PINs, and who works there by what their PIN is checked against."""

    def __init__(self) -> None:
        self.kept = {"saito": "first", "mori": "hers"}
        self.tried: list[str] = []
        door = PinDoor(self.sign_in, lambda operator: self.kept.get(operator, ""))
        self.porter = Porter(door, Random(7).randbytes, lambda: 0, lambda _act, _who: None)

    def sign_in(self, operator: str, pin: str) -> None:
        self.tried.append(operator)
        if pin == "changed meanwhile":
            self.kept[operator] = "second"


@pytest.mark.parametrize("now", ["second", ""])
def test_who_has_another_pin_or_works_here_no_more_is_out_at_once(now: str) -> None:
    house = Staffed()
    saito, mori = house.porter.admit("saito", "4711"), house.porter.admit("mori", "5826")
    house.kept["saito"] = now
    assert not house.porter.typed(saito)
    house.kept["saito"] = "first"
    assert house.porter.inside(saito) is None
    assert house.porter.typed(mori)


def test_a_pin_that_is_changed_while_it_is_looked_at_leaves_nobody_inside() -> None:
    house = Staffed()
    token = house.porter.admit("saito", "changed meanwhile")
    assert house.porter.inside(token) is None
    assert house.tried == ["saito"]
