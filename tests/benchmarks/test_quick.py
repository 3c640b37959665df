"""The benchmarks run: each at its smallest, one line a figure."""

import pytest

from tests.benchmarks.__main__ import main, names
from tests.benchmarks.report import HEADER, Line


@pytest.mark.parametrize(
    "name",
    [
        "exchange",
        "ingest",
        "links",
        "matching",
        "search",
        pytest.param("footprint", marks=pytest.mark.processes),
        pytest.param("desk", marks=pytest.mark.processes),
        pytest.param("memory", marks=pytest.mark.processes),
    ],
)
def test_a_benchmark_prints_its_figures(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", name]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header == HEADER
    assert lines
    assert all(line.startswith(name) and line.endswith(("ok", "short")) for line in lines)


def test_a_name_that_is_no_benchmark_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nothing"]) == 2
    assert "search" in capsys.readouterr().err
    assert {"desk", "exchange", "footprint", "ingest", "links", "matching", "memory", "search"} == set(names())


def test_a_goal_that_is_missed_is_told_and_no_error() -> None:
    line = Line("search", 25.0, "ms", "< 20 ms", met=False, ratio=3.0, against="LIKE")
    assert str(line).endswith("short")
    assert "3.00x" in str(line)
