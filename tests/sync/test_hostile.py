"""What a peer may not do, one lie a test: the liar is sent away with a reason, and no record has moved."""

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

import pytest

from moyai.v1 import exchange_pb2
from sync import limits
from sync.effects import Send
from sync.envelope import Parcel, SealedRecord
from sync.frames import (
    CONTROL,
    DATA,
    Audit,
    Check,
    ControlFirst,
    Equal,
    Frame,
    Goodbye,
    Greeting,
    Hello,
    Ids,
    More,
    News,
    Records,
    Roster,
    Sketch,
    Taken,
    Unknown,
    Want,
)
from sync.mapping import cells_of
from sync.reasons import Reason
from sync.reconcile import as_symbols, prefix_of
from sync.roots import root
from sync.sketch import Cells, encode
from sync.wire import greeting_of
from tests.builders.couriers import Side, converse, payload, sides
from tests.builders.towns import Town, parcel, record


def records_of(numbers: Iterable[int]) -> Records:
    return Records(DATA, tuple(map(parcel, numbers)), last=True)


ROOT = bytes(16)
SALT = b"sixteen  bytes.."
NONE = Records(DATA, (), last=True)
NOTHING_WANTED = Want(DATA, b"", last=True)


def honest_greeting(town: Town) -> Greeting:
    return greeting_of(town.greeting())


def hello(view: int, count: int = 1, **also: Any) -> Hello:
    """What an honest node would open with, but for what the test says."""
    control = root([record(1).id]) if view == DATA else b""
    return Hello(view, count, ROOT, **{"control_root": control, **also})


def cells(*numbers: int, stop: int = 32) -> Cells:
    return encode(as_symbols(b"".join(record(number).id for number in numbers), 32), stop)


def sketch(view: int, *numbers: int, start: int = 0, stop: int = 32, **also: Any) -> Sketch:
    """The sketch of these records."""
    drawn = cells(*numbers, stop=stop)
    told = {"snapshot": 1, "count": len(numbers), "last": True, **also}
    return Sketch(view, start=start, symbols=drawn.to_bytes(), counts=drawn.counts_bytes(32), **told)


@pytest.fixture
def honest() -> Town:
    town = Town("wajima")
    town.kept_cells = 64
    town.hold(CONTROL, 1)
    town.hold(DATA, 10, 11)
    return town


@pytest.fixture
def called(honest: Town) -> Side:
    """An honest node that was called, after the greetings."""
    side = sides(Town("liar"), honest)[1]
    side.hear(honest_greeting(Town("liar")))
    return side


@pytest.fixture
def dialler(honest: Town) -> Side:
    """An honest node that dialled, after the greetings; it has said hello for data, as nothing waits."""
    for shelf in honest.shelves.values():
        shelf.arrived.update(shelf.held)
    side = sides(honest, Town("liar"), stays=True)[0]
    side.hear(honest_greeting(Town("liar")))
    assert isinstance(side.sent[-1], Hello)
    return side


def sent_away(side: Side, reason: str) -> None:
    assert side.outcome is not None
    assert (side.outcome.reason, side.outcome.said_by_peer) == (reason, False)
    assert side.sent[-1] == Goodbye(Reason(reason))


TO_THE_CALLED: dict[str, tuple[list[Frame], str]] = {
    "a view there is not": ([Hello(7, 0, ROOT)], "PROTOCOL_BROKEN"),
    "a short root": ([Hello(CONTROL, 0, b"short")], "PROTOCOL_BROKEN"),
    "data without the root of control": ([Hello(DATA, 0, ROOT)], "PROTOCOL_BROKEN"),
    "control with a root of control": ([Hello(CONTROL, 0, ROOT, control_root=ROOT)], "PROTOCOL_BROKEN"),
    "a short salt": ([hello(DATA, salt=b"salt")], "PROTOCOL_BROKEN"),
    "a salt for whole ids": ([hello(DATA, salt=SALT, whole_ids=True)], "PROTOCOL_BROKEN"),
    "a count beyond any view": ([hello(DATA, limits.IDS_PER_VIEW_MAX + 1)], "LIMIT_PASSED"),
    "too much pushed ahead": ([hello(DATA, pushing=257)], "LIMIT_PASSED"),
    "greeting twice": ([honest_greeting(Town("liar"))], "PROTOCOL_BROKEN"),
    "a roster nobody is owed": ([Roster(b"roster 9")], "PROTOCOL_BROKEN"),
    "records without a hello": ([Records(DATA, (parcel(5),), last=True)], "PROTOCOL_BROKEN"),
    "a promised push that does not come": ([hello(DATA, pushing=1), Want(DATA, b"", last=True)], "PROTOCOL_BROKEN"),
    "taken for nothing sent": ([Taken(DATA, 1, 0)], "PROTOCOL_BROKEN"),
    "equal from the asker": ([hello(DATA), Equal(DATA)], "PROTOCOL_BROKEN"),
    "a sketch from the asker": ([hello(DATA), sketch(DATA, 10)], "PROTOCOL_BROKEN"),
    "a check in the middle": ([hello(DATA), Check(ROOT)], "PROTOCOL_BROKEN"),
    "more without a sketch": ([More(DATA, 1, 0, 64)], "PROTOCOL_BROKEN"),
    "more of another snapshot": ([hello(DATA), More(DATA, 9, 32, 64)], "PROTOCOL_BROKEN"),
    "more from elsewhere": ([hello(DATA), More(DATA, 1, 40, 64)], "PROTOCOL_BROKEN"),
    "more that is less": ([hello(DATA), More(DATA, 1, 32, 32)], "PROTOCOL_BROKEN"),
    "more than a sketch has": (
        [hello(DATA), More(DATA, 1, 32, limits.SYMBOLS_PER_SKETCH_MAX + 1)],
        "LIMIT_PASSED",
    ),
    "more without end": (
        [hello(DATA), *(More(DATA, 1, 32 + step, 33 + step) for step in range(limits.MORES_PER_SKETCH_MAX + 1))],
        "LIMIT_PASSED",
    ),
    "more records than announced": (
        [hello(DATA), Records(DATA, tuple(map(parcel, range(256))), last=False), records_of(range(256, 260))],
        "PROTOCOL_BROKEN",
    ),
    "more pushed than announced": (
        [
            hello(DATA, pushing=1),
            Records(DATA, tuple(map(parcel, range(256))), last=False),
            records_of(range(256, 260)),
        ],
        "PROTOCOL_BROKEN",
    ),
    "records of the other view": ([hello(DATA), Records(CONTROL, (parcel(5),), last=True)], "PROTOCOL_BROKEN"),
    "empty records without end": ([hello(DATA), Records(DATA, (), last=False)], "PROTOCOL_BROKEN"),
    "too many records in a frame": ([hello(DATA, 999), records_of(range(257))], "LIMIT_PASSED"),
    "a record too large": (
        [
            hello(DATA),
            Records(DATA, (Parcel(SealedRecord(bytes(limits.BODY_BYTES_MAX + 1), b""), 7, b""),), last=True),
        ],
        "LIMIT_PASSED",
    ),
    "wanting more than there is": ([hello(DATA), NONE, Want(DATA, bytes(8 * 4), last=True)], "PROTOCOL_BROKEN"),
    "wants cut within an id": ([hello(DATA), NONE, Want(DATA, b"123", last=True)], "PROTOCOL_BROKEN"),
    "empty wants without end": ([hello(DATA), NONE, Want(DATA, b"", last=False)], "PROTOCOL_BROKEN"),
    "taken more than was sent": (
        [hello(DATA), NONE, Want(DATA, record(10).id[:8], last=True), Taken(DATA, 1, 1)],
        "PROTOCOL_BROKEN",
    ),
    "taken twice": (
        [hello(DATA), NONE, Want(DATA, record(10).id[:8], last=True), Taken(DATA, 1, 0), Taken(DATA, 1, 0)],
        "PROTOCOL_BROKEN",
    ),
    "an audit of a view there is not": ([Audit(7, SALT, ROOT)], "PROTOCOL_BROKEN"),
    "an audit without a salt": ([Audit(DATA, b"", ROOT)], "PROTOCOL_BROKEN"),
    "audits without end": (
        [hello(DATA), NONE, NOTHING_WANTED, *[Audit(DATA, SALT, ROOT)] * (limits.SCANS_PER_CONVERSATION_MAX + 1)],
        "LIMIT_PASSED",
    ),
    "unknown frames without end": ([Unknown()] * (limits.FRAMES_IN_VAIN_MAX + 1), "LIMIT_PASSED"),
    "news without end": ([News()] * (limits.FRAMES_IN_VAIN_MAX + 1), "LIMIT_PASSED"),
    "hello without end": ([hello(DATA)] * (limits.FRAMES_IN_VAIN_MAX + 2), "LIMIT_PASSED"),
    "checks that fail without end": ([Check(ROOT)] * (limits.FRAMES_IN_VAIN_MAX + 1), "LIMIT_PASSED"),
    "whole lists without end": (
        [hello(DATA, whole_ids=True)] * (limits.SCANS_PER_CONVERSATION_MAX + 1),
        "LIMIT_PASSED",
    ),
    "salts without end": ([hello(DATA, salt=SALT)] * (limits.SCANS_PER_CONVERSATION_MAX + 1), "LIMIT_PASSED"),
    "counts that call for large sketches": (
        [hello(DATA, 4_000)] * (limits.SCANS_PER_CONVERSATION_MAX + 1),
        "LIMIT_PASSED",
    ),
}


@pytest.mark.parametrize("lie", TO_THE_CALLED)
def test_the_called_side_refuses(called: Side, honest: Town, lie: str) -> None:
    frames, reason = TO_THE_CALLED[lie]
    called.hear(*frames)
    sent_away(called, reason)
    assert honest.scans <= 2 * limits.SCANS_PER_CONVERSATION_MAX, "however often it was asked"
    assert payload(called.sent) <= 64 * payload(frames) + 2_000 or honest.scans, "small questions, small answers"


TO_THE_DIALLER: dict[str, tuple[list[Frame], str]] = {
    "an answer about the other view": ([Equal(CONTROL)], "PROTOCOL_BROKEN"),
    "an answer that is none": ([Taken(DATA, 0, 0)], "PROTOCOL_BROKEN"),
    "ids that were not asked for": ([Ids(DATA, b"", last=True)], "PROTOCOL_BROKEN"),
    "symbols cut within one": ([Sketch(DATA, 1, 2, 0, bytes(13), b"", last=True)], "PROTOCOL_BROKEN"),
    "no symbols": ([Sketch(DATA, 1, 2, 0, b"", b"", last=True)], "PROTOCOL_BROKEN"),
    "symbols from the middle": ([Sketch(DATA, 1, 2, 5, bytes(12), b"", last=True)], "PROTOCOL_BROKEN"),
    "odd counts": ([Sketch(DATA, 1, 2, 0, bytes(12), b"1", last=True)], "PROTOCOL_BROKEN"),
    "more counts than there are": ([Sketch(DATA, 1, 2, 0, bytes(12), bytes(258), last=True)], "PROTOCOL_BROKEN"),
    "a sketch of another snapshot in the middle": (
        [
            Sketch(DATA, 1, 2, 0, bytes(12), b"", last=False),
            Sketch(DATA, 2, 2, 1, bytes(12), b"", last=True),
        ],
        "PROTOCOL_BROKEN",
    ),
    "a count beyond any view": (
        [Sketch(DATA, 1, limits.IDS_PER_VIEW_MAX + 1, 0, bytes(12), b"", last=True)],
        "LIMIT_PASSED",
    ),
    "too many symbols in a frame": (
        [Sketch(DATA, 1, 2, 0, bytes(12 * (limits.SYMBOLS_PER_FRAME_MAX + 1)), b"", last=True)],
        "LIMIT_PASSED",
    ),
    "symbols without end": (
        [Sketch(DATA, 1, 2, 65_536 * part, bytes(12 * 65_536), b"", last=False) for part in range(5)],
        "PROTOCOL_BROKEN",
    ),
    "records nobody asked for": (
        [sketch(DATA, 10, 11, 5), Records(DATA, (parcel(6),), last=True)],
        "PROTOCOL_BROKEN",
    ),
    "a record over and over": (
        [sketch(DATA, 10, 11, 5), *[Records(DATA, (parcel(5),) * 200, last=False)] * 2],
        "PROTOCOL_BROKEN",
    ),
    "no word on what was sent": ([sketch(DATA, 10), NONE], "PROTOCOL_BROKEN"),
    "taken more than was sent": ([sketch(DATA, 10), Taken(DATA, 2, 0)], "PROTOCOL_BROKEN"),
    "at rest, a hello": ([Equal(DATA), hello(DATA)], "PROTOCOL_BROKEN"),
    "at rest, records": ([Equal(DATA), records_of([5])], "PROTOCOL_BROKEN"),
    "at rest, unknown frames without end": (
        [Equal(DATA), *[Unknown()] * (limits.FRAMES_IN_VAIN_MAX + 1)],
        "LIMIT_PASSED",
    ),
    "at rest, news of nothing without end": (
        [Equal(DATA), *[News(), Equal(DATA)] * (limits.FRAMES_IN_VAIN_MAX + 1)],
        "LIMIT_PASSED",
    ),
}


@pytest.mark.parametrize("lie", TO_THE_DIALLER)
def test_the_dialling_side_refuses(dialler: Side, honest: Town, lie: str) -> None:
    frames, reason = TO_THE_DIALLER[lie]
    dialler.hear(*frames)
    sent_away(dialler, reason)
    assert honest.scans <= limits.SCANS_PER_CONVERSATION_MAX


def test_control_first_for_ever_comes_to_an_end(dialler: Side) -> None:
    answers: list[Frame] = [ControlFirst(), Equal(CONTROL)]
    dialler.hear(*answers * limits.ROUNDS_PER_VIEW_MAX)
    sent_away(dialler, "NOT_SETTLED")


def test_sketches_that_never_decode_come_to_an_end(dialler: Side, honest: Town) -> None:
    """A liar answers whatever it is asked with chance, salted or not, and never lists its ids truly."""
    for turn in range(400):
        if dialler.outcome is not None:
            break
        asked = dialler.sent[-1]
        start, stop = (asked.start, asked.stop) if isinstance(asked, More) else (0, 32)
        chance = Random(turn).randbytes(12 * (stop - start))
        if isinstance(asked, Hello) and asked.whole_ids:
            dialler.said()
            dialler.hear(Ids(asked.view, b"", last=True))
            pushed = [frame for frame in dialler.sent if isinstance(frame, Records) and frame.parcels]
            dialler.hear(*[Taken(DATA, len(frame.parcels), 0) for frame in pushed], Records(DATA, (), True, ROOT))
        else:
            dialler.hear(Sketch(DATA, 1, 3, start, chance, b"" if start else bytes(64), last=True))
    sent_away(dialler, "NOT_SETTLED")
    assert dialler.outcome is not None
    assert dialler.outcome.counts.looked_closer
    assert honest.scans <= limits.SCANS_PER_CONVERSATION_MAX


def test_crafted_collisions_cost_one_salted_sketch(dialler: Side, honest: Town) -> None:
    """A symbol in a cell into which it does not fall: the contradiction is seen at once, and a salt is drawn."""
    forged = cells(10, 11)
    alien = next(one for one in map(record, range(100)) if 1 not in cells_of(prefix_of(one.id), 32))
    lone = encode(as_symbols(alien.id, 32), 1)
    forged.sums[1] ^= lone.sums[0]
    forged.checks[1] ^= lone.checks[0]
    dialler.hear(Sketch(DATA, 1, 2, 0, forged.to_bytes(), forged.counts_bytes(32), last=True))
    hellos = [frame for frame in dialler.sent if isinstance(frame, Hello)]
    assert [len(frame.salt) for frame in hellos] == [0, 16]
    assert not any(isinstance(frame, More) for frame in dialler.sent)


def test_a_view_that_claims_equality_does_not_get_through_the_audit_by_repeating(dialler: Side, honest: Town) -> None:
    honest.audit_due = True
    dialler.hear(Equal(DATA))
    asked = dialler.sent[-1]
    assert isinstance(asked, Audit)
    dialler.hear(asked)
    sent_away(dialler, "PROTOCOL_BROKEN")
    assert honest.audits == []


def test_a_view_that_claims_equality_and_guesses_is_written_down(dialler: Side, honest: Town) -> None:
    honest.audit_due = True
    dialler.hear(Equal(DATA))
    asked = dialler.sent[-1]
    assert isinstance(asked, Audit)
    dialler.hear(Audit(asked.view, SALT, ROOT))
    assert honest.audits == [(asked.view, False)]
    listing = dialler.sent[-1]
    assert isinstance(listing, Hello)
    assert listing.whole_ids


def test_done_is_the_diallers_word_and_marks_nothing(called: Side, honest: Town) -> None:
    called.hear(hello(DATA), NONE, NOTHING_WANTED, Goodbye(Reason.DONE))
    assert called.outcome is not None
    assert called.outcome.said_by_peer
    for view in (CONTROL, DATA):
        assert honest.shelves[view].passed == honest.shelves[view].arrived == set()


def test_a_session_that_is_replayed_is_agreed_on_by_nobody() -> None:
    """Recorded when both agreed; said again by somebody who has nothing, when there is more."""
    pair = (Town("liar"), Town("wajima"))
    pair[0].hold(DATA, 1, 2)
    pair[1].hold(DATA, 2, 3)
    recorded = converse(*pair)[0].sent
    fresh = Town("wajima")
    fresh.hold(DATA, 2, 3, 4)
    side = sides(Town("liar"), fresh)[1]
    side.hear(*recorded)
    assert not any(isinstance(frame, Equal) for frame in side.sent), "never equal"
    assert fresh.shelves[DATA].passed | fresh.shelves[DATA].arrived <= {record(number).id for number in (1, 3)}
    assert fresh.audits == []


def test_refused_records_are_not_taken(dialler: Side, honest: Town) -> None:
    dialler.hear(sketch(DATA, 10, 11, 5), Records(DATA, (parcel(5), parcel(6)), last=True))
    assert honest.taken_log == []


def test_nothing_is_passed_on_a_lying_count(dialler: Side, honest: Town) -> None:
    dialler.hear(sketch(DATA, 10), Taken(DATA, 2, 0))
    assert honest.shelves[DATA].passed == set()


def test_nothing_is_passed_when_nothing_was_kept(dialler: Side, honest: Town) -> None:
    dialler.hear(sketch(DATA, 10), Taken(DATA, 0, 0))
    assert honest.shelves[DATA].passed == set()


def test_what_is_not_in_the_view_is_not_given_however_it_is_named(called: Side, honest: Town) -> None:
    honest.hold(DATA, 12)
    honest.shelves[DATA].withheld = {record(12).id}
    called.hear(hello(DATA), NONE, Want(DATA, record(12).id[:8] + record(1).id[:8], last=True))
    assert not any(frame.parcels for frame in called.sent if isinstance(frame, Records))


def test_goodbye_while_saying_goodbye_ends_it(called: Side) -> None:
    """The line breaks while we say why we leave, and its last words were a goodbye as well."""
    called.arriving.append(Hello(7, 0, ROOT))
    while not (isinstance(called.effect, Send) and isinstance(called.effect.frame, Goodbye)):
        called.step(called)
    called.effect = called.session.hang_up(Reason.STOPPING)
    assert called.outcome is not None
    assert called.outcome.reason == "PROTOCOL_BROKEN"


def greeting(change: Callable[[Town], None]) -> Greeting:
    town = Town("liar")
    change(town)
    return honest_greeting(town)


def another_federation(town: Town) -> None:
    town.federation = b"another 16 bytes"


def another_version(town: Town) -> None:
    town.versions = [2, 3]


@pytest.mark.parametrize(
    ("change", "reason"),
    [(another_federation, "WRONG_FEDERATION"), (another_version, "NO_COMMON_VERSION")],
)
@pytest.mark.parametrize("dialled", [True, False])
def test_who_does_not_fit_is_sent_away(
    honest: Town, change: Callable[[Town], None], reason: str, dialled: bool
) -> None:
    side = sides(honest, honest)[0 if dialled else 1]
    side.hear(greeting(change))
    sent_away(side, reason)


def test_a_greeting_the_node_refuses_ends_it_with_a_reason_of_the_list(honest: Town) -> None:
    honest.greeting_refused = True
    side = sides(Town("liar"), honest)[1]
    outcome = side.hear(honest_greeting(Town("liar")))
    assert outcome is not None
    assert outcome.reason == "TRUST_REFUSED"
    assert side.sent[-1] == Goodbye(Reason.CERTIFICATE_REFUSED)


def test_an_oversized_greeting_is_refused(honest: Town) -> None:
    message = exchange_pb2.Greeting.FromString(Town("liar").greeting())
    message.certificate = bytes(limits.GREETING_BYTES_MAX)
    side = sides(Town("liar"), honest)[1]
    side.hear(greeting_of(message.SerializeToString()))
    sent_away(side, "LIMIT_PASSED")


def test_nothing_of_the_ledger_moves_before_the_greeting(honest: Town) -> None:
    side = sides(Town("liar"), honest)[1]
    side.hear(Hello(CONTROL, 0, ROOT))
    sent_away(side, "PROTOCOL_BROKEN")
    assert not any(isinstance(frame, Ids | Equal | Sketch | ControlFirst) for frame in side.sent)


def test_an_oversized_roster_is_refused(honest: Town) -> None:
    side = sides(Town("liar"), honest)[1]
    side.hear(greeting(newer_roster), Roster(bytes(limits.ROSTER_BYTES_MAX + 1)))
    sent_away(side, "LIMIT_PASSED")


def test_a_roster_the_node_refuses_ends_it(honest: Town) -> None:
    honest.roster_refused = True
    side = sides(Town("liar"), honest)[1]
    outcome = side.hear(greeting(newer_roster), Roster(b"roster 9"))
    assert outcome is not None
    assert outcome.reason == "SIGNATURES_MISSING"
    assert side.sent[-1] == Goodbye(Reason.ROSTER_REFUSED)


def test_a_promised_roster_must_come(honest: Town) -> None:
    side = sides(Town("liar"), honest)[1]
    side.hear(greeting(newer_roster), Hello(CONTROL, 0, ROOT))
    sent_away(side, "PROTOCOL_BROKEN")


def newer_roster(town: Town) -> None:
    town.roster_version = 9


def test_done_in_the_middle_is_not_done(called: Side) -> None:
    outcome = called.hear(hello(DATA), Goodbye(Reason.DONE))
    assert outcome is not None
    assert (outcome.reason, outcome.said_by_peer) == ("PROTOCOL_BROKEN", True)


def test_done_without_data_is_not_done(called: Side) -> None:
    outcome = called.hear(Goodbye(Reason.DONE))
    assert outcome is not None
    assert outcome.reason == "NOT_SETTLED"


def test_ending_without_a_word_is_a_broken_line(called: Side) -> None:
    outcome = called.hear(None)
    assert outcome is not None
    assert outcome.reason == "PEER_UNREACHABLE"


def test_a_peer_that_is_busy_is_believed(dialler: Side) -> None:
    outcome = dialler.hear(Goodbye(Reason.BUSY))
    assert outcome is not None
    assert (outcome.reason, outcome.said_by_peer) == ("BUSY", True)


def test_unknown_steps_are_passed_over(called: Side) -> None:
    called.hear(Unknown(), hello(DATA), Unknown())
    assert any(isinstance(frame, Sketch) for frame in called.sent)
    assert called.outcome is None
