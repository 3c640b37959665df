"""A laptop and its home node over bad lines: 9.6 kbit/s with 700 ms and stalls, 128 kbit/s with 500 ms, and cuts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.pace import FRAME_BYTES_FIRST
from tests.builders.links import PERFECT, RADIO, SATELLITE, Link, Quality
from tests.builders.processes import ProcessNode, Towns, free_port

pytestmark = pytest.mark.processes

SOME = 300
FRAME_AND_A_HALF_BYTES = FRAME_BYTES_FIRST
"""A frame is measured before it is packed, and two thirds of it are left."""


class Line:
    """The only line between the laptop and its home node."""

    def __init__(self, towns: Towns) -> None:
        rostered = towns.wajima.port
        towns.wajima.listen_at(free_port())
        self.home, self.laptop = towns.wajima, towns.laptop
        self.link = Link(towns.wajima.port, PERFECT, port=rostered, seed=5)

    def costs(self, *words: str, code: int = 0) -> tuple[int, dict[str, object]]:
        """Bytes on the line for this command of the laptop, and how its conversation ended."""
        before = self.link.carried_bytes
        (spoken,) = self.laptop.does(*words, code=code)["peers"]
        return self.link.carried_bytes - before, spoken

    def held_at_home(self, subjects: list[str]) -> int:
        """How many records of these people the home node holds."""
        with self.home.opened() as opened:
            about = opened.ledger.about_many([bytes.fromhex(subject) for subject in subjects])
        return sum(len(held) for held in about.values())

    def everybody_is_at(self, node: ProcessNode, subjects: list[str]) -> bool:
        with node.opened() as opened:
            return all(opened.ledger.person(bytes.fromhex(subject)) for subject in subjects)


@pytest.fixture
def line(founded: Towns, tmp_path: Path) -> Iterator[Line]:
    made = founded.copy(tmp_path)
    laid = Line(made)
    try:
        laid.home.serve()
        laid.costs("sync")
        yield laid
    finally:
        made.wajima.kill()
        laid.link.close()


@pytest.fixture
def written(line: Line) -> Callable[[ProcessNode, int], list[str]]:
    return lambda node, count: [subject for subject, *_ in node.clerk_said("register", count)]


@pytest.mark.parametrize("quality", [RADIO, SATELLITE], ids=["9.6 kbit/s, stalls", "128 kbit/s"])
def test_a_check_in_arrives_over_a_bad_line(
    line: Line, written: Callable[[ProcessNode, int], list[str]], quality: Quality
) -> None:
    subjects = written(line.laptop, 2)
    others = written(line.home, 2)
    line.link.become(quality)
    cost, spoken = line.costs("sync")
    assert spoken["reason"] == "DONE"
    line.link.become(PERFECT)
    assert line.everybody_is_at(line.home, subjects)
    assert line.everybody_is_at(line.laptop, others)
    idle, spoken = line.costs("sync")
    assert (spoken["reason"], spoken["sent"], spoken["received"]) == ("DONE", 0, 0)
    assert cost < idle + 16_000


def test_a_line_that_is_cut_goes_on_where_it_was_and_sends_nothing_twice(
    line: Line, written: Callable[[ProcessNode, int], list[str]]
) -> None:
    idle, _ = line.costs("sync")
    subjects = written(line.laptop, SOME)
    with line.laptop.opened() as opened:
        records = opened.ledger.not_sent()
    line.link.become(SATELLITE)
    held = [0]
    for _ in range(2):
        line.link.cut_after(idle + FRAME_AND_A_HALF_BYTES)
        _, spoken = line.costs("sync", code=4)
        assert spoken["reason"] != "DONE"
        line.link.mend()
        held.append(line.held_at_home(subjects))
    line.link.become(PERFECT)
    _, spoken = line.costs("sync")
    assert spoken["reason"] == "DONE"
    assert line.everybody_is_at(line.home, subjects)
    assert 0 < held[1] <= held[2] < records
    assert spoken["sent"] == records - held[2]
    _, again = line.costs("sync")
    assert (again["sent"], again["received"]) == (0, 0)
