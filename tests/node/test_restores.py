"""An older copy put back, or two nodes from one copy: what is lost comes back, and no counter is given twice."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.counterclaims import VERSION_CLAIM
from node.desk.views import NewPerson
from node.installation import Installation
from node.ledger import Why
from node.ledger.numbers import INCARNATION_BITS, INCARNATION_MS
from node.people.facets import Contact
from node.records import kinds
from node.restores import RESTORED
from tests.builders.nodes import Federation, federation
from tests.builders.trust import KANAZAWA, WAJIMA

LAPTOP = "laptop"


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Federation]:
    """Wajima with a laptop, and Kanazawa; all have met."""
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        made.add_field(LAPTOP, WAJIMA)
        for pair in ((WAJIMA, LAPTOP), (WAJIMA, KANAZAWA)):
            assert made.meet(*pair)
        yield made


def registered(node: Installation, name: str) -> bytes:
    """Somebody from Kanazawa, written down."""
    person = NewPerson(family_name=name, given_name="太郎", municipality=KANAZAWA, address="金沢市1-1", phone="076-1")
    return node.desk("op").register(person).subjects[0]


def call(node: Installation, subject: bytes, phone: str) -> None:
    """Say the person's telephone number, which everybody knows under one slot."""
    with node.pen.sheet(operator="op", act="write") as sheet:
        sheet.put(subject, kinds.CONTACT, Contact.model_validate({"phone": phone}))


def folder(towns: Federation, name: str) -> Path:
    return towns[name].directory.path


def copied(towns: Federation, name: str, into: Path) -> Path:
    """A backup of the whole folder, taken while nothing runs."""
    towns[name].close()
    shutil.copytree(folder(towns, name), into)
    towns.open(name)
    return into


def put_back(towns: Federation, name: str, backup: Path, *, marked: bool = True) -> Installation:
    """Copy the ledger of the backup over that of the node, in place as `cp` does, and open it.

    Not marked: the mark is gone, or as old as the ledger, as on a whole disk that was put back.
    """
    towns[name].close()
    (folder(towns, name) / "ledger.db").write_bytes((backup / "ledger.db").read_bytes())
    if not marked:
        (folder(towns, name) / "ledger.mark").unlink()
    return towns.open(name)


def written_by(towns: Federation, author: str, held_by: str) -> list[tuple[int, bytes]]:
    """Counter and id of what one node holds of another's."""
    node, ledger = towns[author].key.node, towns[held_by].ledger
    _, subjects = ledger.subjects_changed_since(0)
    about = [held.record for subject in subjects for held in ledger.about(subject)]
    return [(record.counter, record.id) for record in about if record.author == node]


def given_twice(towns: Federation, author: str) -> list[int]:
    """Counters under which anybody holds two different records of this author."""
    ids = {each for name in towns.nodes for each in written_by(towns, author, name)}
    counters = Counter(counter for counter, _ in ids)
    return [counter for counter, times in counters.items() if times > 1]


@pytest.mark.parametrize(("node", "peer"), [(LAPTOP, WAJIMA), (WAJIMA, KANAZAWA)])
def test_an_old_ledger_put_back_counts_on_from_above_and_gets_back_what_it_lost(
    towns: Federation, tmp_path: Path, node: str, peer: str
) -> None:
    before = registered(towns[node], "門前")
    backup = copied(towns, node, tmp_path / "backup")
    lost = [registered(towns[node], f"門前{number}") for number in range(5)]
    call(towns[node], before, "076-2")
    assert towns.meet(node, peer)
    counter, clock = towns[node].ledger.counter(), towns[node].ledger.clock()
    restored = put_back(towns, node, backup)
    assert restored.ledger.life().why is Why.FILE_OLDER
    assert restored.ledger.counter() > counter
    assert restored.ledger.clock() >= clock
    assert restored.ledger.audit_newest(1)[0].entry.act == RESTORED
    assert restored.ledger.person(lost[0]) is None
    since = registered(restored, "門前後")
    assert towns.meet(node, peer)
    assert all(restored.ledger.person(subject) for subject in lost)
    assert towns[peer].ledger.person(since)
    assert restored.desk("op").person(before).phone == "076-2"
    assert given_twice(towns, node) == []
    assert written_by(towns, node, peer) != []
    assert restored.ledger.verify_audit()


def test_opened_again_it_is_still_the_same_life(towns: Federation, tmp_path: Path) -> None:
    backup = copied(towns, LAPTOP, tmp_path / "backup")
    registered(towns[LAPTOP], "門前")
    counter = put_back(towns, LAPTOP, backup).ledger.counter()
    registered(towns[LAPTOP], "門前")
    assert counter < towns.open(LAPTOP).ledger.counter() < counter + 100


def test_a_folder_put_back_whole_counts_on_from_above(towns: Federation, tmp_path: Path) -> None:
    backup = copied(towns, LAPTOP, tmp_path / "backup")
    subject = registered(towns[LAPTOP], "門前")
    assert towns.meet(WAJIMA, LAPTOP)
    counter = towns[LAPTOP].ledger.counter()
    towns[LAPTOP].close()
    folder(towns, LAPTOP).rename(tmp_path / "broken")
    shutil.copytree(backup, folder(towns, LAPTOP))
    restored = towns.open(LAPTOP)
    assert restored.ledger.life().why is Why.FILE_COPIED
    assert restored.ledger.counter() > counter
    assert towns.meet(WAJIMA, LAPTOP)
    assert restored.ledger.person(subject)


# --- a snapshot of the whole disk put back: the mark is as old as the ledger, and nothing shows until a peer is met


def test_a_disk_put_back_is_noticed_by_the_first_record_that_comes_back(towns: Federation, tmp_path: Path) -> None:
    person = registered(towns[LAPTOP], "門前")
    assert towns.meet(WAJIMA, LAPTOP)
    backup = copied(towns, LAPTOP, tmp_path / "backup")
    lost = registered(towns[LAPTOP], "珠洲")
    assert towns.meet(WAJIMA, LAPTOP)
    call(towns[WAJIMA], lost, "076-9")
    counter = towns[LAPTOP].ledger.counter()
    restored = put_back(towns, LAPTOP, backup, marked=False)
    assert restored.ledger.life().why is Why.FIRST
    unaware = registered(restored, "七尾")
    assert towns.meet(WAJIMA, LAPTOP)
    assert restored.ledger.life().why is Why.OWN_RECORD
    assert restored.ledger.counter() > counter
    for node in (WAJIMA, LAPTOP):
        assert all(towns[node].ledger.person(subject) for subject in (person, lost, unaware))
        assert towns[node].desk("op").person(lost).phone == "076-9"
    after = registered(restored, "能登")
    assert towns.meet(WAJIMA, LAPTOP)
    assert towns[WAJIMA].ledger.person(after)
    assert restored.ledger.quarantined(reason=VERSION_CLAIM) == []
    assert {counter for counter in given_twice(towns, LAPTOP) if counter >> INCARNATION_BITS} == set()


def test_what_was_said_twice_under_one_counter_is_a_conflict_that_everybody_sees(
    towns: Federation, tmp_path: Path
) -> None:
    person = registered(towns[LAPTOP], "門前")
    assert towns.meet(WAJIMA, LAPTOP)
    backup = copied(towns, LAPTOP, tmp_path / "backup")
    call(towns[LAPTOP], person, "076-2")
    assert towns.meet(WAJIMA, LAPTOP)
    restored = put_back(towns, LAPTOP, backup, marked=False)
    call(restored, person, "076-3")
    assert towns.meet(WAJIMA, LAPTOP)
    for node in (WAJIMA, LAPTOP):
        heads = towns[node].ledger.heads(person, kinds.CONTACT)
        assert len({held.record.version for held in heads}) == 1
        assert len(heads) == 2
        assert towns[node].ledger.conflicts() == [(person, kinds.CONTACT, b"")]
    call(restored, person, "076-3")
    assert towns.meet(WAJIMA, LAPTOP)
    assert towns[WAJIMA].ledger.conflicts() == []


# --- two nodes from one copy


@pytest.fixture
def twin(towns: Federation, tmp_path: Path) -> str:
    """A second node with the laptop's key, from a copy of its folder."""
    copied(towns, LAPTOP, tmp_path / "twin")
    towns.open("twin")
    return "twin"


def test_two_nodes_from_one_copy_lose_nothing_and_it_is_said(towns: Federation, twin: str) -> None:
    subjects = []
    for number in range(3):
        subjects += [registered(towns[node], f"門前{number}") for node in (LAPTOP, twin)]
        for node in (LAPTOP, twin):
            assert towns.meet(WAJIMA, node)
        towns.time.later(minutes=1)
    for node in (LAPTOP, twin, LAPTOP):
        assert towns.meet(WAJIMA, node)
    for node in (WAJIMA, LAPTOP, twin):
        assert all(towns[node].ledger.person(subject) for subject in subjects)
    assert max(towns[node].ledger.life().twin_seen_ms for node in (LAPTOP, twin)) > 0
    assert [witness.node for witness in towns[WAJIMA].ledger.broken_witnesses()] == []


def test_a_restore_alone_is_no_twin(towns: Federation, tmp_path: Path) -> None:
    backup = copied(towns, LAPTOP, tmp_path / "backup")
    registered(towns[LAPTOP], "門前")
    assert towns.meet(WAJIMA, LAPTOP)
    put_back(towns, LAPTOP, backup)
    for _ in range(3):
        registered(towns[LAPTOP], "珠洲")
        assert towns.meet(WAJIMA, LAPTOP)
    assert towns[LAPTOP].ledger.life().twin_seen_ms == 0


# --- what a peer says it has witnessed: it may be a lie


def greet(towns: Federation, caller: str, called: str) -> None:
    """What the two say first when one dials the other, checked by both."""
    for speaker, hearer in ((caller, called), (called, caller)):
        greeting = towns[speaker].book().greeting(towns.peer(hearer))
        (known,) = (one for one in towns[hearer].book().peers() if one.organisation == towns.peer(speaker).organisation)
        towns[hearer].book().greeted(known, greeting)


def test_a_greeting_says_how_long_the_log_was_and_a_disk_put_back_is_noticed_by_it(
    towns: Federation, tmp_path: Path
) -> None:
    for _ in range(2):
        greet(towns, WAJIMA, KANAZAWA)
    assert towns[WAJIMA].ledger.life().why is Why.FIRST
    backup = copied(towns, WAJIMA, tmp_path / "backup")
    registered(towns[WAJIMA], "門前")
    greet(towns, WAJIMA, KANAZAWA)
    counter = towns[WAJIMA].ledger.counter()
    towns.time.later(minutes=11)
    home = put_back(towns, WAJIMA, backup, marked=False)
    greet(towns, WAJIMA, KANAZAWA)
    assert home.ledger.life().why is Why.PEER_WITNESS
    assert home.ledger.counter() > counter
    counter = home.ledger.counter()
    towns.time.later(minutes=11)
    greet(towns, WAJIMA, KANAZAWA)
    assert home.ledger.counter() == counter


def test_a_peer_that_has_witnessed_more_of_our_log_makes_us_count_on_from_above(towns: Federation) -> None:
    home, peer = towns[WAJIMA], towns[KANAZAWA].key.node
    towns.time.later(minutes=11)
    length, counter = home.ledger.audit_head()[0], home.ledger.counter()
    home.restores.witnessed(peer, length, home.ledger.audit_head()[1][:8])
    assert home.ledger.life().why is Why.FIRST
    home.restores.witnessed(peer, length + 50, b"x" * 8)
    assert home.ledger.life().why is Why.PEER_WITNESS
    assert home.ledger.counter() > counter


def test_a_lie_about_our_log_gains_a_jump_in_ten_minutes_at_most(towns: Federation) -> None:
    home, liar = towns[WAJIMA], towns[KANAZAWA].key.node
    began = towns.time.later(minutes=11) or towns.time()
    for number in range(200):
        home.restores.witnessed(liar, 1_000 + number, bytes([number]) * 8)
        home.book().contact(towns.peer(KANAZAWA), "DONE")
        towns.time.later(minutes=1)
    jumps = sum(one.entry.act == RESTORED for one in home.ledger.audit(limit=100_000))
    assert 1 < jumps <= (towns.time() - began) // INCARNATION_MS + 1
    assert home.ledger.counter() >> INCARNATION_BITS <= towns.time() // INCARNATION_MS


def test_after_a_restore_peers_that_witnessed_the_life_before_are_no_news(towns: Federation, tmp_path: Path) -> None:
    backup = copied(towns, WAJIMA, tmp_path / "backup")
    registered(towns[WAJIMA], "門前")
    length, head = towns[WAJIMA].ledger.audit_head()
    head = head[:8]
    home = put_back(towns, WAJIMA, backup)
    counter, peer = home.ledger.counter(), towns[KANAZAWA].key.node
    for _ in range(3):
        home.restores.witnessed(peer, length, head)
        home.book().contact(towns.peer(KANAZAWA), "DONE")
        towns.time.later(minutes=11)
    assert home.ledger.counter() == counter
