"""Counts are told without telling of anybody."""

from hypothesis import given, strategies as st

from node.release.statistics import SMALLEST_TOLD, suppress, suppress_row


def test_a_count_below_five_is_withheld_with_a_second_one() -> None:
    assert suppress_row({"男": 3, "女": 9, "不明": 20}) == {"男": None, "女": None, "不明": 20}


def test_zero_and_five_are_told() -> None:
    assert suppress_row({"男": 0, "女": 5}) == {"男": 0, "女": 5}


def test_two_small_counts_whose_sum_gives_them_away_take_a_third() -> None:
    assert suppress_row({"男": 1, "女": 1, "不明": 8}) == {"男": None, "女": None, "不明": None}


def test_in_a_table_no_row_and_no_column_gives_a_cell_away() -> None:
    told = suppress({"体育館": {"男": 3, "女": 30}, "公民館": {"男": 20, "女": 40}, "寺": {"男": 50, "女": 60}})
    assert told["体育館"] == {"男": None, "女": None}
    assert told["公民館"] == {"男": None, "女": None}
    assert told["寺"] == {"男": 50, "女": 60}


tables = st.integers(2, 5).flatmap(
    lambda width: st.dictionaries(
        st.sampled_from("ABCDEF"),
        st.lists(st.integers(0, 12), min_size=width, max_size=width).map(
            lambda row: dict(zip("mnopq", row, strict=False))
        ),
        min_size=2,
    )
)


@given(tables)
def test_no_small_count_is_told_nor_alone_in_its_row_or_column(table: dict[str, dict[str, int]]) -> None:
    told = suppress(table)
    lines = [list(cells.values()) for cells in told.values()]
    lines += [[told[row][column] for row in told] for column in next(iter(told.values()))]
    assert all(line.count(None) != 1 for line in lines)
    for row, cells in table.items():
        for column, count in cells.items():
            assert told[row][column] in (None, count)
            assert not 0 < count < SMALLEST_TOLD or told[row][column] is None
