"""What a coordinator does without screens: emergencies, and who is not found yet."""

import csv
import stat
from pathlib import Path

from node.cli.main import NOT_READY, REFUSED, USAGE
from tests.builders.shell import NAMES, WAJIMA, Shell

EMERGENCY_KEYS = {"activation", "organisation", "area", "from_ms", "until_ms", "reason"}


def test_an_emergency_is_declared_listed_reviewed_and_ended(sh: Shell) -> None:
    said = sh.json("emergency", "declare", "--reason", "地震", "--hours", "5")
    assert set(said) == EMERGENCY_KEYS
    assert (said["area"], said["until_ms"] - said["from_ms"]) == ([WAJIMA], 5 * 3_600_000)
    (listed,) = sh.json("emergency", "list")["emergencies"]
    assert 0 < listed["left_ms"] <= 5 * 3_600_000
    assert "残り 4:59" in sh("emergency", "list").out
    review = sh.json("emergency", "review", said["activation"])
    assert (review["people"], review["released"]) == (0, [])
    assert sh.json("emergency", "end", said["activation"])["until_ms"] < said["until_ms"]
    assert "終了" in sh("emergency", "list").out
    again = sh("emergency", "end", said["activation"], "--json")
    assert (again.code, again.refusal["reason"]) == (REFUSED, "EMERGENCY_UNKNOWN")


def test_no_more_than_the_law_allows_is_taken_from_the_command_line(sh: Shell) -> None:
    assert sh("emergency", "declare", "--reason", "地震", "--hours", "73").code == USAGE


def test_another_town_s_area_is_refused_with_a_reason(sh: Shell) -> None:
    ran = sh("emergency", "declare", "--reason", "地震", "--area", "172014", "--json")
    assert ran.refusal["reason"] == "AGREEMENT_MALFORMED"


def test_who_is_not_found_is_counted_and_written_for_door_to_door_checks(sh: Shell, tmp_path: Path) -> None:
    told = sh.json("missing", "districts")
    assert told["unconfirmed"] <= told["residents"] == 3
    file = tmp_path / "doors.csv"
    done = sh.json("missing", "export", str(file), "--district", "町野町")
    assert done == {"file": "doors.csv", "people": 1, "left_out": 0}
    head, row = csv.reader(file.read_text(encoding="utf-8-sig").splitlines())
    assert (head[0], row[2]) == ("地区", "鵜飼野 澄江")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_counts_for_others_name_nobody_and_withhold_the_small(sh: Shell) -> None:
    told = sh.json("missing", "counts")
    cells = [cell for row in told["districts"] for cell in row["counts"]]
    assert not any(cell in (1, 2, 3, 4) for cell in (*cells, *told["sums"]))
    assert not any(name in sh("missing", "counts").out for name in NAMES)


def test_without_a_node_there_is_nothing_to_count(fresh: Shell) -> None:
    assert fresh("missing", "districts").code == NOT_READY
