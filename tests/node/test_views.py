"""The views a node keeps for its peers: what a change costs, how working out goes on, and when all is compared."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from moyai.v1 import facets_pb2
from node.desk.views import NewPerson, Whereto
from node.doctor.comparing import compare
from node.federation import Toward
from node.inside import InsideOutbox
from node.outbox import NodeOutbox
from node.release.federation import Activation, Federation as Members, Grant, Member, Recipient
from node.views import AUDIT_MS, CONTROL_VIEW, DATA_VIEW, VIEWS
from sync.roots import root
from tests.builders.nodes import Federation, federation
from tests.builders.trust import DAY_MS, ISHIKAWA, KANAZAWA, NOW_MS, WAJIMA

PEOPLE = 12


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path) as made:
        yield made


def outbox(three: Federation, peer: str, holder: str = WAJIMA) -> NodeOutbox | InsideOutbox:
    return three[holder].book().outbox(three.peer(peer))


def registered(three: Federation, count: int = PEOPLE) -> list[bytes]:
    """People written down in Wajima, and views that are up to date."""
    desk = three[WAJIMA].desk("w")
    people = [
        desk.register(NewPerson(family_name=f"名{number}", address="輪島市", municipality=WAJIMA)).subjects[0]
        for number in range(count)
    ]
    for peer in (KANAZAWA, ISHIKAWA):
        outbox(three, peer).refresh()
    return people


def grant(three: Federation) -> None:
    """Wajima grants Ishikawa an application; the views are as they were before the grant."""
    application = three.granting(ISHIKAWA).apply(WAJIMA, facets=["identity", "stay"], purpose="支援", area=[])
    three.meet(WAJIMA, ISHIKAWA)
    for peer in (KANAZAWA, ISHIKAWA):
        outbox(three, peer).refresh()
    three.granting(WAJIMA).grant(application, days=3)


def subjects(three: Federation) -> int:
    return len(three[WAJIMA].ledger.subjects_changed_since(0)[1])


def test_an_unchanged_view_is_one_row_and_what_is_kept_is_the_root_of_its_ids(three: Federation) -> None:
    registered(three)
    towards = outbox(three, KANAZAWA)
    for view in VIEWS:
        three.ids(WAJIMA, KANAZAWA, view)
        standing, whole = towards.standing(view), towards.ids(view)
        ids = [whole[start : start + 32] for start in range(0, len(whole), 32)]
        assert (standing.count, standing.root) == (len(ids), root(ids))
        assert towards.symbols(view).tolist() == [int.from_bytes(id_[:8], "big") for id_ in ids]
        assert towards.among(view, towards.symbols(view)).all()
        assert not towards.among(view, np.array([5], dtype=np.uint64)).any()
    version = three[WAJIMA].ledger.data_version()
    assert (towards.refresh(), three[WAJIMA].ledger.data_version()) == (0, version)


def test_what_is_agreed_already_is_agreed_without_a_write(three: Federation) -> None:
    """An idle line is asked once a minute whether both sides are still equal."""
    (person, *_) = registered(three, 1)
    three[WAJIMA].desk("w").give_consent(person, facets=("identity",), organisations=[KANAZAWA], guardian_relation="母")
    ledger, ours = three[WAJIMA].ledger, outbox(three, KANAZAWA)
    ours.refresh()
    agreed = {view: ours.standing(view).root for view in VIEWS}
    before = ledger.data_version()
    assert ours.agreed(DATA_VIEW, agreed[DATA_VIEW])  # it was waiting, and is no longer
    assert ledger.data_version() == before + 1
    assert ours.agreed(DATA_VIEW, agreed[DATA_VIEW])
    assert not ours.agreed(DATA_VIEW, agreed[CONTROL_VIEW])
    assert ledger.data_version() == before + 1


def test_a_consent_costs_the_work_of_one_person(three: Federation) -> None:
    people = registered(three)
    towards = outbox(three, KANAZAWA)
    before = towards.standing(DATA_VIEW)
    desk = three[WAJIMA].desk("w")
    desk.give_consent(people[0], facets=["identity"], organisations=[KANAZAWA], guardian_relation="母")
    assert towards.refresh() == 1
    assert towards.standing(DATA_VIEW).count > before.count
    (consent,) = desk.consents(people[0])
    desk.withdraw_consent(people[0], consent.slot)
    assert towards.refresh() == 1
    assert towards.standing(DATA_VIEW) == before


def test_a_grant_is_worked_out_for_whom_it_is_and_nobody_else(three: Federation) -> None:
    registered(three)
    grant(three)
    assert outbox(three, KANAZAWA).refresh() == 1  # the grant itself
    assert outbox(three, ISHIKAWA).refresh() == subjects(three)


def test_working_out_goes_on_after_a_restart_where_it_stopped(three: Federation) -> None:
    people = registered(three)
    grant(three)
    before = outbox(three, ISHIKAWA).worked()
    assert (before.done, before.of) == (0, subjects(three))
    half = outbox(three, ISHIKAWA).refresh_some(PEOPLE // 2)
    assert (half.done, half.of, half.whole) == (PEOPLE // 2, subjects(three), False)
    three.open(WAJIMA)
    assert outbox(three, ISHIKAWA).worked() == half
    assert outbox(three, ISHIKAWA).refresh() == half.of - half.done
    assert outbox(three, ISHIKAWA).worked().whole
    assert outbox(three, ISHIKAWA).standing(DATA_VIEW).count >= len(people)


def test_a_check_in_gets_in_between_two_steps_and_is_worked_out_too(three: Federation) -> None:
    people = registered(three)
    grant(three)
    towards, desk = outbox(three, ISHIKAWA), three[WAJIMA].desk("w")
    steps = 0
    with ThreadPoolExecutor(1) as clerk:
        while not towards.refresh_some(4).whole:
            steps += 1
            if steps == 1:
                clerk.submit(desk.leave, [people[0]], Whereto(municipality=KANAZAWA)).result(timeout=10)
    assert steps >= PEOPLE // 4
    assert towards.refresh() == 0
    assert all(one.well for one in compare(three[WAJIMA], repair=False))


def test_nobody_hears_of_a_view_that_is_half_worked_out(three: Federation) -> None:
    registered(three)
    grant(three)
    outbox(three, ISHIKAWA).refresh_some(2)
    standing = outbox(three, ISHIKAWA).standing(DATA_VIEW)
    assert outbox(three, ISHIKAWA).worked().whole
    assert outbox(three, ISHIKAWA).standing(DATA_VIEW) == standing


def test_views_are_worked_out_ahead_for_those_met_before(three: Federation) -> None:
    registered(three)
    three.meet(WAJIMA, KANAZAWA)
    with three[WAJIMA].ledger.write() as writing:
        writing.contact(three.peer(ISHIKAWA).node, organisation="990000", reason="DONE", at_ms=NOW_MS)
    three[WAJIMA].desk("w").register(NewPerson(family_name="新", address="輪島市", municipality=WAJIMA))
    book, calls = three[WAJIMA].book(), 1
    while not book.work_ahead(3):
        calls += 1
    assert calls > 1
    assert outbox(three, KANAZAWA).refresh() == 0


def test_what_came_from_the_peer_meanwhile_is_looked_at_again(three: Federation) -> None:
    people = registered(three, 2)
    ledger, peer = three[WAJIMA].ledger, three.peer(KANAZAWA).node
    with ledger.write() as writing:
        writing.recheck_now(peer, people)
    walk = outbox(three, KANAZAWA)._walk()
    step = walk.step(10)
    assert step is not None
    with ledger.write() as writing:
        writing.recheck_now(peer, people[:1])
    with ledger.write() as writing:
        walk.finish(writing, step, dict.fromkeys(step.subjects))
    again = walk.step(10)
    assert again is not None
    assert again.subjects == people[:1]


def test_all_ids_are_compared_once_in_a_night_and_again_until_they_are_equal(three: Federation) -> None:
    towards = outbox(three, KANAZAWA)
    assert towards.audit_due()
    towards.audited(CONTROL_VIEW, True)
    assert towards.audit_due()
    towards.audited(DATA_VIEW, False)
    assert towards.audit_due()
    towards.audited(DATA_VIEW, True)
    assert not outbox(three, KANAZAWA).audit_due()
    three.open(WAJIMA)
    three.time.ms += AUDIT_MS - 1
    assert not outbox(three, KANAZAWA).audit_due()
    three.time.ms += 1
    assert outbox(three, KANAZAWA).audit_due()


def test_an_audit_from_the_future_does_not_put_off_the_next(three: Federation) -> None:
    for view in VIEWS:
        outbox(three, KANAZAWA).audited(view, True)
    three.time.ms -= DAY_MS
    assert outbox(three, KANAZAWA).audit_due()


# --- what of the federation decides about one recipient

MUNICIPALITY = int(facets_pb2.ORGANISATION_KIND_MUNICIPALITY)
PREFECTURE = int(facets_pb2.ORGANISATION_KIND_PREFECTURE)
MEMBERS = Members(
    here=WAJIMA,
    members={
        WAJIMA: Member(MUNICIPALITY, ISHIKAWA),
        KANAZAWA: Member(MUNICIPALITY, ISHIKAWA),
        ISHIKAWA: Member(PREFECTURE),
    },
)
GRANT = Grant(b"g" * 32, WAJIMA, ISHIKAWA, frozenset({1}), 0, 9, 1)
DECLARED = Activation(b"a" * 32, ISHIKAWA, frozenset({WAJIMA}), 0, 9)


@pytest.mark.parametrize(
    ("changed", "recipient", "concerned"),
    [
        (replace(MEMBERS, grants=(GRANT,)), Recipient(ISHIKAWA), True),
        (replace(MEMBERS, grants=(GRANT,)), Recipient(KANAZAWA), False),
        (replace(MEMBERS, grants=(replace(GRANT, holder=KANAZAWA),)), Recipient(ISHIKAWA), False),
        (replace(MEMBERS, activations=(DECLARED,)), Recipient(ISHIKAWA), True),
        (replace(MEMBERS, activations=(DECLARED,)), Recipient(KANAZAWA), False),
        (replace(MEMBERS, activations=(replace(DECLARED, area=frozenset({KANAZAWA})),)), Recipient(ISHIKAWA), False),
        (replace(MEMBERS, members={**MEMBERS.members, "172022": Member(MUNICIPALITY)}), Recipient(KANAZAWA), True),
        (replace(MEMBERS, members={}, grants=(GRANT,)), Recipient(WAJIMA), False),
    ],
)
def test_a_change_concerns_only_whom_it_can_open_something_to(
    changed: Members, recipient: Recipient, concerned: bool
) -> None:
    before, after = Toward.of(MEMBERS, recipient), Toward.of(changed, recipient)
    assert (before.fingerprint != after.fingerprint) is concerned
    assert (before.federation != after.federation) is concerned


def test_every_field_of_a_grant_is_in_the_fingerprint() -> None:
    changes = [
        {"facets": frozenset({1, 2})},
        {"until_ms": 10},
        {"ground": 2},
        {"subjects": frozenset({b"s"})},
        {"area": frozenset({KANAZAWA})},
    ]
    grants = [GRANT, *(replace(GRANT, **change) for change in changes)]  # type: ignore[arg-type]
    prints = {Toward.of(replace(MEMBERS, grants=(one,)), Recipient(ISHIKAWA)).fingerprint for one in grants}
    assert len(prints) == len(grants)
