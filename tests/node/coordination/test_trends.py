"""Headcounts over time, with what Nanao published in 2024 as the history."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.coordination.trends import Reported, Summed, reports, sums
from node.desk.intake import Intake
from node.errors import PlaceUnknown
from node.people.facets import Opening, Status
from tests.builders.importing import NANAO
from tests.builders.nodes import Federation, federation
from tests.builders.trust import ISHIKAWA, WAJIMA

NANAO_CODE = "172022"
HOUR_MS = 3_600_000
OPEN, CLOSED = int(Opening.OPEN), int(Opening.CLOSED)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    with federation(Path(tmp_path_factory.mktemp("trends")), NANAO_CODE, ISHIKAWA) as federated:
        federated.time.later(days=120)
        intake = Intake(federated[NANAO_CODE].post("clerk", b""))
        for number, path in enumerate(sorted(NANAO.glob("open_*.csv"))):
            with path.open("rb") as stream:
                intake.statuses(stream, path.name, progress=lambda _done, _whole: None, journal=None)
            if number in (0, 2):
                federated.meet(NANAO_CODE, ISHIKAWA)
        federated.meet(NANAO_CODE, ISHIKAWA)
        yield federated


def test_a_shelter_shows_every_report_its_town_hall_holds(made: Federation) -> None:
    office = made[NANAO_CODE].coordination("chosei")
    (place,) = [one for one in office.shelters() if one.local_id == "CC0000000504"]
    trend = office.trends.of(place.subject)
    assert [one.headcount for one in trend.reports] == [130, 123, 72, 59, 37, 24]
    assert trend.reports[-1].at_ms == place.observed_at_ms
    assert trend.capacity == place.capacity


def test_the_prefecture_shows_what_it_received_and_not_more(made: Federation) -> None:
    office = made[ISHIKAWA].coordination("chosei")
    (place,) = [one for one in office.shelters() if one.local_id == "CC0000000504"]
    assert [one.headcount for one in office.trends.of(place.subject).reports] == [130, 72, 24]


def test_the_sum_of_the_town_is_what_was_published_and_what_is_old_stands_apart(made: Federation) -> None:
    town = made[NANAO_CODE].coordination("chosei").trends.of_town(NANAO_CODE)
    published = [
        sum(int(line.split(",")[3]) for line in path.read_text(encoding="utf-8").splitlines()[1:])
        for path in sorted(NANAO.glob("open_*.csv"))
    ]
    assert [moment.people for moment in town.moments] == published
    assert published[0] == 1_886
    assert [moment.counted for moment in town.moments] == [29, 28, 26, 24, 23, 13]
    assert town.moments[0].stale == 0
    assert town.moments[-1].stale_shelters > 0


def test_all_towns_together_are_the_sum_of_each(made: Federation) -> None:
    trends = made[NANAO_CODE].coordination("chosei").trends
    assert trends.of_town("").moments == trends.of_town(NANAO_CODE).moments
    assert trends.of_town(WAJIMA).moments == ()


def test_a_place_nobody_knows_has_no_trend(made: Federation) -> None:
    with pytest.raises(PlaceUnknown):
        made[NANAO_CODE].coordination("chosei").trends.of(b"?" * 16)


def test_unknown_is_not_nobody_and_closed_is() -> None:
    said = [
        Status(observed_at_ms=1, opening=Opening.OPEN, headcount=None),
        Status(observed_at_ms=2, opening=Opening.CLOSED),
    ]
    assert reports(said) == [Reported(1, None, OPEN), Reported(2, 0, CLOSED)]


def test_a_figure_is_in_the_sum_for_a_day_and_a_closed_shelter_never() -> None:
    day = 24 * HOUR_MS
    first = [Reported(0, 30, OPEN)]
    second = [Reported(0, 10, OPEN), Reported(day, 12, OPEN), Reported(day + 1, 0, CLOSED)]
    assert sums([first, second]) == [
        Summed(0, 40, 2, 0, 0),
        Summed(day, 42, 2, 0, 0),
        Summed(day + 1, 0, 0, 30, 1),
    ]


def test_an_uncounted_report_leaves_the_figure_before_it() -> None:
    assert sums([[Reported(0, 30, OPEN), Reported(5, None, OPEN)]]) == [Summed(0, 30, 1, 0, 0), Summed(5, 30, 1, 0, 0)]
