"""What a prefecture sees: sums with their age, and answers that say what they draw on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.views import Laptops, NewPerson, SourceView
from node.errors import PurposeMissing
from node.people.facets import Opening, Status
from tests.builders.nodes import Federation, federation
from tests.builders.office import NANAO_CODE, offices
from tests.builders.trust import ISHIKAWA, KANAZAWA, SUPPORT, WAJIMA


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    with federation(Path(tmp_path_factory.mktemp("three")), WAJIMA, KANAZAWA, ISHIKAWA) as federated:
        wajima = federated[WAJIMA].desk("tanaka")
        counted, uncounted, closed = (wajima.create_place(name) for name in ("河井小学校", "体育館", "公民館"))
        for place, opening, headcount, ago in (
            (counted, Opening.OPEN, 36, 120_000),
            (uncounted, Opening.OPEN, None, 0),
            (closed, Opening.CLOSED, 0, 60_000),
        ):
            seen = Status(observed_at_ms=wajima.now_ms() - ago, opening=opening, headcount=headcount)
            wajima.report_status(place, seen)
        wajima.register(NewPerson(family_name="森", birth="S230503", address="輪島市", share=True), place=counted)
        wajima.register(NewPerson(family_name="林", birth="S230503", address="輪島市"), place=counted)
        federated.meet(WAJIMA, ISHIKAWA)
        yield federated


def test_the_sums_of_a_town_keep_unknown_apart_from_nobody(made: Federation) -> None:
    prefecture = made[ISHIKAWA].coordination("chosei")
    (wajima,) = [total for total in prefecture.totals() if total.municipality == WAJIMA]
    assert (wajima.shelters, wajima.open, wajima.headcount, wajima.unreported) == (3, 2, 36, 1)
    assert wajima.oldest_observed_ms == prefecture.now_ms() - 120_000
    assert wajima.municipality_name == "輪島市"


def test_a_search_tells_whom_it_may_and_on_whose_records_it_rests(made: Federation) -> None:
    answered = made[ISHIKAWA].coordination("chosei").search("森", purpose="安否照会")
    assert [one.family_name for one in answered.people] == ["森"]
    sources = {one.organisation: one for one in answered.sources}
    assert (sources[WAJIMA].people, sources[WAJIMA].last_contact_ms) == (1, made.time())
    assert ISHIKAWA not in sources


def test_who_has_not_consented_is_not_told_of(made: Federation) -> None:
    assert made[ISHIKAWA].coordination("chosei").search("林", purpose="aid").people == ()


def test_a_search_needs_a_purpose(made: Federation) -> None:
    with pytest.raises(PurposeMissing):
        made[ISHIKAWA].coordination("chosei").search("森", purpose=" ")


def test_shelters_are_listed_by_town_and_by_name(made: Federation) -> None:
    prefecture = made[ISHIKAWA].coordination("chosei")
    assert len(prefecture.shelters(municipality=WAJIMA)) == 3
    assert prefecture.shelters(municipality=KANAZAWA) == []
    assert [one.name for one in prefecture.shelters(text="体育")] == ["体育館"]


def test_who_looks_is_on_the_line(made: Federation) -> None:
    prefecture = made[ISHIKAWA].coordination("chosei")
    assert (prefecture.organisation, prefecture.organisation_name) == (ISHIKAWA, "石川県")
    assert prefecture.standing().operator == prefecture.operator == "chosei"


def test_a_poke_goes_where_it_is_wanted(made: Federation) -> None:
    asked: list[str | None] = []
    prefecture = made[ISHIKAWA].coordination("chosei", poke=asked.append)
    prefecture.poke(WAJIMA)
    prefecture.poke()
    assert asked == [WAJIMA, None]


def test_a_node_out_of_reach_for_an_hour_is_said_to_be_so(made: Federation) -> None:
    prefecture = made[ISHIKAWA].coordination("chosei")

    def wajima() -> SourceView:
        (found,) = [one for one in prefecture.search("森", purpose="aid").sources if one.organisation == WAJIMA]
        return found

    last = made[ISHIKAWA].now_ms()
    made.meet(WAJIMA, ISHIKAWA)
    made.time.later(minutes=59)
    assert not wajima().silent
    made.time.later(minutes=1)
    made[ISHIKAWA].book().contact(made.peer(WAJIMA), "PEER_UNREACHABLE")
    assert (wajima().silent, wajima().last_contact_ms, wajima().last_reason) == (True, last, "PEER_UNREACHABLE")


def test_a_member_that_was_never_met_is_named_as_missing(made: Federation) -> None:
    sources = made[ISHIKAWA].coordination("chosei").search("森", purpose="aid").sources
    (kanazawa,) = [one for one in sources if one.organisation == KANAZAWA]
    assert (kanazawa.people, kanazawa.last_contact_ms, kanazawa.silent) == (0, None, True)


def test_ones_own_laptops_that_have_not_come_are_counted(made: Federation) -> None:
    town = made[WAJIMA].coordination("saito")
    made.add_field("laptop", WAJIMA)
    assert made.meet("laptop", WAJIMA)
    answered = town.search("森", purpose="aid")
    assert answered.laptops == Laptops(1, 0, made.time())
    made.time.later(minutes=60)
    assert town.search("森", purpose="aid").laptops == Laptops(1, 1, made.time() - 3_600_000)


def test_a_support_organisation_is_called_by_the_name_it_has_in_the_roster(tmp_path: Path) -> None:
    with offices(tmp_path, SUPPORT) as both:
        both.made.granting(SUPPORT).apply(NANAO_CODE, facets=["identity", "stay"], purpose="物資")
        assert both.made.meet(SUPPORT, NANAO_CODE)
        view = next(one for one in both.town.decisions.agreements() if one.applicant == SUPPORT)
        assert (view.applicant_name, view.holder_name) == ("災害支援ネット", "七尾市")
        assert "災害支援ネット" in {party.name for party in both.town.decisions.parties()}
