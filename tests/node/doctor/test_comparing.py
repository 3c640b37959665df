"""The doctor: what is kept by addition is compared with what it follows from; a fault is found, named and mended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.views import NewPerson
from node.doctor.comparing import COMPARISONS, Comparison, compare
from node.ledger.store import _connect
from node.views import DATA_VIEW
from tests.builders.nodes import Federation, federation
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA

WRONG = {
    "sums": [
        "UPDATE view_sums SET count = count + 1 WHERE view = 2",
        "UPDATE view_sums SET root = zeroblob(16) WHERE view = 2",
        "UPDATE view_sums SET lanes = zeroblob(2048) WHERE view = 2",
        "UPDATE view_sums SET cells = zeroblob(length(cells)) WHERE view = 2",
        "UPDATE views SET prefix = prefix + 1 WHERE view = 2",
        "DELETE FROM view_sums WHERE view = 2",
    ],
    "waiting": ["UPDATE views SET waiting = NOT waiting WHERE view = 2"],
    "rows": ["UPDATE views SET basis = 9 WHERE view = 2", "UPDATE views SET urgency = 7 WHERE view = 2"],
}
"""What could go wrong in a file, by the check that finds it."""


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path) as made:
        desk = made[WAJIMA].desk("w")
        for number in range(3):
            subject = desk.register(
                NewPerson(family_name=f"名{number}", address="輪島市", municipality=WAJIMA)
            ).subjects[0]
            desk.give_consent(subject, facets=["identity"], organisations=[KANAZAWA], guardian_relation="母")
        made.meet(WAJIMA, KANAZAWA)
        made.meet(WAJIMA, ISHIKAWA)
        yield made


def spoilt(three: Federation, statement: str) -> None:
    """Change the ledger of Wajima behind its back."""
    node = three[WAJIMA]
    connection = _connect(node.ledger.path, node.ledger._store._key, 1_024)
    changed = connection.execute(statement).rowcount
    connection.close()
    assert changed > 0


def unwell(three: Federation, *, repair: bool = False) -> list[Comparison]:
    return [one for one in compare(three[WAJIMA], repair=repair) if one.wrong]


def test_a_healthy_node_is_compared_and_found_well(three: Federation) -> None:
    found = list(compare(three[WAJIMA], repair=False))
    assert {one.check for one in found} == set(COMPARISONS)
    assert all(one.well for one in found)
    (of_kanazawa,) = [one for one in found if (one.check, one.organisation, one.view) == ("sums", KANAZAWA, DATA_VIEW)]
    assert of_kanazawa.compared == three[WAJIMA].ledger.view_standing(of_kanazawa.node, DATA_VIEW).count > 0


@pytest.mark.parametrize(
    ("check", "statement"), [(check, statement) for check, some in WRONG.items() for statement in some]
)
def test_what_was_spoilt_is_found_and_repaired(three: Federation, check: str, statement: str) -> None:
    spoilt(three, statement)
    assert {one.check for one in unwell(three)} == {check}
    assert all(one.repaired and one.well for one in unwell(three, repair=True))
    assert unwell(three) == []


def test_a_row_that_is_gone_is_found_by_the_rule_and_put_back(three: Federation) -> None:
    before = three.ids(WAJIMA, KANAZAWA, DATA_VIEW)
    spoilt(three, "DELETE FROM views WHERE view = 2")
    assert {"rows", "sums"} == {one.check for one in unwell(three)}
    unwell(three, repair=True)
    assert unwell(three) == []
    assert three.ids(WAJIMA, KANAZAWA, DATA_VIEW) == before


def test_a_row_the_rule_does_not_give_is_found_and_taken_out(three: Federation) -> None:
    before = three.ids(WAJIMA, ISHIKAWA, DATA_VIEW)
    spoilt(
        three,
        f"""INSERT INTO views (peer, view, record, prefix, waiting, urgency, basis, basis_record)
            SELECT (SELECT number FROM peers WHERE organisation = '{ISHIKAWA}'), 2, record, prefix, 1, 1, 1, x''
            FROM views WHERE view = 2 AND record NOT IN (SELECT record FROM views v JOIN peers p ON p.number = v.peer
                WHERE p.organisation = '{ISHIKAWA}')""",
    )
    assert {"rows", "sums"} == {one.check for one in unwell(three)}
    unwell(three, repair=True)
    assert unwell(three) == []
    assert three.ids(WAJIMA, ISHIKAWA, DATA_VIEW) == before


def test_a_file_changed_behind_our_back_keeps_nobody_from_writing(three: Federation) -> None:
    spoilt(three, "UPDATE view_sums SET count = 0")
    with three[WAJIMA].ledger.write() as writing:
        for row in writing.view_rows(three.peer(KANAZAWA).node):
            writing.erase_records([row.record])
    assert {one.organisation for one in unwell(three) if one.check == "sums"} <= {ISHIKAWA}
