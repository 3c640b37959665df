"""What a peer may not do, one lie a test: the liar is sent away with a reason, and no record has moved."""

from collections.abc import Callable

import pytest

from moyai.v1 import exchange_pb2
from sync import limits
from sync.envelope import Parcel, SealedRecord
from sync.frames import (
    CONTROL,
    DATA,
    Equal,
    Frame,
    Goodbye,
    Greeting,
    Hello,
    Ids,
    Records,
    Roster,
    Taken,
    Unknown,
    Want,
)
from sync.reasons import Reason
from sync.wire import greeting_of
from tests.builders.couriers import Side, sides
from tests.builders.towns import Town, parcel, record

ROOT = bytes(16)
NONE = Records(CONTROL, (), last=True)
NOTHING_WANTED = Want(CONTROL, b"", last=True)


def honest_greeting(town: Town) -> Greeting:
    return greeting_of(town.greeting())


def listed(view: int, *numbers: int) -> Ids:
    return Ids(view, b"".join(sorted(record(number).id[:8] for number in numbers)), last=True)


@pytest.fixture
def honest() -> Town:
    town = Town("wajima")
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
    """An honest node that dialled, after the greetings; it has said hello for control."""
    side = sides(honest, Town("liar"))[0]
    side.hear(honest_greeting(Town("liar")))
    return side


def sent_away(side: Side, reason: str) -> None:
    assert side.outcome is not None
    assert (side.outcome.reason, side.outcome.said_by_peer) == (reason, False)
    assert side.sent[-1] == Goodbye(Reason(reason))


TO_THE_CALLED: dict[str, tuple[list[Frame], str]] = {
    "data before control": ([Hello(DATA, 0, ROOT)], "PROTOCOL_BROKEN"),
    "a view there is not": ([Hello(7, 0, ROOT)], "PROTOCOL_BROKEN"),
    "a short root": ([Hello(CONTROL, 0, b"short")], "PROTOCOL_BROKEN"),
    "ids of an odd length": ([Hello(CONTROL, 0, ROOT, id_bytes=5)], "PROTOCOL_BROKEN"),
    "a count beyond any view": ([Hello(CONTROL, limits.IDS_PER_VIEW_MAX + 1, ROOT)], "LIMIT_PASSED"),
    "greeting twice": ([honest_greeting(Town("liar"))], "PROTOCOL_BROKEN"),
    "a roster nobody is owed": ([Roster(b"roster 9")], "PROTOCOL_BROKEN"),
    "records without a hello": ([Records(CONTROL, (parcel(5),), last=True)], "PROTOCOL_BROKEN"),
    "taken for nothing sent": ([Taken(CONTROL, 1, 0)], "PROTOCOL_BROKEN"),
    "equal from the asker": ([Hello(CONTROL, 9, ROOT), Equal(CONTROL)], "PROTOCOL_BROKEN"),
    "more records than announced": (
        [Hello(CONTROL, 1, ROOT), Records(CONTROL, (parcel(5), parcel(6)), last=True)],
        "PROTOCOL_BROKEN",
    ),
    "records of the other view": (
        [Hello(CONTROL, 9, ROOT), Records(DATA, (parcel(5),), last=True)],
        "PROTOCOL_BROKEN",
    ),
    "empty records without end": ([Hello(CONTROL, 9, ROOT), Records(CONTROL, (), last=False)], "PROTOCOL_BROKEN"),
    "too many records in a frame": (
        [Hello(CONTROL, 999, ROOT), Records(CONTROL, tuple(map(parcel, range(257))), last=True)],
        "LIMIT_PASSED",
    ),
    "a record too large": (
        [
            Hello(CONTROL, 9, ROOT),
            Records(CONTROL, (Parcel(SealedRecord(bytes(limits.BODY_BYTES_MAX + 1), b""), 7, b""),), last=True),
        ],
        "LIMIT_PASSED",
    ),
    "wanting what was not listed": (
        [Hello(CONTROL, 0, ROOT), NONE, Want(CONTROL, record(10).id[:8], last=True)],
        "PROTOCOL_BROKEN",
    ),
    "wanting more than was listed": (
        [Hello(CONTROL, 0, ROOT), NONE, Want(CONTROL, record(1).id[:8] * 2, last=True)],
        "PROTOCOL_BROKEN",
    ),
    "wants cut within an id": ([Hello(CONTROL, 0, ROOT), NONE, Want(CONTROL, b"123", last=True)], "PROTOCOL_BROKEN"),
    "empty wants without end": ([Hello(CONTROL, 0, ROOT), NONE, Want(CONTROL, b"", last=False)], "PROTOCOL_BROKEN"),
    "hello in the middle of an exchange": ([Hello(CONTROL, 0, ROOT), Hello(CONTROL, 0, ROOT)], "PROTOCOL_BROKEN"),
    "comparing without end": (
        [frame for _ in range(4) for frame in (Hello(CONTROL, 0, ROOT), NONE, NOTHING_WANTED)],
        "NOT_SETTLED",
    ),
    "taken more than was sent": (
        [Hello(CONTROL, 0, ROOT), NONE, Want(CONTROL, record(1).id[:8], last=True), Taken(CONTROL, 1, 1)],
        "PROTOCOL_BROKEN",
    ),
    "taken twice": (
        [
            Hello(CONTROL, 0, ROOT),
            NONE,
            Want(CONTROL, record(1).id[:8], last=True),
            Taken(CONTROL, 1, 0),
            Taken(CONTROL, 1, 0),
        ],
        "PROTOCOL_BROKEN",
    ),
    "unknown frames without end": ([Unknown()] * (limits.FRAMES_IGNORED_MAX + 1), "LIMIT_PASSED"),
}


@pytest.mark.parametrize("lie", TO_THE_CALLED)
def test_the_called_side_refuses(called: Side, lie: str) -> None:
    frames, reason = TO_THE_CALLED[lie]
    called.hear(*frames)
    sent_away(called, reason)


TO_THE_DIALLER: dict[str, tuple[list[Frame], str]] = {
    "an answer about the other view": ([Equal(DATA)], "PROTOCOL_BROKEN"),
    "an answer that is none": ([Taken(CONTROL, 0, 0)], "PROTOCOL_BROKEN"),
    "records nobody asked for": (
        [listed(CONTROL, 1, 5), Records(CONTROL, (parcel(6),), last=True)],
        "PROTOCOL_BROKEN",
    ),
    "records where nothing was asked": (
        [listed(CONTROL, 1), Records(CONTROL, (parcel(5),), last=True)],
        "PROTOCOL_BROKEN",
    ),
    "a record twice": (
        [listed(CONTROL, 1, 5), Records(CONTROL, (parcel(5), parcel(5)), last=True)],
        "PROTOCOL_BROKEN",
    ),
    "no word on what was sent": ([Ids(CONTROL, b"", last=True), NONE], "PROTOCOL_BROKEN"),
    "taken more than was sent": ([Ids(CONTROL, b"", last=True), Taken(CONTROL, 2, 0)], "PROTOCOL_BROKEN"),
    "ids cut within an id": ([Ids(CONTROL, b"123", last=True)], "PROTOCOL_BROKEN"),
}


@pytest.mark.parametrize("lie", TO_THE_DIALLER)
def test_the_dialling_side_refuses(dialler: Side, lie: str) -> None:
    frames, reason = TO_THE_DIALLER[lie]
    dialler.hear(*frames)
    sent_away(dialler, reason)


def test_refused_records_are_not_taken(dialler: Side, honest: Town) -> None:
    dialler.hear(listed(CONTROL, 1, 5), Records(CONTROL, (parcel(5), parcel(6)), last=True))
    assert honest.taken_log == []


def test_nothing_is_passed_on_a_lying_count(dialler: Side, honest: Town) -> None:
    dialler.hear(Ids(CONTROL, b"", last=True), Taken(CONTROL, 2, 0))
    assert honest.shelves[CONTROL].passed == set()


def test_nothing_is_passed_when_nothing_was_kept(dialler: Side, honest: Town) -> None:
    dialler.hear(Ids(CONTROL, b"", last=True), Taken(CONTROL, 0, 0))
    assert honest.shelves[CONTROL].passed == set()


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
    assert not any(isinstance(frame, Ids | Equal) for frame in side.sent)


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
    outcome = called.hear(Hello(CONTROL, 0, ROOT), Goodbye(Reason.DONE))
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
    called.hear(Unknown(), Hello(CONTROL, 0, ROOT), Unknown())
    assert any(isinstance(frame, Ids) for frame in called.sent)
    assert called.outcome is None
