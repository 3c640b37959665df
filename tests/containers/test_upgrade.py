"""An upgrade one node after the other: this release and the one before it talk to each other, both ways."""

from pathlib import Path

import pytest

from tests.builders.agreement import WITHHELD, at_rest
from tests.builders.containers import LAPTOP, ContainerFederation
from tests.builders.trust import KANAZAWA
from tests.containers.conftest import Found
from tests.containers.test_federation import arrives, known, register

pytestmark = pytest.mark.processes


@pytest.fixture
def federation(anew: Found, previous_image: str) -> ContainerFederation:
    """All of it of the release before."""
    return anew(previous_image)


def test_the_two_releases_are_two(image: str, previous_image: str, federation: ContainerFederation) -> None:
    """Else nothing is tried here."""
    node = federation["kanazawa"]
    before = node._alone(("--version",))
    node.image = image
    assert before[0] == node._alone(("--version",))[0] == 0
    assert before[1] != node._alone(("--version",))[1]


def test_upgraded_one_after_the_other_every_pair_of_releases_exchanges_both_ways(
    federation: ContainerFederation, image: str, tmp_path: Path
) -> None:
    """The town first, then its peers: old home and old laptop, new home and old laptop, and so on until all are new."""
    kanazawa, wajima, laptop = federation["kanazawa"], federation["wajima"], federation[LAPTOP]
    federation.serve()
    register(wajima, WITHHELD, "--protect")
    for number, upgraded in zip("一二三四", ("wajima", "kanazawa", LAPTOP, "ishikawa"), strict=True):
        node = federation[upgraded]
        if node.running is not None:
            assert node.stop() == 0
        node.image = image
        if upgraded != LAPTOP:
            node.serve()
        register(kanazawa, f"東谷{number}")
        register(kanazawa, f"犀川谷{number}", of=KANAZAWA)
        register(laptop, f"西谷{number}")
        federation.settle(LAPTOP, "wajima", "kanazawa", "ishikawa")
        arrives(federation["ishikawa"], f"犀川谷{number}")
        arrives(federation["ishikawa"], f"西谷{number}")
        arrives(wajima, f"東谷{number}")
        assert known(wajima, f"西谷{number}")
    federation.settle(LAPTOP, "wajima", "kanazawa", "ishikawa", LAPTOP)
    at_rest(federation, tmp_path / "looked-at")
