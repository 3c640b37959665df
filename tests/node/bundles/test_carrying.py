"""Nodes that never speak at once: what each holds after sticks were carried, and what each believes of the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.views import Whereto
from node.people.facets import Resident
from node.records import kinds
from node.records.subjects import mint_person
from tests.builders.carrying import Stick
from tests.builders.nodes import VIEWS, Federation, federation
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path) as founded:
        yield founded


@pytest.fixture
def stick(made: Federation, tmp_path: Path) -> Stick:
    return Stick(made, tmp_path / "stick")


def resident(made: Federation, key: str = "1") -> bytes:
    """Someone in Wajima's register."""
    row = Resident.model_validate(
        {
            "municipal_key": key,
            "address": "河井町1-1",
            "family_name": "輪島",
            "given_name": "花子",
            "family_kana": "ワジマ",
            "given_kana": "ハナコ",
            "birth": {"date": "1948-05-03"},
        }
    )
    subject = mint_person(WAJIMA, made.entropy)
    with made[WAJIMA].pen.sheet(operator="op", act="import") as sheet:
        sheet.put(subject, kinds.RESIDENT, row)
    return subject


def facets(made: Federation, name: str, subject: bytes) -> set[str]:
    return {kinds.facet_name(held.record.facet) for held in made[name].ledger.about(subject)}


def agree(made: Federation, first: str, second: str) -> bool:
    """Whether both have the same views of one another."""
    return all(made.ids(first, second, view) == made.ids(second, first, view) for view in VIEWS)


def waiting(made: Federation, name: str, peer: str) -> int:
    """How many records wait at one node for another."""
    return made[name].bundles().plan(made[peer].config.organisation)[1]


def acquainted(stick: Stick, first: str, second: str) -> None:
    """Who never met first carries a greeting."""
    assert stick.carry(first, second).records == 0
    stick.carry(second, first)
    stick.carry(first, second)


def test_nodes_that_never_met_greet_first_and_then_exchange(made: Federation, stick: Stick) -> None:
    subject = resident(made)
    made[WAJIMA].desk("w").check_in([subject], outside=1)
    made[WAJIMA].desk("w").leave([subject], Whereto(municipality=KANAZAWA))
    acquainted(stick, WAJIMA, KANAZAWA)
    assert "identity" in facets(made, KANAZAWA, subject)
    assert made[KANAZAWA].desk("k").find("ワジマ ハナコ", purpose="reception")[0].expected
    stick.carry(KANAZAWA, WAJIMA)
    assert agree(made, WAJIMA, KANAZAWA)


def test_one_trip_each_way_is_enough(made: Federation, stick: Stick) -> None:
    acquainted(stick, WAJIMA, KANAZAWA)
    stick.carry(KANAZAWA, WAJIMA)
    subject = resident(made)
    wajima, kanazawa = made[WAJIMA].desk("w"), made[KANAZAWA].desk("k")
    wajima.check_in([subject], outside=1)
    wajima.give_consent(subject, facets=["identity", "stay"], organisations=[KANAZAWA])
    assert waiting(made, WAJIMA, KANAZAWA) > 0
    there = stick.carry(WAJIMA, KANAZAWA)
    assert (there.new, there.quarantined) == (there.records, 0)
    assert waiting(made, WAJIMA, KANAZAWA) == there.records
    found = kanazawa.find("ワジマ ハナコ", purpose="reception")
    assert [view.subject for view in found] == [subject]
    back = stick.carry(KANAZAWA, WAJIMA)
    assert (back.arrived, back.waiting, back.lacking) == (there.records, 0, 0)
    assert waiting(made, WAJIMA, KANAZAWA) == 0
    assert agree(made, WAJIMA, KANAZAWA)
    assert stick.carry(WAJIMA, KANAZAWA).records == 0


def test_a_withdrawal_goes_after_a_bundle_that_was_never_answered(made: Federation, stick: Stick) -> None:
    acquainted(stick, WAJIMA, KANAZAWA)
    subject = resident(made)
    wajima = made[WAJIMA].desk("w")
    wajima.check_in([subject], outside=1)
    wajima.give_consent(subject, facets=["identity", "stay"], organisations=[KANAZAWA])
    first = stick.write(WAJIMA, KANAZAWA)
    wajima.withdraw_consent(subject, wajima.consents(subject)[0].slot)
    second = stick.write(WAJIMA, KANAZAWA)
    stick.read(KANAZAWA, first)
    assert "identity" in facets(made, KANAZAWA, subject)
    stick.read(KANAZAWA, second)
    assert not facets(made, KANAZAWA, subject) & {"identity", "stay"}
    stick.carry(KANAZAWA, WAJIMA)
    assert wajima.consents(subject)[0].confirmed == (KANAZAWA,)


def test_a_third_town_learns_nothing_from_sticks_it_carries(made: Federation, stick: Stick) -> None:
    for pair in ((WAJIMA, KANAZAWA), (KANAZAWA, ISHIKAWA), (WAJIMA, ISHIKAWA)):
        acquainted(stick, *pair)
    subject = resident(made)
    made[WAJIMA].desk("w").check_in([subject], outside=1)
    made[WAJIMA].desk("w").leave([subject], Whereto(municipality=KANAZAWA))
    for _ in range(2):
        for pair in ((WAJIMA, KANAZAWA), (KANAZAWA, ISHIKAWA), (WAJIMA, ISHIKAWA)):
            stick.carry(*pair)
            stick.carry(*reversed(pair))
    assert facets(made, KANAZAWA, subject)
    assert not facets(made, ISHIKAWA, subject)


def test_a_laptop_without_any_line_does_everything_by_stick(made: Federation, stick: Stick) -> None:
    subject = resident(made)
    made.add_field("laptop", WAJIMA)
    stick.carry(WAJIMA, "laptop")
    assert facets(made, "laptop", subject) == {"resident"}
    laptop, home = made["laptop"].desk("l"), made[WAJIMA].desk("w")
    laptop.check_in([subject], outside=1)
    waiting = laptop.standing().not_sent
    assert waiting > 0
    stick.carry("laptop", WAJIMA)
    assert home.person(subject).stay_state == 1
    assert laptop.standing().not_sent == waiting
    stick.carry(WAJIMA, "laptop")
    assert laptop.standing().not_sent == 0
    assert agree(made, WAJIMA, "laptop")


def test_what_was_lost_there_is_carried_again(made: Federation, stick: Stick, tmp_path: Path) -> None:
    """The town hall of Kanazawa goes back to a backup: what it had confirmed since is sent again without being asked."""
    acquainted(stick, WAJIMA, KANAZAWA)
    stick.carry(KANAZAWA, WAJIMA)
    subject = resident(made)
    wajima = made[WAJIMA].desk("w")
    made[KANAZAWA].close()
    backup = made[KANAZAWA].ledger.path.read_bytes()
    made.open(KANAZAWA)
    wajima.check_in([subject], outside=1)
    wajima.give_consent(subject, facets=["identity", "stay"], organisations=[KANAZAWA])
    stick.carry(WAJIMA, KANAZAWA)
    stick.carry(KANAZAWA, WAJIMA)
    assert waiting(made, WAJIMA, KANAZAWA) == 0
    made[KANAZAWA].close()
    made[KANAZAWA].ledger.path.write_bytes(backup)
    made.open(KANAZAWA)
    with made[KANAZAWA].ledger.write() as writing:
        writing.new_incarnation(made.time())
    assert not facets(made, KANAZAWA, subject)
    assert stick.carry(KANAZAWA, WAJIMA).waiting > 0
    assert waiting(made, WAJIMA, KANAZAWA) > 0
    stick.carry(WAJIMA, KANAZAWA)
    assert "identity" in facets(made, KANAZAWA, subject)
    stick.carry(KANAZAWA, WAJIMA)
    assert agree(made, WAJIMA, KANAZAWA)
