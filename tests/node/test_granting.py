"""Applications and decisions: who may ask whom, and what a grant covers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.errors import AgreementMalformed, AgreementUnknown, FacetUnknown, NotThisNode, UnknownOrganisation
from node.granting import DAY_MS, AgreementView, Granting, read_agreements, view_of
from tests.builders.nodes import Federation, federation
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, ISHIKAWA) as federated:
        yield federated


def asked(made: Federation, *facets: str) -> bytes:
    """The prefecture asks Wajima; Wajima knows of it."""
    wanted = facets or ("identity", "stay")
    application = made.granting(ISHIKAWA).apply(WAJIMA, facets=wanted, purpose="支援", area=[WAJIMA])
    made.meet(WAJIMA, ISHIKAWA)
    return application


def shown(made: Federation, name: str) -> list[AgreementView]:
    return [view_of(opened) for _, opened in read_agreements(made[name])]


def test_an_application_reaches_whom_it_is_for(made: Federation) -> None:
    application = asked(made)
    (view,) = shown(made, WAJIMA)
    assert (view.application, view.applicant, view.holder) == (application, ISHIKAWA, WAJIMA)
    assert (view.asked, view.facets, view.outcome, view.until_ms) == (("identity", "stay"), (), "open", None)
    assert (view.area, view.purpose) == ((WAJIMA,), "支援")


@pytest.mark.parametrize(("facets", "granted"), [((), ("identity", "stay")), (("identity",), ("identity",))])
def test_a_grant_covers_all_or_some_of_what_was_asked(
    made: Federation, facets: tuple[str, ...], granted: tuple[str, ...]
) -> None:
    application = asked(made)
    view = made.granting(WAJIMA).grant(application, days=3, facets=facets)
    assert (view.outcome, view.facets, view.until_ms) == ("granted", granted, made.time() + 3 * DAY_MS)
    made.meet(WAJIMA, ISHIKAWA)
    assert shown(made, ISHIKAWA) == [view]


def test_what_was_not_asked_for_is_not_granted(made: Federation) -> None:
    application = asked(made, "identity")
    before = made[WAJIMA].ledger.newest_seq()
    with pytest.raises(AgreementMalformed):
        made.granting(WAJIMA).grant(application, days=3, facets=["medical"])
    assert made[WAJIMA].ledger.newest_seq() == before


def test_refused_and_ended_are_said_to_the_applicant(made: Federation) -> None:
    first, second = asked(made), asked(made)
    holder = made.granting(WAJIMA)
    assert holder.refuse(first).outcome == "refused"
    holder.grant(second, days=3)
    made.time.later(minutes=1)
    assert holder.end(second).outcome == "ended"
    made.meet(WAJIMA, ISHIKAWA)
    assert {view.application: view.outcome for view in shown(made, ISHIKAWA)} == {first: "refused", second: "ended"}


def test_nobody_decides_an_application_to_another(made: Federation) -> None:
    application = asked(made)
    for act in (lambda g: g.grant(application, days=3), lambda g: g.refuse(application), lambda g: g.end(application)):
        with pytest.raises(AgreementUnknown):
            act(made.granting(ISHIKAWA))


def test_one_who_is_not_in_the_roster_is_not_asked(made: Federation) -> None:
    with pytest.raises(UnknownOrganisation):
        made.granting(WAJIMA).apply(KANAZAWA, facets=["identity"], purpose="支援", area=[])


@pytest.mark.parametrize("facet", ["resident", "consent", "place", "everything"])
def test_what_can_not_be_shared_can_not_be_asked_for(made: Federation, facet: str) -> None:
    with pytest.raises(FacetUnknown):
        made.granting(ISHIKAWA).apply(WAJIMA, facets=["identity", facet], purpose="支援", area=[])


def test_a_laptop_neither_asks_nor_decides(made: Federation) -> None:
    laptop = made.add_field("kawai", WAJIMA)
    with pytest.raises(NotThisNode):
        Granting(laptop, lambda: made.key(WAJIMA), operator="tanaka")
