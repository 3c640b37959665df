"""Two nodes agree, whatever they hold and wherever the line is cut."""

from hypothesis import given, settings, strategies as st

from sync.effects import Woken
from sync.frames import CONTROL, DATA, Check, Equal, Goodbye, Greeting, Hello, Records
from tests.builders.couriers import converse, run, sides
from tests.builders.towns import Town, alike, record

NUMBERS = st.sets(st.integers(0, 40), max_size=30)

Cut = tuple[int, int, bool, set[int], set[int]]
"""After how many steps, in which order of turns, which side dials; what each side withholds afterwards."""
CUTS = st.tuples(st.integers(0, 80), st.integers(0, 2**16 - 1), st.booleans(), NUMBERS, NUMBERS)


@st.composite
def towns(draw: st.DrawFn) -> tuple[Town, Town]:
    pair = (Town("wajima"), Town("nanao"))
    for town in pair:
        for view in (CONTROL, DATA):
            # Control and data never share a record: the facet decides the view.
            numbers = {number + 100 * view for number in draw(NUMBERS)}
            town.hold(view, *numbers)
            kept_back = draw(st.sets(st.sampled_from(sorted(numbers)))) if numbers else set()
            town.shelves[view].withheld = {record(number).id for number in kept_back}
    return pair


@st.composite
def troubled_towns(draw: st.DrawFn) -> tuple[Town, Town]:
    """Towns that set some records aside when they come, and find when it comes to sending that some may not go."""
    pair = draw(towns())
    for town in pair:
        town.poison = {record(number).id for number in draw(st.sets(st.integers(100, 240), max_size=60))}
        for shelf in town.shelves.values():
            shelf.stale = {record(number).id for number in draw(st.sets(st.integers(100, 240), max_size=60))}
    return pair


def agreed_but_for_what_cannot_move(one: Town, other: Town) -> bool:
    for view in (CONTROL, DATA):
        apart = set(one.shelves[view].view()) ^ set(other.shelves[view].view())
        if not apart <= one.poison | other.poison | one.shelves[view].stale | other.shelves[view].stale:
            return False
    return True


def agreed(one: Town, other: Town) -> bool:
    return all(one.shelves[view].view() == other.shelves[view].view() for view in (CONTROL, DATA))


@given(towns(), st.integers(0, 2**16 - 1))
@settings(deadline=None)
def test_one_conversation_makes_the_views_equal(pair: tuple[Town, Town], order: int) -> None:
    dialler, called = converse(*pair, order=order)
    assert dialler.outcome is not None
    assert called.outcome is not None
    assert (dialler.outcome.reason, called.outcome.reason) == ("DONE", "DONE")
    assert agreed(*pair)


@given(towns(), st.lists(CUTS, max_size=6))
@settings(deadline=None)
def test_cuts_anywhere_lose_nothing(pair: tuple[Town, Town], cuts: list[Cut]) -> None:
    for steps, order, turned, *now_withheld in cuts:
        converse(*(reversed(pair) if turned else pair), steps_max=steps, order=order)
        assert all(town.open_fetches == 0 for town in pair), "a cut leaves no fetch open"
        nothing_marked_that_did_not_arrive(*pair)
        for town, kept_back in zip(pair, now_withheld, strict=True):
            for view in (CONTROL, DATA):
                town.shelves[view].withheld = {record(number + 100 * view).id for number in kept_back}
    dialler, _ = converse(*pair)
    assert dialler.outcome is not None
    assert dialler.outcome.reason == "DONE"
    assert agreed(*pair)


@given(troubled_towns(), st.integers(0, 2**16 - 1))
@settings(deadline=None)
def test_what_is_set_aside_or_may_no_longer_go_keeps_nothing_else_back(pair: tuple[Town, Town], order: int) -> None:
    dialler, called = converse(*pair, order=order)
    assert dialler.outcome is not None
    assert called.outcome is not None
    assert (dialler.outcome.reason, called.outcome.reason) == ("DONE", "DONE")
    assert agreed_but_for_what_cannot_move(*pair)
    for town in pair:
        assert len(town.taken_log) <= 2 * len(set(town.taken_log)), "not moved in circles"


@given(troubled_towns(), st.lists(CUTS, max_size=4))
@settings(deadline=None)
def test_cuts_anywhere_lose_nothing_that_can_move(pair: tuple[Town, Town], cuts: list[Cut]) -> None:
    for steps, order, turned, *_ in cuts:
        converse(*(reversed(pair) if turned else pair), steps_max=steps, order=order)
        nothing_marked_that_did_not_arrive(*pair)
    dialler, _ = converse(*pair)
    assert dialler.outcome is not None
    assert dialler.outcome.reason == "DONE"
    assert agreed_but_for_what_cannot_move(*pair)


Written = tuple[int, int, int, int, int]
"""By which town, in which view, which record; how many steps are taken before it, and in which order of turns."""
WRITTEN = st.tuples(
    st.integers(0, 1),
    st.sampled_from((CONTROL, DATA)),
    st.integers(50, 90),
    st.integers(0, 30),
    st.integers(0, 2**16 - 1),
)


@given(towns(), st.lists(WRITTEN, max_size=8))
@settings(deadline=None)
def test_a_conversation_that_stays_keeps_up_with_both_sides(pair: tuple[Town, Town], events: list[Written]) -> None:
    both = sides(*pair, stays=True)
    for town, view, number, steps, order in events:
        run(*both, steps_max=steps, order=order)
        pair[town].hold(view, number + 100 * view)
        both[town].news = True
    run(*both)
    assert all(side.rests for side in both)
    assert agreed(*pair), "without waiting for the minute's check"
    both[0].wake(Woken.TIME)
    run(*both)
    assert [type(frame) for frame in (both[0].sent[-1], both[1].sent[-1])] == [Check, Equal]


@given(towns())
@settings(deadline=None)
def test_what_is_withheld_never_travels(pair: tuple[Town, Town]) -> None:
    kept_back = [
        {one for view in (CONTROL, DATA) for one in town.shelves[view].withheld - other.shelves[view].held.keys()}
        for town, other in (pair, pair[::-1])
    ]
    converse(*pair)
    for mine, other in zip(kept_back, pair[::-1], strict=True):
        assert not mine & set(other.taken_log)


def nothing_marked_that_did_not_arrive(one: Town, other: Town) -> None:
    for sender, receiver in ((one, other), (other, one)):
        for view in (CONTROL, DATA):
            shelf = receiver.shelves[view]
            assert sender.shelves[view].passed <= shelf.held.keys() | shelf.quarantined.keys()


def test_equal_views_cost_one_round_trip() -> None:
    pair = (Town("wajima"), Town("nanao"))
    for town in pair:
        town.hold(DATA, *range(5))
    dialler, called = converse(*pair)
    assert [type(frame) for frame in dialler.sent] == [Greeting, Hello, Goodbye]
    assert [type(frame) for frame in called.sent] == [Greeting, Equal, Goodbye]


def test_nothing_is_sent_twice() -> None:
    pair = (Town("wajima"), Town("nanao"))
    pair[0].hold(DATA, *range(600))
    pair[1].hold(DATA, *range(500, 1100))
    converse(*pair)
    for town in pair:
        assert len(town.taken_log) == len(set(town.taken_log)) == 500


def test_records_written_meanwhile_go_along_in_the_next_comparison() -> None:
    pair = (Town("wajima"), Town("nanao"))
    pair[0].hold(DATA, 1)
    dialler, called = sides(*pair)
    written = 0
    while not (dialler.stuck and called.stuck):
        side, other = (called, dialler) if dialler.stuck else (dialler, called)
        side.step(other)
        sent = dialler.sent[-1] if dialler.sent else None
        if isinstance(sent, Records) and sent.view == DATA and written == 0:
            written = 2
            pair[0].hold(DATA, 2)
    assert dialler.outcome is not None
    assert dialler.outcome.reason == "DONE"
    assert agreed(*pair)


def test_a_view_that_never_rests_is_left_for_the_next_time() -> None:
    pair = (Town("wajima"), Town("nanao"))
    pair[0].hold(CONTROL, 1)
    pair[0].hold(DATA, 1_000)
    dialler, called = sides(*pair)
    number = 2
    seen: set[int] = set()
    while not (dialler.stuck and called.stuck):
        side, other = (called, dialler) if dialler.stuck else (dialler, called)
        side.step(other)
        sent = dialler.sent[-1] if dialler.sent else None
        if isinstance(sent, Records) and sent.view == CONTROL and id(sent) not in seen:
            seen.add(id(sent))
            pair[0].hold(CONTROL, number)
            number += 1
    assert dialler.outcome is not None
    assert dialler.outcome.reason == "NOT_SETTLED"
    assert record(1_000).id in pair[1].shelves[DATA].held, "data must not starve behind a busy control view"
    again, _ = converse(*pair)
    assert again.outcome is not None
    assert again.outcome.reason == "DONE"


def test_control_that_changed_while_data_went_is_compared_again() -> None:
    pair = (Town("wajima"), Town("nanao"))
    pair[0].hold(DATA, 1)
    dialler, called = sides(*pair)
    while not (dialler.stuck and called.stuck):
        side, other = (called, dialler) if dialler.stuck else (dialler, called)
        side.step(other)
        sent = dialler.sent[-1] if dialler.sent else None
        if isinstance(sent, Records) and sent.view == DATA:
            pair[0].hold(CONTROL, 7)
    assert record(7).id in pair[1].shelves[CONTROL].held
    assert agreed(*pair)


def test_a_record_in_quarantine_is_not_moved_in_circles() -> None:
    pair = (Town("wajima"), Town("nanao"))
    pair[0].hold(DATA, 1, 2)
    pair[1].hold(DATA, 3)
    pair[1].poison = {record(2).id}
    pair[0].poison = {record(3).id}
    dialler, called = converse(*pair)
    assert dialler.outcome is not None
    assert called.outcome is not None
    assert dialler.outcome.reason == "DONE"
    assert (dialler.outcome.counts.quarantined_there, dialler.outcome.counts.quarantined_here) == (1, 1)
    assert pair[1].taken_log.count(record(2).id) == 1


def test_what_may_no_longer_go_is_counted_and_left_out() -> None:
    pair = (Town("wajima"), Town("nanao"))
    pair[0].hold(DATA, 1, 2)
    pair[0].shelves[DATA].stale = {record(2).id}
    dialler, _ = converse(*pair)
    assert dialler.outcome is not None
    assert (dialler.outcome.reason, dialler.outcome.counts.withheld) == ("DONE", 1)
    assert record(2).id not in pair[1].shelves[DATA].held


def test_what_the_called_side_may_no_longer_give_is_left_out() -> None:
    pair = (Town("wajima"), Town("nanao"))
    pair[1].hold(DATA, 1, 2)
    pair[1].shelves[DATA].stale = {record(2).id}
    dialler, called = converse(*pair)
    assert dialler.outcome is not None
    assert called.outcome is not None
    assert dialler.outcome.reason == "DONE"
    assert called.outcome.counts.withheld == 2, "once unasked, and once because it was asked for"
    assert record(2).id not in pair[0].shelves[DATA].held


def test_ids_that_begin_alike_are_told_apart() -> None:
    pair = (Town("wajima"), Town("nanao"))
    for number, town in enumerate(pair):
        forged = alike(number)
        town.shelves[DATA].held[forged.id] = forged
        town.hold(DATA, 10 + number)
    dialler, called = sides(*pair)
    dialler.by_wire = called.by_wire = False
    run(dialler, called)
    assert agreed(*pair)
    assert len(pair[0].shelves[DATA].view()) == 4


def test_the_newer_roster_goes_to_the_side_that_is_behind() -> None:
    for versions in ((1, 9), (9, 1)):
        pair = (Town("wajima", roster_version=versions[0]), Town("nanao", roster_version=versions[1]))
        dialler, _ = converse(*pair)
        assert dialler.outcome is not None
        assert dialler.outcome.reason == "DONE"
        assert [town.roster_version for town in pair] == [9, 9]


def test_a_cut_before_the_acknowledgement_is_made_good_even_if_the_release_has_ended() -> None:
    pair = (Town("wajima"), Town("nanao"))
    pair[0].hold(DATA, 1)
    steps = 0
    while not pair[1].taken_log:
        steps += 1
        pair = (Town("wajima"), Town("nanao"))
        pair[0].hold(DATA, 1)
        converse(*pair, steps_max=steps)
    assert pair[0].shelves[DATA].passed == set(), "the acknowledgement was lost"
    pair[0].shelves[DATA].withheld = {record(1).id}
    dialler, _ = converse(*pair)
    assert dialler.outcome is not None
    assert dialler.outcome.reason == "DONE"
    assert pair[0].shelves[DATA].arrived == {record(1).id}, "the sender learns who holds its record"
