"""The staff of a node: what each role may do, how a PIN is checked, and what the log says of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.desk import Desk
from node.desk.operators import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, TRIES, Operators, pause_ms
from node.desk.rights import ROLES, Right, Role, may
from node.desk.views import NewPerson
from node.door import PinDoor, Porter
from node.errors import (
    FieldRefused,
    FirstIsChief,
    LastChief,
    NotAllowed,
    OperatorExists,
    OperatorUnknown,
    PinPaused,
    PinTooPlain,
    PinWrong,
    WordUnknown,
)
from node.trust import pins
from node.trust.keyfile import Effort
from tests.builders.nodes import Federation, federation
from tests.builders.trust import WAJIMA

QUICK = Effort(1, 8192)
"""The least libsodium does: these tests are about who may, not about what a guess costs."""
PINS = {"sato": "4082", "tanaka": "7395", "mori": "620815"}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        yield federated


def staff(made: Federation, operator: str) -> Operators:
    return Operators(made[WAJIMA].post(operator, b""), QUICK)


def with_staff(made: Federation) -> Operators:
    """A chief, a clerk and a coordinator; returns the chief's view of them."""
    staff(made, "root").add("sato", "chief", PINS["sato"])
    chief = staff(made, "sato")
    chief.add("tanaka", "clerk", PINS["tanaka"])
    chief.add("mori", "coordinator", PINS["mori"])
    return chief


def desk_of(made: Federation, operator: str) -> Desk:
    return made[WAJIMA].desk(operator)


def acts(made: Federation) -> list[tuple[str, str, str]]:
    return [(one.entry.act, one.entry.operator, one.entry.purpose) for one in made[WAJIMA].ledger.audit(limit=10_000)]


# --- what a role may do


@pytest.mark.parametrize(
    ("right", "clerk", "coordinator", "chief"),
    [
        (Right.ERASE, False, False, True),
        (Right.LIFT_PROTECTION, False, False, True),
        (Right.CONFIRM_DEATH, False, True, True),
        (Right.READ_LOG, False, True, True),
        (Right.STAFF, False, False, True),
    ],
)
def test_the_table_of_rights(right: Right, clerk: bool, coordinator: bool, chief: bool) -> None:
    assert [may(role, right) for role in (Role.CLERK, Role.COORDINATOR, Role.CHIEF)] == [clerk, coordinator, chief]
    assert not may("mayor-of-a-newer-version", right)


def test_the_table_names_every_right() -> None:
    assert set(ROLES) == set(Right)


def test_where_no_operator_was_made_everything_is_as_open_as_before(made: Federation) -> None:
    desk = desk_of(made, "anybody")
    (subject,) = desk.register(NewPerson(family_name="森", protect=True)).subjects
    desk.lift_protection(subject)
    desk.close_case(subject, "died")
    assert desk_of(made, "another").close_case(subject, "died").warnings == ()
    desk.erase(subject)
    assert not desk.operators.exist()


def test_a_clerk_neither_erases_nor_lifts_a_protection_and_nothing_is_written(made: Federation) -> None:
    with_staff(made)
    clerk = desk_of(made, "tanaka")
    (subject,) = clerk.register(NewPerson(family_name="森", protect=True)).subjects
    before = made[WAJIMA].ledger.newest_seq()
    for act in (lambda: clerk.erase(subject), lambda: clerk.lift_protection(subject)):
        with pytest.raises(NotAllowed):
            act()
    assert made[WAJIMA].ledger.newest_seq() == before
    desk_of(made, "sato").lift_protection(subject)
    desk_of(made, "sato").erase(subject)


def test_a_death_is_reported_by_anybody_and_confirmed_by_a_second_whose_role_allows_it(made: Federation) -> None:
    chief = with_staff(made)
    chief.add("ito", "clerk", "5162")
    (subject,) = desk_of(made, "tanaka").register(NewPerson(family_name="森")).subjects
    assert desk_of(made, "tanaka").close_case(subject, "died").warnings == ("SECOND_OPERATOR",)
    with pytest.raises(NotAllowed):
        desk_of(made, "ito").close_case(subject, "died")
    assert desk_of(made, "mori").close_case(subject, "died").warnings == ()
    assert desk_of(made, "mori").person(subject).closed == "died"


def test_an_undo_lifts_nobody_elses_protection_for_a_clerk(made: Federation) -> None:
    with_staff(made)
    (subject,) = desk_of(made, "tanaka").register(NewPerson(family_name="森")).subjects
    done = desk_of(made, "sato").protect(subject)
    with pytest.raises(NotAllowed):
        desk_of(made, "tanaka").undo(done.undo)
    assert desk_of(made, "tanaka").person(subject).protected


@pytest.mark.parametrize("who", ["tanaka", "mori", "nobody"])
def test_only_a_chief_makes_changes_to_the_staff(made: Federation, who: str) -> None:
    with_staff(made)
    theirs = staff(made, who)
    for act in (
        lambda: theirs.add("ito", "clerk", "5162"),
        lambda: theirs.set_role("tanaka", "chief"),
        lambda: theirs.reset_pin("sato", "5162"),
        lambda: theirs.retire("mori"),
    ):
        with pytest.raises(NotAllowed):
            act()


# --- making, changing, retiring


def test_the_first_operator_is_a_chief(made: Federation) -> None:
    with pytest.raises(FirstIsChief):
        staff(made, "root").add("tanaka", "clerk", "7395")
    assert not staff(made, "root").exist()


def test_the_last_chief_stays_chief(made: Federation) -> None:
    chief = with_staff(made)
    with pytest.raises(LastChief):
        chief.set_role("sato", "clerk")
    with pytest.raises(LastChief):
        chief.retire("sato")
    chief.set_role("mori", "chief")
    chief.retire("sato")
    assert [one.code for one in staff(made, "mori").listed() if one.retired] == ["sato"]


def test_a_code_is_given_once(made: Federation) -> None:
    chief = with_staff(made)
    chief.retire("tanaka")
    with pytest.raises(OperatorExists):
        chief.add("tanaka", "clerk", "5162")


@pytest.mark.parametrize("code", ["", "   ", "x" * 33, "ta\nnaka", "ta\x1bnaka"])
def test_a_code_fits_a_record(made: Federation, code: str) -> None:
    chief = with_staff(made)
    with pytest.raises(FieldRefused):
        chief.add(code, "clerk", "5162")


def test_a_role_is_one_of_the_list(made: Federation) -> None:
    chief = with_staff(made)
    with pytest.raises(WordUnknown):
        chief.add("ito", "mayor", "5162")
    with pytest.raises(WordUnknown):
        chief.set_role("tanaka", "mayor")


def test_who_has_retired_neither_signs_in_nor_does_what_they_could(made: Federation) -> None:
    chief = with_staff(made)
    chief.set_role("mori", "chief")
    chief.retire("mori")
    with pytest.raises(OperatorUnknown):
        chief.sign_in("mori", PINS["mori"])
    with pytest.raises(NotAllowed):
        staff(made, "mori").retire("tanaka")


# --- PINs


@pytest.mark.parametrize("pin", ["", "123", "1234", "4321", "7890", "0000", "77777777", "abcd", "4082x", "1" * 13])
def test_a_pin_is_digits_that_nobody_guesses_at_once(pin: str) -> None:
    with pytest.raises(PinTooPlain):
        pins.verifier(pin, entropy=lambda size: b"\1" * size, effort=QUICK)


def test_a_pin_is_known_again_and_stands_nowhere(made: Federation) -> None:
    chief = with_staff(made)
    assert chief.sign_in("tanaka", PINS["tanaka"]).code == "tanaka"
    assert chief.sign_in("tanaka", "７３９５ ").code == "tanaka"
    rows = made[WAJIMA].ledger.operators()
    assert not [pin for pin in PINS.values() for row in rows if pin in row.pin.split('"salt"')[0]]
    assert len({row.pin for row in rows}) == 3


def test_the_same_pin_looks_different_for_two() -> None:
    chance = iter(range(1, 9))
    first, second = (
        pins.verifier("4082", entropy=lambda size: bytes([next(chance)]) * size, effort=QUICK) for _ in "ab"
    )
    assert first != second
    assert pins.holds("4082", first)
    assert pins.holds("4082", second)
    assert not pins.holds("4083", first)


def test_a_verifier_costs_what_it_promises() -> None:
    written = pins.verifier("4082", entropy=lambda size: b"\1" * size)
    assert '"ops": 3, "mem": 67108864' in written
    assert pins.holds("4082", written)


@pytest.mark.parametrize(
    ("failures", "ms"),
    [(0, 0), (4, 0), (5, 30_000), (6, 60_000), (7, 120_000), (10, 900_000), (1_000, 900_000)],
)
def test_the_pause_grows_with_every_wrong_pin(failures: int, ms: int) -> None:
    assert pause_ms(failures) == ms


def test_after_wrong_pins_none_is_looked_at_for_a_while_not_even_the_right_one(made: Federation) -> None:
    chief = with_staff(made)
    left = []
    for _ in range(TRIES - 1):
        with pytest.raises(PinWrong) as wrong:
            chief.sign_in("tanaka", "9999")
        left.append(wrong.value.details["left"])
    assert left == [4, 3, 2, 1]
    with pytest.raises(PinPaused) as last:
        chief.sign_in("tanaka", "9999")
    assert last.value.details["seconds"] == FIRST_PAUSE_MS // 1_000
    with pytest.raises(PinPaused) as paused:
        chief.sign_in("tanaka", PINS["tanaka"])
    assert paused.value.details["seconds"] == FIRST_PAUSE_MS // 1_000
    made.time.later(minutes=0.5)
    assert chief.sign_in("tanaka", PINS["tanaka"]).paused_s == 0
    with pytest.raises(PinWrong) as wrong:
        chief.sign_in("tanaka", "9999")
    assert wrong.value.details["left"] == TRIES - 1


def test_a_pause_outlives_a_restart_and_concerns_nobody_else(made: Federation) -> None:
    chief = with_staff(made)
    for _ in range(TRIES):
        with pytest.raises((PinWrong, PinPaused)):
            chief.sign_in("tanaka", "9999")
    again = Operators(made.open(WAJIMA).post("", b""), QUICK)
    with pytest.raises(PinPaused):
        again.sign_in("tanaka", PINS["tanaka"])
    assert again.sign_in("mori", PINS["mori"]).code == "mori"


def test_a_clock_put_back_makes_no_pause_longer_than_the_longest(made: Federation) -> None:
    chief = with_staff(made)
    for _ in range(TRIES):
        with pytest.raises((PinWrong, PinPaused)):
            chief.sign_in("tanaka", "9999")
    made.time.later(days=-2)
    with pytest.raises(PinPaused) as paused:
        chief.sign_in("tanaka", PINS["tanaka"])
    assert int(paused.value.details["seconds"]) * 1_000 <= LONGEST_PAUSE_MS


def test_a_forgotten_pin_is_lent_by_a_chief_and_then_chosen_anew(made: Federation) -> None:
    chief = with_staff(made)
    for _ in range(TRIES):
        with pytest.raises((PinWrong, PinPaused)):
            chief.sign_in("tanaka", "9999")
    assert chief.reset_pin("tanaka", "5162").pin_is_lent
    theirs = staff(made, "tanaka")
    assert theirs.sign_in("tanaka", "5162").pin_is_lent
    for known in ("5162", "５１６２"):
        with pytest.raises(PinTooPlain):
            theirs.change_pin("tanaka", "5162", known)
    assert theirs.one("tanaka").pin_is_lent
    assert not theirs.change_pin("tanaka", "5162", "8240").pin_is_lent
    assert not theirs.sign_in("tanaka", "8240").pin_is_lent
    with pytest.raises(PinWrong):
        theirs.sign_in("tanaka", "5162")


def test_a_plain_new_pin_leaves_the_old_one(made: Federation) -> None:
    chief = with_staff(made)
    with pytest.raises(PinTooPlain):
        chief.change_pin("tanaka", PINS["tanaka"], "1111")
    assert chief.sign_in("tanaka", PINS["tanaka"]).code == "tanaka"


def test_behind_the_door_of_a_browser_nobody_stays_with_a_pin_that_is_theirs_no_more(made: Federation) -> None:
    chief = with_staff(made)
    door = PinDoor(chief.sign_in, chief.verifier_of)
    porter = Porter(door, made[WAJIMA].post("", b"").entropy, made.time, lambda _act, _who: None)
    tokens = {code: porter.admit(code, pin) for code, pin in PINS.items()}
    chief.change_pin("tanaka", PINS["tanaka"], "8240")
    chief.retire("mori")
    assert {code for code, token in tokens.items() if porter.inside(token) is not None} == {"sato"}
    guest = porter.inside(porter.admit("tanaka", "8240"))
    assert guest is not None
    assert chief.sign_in("tanaka", guest.pin).paused_s == 0
    assert chief.verifier_of("nobody") == ""


# --- the log


def test_every_try_and_change_is_logged_and_no_pin_nor_unknown_code(made: Federation) -> None:
    chief = with_staff(made)
    chief.sign_in("tanaka", PINS["tanaka"])
    for code, pin, kind in (("tanaka", "9911", PinWrong), ("4082", "4082", OperatorUnknown)):
        with pytest.raises(kind):
            chief.sign_in(code, pin)
    chief.set_role("tanaka", "coordinator")
    chief.reset_pin("tanaka", "5162")
    chief.retire("tanaka")
    logged = acts(made)
    assert [one for one in logged if not one[0].startswith("enrol")][-9:] == [
        ("operator-add", "root", "staff:sato"),
        ("operator-add", "sato", "staff:tanaka"),
        ("operator-add", "sato", "staff:mori"),
        ("sign-in", "tanaka", ""),
        ("sign-in-wrong", "tanaka", ""),
        ("sign-in-unknown", "", ""),
        ("operator-role", "sato", "staff:tanaka"),
        ("operator-pin-reset", "sato", "staff:tanaka"),
        ("operator-retire", "sato", "staff:tanaka"),
    ]
    said = repr(made[WAJIMA].ledger.audit(limit=10_000))
    assert [pin for pin in (*PINS.values(), "9911", "5162") if f"'{pin}'" in said or f":{pin}" in said] == []
    assert made[WAJIMA].ledger.verify_audit() == len(logged)


# --- signing in at a desk


def test_a_desk_is_taken_over_by_whoever_signs_in(made: Federation) -> None:
    with_staff(made)
    desk = desk_of(made, "tanaka")
    with pytest.raises(PinWrong):
        desk.sign_in("sato", "9999")
    assert desk.operator == "tanaka"
    assert desk.sign_in("mori", PINS["mori"])
    assert desk.operator == "mori"
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    assert {field.operator for field in desk.details(subject)} == {"mori"}


def test_without_operators_a_name_is_enough_and_needed(made: Federation) -> None:
    desk = desk_of(made, "tanaka")
    assert not desk.sign_in("suzuki", "")
    assert desk.operator == "suzuki"
    with pytest.raises(FieldRefused):
        desk.sign_in("  ", "")
    assert desk.operator == "suzuki"
