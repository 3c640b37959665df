"""Nodes that never speak at once: what each holds after sticks were carried, and what each believes of the other."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from node.bundles.carrying import BundlesNotRead
from node.desk.views import Whereto
from node.errors import BundleCut, BundleReadBefore, BundlesForOthers, NoBundleHere
from node.people.facets import Place, Resident
from node.records import kinds
from node.records.subjects import mint_person
from sync import bundle
from sync.errors import MoyaiError
from tests.builders.carrying import Stick, handmade
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
    return made[name].bundles().plan(Stick(made, made.folder).name(peer))[1]


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


def test_who_never_got_a_lost_stick_confirms_the_erasure_all_the_same(made: Federation, stick: Stick) -> None:
    acquainted(stick, WAJIMA, KANAZAWA)
    stick.carry(KANAZAWA, WAJIMA)
    subject = resident(made)
    wajima = made[WAJIMA].desk("w")
    wajima.check_in([subject], outside=1)
    wajima.give_consent(subject, facets=["identity", "stay"], organisations=[KANAZAWA])
    stick.write(WAJIMA, KANAZAWA)  # and lost on the way
    wajima.erase(subject)
    assert wajima.erasures()[0].open == (KANAZAWA,)
    stick.carry(WAJIMA, KANAZAWA)
    assert facets(made, KANAZAWA, subject) == {"erasure", "receipt"}
    stick.carry(KANAZAWA, WAJIMA)
    [ordered] = wajima.erasures()
    assert (ordered.open, ordered.awaited, ordered.confirmed) == ((), {}, (KANAZAWA, WAJIMA))


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
    """The town hall of Kanazawa goes back to a backup: what it had confirmed since is sent again, unasked."""
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


def test_all_that_lies_on_a_stick_is_read(made: Federation, stick: Stick) -> None:
    """What is for others, read before or no bundle at all is passed over; what can't be read is said at the end."""
    assert made.meet(WAJIMA, KANAZAWA)
    assert made.meet(ISHIKAWA, KANAZAWA)
    for town in (WAJIMA, ISHIKAWA):
        made[town].desk("op").create_place("公民館")
    stick.write(KANAZAWA, WAJIMA)
    stick.carry(WAJIMA, KANAZAWA)
    (broken,) = stick.write(WAJIMA, KANAZAWA)
    stick.write(ISHIKAWA, KANAZAWA)
    (stick.folder / "photo.moyai").write_bytes(b"no bundle")
    whole = broken.read_bytes()
    broken.write_bytes(whole[:-9] + bytes(9))
    bundles = made[KANAZAWA].bundles()
    with pytest.raises(BundlesNotRead) as caught:
        bundles.read_all(stick.folder, operator="op")
    assert (caught.value.details["read"], caught.value.details["named"]) == (1, f"{broken.name} BUNDLE_CHANGED")
    assert [one.organisation for one in caught.value.done] == [ISHIKAWA]
    assert len(made[KANAZAWA].desk("op").places("公民館")) == 2
    broken.unlink()
    with pytest.raises(BundleReadBefore):
        bundles.read_all(stick.folder, operator="op")
    stick.write(ISHIKAWA, KANAZAWA)
    assert [one.organisation for one in bundles.read_all(stick.folder, operator="op")] == [ISHIKAWA]
    with pytest.raises(BundlesForOthers) as refused:
        made[ISHIKAWA].bundles().read_all(stick.folder, operator="op")
    assert refused.value.details["whose"] == f"輪島市 {WAJIMA}, 金沢市 {KANAZAWA}"
    empty = stick.folder / "empty"
    empty.mkdir()
    with pytest.raises(NoBundleHere):
        made[ISHIKAWA].bundles().read_all(empty, operator="op")


def test_one_odd_thing_on_a_stick_keeps_no_bundle_from_being_read(made: Federation, stick: Stick) -> None:
    assert made.meet(WAJIMA, KANAZAWA)
    made[WAJIMA].desk("op").create_place("公民館")
    stick.folder.mkdir()
    (stick.folder / "00-folder.moyai").mkdir()
    os.mkfifo(stick.folder / "01-pipe.moyai")
    (stick.folder / "02-dangling.moyai").symlink_to("nowhere")
    (stick.folder / "03-loop.moyai").symlink_to("03-loop.moyai")
    (good,) = stick.write(WAJIMA, KANAZAWA)
    (stick.folder / "04-cut.moyai").write_bytes(good.read_bytes()[:-1])
    newer = stick.folder / "05-newer.moyai"
    handmade(made, newer, [bundle.Ending(0)], versions=(9,))
    os.utime(newer, (0, 0))
    bundles = made[KANAZAWA].bundles()
    with pytest.raises(BundlesNotRead) as caught:
        bundles.read_all(stick.folder, operator="op")
    assert caught.value.details["named"] == "04-cut.moyai BUNDLE_CUT, 05-newer.moyai NO_COMMON_VERSION"
    assert [one.records for one in caught.value.done] == [1]
    newer.unlink()
    good.unlink()
    with pytest.raises(BundleCut):
        bundles.read_all(stick.folder, operator="op")


class _Crash(Exception):
    """The power goes."""


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9, 1.0])
def test_a_reading_that_broke_off_is_done_again(made: Federation, stick: Stick, share: float) -> None:
    """Anywhere between the first byte checked and the last record taken; nothing is taken in the first half."""
    assert made.meet(WAJIMA, KANAZAWA)
    with made[WAJIMA].pen.sheet(operator="op", act="import") as sheet:
        for _ in range(800):
            sheet.put(made.entropy(16), kinds.PLACE, Place(name=made.entropy(80).hex(), municipality=WAJIMA), kind=2)
    files = stick.write(WAJIMA, KANAZAWA)

    def crash(done: int, total: int) -> None:
        if done >= share * total:
            raise _Crash

    before = made[KANAZAWA].ledger.newest_seq()
    with pytest.raises(_Crash):
        made[KANAZAWA].bundles().read(files, operator="op", progress=crash)
    made.open(KANAZAWA)
    assert (made[KANAZAWA].ledger.newest_seq() > before) == (share > 0.5)
    read = stick.read(KANAZAWA, files)
    assert (read.records, read.quarantined) == (800, 0)
    stick.carry(KANAZAWA, WAJIMA)
    assert agree(made, WAJIMA, KANAZAWA)


def test_a_writing_that_broke_off_left_nothing_and_is_done_again(made: Federation, stick: Stick) -> None:
    assert made.meet(WAJIMA, KANAZAWA)
    made[WAJIMA].desk("w").create_place("公民館")
    stick.folder.mkdir()

    def crash(_done: int, _total: int) -> None:
        raise _Crash

    with pytest.raises(_Crash):
        made[WAJIMA].bundles().write(KANAZAWA, stick.folder, operator="op", progress=crash)
    assert list(stick.folder.iterdir()) == []
    assert stick.carry(WAJIMA, KANAZAWA).records == 1


@pytest.mark.parametrize("seed", range(6))
def test_sticks_in_any_order_bring_all_to_agree(made: Federation, stick: Stick, seed: int) -> None:
    """Sticks are lost, read late and read twice, while people come, consent and withdraw; a laptop among the nodes."""
    made.add_field("laptop", WAJIMA)
    pairs = [(WAJIMA, KANAZAWA), (WAJIMA, "laptop"), (KANAZAWA, ISHIKAWA)]
    for first, second in pairs:
        acquainted(stick, first, second) if second != "laptop" else stick.carry(first, second)
    chance = Random(seed)
    people = [resident(made, str(number)) for number in range(3)]
    lying: list[tuple[str, tuple[Path, ...]]] = []
    for _ in range(25):
        made.time.later(minutes=chance.randrange(90))
        act, subject, node = chance.randrange(6), chance.choice(people), chance.choice([WAJIMA, "laptop"])
        with suppress(MoyaiError):  # nobody to check in there yet, no consent to withdraw, a stick that is too old
            if act == 0:
                made[node].desk("op").check_in([subject], outside=chance.randrange(1, 6))
            elif act == 1:
                to = chance.choice([KANAZAWA, ISHIKAWA])
                made[node].desk("op").give_consent(subject, facets=["identity", "stay"], organisations=[to])
            elif act == 2:
                for consent in made[node].desk("op").consents(subject)[:1]:
                    made[node].desk("op").withdraw_consent(subject, consent.slot)
            elif act == 3 and lying:
                stick.read(*chance.choice(lying))
            else:
                pair = list(chance.choice(pairs))
                chance.shuffle(pair)
                lying.append((pair[1], stick.write(*pair, part_bytes=chance.choice([None, 17_000]))))
    for _ in range(4):
        for first, second in pairs:
            stick.carry(first, second)
            stick.carry(second, first)
    for first, second in pairs:
        assert agree(made, first, second), (seed, first, second)
        assert waiting(made, first, second) == waiting(made, second, first) == 0
    for node in (KANAZAWA, ISHIKAWA):
        assert made[node].holdings.sweep(made[node].room.now()) == 0
        assert not made[node].ledger.quarantined()
