"""The made-up town: the same for the same seed, and shaped like a real one."""

from datetime import date

from deploy.demo.people import era, households_of, residents, write_register


def test_the_same_seed_makes_the_same_town():
    assert residents(7, 500) == residents(7, 500)
    assert residents(7, 500) != residents(8, 500)


def test_there_are_as_many_as_asked_for_and_each_has_a_key_of_their_own():
    people = residents(7, 1_001)
    assert len(people) == 1_001
    assert len({person.key for person in people}) == 1_001


def test_a_household_shares_its_family_name_and_address():
    for together in households_of(residents(7, 2_000)):
        assert len({(person.family, person.address) for person in together}) == 1


def test_ages_and_needs_are_those_of_an_ageing_town():
    people = residents(7, 20_000)
    assert 0.08 < sum(person.age() < 16 for person in people) / len(people) < 0.14
    assert 0.42 < sum(person.age() >= 65 for person in people) / len(people) < 0.54
    assert 30 <= sum("dialysis" in person.needs for person in people) <= 80
    assert 15 <= sum(person.protected for person in people) <= 50


def test_frequent_family_names_are_frequent():
    people = residents(7, 20_000)
    satos = sum(person.family.written == "佐藤" for person in people)
    assert 0.01 < satos / len(people) < 0.03


def test_the_register_can_be_written_as_cp932(tmp_path):
    people = residents(7, 3_000)
    write_register(people, tmp_path / "residents.csv")
    lines = (tmp_path / "residents.csv").read_bytes().decode("cp932").split("\r\n")
    assert len(lines) == len(people) + 2
    assert lines[1].split(",")[0] == people[0].key


def test_dates_are_written_in_their_era():
    assert era(date(1948, 5, 3)) == "昭和23年5月3日"
    assert era(date(2019, 5, 1)) == "令和元年5月1日"
    assert era(date(1925, 1, 1)) == "大正14年1月1日"
