"""What a node writes: sealed, counted, logged, all of an act or none of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.errors import SubjectUnknown
from node.installation import Installation
from node.people.facets import Contact, Identity, from_content, to_content
from node.records.kinds import CONTACT, IDENTITY
from node.records.version import dominates
from tests.builders.nodes import Federation, federation
from tests.builders.trust import WAJIMA


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    with federation(Path(tmp_path_factory.mktemp("pen")), WAJIMA) as federated:
        federated.add_field("kawai", WAJIMA)
        yield federated


@pytest.fixture
def node(made: Federation) -> Installation:
    return made[WAJIMA]


def someone(node: Installation) -> bytes:
    return node.post("tanaka", b"").mint()


def write_and_fail(node: Installation, subject: bytes) -> None:
    with node.pen.sheet(operator="tanaka", act="write") as sheet:
        sheet.put(subject, IDENTITY, Identity(family_name="森"))
        raise SubjectUnknown


def test_a_record_says_who_wrote_it_and_holds(node: Installation) -> None:
    subject = someone(node)
    with node.pen.sheet(operator="tanaka", act="write") as sheet:
        record = sheet.put(subject, IDENTITY, Identity(family_name="森"))
    assert record is not None
    assert (record.operator, record.organisation, record.author) == ("tanaka", WAJIMA, node.key.node)
    (held,) = node.ledger.heads(subject, IDENTITY)
    assert held.record == record
    verdicts = node.room.now().believed.judge_many([held.record])
    assert [verdict.node for verdict in verdicts] == [node.key.node]  # type: ignore[union-attr]


def test_an_act_that_fails_leaves_nothing(node: Installation) -> None:
    subject, before = someone(node), (node.ledger.newest_seq(), node.ledger.audit_head(), node.ledger.counter())
    with pytest.raises(SubjectUnknown):
        write_and_fail(node, subject)
    assert (node.ledger.newest_seq(), node.ledger.audit_head(), node.ledger.counter()) == before
    assert node.ledger.person(subject) is None


def test_the_same_said_again_is_not_written(node: Installation) -> None:
    subject = someone(node)
    for expected in (True, False):
        with node.pen.sheet(operator="tanaka", act="write") as sheet:
            assert (sheet.put(subject, IDENTITY, Identity(family_name="森")) is not None) == expected
    with node.pen.sheet(operator="tanaka", act="write") as sheet:
        (head,) = sheet.heads(subject, IDENTITY)
        sheet.put_anew(subject, IDENTITY, head.content)
        assert len(sheet.written) == 1


def test_a_later_record_knows_of_the_earlier_also_within_one_act(node: Installation) -> None:
    subject = someone(node)
    with node.pen.sheet(operator="tanaka", act="write") as sheet:
        first = sheet.put(subject, IDENTITY, Identity(family_name="森"))
        second = sheet.put(subject, IDENTITY, Identity(family_name="林"))
    assert first is not None
    assert second is not None
    assert dominates(second.version, first.version)
    assert second.clock > first.clock
    assert [held.record.id for held in node.ledger.heads(subject, IDENTITY)] == [second.id]


def test_a_record_over_a_conflict_settles_it(made: Federation) -> None:
    home, shelter = made[WAJIMA], made["kawai"]
    subject = someone(home)
    for node, name in ((home, "森"), (shelter, "林")):
        with node.pen.sheet(operator="tanaka", act="write") as sheet:
            sheet.put(subject, IDENTITY, Identity(family_name=name))
    made.meet(WAJIMA, "kawai")
    assert len(home.ledger.heads(subject, IDENTITY)) == 2
    with home.pen.sheet(operator="tanaka", act="write") as sheet:
        sheet.put(subject, IDENTITY, Identity(family_name="森"))
    made.meet(WAJIMA, "kawai")
    for node in (home, shelter):
        (head,) = node.ledger.heads(subject, IDENTITY)
        assert from_content(IDENTITY, head.record.content) == Identity(family_name="森")


def test_what_a_newer_version_wrote_is_carried_over_unless_it_is_to_go(node: Installation) -> None:
    subject = someone(node)
    newer = to_content(Contact(phone="1")) + b"\xfa\x3f\x05newer"
    with node.pen.sheet(operator="tanaka", act="write") as sheet:
        sheet.put_anew(subject, CONTACT, newer)
        carried = sheet.put(subject, CONTACT, Contact(phone="2"))
        bare = sheet.put_bare(subject, CONTACT, Contact(phone="3"))
    assert carried is not None
    assert b"newer" in carried.content
    assert b"newer" not in bare.content


def test_about_who_was_erased_nothing_can_be_written(node: Installation) -> None:
    desk, subject = node.desk("tanaka"), someone(node)
    with node.pen.sheet(operator="tanaka", act="write") as sheet:
        sheet.put(subject, IDENTITY, Identity(family_name="森"))
    desk.erase(subject)
    before = node.ledger.newest_seq()
    with pytest.raises(SubjectUnknown), node.pen.sheet(operator="tanaka", act="write") as sheet:
        sheet.put(subject, IDENTITY, Identity(family_name="森"))
    assert node.ledger.newest_seq() == before


def test_the_log_has_one_entry_for_each_person_with_the_facets(node: Installation) -> None:
    first, second = someone(node), someone(node)
    before, _ = node.ledger.audit_head()
    with node.pen.sheet(operator="tanaka", act="write", purpose="aid") as sheet:
        sheet.put(first, IDENTITY, Identity(family_name="森"))
        sheet.put(first, CONTACT, Contact(phone="1"))
        sheet.put(second, IDENTITY, Identity(family_name="林"))
    entries = {logged.entry.subject: logged.entry for logged in node.ledger.audit(before)}
    assert set(entries) == {first, second}
    assert (entries[first].facets, entries[first].purpose, entries[first].operator) == (
        (IDENTITY, CONTACT),
        "aid",
        "tanaka",
    )


def test_counters_have_no_gaps_and_go_on_after_a_restart(made: Federation, node: Installation) -> None:
    counters = []
    for _ in range(2):
        node = made.open(WAJIMA)
        with node.pen.sheet(operator="tanaka", act="write") as sheet:
            record = sheet.put(someone(node), IDENTITY, Identity(family_name="森"))
        assert record is not None
        counters.append(record.counter)
    assert counters[1] == counters[0] + 1
