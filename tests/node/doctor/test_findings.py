"""Each look of the doctor's: what is well, what is wrong, and what is said of it in both languages."""

import re
import socket
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import node.doctor
from node.doctor import backup_age, clock, disk, log_chain, peers, permissions, ports, quarantine, trust_ages, views
from node.doctor.disk import MB
from node.doctor.examination import CHECKS, before_opening, examine
from node.doctor.finding import Finding, Grade, worst
from node.doctor.growth import Growth, growth_of, note_size
from node.doctor.telling import hint_of, name_of, sentence_of, size, span
from node.installation import Installation
from node.ledger import Contact, Ledger
from node.ledger.store import _connect
from node.neighbours import Neighbour
from node.peer_clocks import KEPT, PeerClock, clocks_of, note_clock
from tests.builders.nodes import Federation, federation
from tests.builders.trust import DAY_MS, HOUR_MS, KANAZAWA, NOW_MS, WAJIMA, roster

ROOMS = Path(node.doctor.__file__).parent
WORDS = {
    language: tomllib.loads((ROOMS.parent / f"locales/doctor.{language}.toml").read_text("utf-8"))
    for language in ("ja", "en")
}


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        made.meet(WAJIMA, KANAZAWA)
        yield made


def said(found: list[Finding]) -> set[tuple[str, str, Grade]]:
    return {(one.check, one.what, one.grade) for one in found}


# --- words


def test_everything_that_can_be_found_has_its_sentence_and_what_to_do() -> None:
    found = set()
    for path in ROOMS.glob("*.py"):
        found |= set(re.findall(r'Finding\(\s*"(\w+)", "(\w+)"', path.read_text("utf-8")))
    assert len(found) > 30
    for language, words in WORDS.items():
        missing = [one for one in found if one[1] not in words[one[0]]]
        assert missing == [], language
        assert set(words["name"]) == set(CHECKS)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_sentence_of_something_wrong_has_a_hint(language: str) -> None:
    tables = {check: WORDS[language][check] for check in CHECKS}
    hinted = {(check, what) for check, said in tables.items() for what in said if f"{what}_hint" in said}
    fine = {
        *(("permissions", "closed"), ("disk", "room"), ("disk", "room_and_growth"), ("clock", "right")),
        *(("clock", "as_peers"), ("roster", "holds"), ("certificate", "holds"), ("organisation_key", "holds")),
        *(("ports", "listens"), ("peers", "heard"), ("views", "sample_right"), ("views", "all_right")),
        *(("views", "behind"), ("log", "holds"), ("log", "newest_hold"), ("backup", "made"), ("backup", "laptop")),
        *(("quarantine", "empty"), ("membership", "listed")),
        *(("retention", "nobody"), ("retention", "laptop")),
    }
    every = {(check, what) for check, said in tables.items() for what in said if not what.endswith("_hint")}
    assert every - hinted == fine


def test_a_span_is_said_in_the_largest_unit_of_which_there_are_two() -> None:
    assert [span(ms, "en") for ms in (1_500, 90_000, 3 * HOUR_MS, 47 * HOUR_MS, 48 * HOUR_MS)] == [
        "1 seconds",
        "90 seconds",
        "3 hours",
        "47 hours",
        "2 days",
    ]
    assert (size(5), size(3 << 20), size(5 << 30)) == ("5 B", "3.0 MB", "5.0 GB")


# --- disk


@pytest.mark.parametrize(
    ("free", "ledger", "growth", "what", "grade"),
    [
        (100 * MB, MB, None, "full", Grade.BAD),
        (900 * MB, 800 * MB, None, "no_room_for_backup", Grade.WARN),
        (9_000 * MB, 800 * MB, None, "room", Grade.OK),
        (9_000 * MB, 800 * MB, Growth(-MB, DAY_MS), "room", Grade.OK),
        (9_000 * MB, 800 * MB, Growth(100 * MB, DAY_MS), "room_and_growth", Grade.OK),
        (1_200 * MB, 800 * MB, Growth(100 * MB, DAY_MS), "fills", Grade.WARN),
    ],
)
def test_how_much_room_is_enough(free: int, ledger: int, growth: Growth | None, what: str, grade: Grade) -> None:
    found = disk.judge(free, ledger, growth)
    assert (found.what, found.grade) == (what, grade)


def test_growth_is_what_came_in_the_days_that_are_remembered(tmp_path: Path) -> None:
    with Ledger.create(tmp_path / "ledger.db", bytes(32)) as ledger:
        assert growth_of(ledger, NOW_MS) is None
        for day in range(12):
            assert note_size(ledger, (100 + 3 * day) * MB, NOW_MS + day * DAY_MS)
            assert not note_size(ledger, 1, NOW_MS + day * DAY_MS + HOUR_MS)
        growth = growth_of(ledger, NOW_MS + 12 * DAY_MS)
        assert growth == Growth(3 * MB, 7 * DAY_MS)
        assert growth_of(ledger, NOW_MS + 4 * DAY_MS) is None


# --- clock


def clocks(*ahead_ms: int) -> list[PeerClock]:
    return [PeerClock(bytes([number]), ahead, NOW_MS) for number, ahead in enumerate(ahead_ms)]


@pytest.mark.parametrize(
    ("ahead", "what", "grade"),
    [
        ((0, 900), "as_peers", Grade.OK),
        ((400_000,), "behind_peers", Grade.WARN),
        ((400_000, 390_000), "behind_peers", Grade.BAD),
        ((-150_000, -160_000, 0), "ahead_of_peers", Grade.WARN),
        ((-400_000, -400_000, 0), "ahead_of_peers", Grade.BAD),
        ((400_000, 0, 1), "as_peers", Grade.OK),
    ],
)
def test_the_clock_is_held_against_most_peers(ahead: tuple[int, ...], what: str, grade: Grade) -> None:
    found = clock.judge(clocks(*ahead))
    assert found is not None
    assert (found.what, found.grade) == (what, grade)


def test_a_greeting_leaves_what_time_it_is_with_the_peer(two: Federation) -> None:
    wajima, kanazawa = two[WAJIMA], two[KANAZAWA]
    greeting = replace(kanazawa, now_ms=lambda: NOW_MS + 400_000).book().greeting(two.peer(WAJIMA))
    (peer,) = [one for one in wajima.book().peers() if one.organisation == KANAZAWA]
    wajima.book().greeted(replace(peer, tls_certificates=peer.tls_certificates[:1]), greeting)
    assert clocks_of(wajima.ledger) == [PeerClock(kanazawa.key.node, 400_000, NOW_MS)]
    assert said(list(clock.look(wajima))) == {("clock", "behind_peers", Grade.WARN)}
    two.time.later(days=8)
    assert said(list(clock.look(wajima))) == {("clock", "right", Grade.OK)}


def test_only_the_clocks_that_were_told_last_are_kept(two: Federation) -> None:
    ledger = two[WAJIMA].ledger
    for number in range(KEPT + 5):
        with ledger.write() as writing:
            note_clock(writing, bytes([number]) * 16, NOW_MS, NOW_MS)
            note_clock(writing, bytes([number]) * 16, 0, NOW_MS)
    assert [one.node[0] for one in clocks_of(ledger)] == list(range(5, KEPT + 5))


def test_a_clock_that_went_back_behind_what_was_written_is_said(two: Federation) -> None:
    two[WAJIMA].desk("w").create_place("公民館")
    two.time.later(minutes=-4)
    assert ("clock", "went_back", Grade.WARN) in said(list(clock.look(two[WAJIMA])))
    two.time.later(days=-1)
    assert {("clock", "was_ahead", Grade.BAD), ("clock", "before_roster", Grade.BAD)} <= said(
        list(clock.look(two[WAJIMA]))
    )


# --- roster and certificates


def test_a_roster_warns_two_weeks_before_its_end() -> None:
    ends = roster().expires_at_ms
    graded = [trust_ages.of_roster(roster(), ends + days * DAY_MS) for days in (-20, -13, 1)]
    assert [(one.what, one.grade) for one in graded] == [
        ("holds", Grade.OK),
        ("ends_soon", Grade.WARN),
        ("expired", Grade.BAD),
    ]


def test_certificates_and_keys_are_told_with_what_is_left_of_them(two: Federation) -> None:
    assert {one.check for one in trust_ages.look(two[WAJIMA])} == {
        "roster",
        "certificate",
        "organisation_key",
        "membership",
    }
    assert worst(trust_ages.look(two[WAJIMA])) is Grade.OK
    two.time.later(days=20 * 365)
    found = {(one.check, one.what) for one in trust_ages.look(two[WAJIMA]) if one.grade}
    assert found == {(check, "expired") for check in ("roster", "certificate", "organisation_key")}


def test_a_node_without_roster_and_certificate_is_told_what_to_do(two: Federation) -> None:
    two.add_home("172022")
    assert said(list(trust_ages.look(two["172022"]))) == {("roster", "none", Grade.BAD)}


# --- ports


def test_a_port_that_somebody_else_has_is_told_from_one_that_is_free() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert ports.knock(address) is ports.Door.ANSWERS
        assert ports.why_not_bound(address) == "taken"
    assert ports.knock(address) is ports.Door.REFUSED
    assert ports.why_not_bound(address) == ""
    assert ports.why_not_bound("192.0.2.1:7443") == "not_ours"
    assert ports.knock("no-such-host.invalid:1") is ports.Door.NAMELESS


def configured(node: Installation, **settings: str) -> Installation:
    return replace(node, config=node.config.model_copy(update=settings))


def test_own_ports(two: Federation) -> None:
    assert said(list(ports.look(two[WAJIMA]))) == {("ports", "nowhere", Grade.WARN)}
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        wajima = configured(two[WAJIMA], listen=address)
        assert said(list(ports.look(wajima))) == {("ports", "taken", Grade.BAD)}
        with wajima.directory.serving.held():
            assert said(list(ports.look(wajima))) == {("ports", "listens", Grade.OK)}
    assert said(list(ports.look(wajima))) == {("ports", "free", Grade.WARN)}
    with wajima.directory.serving.held():
        assert said(list(ports.look(wajima))) == {("ports", "deaf", Grade.BAD)}


def test_a_peer_that_was_not_reached_is_called_and_the_line_is_named(two: Federation) -> None:
    peer = two.peer(KANAZAWA)
    two[WAJIMA].book().contact(peer, "PEER_UNREACHABLE")
    found = [one for one in ports.look(two[WAJIMA]) if one.check == "ports" and one.values.get("organisation")]
    assert [(one.what, one.values["address"]) for one in found] == [("peer_refused", "127.0.0.1:1")]


# --- peers


def neighbour(code: str, last_ms: int | None, *, label: str = "", failing_ms: int | None = None) -> Neighbour:
    contact = Contact(code.encode(), code, (), last_ms or failing_ms, last_ms, failing_ms, "DONE", 0)
    known = None if last_ms is failing_ms is None else contact
    return Neighbour(code.encode(), code, "町", label, ("" if label else "x:1",), known, False, False)


def test_who_was_heard_when_and_who_never() -> None:
    some = [
        neighbour("172014", NOW_MS - HOUR_MS // 2),
        neighbour("172022", NOW_MS - 2 * HOUR_MS),
        neighbour("172031", None),
        neighbour("172049", NOW_MS - 2 * HOUR_MS, label="laptop"),
    ]
    found = list(peers.judge(some, NOW_MS))
    assert [(one.what, one.values.get("organisation")) for one in found] == [
        ("never", "172031"),
        ("late", "172022"),
        ("heard", None),
    ]
    assert found[-1].values == {"count": 2, "of": 4}
    assert [one.what for one in peers.judge([], NOW_MS)] == ["nobody"]


def test_many_that_are_silent_are_counted() -> None:
    found = list(peers.judge([neighbour(f"{number:06}", None) for number in range(25)], NOW_MS))
    assert [one.what for one in found] == ["never"] * 10 + ["never_others"]
    assert found[-1].values == {"count": 15}


def test_nobody_reached_at_all_is_bad() -> None:
    some = [neighbour("172014", NOW_MS - DAY_MS, failing_ms=NOW_MS - 5 * HOUR_MS)]
    assert next((one.what, one.grade) for one in peers.judge(some, NOW_MS)) == ("alone", Grade.BAD)


# --- views, log, backup, quarantine


def spoilt(node: Installation, statement: str) -> None:
    connection = _connect(node.ledger.path, node.ledger._store._key, 1_024)
    assert connection.execute(statement).rowcount > 0
    connection.close()


def test_a_sample_of_the_views_is_held_against_the_rule(two: Federation) -> None:
    wajima = two[WAJIMA]
    wajima.desk("w").create_place("公民館")
    two.meet(WAJIMA, KANAZAWA)
    (found,) = views.look(wajima)
    assert (found.what, found.grade) == ("sample_right", Grade.OK)
    assert int(found.values["rows"]) > 0
    spoilt(wajima, "UPDATE views SET basis = 9")
    assert said(list(views.look(wajima))) == {("views", "wrong", Grade.BAD)}


def test_the_log_is_read_from_a_number_on(two: Federation) -> None:
    wajima = two[WAJIMA]
    wajima.desk("w").create_place("公民館")
    length, _ = wajima.ledger.audit_head()
    assert wajima.ledger.verify_audit(after=length - 1) == length
    assert said(list(log_chain.look(wajima, thorough=False))) == {("log", "holds", Grade.OK)}
    spoilt(wajima, f"UPDATE audit SET operator = 'x' WHERE number = {length}")
    (found,) = log_chain.look(wajima, thorough=True)
    assert (found.what, found.values, found.grade) == ("broken", {"entry": length}, Grade.BAD)


@pytest.mark.parametrize(
    ("days", "is_home", "what", "grade"),
    [
        (None, True, "none", Grade.WARN),
        (None, False, "laptop", Grade.OK),
        (1, True, "made", Grade.OK),
        (3, True, "old", Grade.WARN),
        (8, False, "too_old", Grade.BAD),
    ],
)
def test_a_backup_grows_old(days: int | None, is_home: bool, what: str, grade: Grade) -> None:
    made_ms = None if days is None else NOW_MS - days * DAY_MS
    found = backup_age.judge(made_ms, NOW_MS, is_home=is_home)
    assert (found.what, found.grade) == (what, grade)


def test_what_was_set_aside_is_told_by_organisation_and_reason() -> None:
    counts = {(bytes([number]) * 16, "NOT_A_HOLDER"): number + 1 for number in range(12)}
    found = list(quarantine.judge(counts, {b"\x0b" * 16: KANAZAWA}))
    assert found[0].values == {"count": 12, "organisation": KANAZAWA, "reason": "NOT_A_HOLDER"}
    assert found[-1] == Finding("quarantine", "others", Grade.WARN, {"count": 3})
    assert KANAZAWA in sentence_of(found[0], "ja")
    assert "NOT_A_HOLDER" not in sentence_of(found[0], "ja")
    assert [one.what for one in quarantine.judge({}, {})] == ["empty"]


# --- permissions


def test_files_that_others_can_read_are_named_with_what_closes_them(two: Federation) -> None:
    node = two[WAJIMA]
    assert said(list(before_opening(node.directory))) == {("permissions", "closed", Grade.OK)}
    node.directory.ledger.chmod(0o644)
    Path(node.config.key_file).chmod(0o640)
    node.directory.path.chmod(0o755)
    found = list(permissions.look(node.directory, node.config))
    assert {(one.values["path"], one.values["mode"]) for one in found} == {
        (str(node.directory.ledger), "600"),
        (node.config.key_file, "600"),
        (str(node.directory.path), "700"),
    }


# --- all of it


def test_a_whole_examination_looks_at_everything_and_names_no_person(two: Federation) -> None:
    found = [*before_opening(two[WAJIMA].directory), *examine(two[WAJIMA], thorough=False)]
    assert {one.check for one in found} == set(CHECKS)
    for language in ("ja", "en"):
        lines = [f"{name_of(one, language)} {sentence_of(one, language)} {hint_of(one, language)}" for one in found]
        assert not [line for line in lines if "{" in line or " - " in line]
        assert all(bool(hint_of(one, language)) == bool(one.grade) for one in found)
