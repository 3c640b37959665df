"""The files for monitoring ask for figures that exist, and the rules alert when they should."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from node.metrics.families import FAMILIES, sample_names

TOP = Path(__file__).parents[2]
FOLDER = TOP / "deploy" / "monitoring"
ASKED = re.compile(r"\b(?:moyai|process|python)_[a-z_]+\b")
PROMTOOL = shutil.which("promtool")
FROM_DEBIAN = pytest.mark.skipif(PROMTOOL is None, reason="promtool is in Debian's package prometheus")


def dashboard() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    return read


def expressions() -> list[str]:
    return [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]


def test_every_expression_of_the_dashboard_asks_for_figures_that_exist() -> None:
    asked = {name for expression in expressions() for name in ASKED.findall(expression)}
    assert asked
    assert asked - sample_names() == set()
    assert all(ASKED.search(expression) for expression in expressions())


def test_every_rule_asks_for_figures_that_exist() -> None:
    rules = re.findall(r"^ +expr: (.*)$", (FOLDER / "alerts.yaml").read_text(encoding="utf-8"), re.M)
    assert len(rules) > 10
    asked = {name for rule in rules for name in ASKED.findall(rule)}
    assert asked - sample_names() == set()


def test_every_figure_is_shown_or_alerted_on() -> None:
    text = (FOLDER / "alerts.yaml").read_text(encoding="utf-8") + json.dumps(dashboard())
    seldom = {"moyai_drill", "moyai_roster_version", "moyai_roster_age_seconds", "moyai_log_entries"}
    seldom |= {"moyai_peer_connected", "moyai_peer_never_heard"}
    assert {one.name for one in FAMILIES if one.name not in text} == seldom


def test_panels_have_places_of_their_own() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        at = panel["gridPos"]
        here = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not here & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= here
    numbers = [panel["id"] for panel in dashboard()["panels"]]
    assert len(set(numbers)) == len(numbers)


@FROM_DEBIAN
@pytest.mark.parametrize(
    "words",
    [
        ("check", "rules", "deploy/monitoring/alerts.yaml"),
        ("check", "config", "deploy/monitoring/prometheus.yaml"),
        ("test", "rules", "tests/deploy/monitoring/alerts_test.yaml"),
    ],
)
def test_promtool_agrees(words: tuple[str, ...]) -> None:
    assert PROMTOOL is not None
    done = subprocess.run([PROMTOOL, *words], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
