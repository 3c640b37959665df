"""Contradictions: shown side by side, settled by choosing or combining, and nothing of them is lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from node.desk.desk import Desk
from node.desk.settling import Contradiction
from node.desk.views import Whereto
from node.errors import NotSettledHere, SettledMeanwhile
from node.people.facets import Identity, from_content
from node.records.kinds import AGREEMENT, ERASURE, IDENTITY, PROTECTION, RECEIPT
from tests.builders.contradiction import contradiction
from tests.builders.nodes import Federation, federation
from tests.builders.shelter import FIELD
from tests.builders.trust import KANAZAWA, WAJIMA


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA) as federated:
        yield federated


@pytest.fixture
def desk(made: Federation) -> Desk:
    return contradiction(made)[0]


def only(desk: Desk) -> Contradiction:
    (found,) = desk.settling.waiting()
    return found


def name(made: Federation, node: str, subject: bytes) -> Identity:
    (head,) = made[node].ledger.heads(subject, IDENTITY)
    said = from_content(IDENTITY, head.record.content)
    assert isinstance(said, Identity)
    return said


def test_both_versions_are_shown_with_who_said_them_and_when(made: Federation, desk: Desk) -> None:
    found = only(desk)
    assert (found.facet_word, found.about, found.can_settle) == ("identity", "森 華子", True)
    home, field = found.versions
    assert (home.operator, field.operator) == ("suzuki", "tanaka")
    assert home.at_ms > field.at_ms
    assert home.fields == {
        "family_name": "森",
        "given_name": "華子",
        "family_kana": "モリ",
        "given_kana": "ハナコ",
        "alias": "はな",
    }
    assert field.fields == {"family_name": "森", "given_name": "花子", "sex": "2"}
    assert [word for word in found.fields if not found.differs(word)] == ["family_name"]


def test_the_standing_line_counts_what_the_list_shows(desk: Desk) -> None:
    assert desk.standing().conflicts == len(desk.settling.waiting()) == 1
    desk.settling.choose(only(desk), only(desk).versions[0].record)
    assert desk.standing().conflicts == len(desk.settling.waiting()) == 0


def test_where_somebody_went_is_told_by_the_name_of_the_shelter(made: Federation) -> None:
    desk, subject = contradiction(made)
    desk.check_in([subject])
    assert made.meet(FIELD, WAJIMA)
    town_hall = made[WAJIMA].desk("suzuki", place=desk.place)
    town_hall.leave([subject], Whereto(place=desk.place, municipality=WAJIMA))
    desk.leave([subject], Whereto(outside=4))
    assert made.meet(FIELD, WAJIMA)
    stay = next(each for each in desk.settling.of(subject) if each.facet_word == "stay")
    assert {version.fields["destination"] for version in stay.versions} == {"4", desk.standing().place_name}


@pytest.mark.parametrize(("chosen", "given"), [(0, "華子"), (1, "花子")])
def test_the_version_chosen_stands_alone_at_both_nodes(made: Federation, desk: Desk, chosen: int, given: str) -> None:
    found = only(desk)
    desk.settling.choose(found, found.versions[chosen].record)
    assert made.meet(FIELD, WAJIMA)
    for node in (FIELD, WAJIMA):
        assert made[node].ledger.conflicts() == []
        assert name(made, node, found.subject).given_name == given
    assert not desk.person(found.subject).conflict


def test_of_either_version_the_fields_that_are_right_are_taken(made: Federation, desk: Desk) -> None:
    found = only(desk)
    home, field = (version.record for version in found.versions)
    desk.settling.combine(found, home, {"given_name": field, "sex": field})
    said = name(made, FIELD, found.subject)
    assert (said.given_name, int(said.sex), said.given_kana, said.alias) == ("花子", 2, "ハナコ", "はな")


def test_what_was_not_chosen_stays_in_the_history(made: Federation, desk: Desk) -> None:
    found = only(desk)
    desk.settling.choose(found, found.versions[0].record)
    held = {one.record.id: one.is_head for one in made[FIELD].ledger.about(found.subject)}
    assert [held[version.record] for version in found.versions] == [False, False]


def test_an_undo_writes_again_what_was_shown_before(made: Federation, desk: Desk) -> None:
    found = only(desk)
    done = desk.settling.choose(found, found.versions[1].record)
    assert next(act.act for act in desk.last_acts()) == "settle"
    desk.undo(done.undo)
    assert name(made, FIELD, found.subject).given_name == "華子"


def test_what_was_settled_meanwhile_is_not_settled_again(made: Federation, desk: Desk) -> None:
    found = only(desk)
    desk.settling.choose(found, found.versions[0].record)
    before = made[FIELD].ledger.newest_seq()
    with pytest.raises(SettledMeanwhile):
        desk.settling.choose(found, found.versions[1].record)
    assert made[FIELD].ledger.newest_seq() == before


def test_a_version_nobody_showed_is_not_chosen(desk: Desk) -> None:
    found = only(desk)
    with pytest.raises(SettledMeanwhile):
        desk.settling.choose(found, bytes(32))
    with pytest.raises(SettledMeanwhile):
        desk.settling.combine(found, found.versions[0].record, {"sex": bytes(32)})


@pytest.mark.parametrize(
    ("facet", "slot"), [(PROTECTION, KANAZAWA.encode()), (ERASURE, b""), (RECEIPT, b"r"), (AGREEMENT, b"a")]
)
def test_what_others_have_decided_is_not_settled_here(made: Federation, desk: Desk, facet: int, slot: bytes) -> None:
    found = replace(only(desk), facet=facet, slot=slot)
    before = made[FIELD].ledger.newest_seq()
    with pytest.raises(NotSettledHere):
        desk.settling.choose(found, found.versions[0].record)
    assert made[FIELD].ledger.newest_seq() == before
