"""A shelter is found by a clerk who has no input method, whether or not its list has kana."""

from collections.abc import Iterator

import pytest

from tests.builders.townhall import TownHall, town_hall

LIST = """\
施設名,施設名カナ,共通ID,住所
輪島中学校,,,輪島市河井町18部42番地の1
河井小学校,,,輪島市河井町14部5番地
鳳至公民館,,,輪島市鳳至町堀町12番地
輪島市文化会館,,,輪島市河井町20部1番地1
御祓地区コミュニティセンター,ミソギチクコミュニティセンター,,輪島市門前町走出1番地
七尾城北中学校,ナナオジョウホクチュウガッコウ,,輪島市町野町1番地
"""


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TownHall]:
    with town_hall(tmp_path_factory.mktemp("places")) as hall:
        hall.places(LIST)
        yield hall


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("wajima chugakko", "輪島中学校"),
        ("wajima chuugakkou", "輪島中学校"),
        ("chugakko wajima", "輪島中学校"),
        ("wajima chug", "輪島中学校"),
        ("わじま ちゅうがっこう", "輪島中学校"),
        ("輪島 chugakko", "輪島中学校"),
        ("kawai shogakko", "河井小学校"),
        ("bunka kaikan", "輪島市文化会館"),
        ("bunkakaikan", "輪島市文化会館"),
        ("kominkan", "鳳至公民館"),
        ("misogi", "御祓地区コミュニティセンター"),
        ("misogichiku senta-", "御祓地区コミュニティセンター"),
        ("misogi komyunithi senta", "御祓地区コミュニティセンター"),
        ("johoku chugakko", "七尾城北中学校"),
        ("nanaojouhoku", "七尾城北中学校"),
        ("河井町14部", "河井小学校"),
    ],
)
def test_a_place_is_found_by(listed: TownHall, typed: str, name: str) -> None:
    assert name in [place.name for place in listed.desk().places(typed)]


@pytest.mark.parametrize("typed", ["nanao shogakko", "wajima lee", "smith", "bunka shogakko"])
def test_no_place_is_found_by(listed: TownHall, typed: str) -> None:
    assert listed.desk().places(typed) == []


def test_each_word_must_hold(listed: TownHall) -> None:
    assert [place.name for place in listed.desk().places("kawai shogakko")] == ["河井小学校"]


def test_what_stands_there_in_one_piece_comes_before_what_may_be_read_so(listed: TownHall) -> None:
    desk = listed.desk()
    subject = desk.create_place("ワジマ")
    assert desk.places("ワジマ", limit=1)[0].subject == subject


def test_a_place_is_found_by_its_number(hall: TownHall) -> None:
    hall.places("施設名,共通ID,住所\n町野小学校,E1720400001111,輪島市町野町1番地\n")
    assert [place.name for place in hall.desk().places("e1720400001111")] == ["町野小学校"]
