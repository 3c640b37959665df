"""What is held of people goes when the disasters that touched them are long over: announced, confirmed, and never by a
clock that is not believed."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest

from moyai.v1 import facets_pb2
from node.believable import Doubt, doubt_of, note_steadiness
from node.desk.views import NewPerson
from node.doctor import retention as doctor
from node.installation import Installation
from node.peer_clocks import note_clock
from node.people.facets import Erasure, from_content
from node.records.kinds import CONSENT, ERASURE, PROTECTION
from node.release.retention import NOTICE_DAYS
from node.watch import Watch
from sync.exchange import Exchange
from tests.builders.nodes import Federation, federation
from tests.builders.townhall import TownHall
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA

KEPT = NOTICE_DAYS
"""Days: the shortest period there may be."""


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    """Wajima, which keeps as short as it may and has run for a month, with Kanazawa and the prefecture."""
    with federation(tmp_path) as three:
        shorten(three)
        live(three, NOTICE_DAYS + 1)
        yield three


def shorten(made: Federation, at: str = WAJIMA, days: int = KEPT) -> None:
    directory = made[at].directory
    directory.write_config(directory.read_config().model_copy(update={"retention_days": days}))
    made.open(at)


def person(made: Federation, family: str = "輪島", at: str = WAJIMA) -> bytes:
    """Somebody who was written down and has consented that Kanazawa is told; it was."""
    desk = made[at].desk("w")
    desk.use_place(desk.create_place("河井小学校"))
    (subject,) = desk.register(NewPerson(family_name=family, given_name="花子", birth="19480503")).subjects
    desk.give_consent(subject, facets=["identity", "stay"], organisations=[KANAZAWA])
    assert made.meet(WAJIMA, KANAZAWA)
    return subject


def work(node: Installation) -> None:
    """As the running node does between two looks."""
    while not node.people_retention.work_ahead(50):
        pass


def live(made: Federation, days: int, *, at: str = WAJIMA, heard_ahead_ms: int = 0) -> None:
    """So many days of a node that runs and speaks with a peer each day."""
    work(made[at])
    for _ in range(days):
        made.time.later(days=1)
        node = made[at]
        with node.ledger.write() as writing:
            note_clock(writing, made[KANAZAWA].key.node, made.time() + heard_ahead_ms, made.time())
        note_steadiness(node.ledger, made.time())
        work(node)


def declared(made: Federation, name: str = "地震", *, by: str = WAJIMA, area: Sequence[str] = ()) -> bytes:
    return made[by].disasters("mayor").declare(name, area=area).disaster


def held(made: Federation, subject: bytes, at: str = WAJIMA) -> bool:
    return made[at].ledger.person(subject) is not None


def test_after_the_close_and_the_period_it_goes_here_and_at_the_holder_which_confirms(made: Federation) -> None:
    subject = person(made)
    declared(made)
    live(made, 3)
    made[WAJIMA].disasters("mayor").close("地震")
    live(made, KEPT - 1)
    assert held(made, subject)
    live(made, 1)
    assert not held(made, subject)
    assert made.meet(WAJIMA, KANAZAWA)
    assert not held(made, subject, KANAZAWA)
    assert made.meet(WAJIMA, KANAZAWA)
    [ordered] = made[WAJIMA].desk("w").erasures()
    assert (ordered.ground, ordered.subject) == (facets_pb2.Erasure.GROUND_RETENTION, subject)
    assert (ordered.confirmed, ordered.open) == ((KANAZAWA, WAJIMA), ())


def test_the_erasure_leaves_no_consent_that_would_open_the_next_disaster(made: Federation) -> None:
    subject = person(made)
    declared(made)
    made[WAJIMA].disasters("mayor").close("地震")
    live(made, KEPT + 1)
    ledger = made[WAJIMA].ledger
    assert ledger.heads(subject, CONSENT) == []
    [erasure] = ledger.heads(subject, ERASURE)
    said = from_content(ERASURE, erasure.record.content)
    assert isinstance(said, Erasure)
    assert (said.facets, erasure.record.operator) == ((), "moyai")


def test_it_is_logged_by_id_without_a_name_and_the_chain_holds(made: Federation) -> None:
    subject = person(made)
    declared(made)
    made[WAJIMA].disasters("mayor").close("地震")
    live(made, KEPT + 1)
    ledger = made[WAJIMA].ledger
    acts = {line.entry.act for line in ledger.audit_about(subject)}
    assert {"retention", "receipt"} <= acts
    assert "輪島" not in repr(ledger.audit_about(subject))
    assert ledger.verify_audit() == ledger.audit_head()[0]


def test_nothing_runs_where_none_was_declared_or_none_was_closed(made: Federation) -> None:
    subject = person(made)
    live(made, 2 * KEPT)
    declared(made)
    live(made, 2 * KEPT)
    assert held(made, subject)
    assert made[WAJIMA].people_retention.foretold().first_ms is None


def test_a_disaster_that_is_opened_again_stops_it(made: Federation) -> None:
    subject = person(made)
    declared(made)
    disasters = made[WAJIMA].disasters("mayor")
    disasters.close("地震")
    live(made, KEPT - 1)
    disasters.reopen("地震")
    live(made, KEPT)
    assert held(made, subject)
    assert made[WAJIMA].people_retention.foretold().first_ms is None
    disasters.close("地震")
    live(made, KEPT - 1)
    assert held(made, subject)
    live(made, 1)
    assert not held(made, subject)


def test_another_disaster_that_is_still_open_stops_it(made: Federation) -> None:
    subject = person(made)
    declared(made)
    declared(made, "豪雨", by=ISHIKAWA)
    assert made.meet(ISHIKAWA, WAJIMA)
    made[WAJIMA].disasters("mayor").close("地震")
    live(made, 2 * KEPT)
    assert held(made, subject)
    made[ISHIKAWA].disasters("governor").close("豪雨")
    assert made.meet(ISHIKAWA, WAJIMA)
    live(made, KEPT)
    assert not held(made, subject)


def test_one_elsewhere_does_not(made: Federation) -> None:
    subject = person(made)
    declared(made)
    declared(made, "豪雨", by=KANAZAWA)
    assert made.meet(KANAZAWA, WAJIMA)
    made[WAJIMA].disasters("mayor").close("地震")
    live(made, KEPT)
    assert not held(made, subject)


def test_who_comes_after_the_close_came_because_of_something_else(made: Federation) -> None:
    declared(made)
    made[WAJIMA].disasters("mayor").close("地震")
    live(made, 2 * KEPT)
    subject = person(made)
    live(made, KEPT - 1)
    assert held(made, subject)
    live(made, 1)
    assert not held(made, subject)


def test_who_neither_registered_them_nor_is_their_home_does_not_erase_them(made: Federation) -> None:
    guest, own = person(made), person(made, "金沢", at=KANAZAWA)
    declared(made, by=ISHIKAWA)
    made[ISHIKAWA].disasters("governor").close("地震")
    assert made.meet(ISHIKAWA, KANAZAWA)
    shorten(made, KANAZAWA)
    live(made, KEPT + 2, at=KANAZAWA)
    assert (held(made, guest, KANAZAWA), held(made, own, KANAZAWA)) == (True, False)


def test_a_shorter_period_is_announced_before_it_is_used(made: Federation) -> None:
    subject = person(made, at=WAJIMA)
    shorten(made, days=5 * KEPT)
    declared(made)
    made[WAJIMA].disasters("mayor").close("地震")
    live(made, 2 * KEPT)
    shorten(made)
    live(made, NOTICE_DAYS - 1)
    assert held(made, subject)
    live(made, 1)
    assert not held(made, subject)


def test_what_was_cut_off_between_two_batches_goes_on_after_the_restart(made: Federation) -> None:
    subjects = [person(made, f"輪島{number}") for number in range(45)]
    declared(made)
    made[WAJIMA].disasters("mayor").close("地震")
    live(made, KEPT - 1)
    made.time.later(days=1)
    assert not made[WAJIMA].people_retention.work_ahead(50)
    left = [subject for subject in subjects if held(made, subject)]
    assert 0 < len(left) < len(subjects)
    made.open(WAJIMA)
    work(made[WAJIMA])
    assert not any(held(made, subject) for subject in subjects)
    assert len(made[WAJIMA].desk("w").erasures()) == len(subjects)


class NobodyThere:
    """An exchange of a node that has no peers."""

    async def refresh(self) -> None:
        """Nobody is to be dialled."""

    def news(self) -> None:
        """Nobody is to be told."""


async def test_the_running_node_does_it_by_itself(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA) as alone, ThreadPoolExecutor(1) as threads:
        shorten(alone)
        (subject,) = alone[WAJIMA].desk("w").register(NewPerson(family_name="輪島"), arrive=False).subjects
        declared(alone)
        alone[WAJIMA].disasters("mayor").close("地震")
        looked = []
        for _ in range(KEPT + 3):
            await Watch(alone[WAJIMA], cast("Exchange", NobodyThere()), threads)._look()
            looked.append(held(alone, subject))
            alone.time.later(days=1)
        assert looked == [True] * KEPT + [False] * 3


# --- the register


def test_of_a_resident_the_row_stays_to_be_found_in_the_next_disaster(made: Federation) -> None:
    hall = TownHall(made)
    seen, unseen = hall.resident("鵜飼野", "澄江"), hall.resident("山岸", "正一")
    desk = hall.desk(at="河井小学校")
    desk.check_in([seen])
    declared(made)
    made[WAJIMA].disasters("mayor").close("地震")
    live(made, KEPT)
    ledger = hall.node.ledger
    assert not held(made, seen)
    assert held(made, unseen)  # nobody ever saw them: nothing runs out
    anew = ledger.resident_by_key("r00001")
    assert anew is not None
    assert anew != seen
    row = ledger.person(anew)
    assert row is not None
    assert (row.family_name, row.resident_only, row.phone) == ("鵜飼野", True, "")
    hall.desk(at="輪島中学校").check_in([anew])
    assert [one.subject for one in hall.desk().find("鵜飼野")] == [anew]
    live(made, KEPT - 1)
    assert held(made, anew)


def test_a_resident_who_hides_goes_on_hiding(made: Federation) -> None:
    hall = TownHall(made)
    subject = hall.resident("鵜飼野", "澄江")
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    desk.protect(subject)
    declared(made)
    made[WAJIMA].disasters("mayor").close("地震")
    live(made, 3 * KEPT)
    anew = hall.node.ledger.resident_by_key("r00001")
    assert anew not in (None, subject)
    assert anew is not None
    assert desk.person(anew).protected
    assert hall.node.ledger.heads(subject, PROTECTION) == []


# --- the clock


def closed_with_somebody(made: Federation) -> bytes:
    subject = person(made)
    declared(made)
    live(made, 3)
    made[WAJIMA].disasters("mayor").close("地震")
    live(made, 2)
    return subject


def doubted(made: Federation) -> Doubt | None:
    node = made[WAJIMA]
    return doubt_of(node.ledger, node.room, WAJIMA, made.time())


def test_a_clock_that_jumps_ahead_erases_nobody(made: Federation) -> None:
    subject = closed_with_somebody(made)
    made.time.later(days=2 * KEPT)  # in one step
    work(made[WAJIMA])
    assert held(made, subject)
    assert doubted(made) is Doubt.STEADY
    live(made, NOTICE_DAYS - 1)
    assert held(made, subject)


def test_one_past_the_end_of_the_roster_erases_nobody_however_steady(made: Federation) -> None:
    subject = closed_with_somebody(made)
    roster = made[WAJIMA].room.now().believed.roster
    made.time.ms = roster.expires_at_ms
    live(made, 2 * NOTICE_DAYS)
    assert held(made, subject)
    assert doubted(made) is Doubt.ROSTER


def test_one_that_is_apart_from_the_peers_erases_nobody(made: Federation) -> None:
    subject = closed_with_somebody(made)
    live(made, 2 * KEPT, heard_ahead_ms=-3_600_000)
    assert held(made, subject)
    assert doubted(made) is Doubt.APART
    live(made, 1)
    work(made[WAJIMA])
    live(made, 1)
    assert not held(made, subject)


def test_where_no_peer_was_heard_nobody_has_confirmed_the_time(made: Federation) -> None:
    subject = closed_with_somebody(made)
    for _ in range(2 * KEPT):
        made.time.later(days=1)
        note_steadiness(made[WAJIMA].ledger, made.time())
        work(made[WAJIMA])
    assert held(made, subject)
    assert doubted(made) is Doubt.ALONE


def test_a_node_that_stood_still_for_long_waits_anew(made: Federation) -> None:
    assert doubted(made) is None
    made.time.later(days=6)
    live(made, 1)
    assert doubted(made) is None
    made.time.later(days=8)
    live(made, NOTICE_DAYS)
    assert doubted(made) is Doubt.STEADY
    live(made, 1)
    assert doubted(made) is None


def test_a_clock_that_was_set_back_waits_anew(made: Federation) -> None:
    made.time.later(days=-3)
    note_steadiness(made[WAJIMA].ledger, made.time())
    assert doubted(made) in (Doubt.AHEAD, Doubt.STEADY)


def test_a_laptop_in_a_cupboard_is_waited_for(made: Federation) -> None:
    made.add_field("laptop", WAJIMA)
    assert made.meet(WAJIMA, "laptop")
    subject = closed_with_somebody(made)
    live(made, KEPT)
    assert held(made, subject)
    assert doubted(made) is Doubt.LAPTOP
    assert made.meet(WAJIMA, "laptop")
    live(made, 1)
    assert not held(made, subject)
    assert made.meet(WAJIMA, "laptop")
    assert not held(made, subject, "laptop")


# --- what is said beforehand


def test_the_doctor_says_so_thirty_days_before(made: Federation) -> None:
    shorten(made, days=2 * KEPT)
    person(made)
    declared(made)
    made[WAJIMA].disasters("mayor").close("地震")
    live(made, KEPT - 1)
    node = made[WAJIMA]
    assert [one.what for one in doctor.look(node)] == ["nobody"]
    live(made, 2)
    [found] = doctor.look(node)
    assert (found.what, found.values["people"]) == ("soon", 1)
    foretold = node.people_retention.foretold()
    assert (foretold.soon, foretold.whole) == (1, True)
    assert foretold.first_ms is not None
    assert foretold.first_ms - made.time() == (KEPT - 1) * 86_400_000
