"""What two and three nodes hold after they have met: the acceptance table on real ledgers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.views import NewPerson, Whereto
from node.people.facets import Place, Resident
from node.pen import PLACE as A_PLACE
from node.records import kinds
from tests.builders.nodes import Federation, federation
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path) as made:
        yield made


def test_the_enrolments_of_all_reach_all(three: Federation) -> None:
    assert three.meet(WAJIMA, KANAZAWA)
    assert len(three[KANAZAWA].room.now().believed.certificates) == 2
