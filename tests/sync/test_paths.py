"""Each way of finding a difference, what it costs, and that the next one is gone where it does not help."""

import numpy as np
import pytest

from sync.effects import Woken
from sync.envelope import Parcel
from sync.errors import LimitPassed
from sync.frames import (
    CONTROL,
    DATA,
    Audit,
    Check,
    Equal,
    Frame,
    Goodbye,
    Greeting,
    Hello,
    Ids,
    More,
    News,
    Records,
    Sketch,
    Taken,
    Want,
)
from sync.limits import RECORDS_PER_SCAN, SCANS_PER_CONVERSATION_MAX
from sync.reasons import Reason
from sync.steps import Scans, TalliedCounts
from tests.builders.couriers import Side, payload, resting, run, sides
from tests.builders.towns import Town, alike, record


def towns() -> tuple[Town, Town]:
    return Town("wajima"), Town("nanao")


def level(*, upto: int = 50) -> tuple[Town, Town]:
    """Two towns that have agreed on so many records."""
    pair = towns()
    for town in pair:
        town.hold(DATA, *range(upto))
        town.hold(CONTROL, 10_000)
    run(*sides(*pair))
    return pair


def kinds(frames: list[Frame]) -> list[type[Frame]]:
    return [type(frame) for frame in frames]


def of(kind: type[Frame], side: Side) -> list[Frame]:
    return [frame for frame in side.sent if isinstance(frame, kind)]


def same(pair: tuple[Town, Town], view: int = DATA) -> bool:
    return pair[0].shelves[view].view() == pair[1].shelves[view].view()


# --- sketch, salted symbols, all ids


def test_scattered_differences_are_found_by_one_sketch() -> None:
    pair = level(upto=200)
    pair[0].hold(DATA, *range(300, 306))
    pair[1].hold(DATA, *range(400, 408))
    both = sides(*pair)
    run(*both)
    assert kinds(both[0].sent) == [Greeting, Hello, Records, Want, Taken, Check, Goodbye]
    assert kinds(both[1].sent) == [Greeting, Sketch, Taken, Records, Equal, Goodbye]
    assert same(pair)


def test_a_large_difference_asks_for_more_and_beyond_the_kept_symbols() -> None:
    pair = towns()
    for town in pair:
        town.kept_cells = 64
    pair[0].hold(DATA, *range(400))
    pair[1].hold(DATA, *range(200, 600))
    both = sides(*pair)
    run(*both)
    assert of(More, both[0])
    assert same(pair)


def test_ids_that_begin_alike_on_different_sides_are_found_by_salted_symbols() -> None:
    pair = level()
    for number, town in enumerate(pair):
        town.shelves[DATA].held[alike(number).id] = alike(number)
    both = sides(*pair)
    for side in both:
        side.by_wire = False
    run(*both)
    assert [bool(hello.salt) for hello in of(Hello, both[0]) if isinstance(hello, Hello)] == [False, True]
    assert [side.outcome.counts.looked_closer for side in both if side.outcome] == [1, 1]
    assert same(pair)


def test_what_begins_alike_on_one_side_is_pushed_ahead_without_offence() -> None:
    pair = level()
    both = resting(*pair)
    for side in both:
        side.by_wire = False
    for number in range(2):
        pair[0].shelves[DATA].held[alike(number).id] = alike(number)
    both[0].news = True
    run(*both)
    assert all(side.rests for side in both)
    assert same(pair)


def test_where_no_sketch_helps_all_ids_are_listed() -> None:
    """A peer whose symbols belong to nothing it holds, salted or not, and whose list is true."""
    town = Town("wajima")
    town.hold(DATA, 1, 2, 3)
    town.shelves[DATA].arrived.update(town.shelves[DATA].held)
    side = sides(town, Town("nanao"))[0]
    side.hear(greeting())
    while not isinstance(said := side.sent[-1], Hello) or not said.whole_ids:
        start, stop = (said.start, said.stop) if isinstance(said, More) else (0, 32)
        chance = np.random.default_rng(stop).bytes(12 * (stop - start))
        side.hear(Sketch(DATA, 1, 3, start, chance, b"" if start else bytes(64), last=True))
    assert [bool(hello.salt) for hello in of(Hello, side) if isinstance(hello, Hello)] == [False, True, False]
    side.hear(Ids(DATA, b"".join(sorted(record(number).id for number in (2, 3, 4))), last=True))
    pushed = [one.record.id for frame in side.sent if isinstance(frame, Records) for one in frame.parcels]
    assert pushed == [record(1).id]
    (want,) = [frame for frame in side.sent if isinstance(frame, Want)]
    assert want.prefixes == record(4).id[:8]
    side.hear(Taken(DATA, 1, 0), Records(DATA, (Parcel(record(4), 7, b""),), last=True, root=bytes(16)))
    assert record(4).id in town.shelves[DATA].held


def greeting() -> Frame:
    nobody = sides(Town("nanao"), Town("wajima"))[0]
    nobody.hear()
    return nobody.sent[0]


# --- what waits is sent without asking


def test_what_the_other_side_lacks_and_we_know_of_is_sent_at_once() -> None:
    pair = level()
    pair[1].hold(DATA, *range(100, 110))
    both = sides(*pair)
    run(*both)
    assert kinds(both[1].sent) == [Greeting, Records, Equal, Goodbye]
    assert same(pair)


def test_an_empty_view_is_sent_everything_at_once() -> None:
    pair = towns()
    pair[1].hold(DATA, *range(600))
    both = sides(*pair)
    run(*both)
    assert set(kinds(both[1].sent)) == {Greeting, Records, Equal, Goodbye}
    assert same(pair)


def test_to_an_empty_view_everything_is_sent_without_symbols() -> None:
    pair = towns()
    pair[0].hold(DATA, *range(600))
    both = sides(*pair)
    run(*both)
    assert [len(frame.symbols) for frame in of(Sketch, both[1]) if isinstance(frame, Sketch)] == [0]
    assert same(pair)


def test_what_was_set_aside_of_what_came_unasked_is_not_asked_for_again() -> None:
    pair = level()
    pair[1].hold(DATA, 100, 101)
    pair[0].poison = {record(101).id}
    both = sides(*pair)
    run(*both)
    assert both[0].outcome is not None
    assert both[0].outcome.reason == "DONE"
    assert pair[0].taken_log.count(record(101).id) == 1


# --- a conversation that stays


def test_news_of_who_dialled_costs_one_round_trip() -> None:
    pair = level()
    both = resting(*pair)
    pair[0].hold(DATA, 100)
    both[0].news = True
    run(*both)
    assert kinds(both[0].said()) == [Hello, Records]
    assert kinds(both[1].said()) == [Taken, Equal]
    assert same(pair)
    assert all(side.rests for side in both)


def test_news_of_who_was_called_is_fetched() -> None:
    pair = level()
    both = resting(*pair)
    pair[1].hold(DATA, 100)
    both[1].news = True
    run(*both)
    assert kinds(both[0].said()) == [Hello, Taken, Check]
    assert kinds(both[1].said()) == [News, Records, Equal]
    assert same(pair)


def test_control_news_of_who_was_called_comes_first_however_long_the_conversation_lasts() -> None:
    pair = level()
    both = resting(*pair)
    for number in range(3):
        pair[1].hold(CONTROL, 20_000 + number)
        pair[1].hold(DATA, 100 + number)
        both[1].news = True
        run(*both)
        views = [frame.view for frame in both[1].said() if isinstance(frame, Records)]
        assert views == [CONTROL, DATA]
        assert same(pair, CONTROL)
        assert same(pair)


def test_the_check_at_rest_costs_32_bytes_and_one_round_trip_and_writes_nothing() -> None:
    pair = level()
    both = resting(*pair)
    before = pair[0].scans, pair[1].scans
    both[0].wake(Woken.TIME)
    run(*both)
    asked, answered = both[0].said(), both[1].said()
    assert kinds(asked) == [Check]
    assert kinds(answered) == [Equal]
    assert payload(asked + answered) <= 32
    assert (pair[0].scans, pair[1].scans) == before


def test_the_check_finds_what_nobody_told() -> None:
    pair = level()
    both = resting(*pair)
    pair[1].hold(DATA, 100)
    both[0].wake(Woken.TIME)
    run(*both)
    assert same(pair)
    assert all(side.rests for side in both)


def test_news_that_crosses_a_check_disturbs_nothing() -> None:
    """What was written is gone again when the check is read: it is answered by equal, after news was said."""
    pair = level()
    both = resting(*pair)
    pair[1].hold(DATA, 100)
    both[1].news = True
    both[0].wake(Woken.TIME)
    while not of(Check, both[0]):
        both[0].step(both[1])
    check = both[1].arriving.popleft()
    nobody = Side(both[0].session, both[0].portside)
    while not both[1].stuck:
        both[1].step(nobody)
    assert kinds(both[1].sent) == [News]
    del pair[1].shelves[DATA].held[record(100).id]
    both[0].arriving.append(News())
    both[1].arriving.append(check)
    run(*both)
    assert all(side.rests for side in both)
    assert same(pair)


def test_a_record_the_other_side_refused_is_not_sent_again_with_every_hello() -> None:
    pair = level()
    both = resting(*pair)
    pair[1].poison = {record(100).id}
    pair[0].hold(DATA, 100)
    for number in range(101, 105):
        pair[0].hold(DATA, number)
        both[0].news = True
        run(*both)
    assert pair[1].taken_log.count(record(100).id) == 1
    assert all(side.rests for side in both)


def test_records_that_move_earn_the_scans_that_large_differences_need() -> None:
    counts = TalliedCounts()
    scans = Scans(counts)
    for _ in range(200):
        counts.new += RECORDS_PER_SCAN
        scans.take()
    for _ in range(SCANS_PER_CONVERSATION_MAX):
        scans.take()
    with pytest.raises(LimitPassed):
        scans.take()


# --- the audit


def test_the_audit_compares_all_ids_and_is_done() -> None:
    pair = level()
    pair[0].audit_due = True
    both = sides(*pair)
    run(*both)
    assert pair[0].audits == pair[1].audits == [(CONTROL, True), (DATA, True)]
    salts = [frame.salt for side in both for frame in side.sent if isinstance(frame, Audit)]
    assert len(set(salts)) >= 3, "each answer is under a salt of its own"


def test_a_root_that_lies_is_found_by_the_audit_and_mended_by_the_list() -> None:
    for liar in (0, 1):
        pair = level()
        pair[1].hold(DATA, 100)
        pair[0].hold(DATA, 101)
        pair[liar].root_lies = pair[1 - liar]
        pair[0].audit_due = True
        both = sides(*pair)
        run(*both)
        assert (DATA, False) in pair[0].audits
        assert (DATA, False) in pair[1].audits
        assert of(Ids, both[1])
        assert same(pair)


def test_what_cannot_be_mended_is_not_called_done() -> None:
    pair = level()
    pair[1].hold(DATA, 100)
    pair[1].shelves[DATA].stale = {record(100).id}
    pair[1].root_lies = pair[0]
    pair[0].audit_due = True
    both = sides(*pair)
    run(*both)
    assert both[0].outcome is not None
    assert both[0].outcome.reason == "NOT_SETTLED"
    assert pair[0].audit_due


def test_differences_that_are_accounted_for_are_no_finding() -> None:
    pair = level()
    pair[0].hold(DATA, 100)
    pair[1].poison = {record(100).id}
    pair[0].audit_due = True
    run(*sides(*pair))
    assert (DATA, False) not in pair[0].audits


# --- a view that changes under way


def test_a_view_that_changes_between_sketch_and_more_is_begun_anew() -> None:
    pair = towns()
    for town in pair:
        town.kept_cells = 64
    pair[0].hold(DATA, *range(400))
    pair[1].hold(DATA, *range(200, 600))
    both = sides(*pair)
    while not of(More, both[0]):
        side, other = both if not both[0].stuck else both[::-1]
        side.step(other)
    pair[1].hold(DATA, 9_000)
    run(*both)
    snapshots = [frame.snapshot for frame in of(Sketch, both[1]) if isinstance(frame, Sketch)]
    assert len(set(snapshots)) == 2
    assert both[0].outcome is not None
    assert both[0].outcome.reason == "DONE"
    assert same(pair)


def test_a_hello_that_comes_twice_mixes_no_snapshots() -> None:
    pair = level()
    pair[0].hold(DATA, 100, 101)
    pair[1].hold(DATA, 102)
    both = sides(*pair)
    while not any(isinstance(frame, Hello) for frame in both[1].arriving):
        side, other = both if not both[0].stuck else both[::-1]
        side.step(other)
    both[1].arriving.append(both[1].arriving[-1])
    run(*both)
    assert [side.outcome.reason for side in both if side.outcome] == ["PROTOCOL_BROKEN", "PROTOCOL_BROKEN"]
    snapshots = [frame.snapshot for frame in of(Sketch, both[1]) if isinstance(frame, Sketch)]
    assert len(set(snapshots)) == len(snapshots)
    again = sides(*pair)
    run(*again)
    assert same(pair)


def test_a_goodbye_while_resting_ends_the_rest() -> None:
    both = resting(*level())
    outcome = both[0].hear(Goodbye(Reason.STOPPING))
    assert outcome is not None
    assert (outcome.reason, outcome.said_by_peer) == ("STOPPING", True)
